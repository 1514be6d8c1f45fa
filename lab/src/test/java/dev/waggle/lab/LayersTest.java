package dev.waggle.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// The arrows of the house that must never be. What a module may see is fenced by its pom; this is what a pom cannot say. Think about the
/// layering before changing a rule: the simulator is only worth something while the pure packages are pure.
class LayersTest {
    private static final JavaClasses SHIPPED = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.contains("-tests.jar")).importPackages("dev.waggle");
    private static final String[] PURE = {"dev.waggle.core..", "dev.waggle.sync.protocol..", "dev.waggle.apps.."};
    private static final String ED25519 = "dev.waggle.core.event.Ed25519";

    private static final Set<String> PURE_JDK_PACKAGES = Set.of("java.lang", "java.lang.annotation", "java.lang.invoke", "java.lang.runtime", "java.util",
        "java.util.function", "java.util.stream", "java.util.regex", "java.time", "java.security", "java.math", "java.nio.charset");
    private static final Set<String> PURE_JDK_CLASSES = Set.of("java.nio.Buffer", "java.nio.ByteBuffer", "java.nio.ByteOrder", "java.nio.CharBuffer",
        "java.nio.LongBuffer", "java.io.ByteArrayOutputStream", "java.io.Serializable");
    private static final Set<String> IMPURE_JDK_CLASSES = Set.of("java.lang.Thread", "java.lang.ThreadLocal", "java.lang.InheritableThreadLocal", "java.lang.ThreadGroup",
        "java.lang.ScopedValue", "java.lang.Process", "java.lang.ProcessBuilder", "java.lang.ProcessHandle", "java.lang.Runtime", "java.util.Timer",
        "java.util.Random", "java.util.SplittableRandom", "java.util.Scanner", "java.util.ServiceLoader", "java.util.ResourceBundle", "java.security.SecureRandom", "java.time.Clock");

    @Test void pure_packages_see_only_themselves_and_the_pure_part_of_the_jdk() {
        seesOnly("dev.waggle.core..", "dev.waggle.core..").check(SHIPPED);
        seesOnly("dev.waggle.sync.protocol..", "dev.waggle.core..", "dev.waggle.sync.protocol..").check(SHIPPED);
        seesOnly("dev.waggle.apps..", "dev.waggle.core..", "dev.waggle.apps..").check(SHIPPED);
    }

    @Tag("A14") @Test void pure_packages_read_no_clock_draw_no_chance_and_start_no_thread() {
        callsNothingImpure(PURE).check(SHIPPED);
    }

    @Test void bouncy_castle_is_behind_one_type_for_signatures_and_one_for_passwords_and_the_certificates_of_the_network() {
        noClasses().that().doNotHaveFullyQualifiedName(ED25519).and().doNotHaveFullyQualifiedName("dev.waggle.node.account.Password").and().haveNameNotMatching("dev\\.waggle\\.core\\.event\\.Ed25519\\$.*")
            .and().resideOutsideOfPackage("dev.waggle.net..")
            .should().dependOnClassesThat().resideInAPackage("org.bouncycastle..").check(SHIPPED);
    }

    @Test void store_and_net_do_not_see_each_other() {
        never("dev.waggle.store..", "dev.waggle.net..").check(SHIPPED);
        never("dev.waggle.net..", "dev.waggle.store..").check(SHIPPED);
    }

    @Test void sqlite_and_postgres_do_not_see_each_other() {
        never("dev.waggle.store.sqlite..", "dev.waggle.store.postgres..").check(SHIPPED);
        never("dev.waggle.store.postgres..", "dev.waggle.store.sqlite..").check(SHIPPED);
    }

    @Test void no_app_sees_another() {
        slices().matching("dev.waggle.apps.(*)..").should().notDependOnEachOther().allowEmptyShould(true).check(SHIPPED);
    }

    @Test void only_the_store_speaks_to_databases_and_rest_and_commands_never_do() {
        noClasses().that().resideInAnyPackage("dev.waggle.node.rest..", "dev.waggle.node.cli..", "dev.waggle.sync..", "dev.waggle.net..", "dev.waggle.sim..")
            .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..").allowEmptyShould(true).check(SHIPPED);
    }

    @Test void what_is_shipped_does_not_see_the_lab() {
        noClasses().that().resideOutsideOfPackage("dev.waggle.lab..").should().dependOnClassesThat().resideInAPackage("dev.waggle.lab..").check(SHIPPED);
    }

    @Test void the_simulator_sees_no_disk_no_network_and_no_node() {
        never("dev.waggle.sim..", "dev.waggle.store..", "dev.waggle.net..", "dev.waggle.node..").check(SHIPPED);
    }

    @Test void nothing_but_the_lab_sees_the_node() {
        noClasses().that().resideOutsideOfPackages("dev.waggle", "dev.waggle.node..", "dev.waggle.lab..").should().dependOnClassesThat().resideInAPackage("dev.waggle.node..").check(SHIPPED);
    }

    @Test void the_engine_does_not_see_store_net_or_apps() {
        never("dev.waggle.sync..", "dev.waggle.apps..", "dev.waggle.store..", "dev.waggle.net..").check(SHIPPED);
    }

    /// Closing a plain handle of a database drops SQLite's locks on it: what may be a user's file is opened by SQLite only.
    @Tag("lesson-locks-dropped") @Test void what_touches_users_files_opens_no_plain_file() {
        opensNoFile("dev.waggle.store.capture..", "dev.waggle.store.compare..").check(SHIPPED);
    }

    @Tag("A14") @Test void nothing_that_is_shipped_draws_chance_from_anything_but_the_systems_generator() {
        noClasses().that().resideOutsideOfPackages("dev.waggle.sim..", "dev.waggle.lab..").should().dependOnClassesThat(DescribedPredicate.describe("generators that can be guessed",
            (JavaClass type) -> Set.of("java.util.Random", "java.util.SplittableRandom", "java.util.concurrent.ThreadLocalRandom", "java.util.random.RandomGeneratorFactory").contains(type.getName())))
            .check(SHIPPED);
    }

    @Test void there_is_no_cycle_between_packages() {
        slices().matching("dev.waggle.(**)").should().beFreeOfCycles().check(SHIPPED);
    }

    /// A rule that matches nothing passes for ever. Here each kind of rule is held against code that breaks it.
    @Test void the_rules_find_what_they_are_for() {
        assertThat(violations(seesOnly("dev.waggle.lab.forwarder..", "dev.waggle.lab.forwarder.."))).contains("java.net.Socket").contains("java.lang.Thread").contains("java.util.concurrent");
        assertThat(violations(callsNothingImpure("dev.waggle.lab.forwarder.."))).contains("System.nanoTime");
        assertThat(violations(never("dev.waggle.core.record..", "dev.waggle.core.event.."))).contains("dev.waggle.core.event.Json");
        assertThat(violations(seesOnly("dev.waggle.core.event..", "dev.waggle.core.event.."))).contains("dev.waggle.core.time.Hlc");
        assertThat(violations(slices().matching("dev.waggle.core.(*)..").should().notDependOnEachOther())).contains("Slice");
        assertThat(violations(callsNothingImpure("dev.waggle.lab.."), new ClassFileImporter().importClasses(Impure.class))).contains("Instant.now", "Math.random",
            "System.currentTimeMillis", "UUID.randomUUID", "Collections.shuffle", "Object.wait", "parallel", "System.getenv", "System.out");
        assertThat(violations(opensNoFile("dev.waggle.node.identity.."))).contains("FileChannel", "readString");
        for (var fence : PURE) assertThat(SHIPPED.that(resideInAPackage(fence))).as(fence).isNotEmpty();
    }

    private static String violations(ArchRule rule) {
        return violations(rule, SHIPPED);
    }

    private static String violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().toString();
    }

    private static ArchRule seesOnly(String who, String... waggle) {
        var allowed = resideInAnyPackage(waggle).or(PURE_JDK).or(DescribedPredicate.describe("primitives and arrays of them", (JavaClass type) -> type.getBaseComponentType().isPrimitive()));
        // Ed25519 alone: the crypto library, and a map that many verifying threads share.
        return classes().that().resideInAPackage(who).and(DescribedPredicate.describe("are not Ed25519", (JavaClass type) -> !type.getName().startsWith(ED25519)))
            .should().onlyDependOnClassesThat(allowed).allowEmptyShould(true);
    }

    private static final DescribedPredicate<JavaClass> PURE_JDK = DescribedPredicate.describe("the pure part of the JDK", dependency -> {
        var type = dependency.getBaseComponentType();
        var name = type.getName().replaceFirst("\\$.*", "");
        return PURE_JDK_CLASSES.contains(name) || PURE_JDK_PACKAGES.contains(type.getPackageName()) && !IMPURE_JDK_CLASSES.contains(name);
    });

    private static ArchRule callsNothingImpure(String... who) {
        return noClasses().that().resideInAnyPackage(who).should().accessTargetWhere(DescribedPredicate.describe("clock, chance, threads or the machine", LayersTest::isImpure))
            .allowEmptyShould(true);
    }

    private static boolean isImpure(JavaAccess<?> access) {
        var owner = access.getTargetOwner().getName();
        var name = access.getTarget().getName();
        return switch (owner) {
            case "java.lang.System" -> !name.equals("arraycopy");
            case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
            case "java.lang.Object" -> Set.of("wait", "notify", "notifyAll").contains(name);
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.util.Collections" -> name.equals("shuffle");
            case "java.util.random.RandomGeneratorFactory" -> true;
            default -> owner.startsWith("java.time.") && name.equals("now") || owner.startsWith("java.util.stream.") && name.equals("parallel") || name.equals("parallelStream");
        };
    }

    private static ArchRule opensNoFile(String... who) {
        return noClasses().that().resideInAnyPackage(who).should().accessTargetWhere(DescribedPredicate.describe("what opens a file", access -> {
            var owner = access.getTargetOwner().getName();
            var opens = Set.of("newInputStream", "newOutputStream", "newByteChannel", "newBufferedReader", "newBufferedWriter", "readAllBytes", "readAllLines", "readString", "lines",
                "copy", "write", "writeString", "mismatch");
            return Set.of("java.io.FileInputStream", "java.io.FileOutputStream", "java.io.FileReader", "java.io.FileWriter", "java.io.RandomAccessFile", "java.nio.channels.FileChannel",
                "java.nio.channels.AsynchronousFileChannel").contains(owner) || owner.equals("java.nio.file.Files") && opens.contains(access.getTarget().getName());
        })).allowEmptyShould(true);
    }

    private static ArchRule never(String from, String... to) {
        return noClasses().that().resideInAPackage(from).should().dependOnClassesThat().resideInAnyPackage(to).allowEmptyShould(true);
    }

    /// Everything that pure code must not do, in one place.
    private static final class Impure {
        private final List<String> seen = new ArrayList<>();

        synchronized void all() throws InterruptedException {
            seen.add(Instant.now() + " " + System.currentTimeMillis() + Math.random() + UUID.randomUUID() + System.getenv("HOME"));
            Collections.shuffle(seen);
            System.out.println(seen.stream().parallel().count());
            wait(1);
        }
    }
}

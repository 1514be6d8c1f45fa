package dev.waggle.lab;

import dev.waggle.node.AnyJson;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import javax.xml.parsers.DocumentBuilderFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/// What is built is what was looked at: every version is one version, and all that is shipped is listed.
@Tag("W07")
class PinnedTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern EXACT = Pattern.compile("[0-9]+\\.[0-9]+[0-9A-Za-z.\\-]*");

    @Test void every_library_and_plugin_of_the_build_has_one_version() throws Exception {
        var loose = new ArrayList<String>();
        try (var poms = Files.walk(PROJECT, 2)) {
            for (var pom : poms.filter(file -> file.endsWith("pom.xml")).toList()) {
                var document = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(pom.toFile());
                var properties = new TreeMap<String, String>();
                var declared = document.getElementsByTagName("properties");
                for (int i = 0; i < declared.getLength(); i++)
                    for (var child = declared.item(i).getFirstChild(); child != null; child = child.getNextSibling())
                        if (child.getNodeName().endsWith(".version")) properties.put(child.getNodeName(), child.getTextContent().strip());
                properties.forEach((name, version) -> {
                    if (!EXACT.matcher(version).matches() || version.contains("SNAPSHOT")) loose.add(pom + ": " + name + " is " + version);
                });
                var versions = document.getElementsByTagName("version");
                for (int i = 0; i < versions.getLength(); i++) {
                    var version = versions.item(i).getTextContent().strip();
                    boolean jdk = versions.item(i).getParentNode().getNodeName().equals("configuration");          // of the tool chain: any update of one release
                    if (!jdk && !version.startsWith("${") && (!EXACT.matcher(version).matches() || version.contains("SNAPSHOT"))) loose.add(pom + ": " + version);
                }
            }
        }
        assertThat(loose).isEmpty();
    }

    @Test void every_library_of_the_page_has_one_version_and_the_hash_of_its_bytes() throws Exception {
        var loose = new ArrayList<String>();
        for (var folder : List.of("web", "bench/rivals")) {
            var asked = AnyJson.object(Files.readAllBytes(PROJECT.resolve(folder).resolve("package.json")));
            for (var kind : List.of("dependencies", "devDependencies", "optionalDependencies"))
                asked.get(kind).ifPresent(libraries -> libraries.asObject().members().forEach((name, version) -> {
                    if (!EXACT.matcher(version.asText()).matches()) loose.add(folder + ": " + name + " " + version.asText());
                }));
        }
        var locked = AnyJson.object(Files.readAllBytes(PROJECT.resolve("web/package-lock.json"))).object("packages").members();
        locked.forEach((name, each) -> {
            if (!name.isEmpty() && !each.asObject().text("integrity").startsWith("sha512-")) loose.add(name + " has no hash");
        });
        assertThat(locked).hasSizeGreaterThan(50);
        assertThat(loose).isEmpty();
    }

    /// The list is written by the build of the node when everything is verified.
    @Test void every_jar_that_is_shipped_is_in_the_list_with_its_hash() throws Exception {
        var list = PROJECT.resolve("node/target/waggle.cdx.json");
        assumeThat(list).as("written by `./waggle test`, not by a test alone").exists();
        var hashes = new TreeMap<String, String>();
        for (var each : AnyJson.object(Files.readAllBytes(list)).array("components")) {
            var component = each.asObject();
            for (var hash : component.arrayOrEmpty("hashes"))
                if (hash.asObject().text("alg").equals("SHA-256")) hashes.put(hash.asObject().text("content"), component.text("name") + " " + component.text("version"));
        }
        var unlisted = new ArrayList<String>();
        try (var jars = Files.list(PROJECT.resolve("node/target/lib"))) {
            for (var jar : jars.filter(file -> file.toString().endsWith(".jar") && !file.getFileName().toString().startsWith("waggle-")).toList())
                if (!hashes.containsKey(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar))))) unlisted.add(jar.getFileName().toString());
        }
        assertThat(hashes).hasSizeGreaterThan(40);
        assertThat(unlisted).isEmpty();
    }
}

package dev.waggle.lab.power;

import dev.waggle.core.Property;
import dev.waggle.lab.power.WriteLog.Op;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// S02: the power goes at a random moment while a log is written, checkpointed and reopened. Whatever part of the unsynced writes the disk kept, the log
/// opens, is whole, has every event and chunk that was acknowledged, and numbers its next event above them.
///
/// `-Dimages=50000` tries more (2,000 otherwise), `-Dseed=…` replays.
@Timeout(3_600)
class PowerLossTest {
    /// A written log serves so many cuts, then another one is written.
    private static final int CUTS_A_RUN = 250;
    private static final int CHILD_SECONDS_MAX = 120;
    @TempDir Path folder;
    private Shim shim;
    private Path images;                                     // in memory where there is such a place: nobody cuts the power of the images

    @BeforeEach void compile() throws Exception {
        shim = Shim.compile(folder).orElse(null);
        assumeTrue(shim != null, "needs Linux and a C compiler (cc)");
        folder = folder.toRealPath();
        var memory = Path.of("/dev/shm");
        images = Files.isWritable(memory) ? Files.createTempDirectory(memory, "waggle-power") : Files.createDirectory(folder.resolve("images"));
    }

    @AfterEach void clean() throws Exception {
        if (images != null) LogImage.delete(images);
    }

    @Tag("S02") @Test void every_image_of_a_power_cut_opens_with_all_that_was_acknowledged() throws Exception {
        var seed = Long.getLong("seed");
        int runs = seed == null ? Math.max(1, Integer.getInteger("images", 2_000) / 2 / CUTS_A_RUN) : 1;
        LongStream.range(0, runs).parallel().map(run -> seed == null ? run + 1 : seed)
            .forEach(each -> cutOften(each, CUTS_A_RUN, write(each, "run", "8", Map.of()), _ -> true));
    }

    @Tag("S04") @Test void what_a_failed_fsync_lost_was_never_acknowledged() throws Exception {
        for (var every : List.of("2", "5")) {
            long seed = Long.getLong("seed", 1);
            var log = write(seed, "every-" + every, "0", Map.of("WRITELOG_FAIL_SYNC", "30:" + every));
            assertThat(log.ops.ops().stream().filter(Op.SyncFailed.class::isInstance)).as("failed fsyncs").hasSizeGreaterThan(5);
            cutOften(seed, 50, log, _ -> true);
        }
    }

    /// The test's own test: a log that did not wait for its WAL (synchronous=NORMAL) is caught. Which cut shows it first depends on how its threads took turns: events are
    /// gone, or pages that a checkpoint copied belong to a WAL that never reached the disk.
    @Tag("S02") @Test void a_log_that_does_not_sync_is_caught() throws Exception {
        var log = write(1, "run", "8", Map.of());
        assertThatThrownBy(() -> cutOften(1, 50, log, path -> !path.endsWith("-wal"))).isInstanceOf(AssertionError.class).message()
            .containsAnyOf("events, of those acknowledged", "is damaged: restore it from a backup");
    }

    /// @param root the folder that was written
    private record Written(Path root, WriteLog ops) {}

    /// @param counts which files' fsyncs count
    private void cutOften(long seed, int cuts, Written written, Predicate<String> counts) {
        var random = Property.random(seed);
        var ops = written.ops.ops();
        var disk = Disk.empty(written.root);
        var acknowledged = new HashSet<String>();
        var paths = new HashMap<Long, String>();
        int at = 0;
        for (int cut : random.ints(cuts, 1, ops.size() + 1).sorted().toArray()) {
            for (; at < cut; at++) {
                var op = ops.get(at);
                if (op instanceof Op.FileMade(var id, var path)) paths.put(id, path);
                if (op instanceof Op.Said(var text)) acknowledged.addAll(List.of(text.split("\n")));
                if (!(op instanceof Op.Synced(var id, _)) || counts.test(paths.getOrDefault(id, ""))) disk.apply(op);
            }
            var image = images.resolve("image-" + seed);
            try {
                disk.write(image);
                LogImage.check(image, acknowledged);
                disk.writeTorn(image, random);
                LogImage.check(image, acknowledged);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("power cut after operation " + cut + " of " + ops.size() + ": seed " + seed + " (replay with -Dseed=" + seed
                    + "; threads may write in another order): " + e.getMessage(), e);
            }
        }
    }

    private Written write(long seed, String name, String checkpointOneOf, Map<String, String> environment) {
        try {
            var root = Files.createDirectory(folder.resolve(name + "-" + seed));
            var file = folder.resolve(name + "-ops-" + seed);
            var errors = folder.resolve(name + "-errors-" + seed);
            var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-Xmx128m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Writing.class.getName(),
                root.toString(), Long.toString(seed), "3", "10", checkpointOneOf);
            builder.environment().putAll(shim.environment(root, file));
            builder.environment().putAll(environment);
            var child = builder.redirectOutput(folder.resolve(name + "-said-" + seed).toFile()).redirectError(errors.toFile()).start();
            if (!child.waitFor(CHILD_SECONDS_MAX, TimeUnit.SECONDS)) child.destroyForcibly();
            assertThat(child.waitFor()).as(Files.readString(errors)).isZero();
            return new Written(root, WriteLog.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

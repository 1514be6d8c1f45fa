package dev.waggle.sim;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// Seeds 1 to `-Dsim.seeds`, and every run that ever failed. One again: `-Dsim.run="--seed 57 --nodes 4"`.
class SimulationTest {
    /// As many as a build can wait for: about four minutes on two cores. More with `-Dsim.seeds=N` or `waggle simulate --seeds N`.
    private static final long SEEDS = 2_000;

    @Test void nodes_agree_on_every_seed_and_lose_nothing() {
        var one = System.getProperty("sim.run");
        long seeds = one != null ? 1 : Long.getLong("sim.seeds", SEEDS);
        var options = one != null ? Simulation.Options.parse(one) : Simulation.Options.of(1);
        var summary = Seeds.run(options, seeds, Runtime.getRuntime().availableProcessors(), _ -> { });
        assertThat(summary.failures().stream().limit(5).map(SimulationTest::told).toList()).isEmpty();
        // A run in which no fault happened proves nothing.
        if (seeds >= Sometimes.RUNS_MIN) assertThat(Sometimes.never(summary.happened())).as("what never happened").isEmpty();
    }

    /// Ten times as many peers, connections and tips as in the runs above, and few writes, so that it can be waited for. `--nodes 50 --writes 200 --minutes 2` takes a minute and more for each seed.
    @Test void fifty_nodes_agree() {
        var summary = Seeds.run(Simulation.Options.of(1).withNodes(50).withWrites(40).withMinutes(1).withMode(Simulation.Mode.LIVENESS), 2, Runtime.getRuntime().availableProcessors(), _ -> { });
        assertThat(summary.failures().stream().map(SimulationTest::told).toList()).isEmpty();
        assertThat(summary.happened().keySet()).contains("Joined", "Agreed", "frame lost", "crash");
    }

    private static String told(Simulation.Result failed) {
        var small = Shrinker.shrink(failed, 60);
        return failed.failure().orElseThrow() + "\nreplay with -Dsim.run=\"--seed " + failed.seed() + "\", or smaller (" + small.failure().orElseThrow()
            + ") with -Dsim.run=\"" + small.drawn().arguments() + "\"";
    }

    @Test void runs_that_failed_once_hold() throws IOException {
        try (var lines = getClass().getResourceAsStream("/failed-seeds.txt")) {
            var runs = new String(lines.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.replaceFirst("#.*", "").strip())
                .filter(text -> !text.isEmpty()).toList();
            var failed = runs.parallelStream().flatMap(text -> Simulation.run(Simulation.Options.parse(text)).failure().map(why -> text + ": " + why).stream()).toList();
            assertThat(failed).isEmpty();
        }
    }

    @Test void the_number_of_threads_changes_nothing() {
        var alone = traces(1);
        assertThat(traces(3)).isEqualTo(alone);
    }

    private static List<String> traces(int threads) {
        var traces = new ArrayList<String>();
        Seeds.run(Simulation.Options.of(1), 6, threads, result -> traces.add(result.trace()));
        return traces;
    }

    /// Another process has other addresses in memory and, here, another way to make identity hashes from them: what depends on either gives
    /// another trace.
    @Test void a_seed_gives_the_same_trace_in_another_process() throws Exception {
        var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2",
            "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Traces.class.getName(), "1", "6"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        assertThat(said.lines().filter(line -> line.startsWith("trace ")).map(line -> line.substring(6)).toList()).as(said).isEqualTo(traces(1));
    }

    /// What the other process runs.
    static final class Traces {
        public static void main(String[] range) {
            Seeds.run(Simulation.Options.of(Long.parseLong(range[0])), Long.parseLong(range[1]), 1, result -> System.out.println("trace " + result.trace()));
        }
    }

    /// A run that was made smaller is replayed by what it prints; leaving a fault out changes no other.
    @Test void what_was_drawn_replays_the_run() {
        for (long seed = 1; seed <= 4; seed++) {
            var drawn = Simulation.run(Simulation.Options.of(seed));
            assertThat(Simulation.run(Simulation.Options.parse(drawn.drawn().arguments())).trace()).as(drawn.drawn().arguments()).isEqualTo(drawn.trace());
        }
    }

    @Test void faults_are_read_as_they_are_written() {
        assertThat(Fault.parse("none")).isEmpty();
        assertThat(Fault.parse("all")).isEqualTo(Fault.all());
        assertThat(Fault.names(Fault.parse("crash, one-way"))).isEqualTo("one-way,crash");
        for (var fault : Fault.values()) assertThat(Fault.parse(fault.wire())).containsExactly(fault);
        assertThat(Arrays.stream(Fault.values()).map(Fault::says)).doesNotContain("");
    }

    /// Nothing goes wrong where nothing was asked for, and everything is agreed at once. In this run no two nodes dial each other at the same time: what is on its
    /// way over the connection that gives way is lost, and sent over the other.
    @Test void a_run_without_faults_is_quiet() {
        var result = Simulation.run(Simulation.Options.of(8).withFaults(Fault.parse("none")).withNodes(4).withMode(Simulation.Mode.LIVENESS));
        assertThat(result.failure()).isEmpty();
        assertThat(result.counts()).doesNotContainKeys("cut", "crash", "frame lost", "CursorReset", "Differs", "Rejected", "TroubleHere", "fork detected");
        assertThat(result.virtualMs()).isLessThan(result.drawn().minutes() * 60_000L + 60_000);
    }
}

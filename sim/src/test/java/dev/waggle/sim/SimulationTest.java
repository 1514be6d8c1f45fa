package dev.waggle.sim;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Seeds 1 to `-Dsim.seeds` (default 300), and every seed that ever failed. One: `-Dseed=…`.
class SimulationTest {
    @Test void nodes_agree_on_every_seed_and_lose_nothing() {
        var only = Long.getLong("seed");
        long seeds = Long.getLong("sim.seeds", 300);
        var failures = new ArrayList<String>();
        var counts = new TreeMap<String, Long>();
        for (long seed = only == null ? 1 : only; only == null ? seed <= seeds : seed == only; seed++) {
            var result = Simulation.run(Simulation.Options.of(seed));
            result.failure().ifPresent(failure -> failures.add("replay with -Dseed=" + result.seed() + ": " + failure));
            result.counts().forEach((what, times) -> counts.merge(what, times, Long::sum));
            if (failures.size() >= 10) break;
        }
        assertThat(failures).isEmpty();
        // A run in which no fault happened proves nothing.
        if (only == null) assertThat(counts).containsKeys("cut", "crash", "restore", "disk full", "PeerDown", "Agreed",
            "workload shop", "workload people", "workload ledger", "conflict same_field", "conflict same_key", "conflict delete_against_edit", "conflict constraint");
    }

    @Test void a_seed_gives_the_same_trace_twice() {
        for (long seed = 1; seed <= 10; seed++)
            assertThat(Simulation.run(Simulation.Options.of(seed)).trace()).isEqualTo(Simulation.run(Simulation.Options.of(seed)).trace());
    }

    @Test void seeds_that_failed_once_hold() throws IOException {
        try (var lines = getClass().getResourceAsStream("/failed-seeds.txt")) {
            for (var line : new String(lines.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                var text = line.replaceFirst("#.*", "").strip();
                if (text.isEmpty()) continue;
                var result = Simulation.run(Simulation.Options.of(Long.parseLong(text)));
                assertThat(result.failure()).as("seed " + text).isEmpty();
            }
        }
    }
}

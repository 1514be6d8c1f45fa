package dev.waggle.node.cli;

import dev.waggle.sim.Fault;
import dev.waggle.sim.Simulation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// The simulator with the frames of real connections.
class SimulationBytesTest {
    /// The codec loses nothing: a run is the same with frames as bytes and with frames as they are. A frame that was cut is never read as a whole.
    @Test void a_run_is_the_same_with_real_bytes() {
        for (long seed = 1; seed <= 8; seed++) {
            var options = Simulation.Options.of(seed).withNodes(3).withMinutes(1);
            var real = Simulation.run(options.withWire(SimulateCommand.REAL_BYTES));
            assertThat(real.failure()).as("seed " + seed).isEmpty();
            assertThat(real.trace()).as("seed " + seed).isEqualTo(Simulation.run(options).trace());
        }
    }

    @Test void connections_that_end_in_a_frame_harm_nothing() {
        long cuts = 0;
        for (long seed = 1; seed <= 8; seed++) {
            var result = Simulation.run(Simulation.Options.of(seed).withNodes(3).withMinutes(1).withFaults(Fault.parse("mid-frame")).withWire(SimulateCommand.REAL_BYTES));
            assertThat(result.failure()).as("seed " + seed).isEmpty();
            cuts += result.counts().getOrDefault("cut in a frame", 0L);
        }
        assertThat(cuts).isPositive();
    }
}

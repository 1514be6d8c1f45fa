package dev.waggle.sim;

import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.WriteRefused;

import java.util.random.RandomGenerator;

/// The owner, or who he names for it, writes checkpoints, and any honest node condenses its log by the last one: some do, some do not, and nobody can tell by the rows (I10).
final class Condensing {
    private final Simulation simulation;

    Condensing(Simulation simulation) {
        this.simulation = simulation;
    }

    void act(RandomGenerator random) {
        var node = simulation.nodes().get(random.nextInt(simulation.nodes().size()));
        boolean writes = random.nextInt(3) > 0;
        boolean condenses = random.nextInt(3) > 0;
        if (!node.isHonest() || !node.isUp() || node.log() == null) return;
        var compaction = new Compaction(node.log(), _ -> { });
        try {
            if (writes && node.log().state().checkpointer().filter(node.id()::equals).isPresent() && compaction.write(node.author(), node.wallMs()).isPresent()) {
                simulation.count("checkpoint");
                node.turn();
            }
            var last = node.log().state().checkpoint();
            if (!condenses || last.isEmpty()) return;
            switch (compaction.condense(last.get())) {
                case DONE -> simulation.count("condensed");
                case INCOMPARABLE -> simulation.count("checkpoint of a twin");
                case NOT_ALL_HERE -> simulation.count("checkpoint ahead");
                case DIFFERS -> simulation.fail("I10 node " + node.index + ": checkpoint " + last.get().brief() + " says something else than its log", null);
            }
        } catch (WriteRefused | LogUnavailable | DamagedLog _) {
            simulation.count("write refused");
        } catch (DiskLog.Died died) {
            node.died(died);
        }
    }
}

package dev.waggle.sim;

import java.util.EnumSet;
import java.util.Optional;

/// Makes a failing run small: fewer faults, nodes, writes and minutes, as long as it still fails. It may end with another failure than it began
/// with; a small run that fails is worth more than the first sentence.
public final class Shrinker {
    private final int runsMax;
    private Simulation.Result smallest;
    private int runs;

    private Shrinker(Simulation.Result failed, int runsMax) {
        this.smallest = failed;
        this.runsMax = runsMax;
    }

    /// @param failed  a run with a failure
    /// @param runsMax at most so many runs are tried
    /// @return the smallest run found that fails; its `drawn` options replay it
    public static Simulation.Result shrink(Simulation.Result failed, int runsMax) {
        if (failed.failure().isEmpty()) throw new IllegalArgumentException("seed " + failed.seed() + " did not fail");
        return new Shrinker(failed, runsMax).shrink();
    }

    private Simulation.Result shrink() {
        boolean smaller = true;
        while (smaller && runs < runsMax) {
            smaller = faults();
            smaller |= tryNodes();
            smaller |= tryMinutes();
            smaller |= tryWrites();
        }
        return smallest;
    }

    private boolean faults() {
        boolean any = false;
        for (var fault : Fault.values()) {
            if (!smallest.drawn().faults().contains(fault)) continue;
            var fewer = EnumSet.copyOf(smallest.drawn().faults());
            fewer.remove(fault);
            any |= fails(smallest.drawn().withFaults(fewer)).isPresent();
        }
        return any;
    }

    private boolean tryNodes() {
        boolean any = false;
        while (smallest.drawn().nodes() > 2 && fails(smallest.drawn().withNodes(smallest.drawn().nodes() - 1)).isPresent()) any = true;
        return any;
    }

    private boolean tryMinutes() {
        boolean any = false;
        while (smallest.drawn().minutes() > 1 && fails(smallest.drawn().withMinutes(smallest.drawn().minutes() / 2)).isPresent()) any = true;
        return any;
    }

    /// Halves, then ever smaller steps.
    private boolean tryWrites() {
        boolean any = false;
        for (int step = smallest.drawn().writes() / 2; step > 0; step /= 2)
            while (smallest.drawn().writes() > step && fails(smallest.drawn().withWrites(smallest.drawn().writes() - step)).isPresent()) any = true;
        return any;
    }

    private Optional<Simulation.Result> fails(Simulation.Options options) {
        if (runs++ >= runsMax) return Optional.empty();
        var result = Simulation.run(options);
        if (result.failure().isEmpty()) return Optional.empty();
        smallest = result;
        return Optional.of(result);
    }
}

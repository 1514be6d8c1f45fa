package dev.waggle.sync.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Says whether the node makes progress, and if not, why (I13). It compares what each part has done with what it has to do: a part with
/// work left whose position did not move for [#FROZEN_MS] is frozen, whatever it says of itself. Thread-safe.
public final class Readiness {
    /// How long a part may have work and not move.
    public static final long FROZEN_MS = 30_000;
    private final Map<String, Position> positions = new TreeMap<>();

    /// @param done  how far the part is
    /// @param goal  how far it should be
    /// @param error what it says is wrong; empty when nothing is
    /// @param waits what it waits for, which is wrong only when it takes long; empty when it waits for nothing
    public record Part(String name, long done, long goal, String error, String waits) {
        public Part(String name, long done, long goal, String error) {
            this(name, done, goal, error, "");
        }
    }

    private record Position(long done, long sinceMs) {}

    /// @param monotonicMs a clock that never goes back
    /// @return one sentence for each thing that is wrong; empty when the node is ready
    public synchronized List<String> judge(List<Part> parts, long monotonicMs) {
        var reasons = new ArrayList<String>();
        var names = parts.stream().map(Part::name).collect(Collectors.toSet());          // of thousands of spaces: a list would be looked through for each
        positions.keySet().retainAll(names);
        for (var part : parts) {
            var before = positions.get(part.name());
            var moved = before == null || before.done() != part.done() || part.done() >= part.goal() && part.waits().isEmpty();
            if (moved) positions.put(part.name(), new Position(part.done(), monotonicMs));
            else if (monotonicMs - before.sinceMs() >= FROZEN_MS)
                reasons.add(part.name() + " has not moved for " + (monotonicMs - before.sinceMs()) / 1_000 + " s: at " + part.done() + " of " + part.goal()
                    + (part.waits().isEmpty() ? "." : ", " + part.waits() + "."));
            if (!part.error().isEmpty()) reasons.add(part.name() + ": " + part.error());
        }
        return reasons;
    }
}

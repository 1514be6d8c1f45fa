package dev.waggle.node.board;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Tasks that are some node's first are left to it while it is here, and for a lease after it was seen last: it may only be starting again, and so may this node. One thread.
final class FirstChoices {
    private final Map<SpaceId, Map<NodeId, Long>> awaySinceMs = new HashMap<>();

    /// @param firsts whose tasks wait, in a space
    /// @param isHere as far as this node knows now
    /// @return those whose tasks are left to them
    Set<NodeId> leftTheirs(SpaceId space, Set<NodeId> firsts, Predicate<NodeId> isHere, long nowMs, long patienceMs) {
        if (firsts.isEmpty()) {
            awaySinceMs.remove(space);
            return Set.of();
        }
        var since = awaySinceMs.computeIfAbsent(space, _ -> new HashMap<>());
        since.keySet().retainAll(firsts);
        var left = new HashSet<NodeId>();
        for (var each : firsts) {
            if (isHere.test(each)) since.remove(each);
            else if (nowMs - since.computeIfAbsent(each, _ -> nowMs) >= patienceMs) continue;
            left.add(each);
        }
        return left;
    }
}

package dev.waggle.sim;

import dev.waggle.core.event.NodeId;
import dev.waggle.sync.protocol.Cursor;

import java.util.HashMap;
import java.util.Map;

/// I7: a stored cursor claims nothing that its peer does not keep, and goes back only by name. The simulator can look at both disks.
final class CursorWatch {
    private record Pair(int node, NodeId peer) {}

    private final Simulation simulation;
    private final Map<Pair, Long> stored = new HashMap<>();
    private final Map<Pair, Boolean> reset = new HashMap<>();

    CursorWatch(Simulation simulation) {
        this.simulation = simulation;
    }

    void reset(SimNode node, NodeId peer) {
        reset.put(new Pair(node.index, peer), true);
    }

    /// A peer that only others had named is forgotten when it does not answer, with all that was known of it: whoever comes back begins anew.
    void forgotten(SimNode node, NodeId peer) {
        stored.remove(new Pair(node.index, peer));
    }

    void saved(SimNode node, Cursor cursor) {
        var log = node.log();
        if (log == null || !node.isHonest() || node.restored) return;
        var pair = new Pair(node.index, cursor.peer());
        long before = stored.getOrDefault(pair, 0L);
        if (cursor.offset() > log.storage().size())
            simulation.fail("I7 node " + node.index + ": a cursor at " + cursor.offset() + " beyond the log's " + log.storage().size(), null);
        if (cursor.offset() < before && !reset.getOrDefault(pair, false))
            simulation.fail("I7 node " + node.index + ": the cursor of " + cursor.peer().brief() + " went from " + before + " back to " + cursor.offset() + " without a word", null);
        reset.remove(pair);
        stored.put(pair, cursor.offset());
        var holders = simulation.nodes().stream().filter(each -> each.id().equals(cursor.peer())).toList();
        if (holders.size() != 1 || !holders.getFirst().isHonest() || holders.getFirst().restored) return;
        var peer = holders.getFirst();
        for (long offset = before + 1; offset <= cursor.offset(); offset++) {
            var met = log.storage().raw(offset);
            if (met != null && !peer.keeps(met))
                simulation.fail("I7 node " + node.index + ": its cursor says that node " + peer.index + " has all up to " + cursor.offset() + ", but " + met + " at " + offset + " is not there", null);
        }
    }

    /// The disk of `node` is another one.
    void forget(SimNode node) {
        stored.keySet().removeIf(pair -> pair.node == node.index || pair.peer.equals(node.id()));
    }
}

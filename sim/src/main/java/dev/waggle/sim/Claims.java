package dev.waggle.sim;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Tip;
import dev.waggle.sync.engine.Readiness;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// I13: what a node says of itself is so. The simulator sees the disk, the file and the other nodes' logs, and asks the node's own code for what it
/// would tell a person: whether it is ready, and with which peers it believes to be equal.
///
/// A node must say that it is not ready while its disk takes nothing of what peers send, and when its file stands still though there is something to
/// apply. It must not call a log equal that it did not find equal since its own last changed, nor go on doing so when the other is reachable, has
/// something else, and every time limit for noticing has passed.
final class Claims {
    /// Looks are that far apart at most; what is told at once is known by then.
    private static final long LOOK_MS = 5_000;

    private record Pair(int node, NodeId peer) {}

    private record Standing(long applied, long sinceMs) {}

    /// Two logs that differ while one node calls them equal.
    private record Differing(long here, long there, long sinceMs) {}

    private final Simulation simulation;
    private final Map<Pair, Long> foundEqual = new HashMap<>();           // the offset up to which a node compared its log with that of a peer
    private final Map<Pair, Differing> differing = new HashMap<>();
    private final Map<Integer, Standing> standing = new HashMap<>();

    Claims(Simulation simulation) {
        this.simulation = simulation;
    }

    void started(SimNode node) {
        foundEqual.keySet().removeIf(pair -> pair.node == node.index);
        differing.keySet().removeIf(pair -> pair.node == node.index);
        standing.remove(node.index);
    }

    void agreed(SimNode node, NodeId peer, long offset) {
        foundEqual.put(new Pair(node.index, peer), offset);
    }

    /// To be called every few seconds while the node runs.
    void look(SimNode node) {
        if (!node.isHonest()) return;
        var status = node.status();
        var reasons = node.reasons(status);
        for (var reason : reasons) simulation.once("not ready: " + reason.split("[ :]", 2)[0]);
        if (reasons.isEmpty()) ready(node);
        position(node, reasons);
        for (var peer : status.peers())
            if (peer.state() == SyncStatus.PeerState.CONNECTED && peer.agreed()) equal(node, peer.node());
            else differing.remove(new Pair(node.index, peer.node()));
    }

    private void ready(SimNode node) {
        long refusedMs = node.refusedSinceMs() == SimNode.NEVER ? 0 : simulation.schedule.nowMs() - node.refusedSinceMs();
        if (refusedMs > LOOK_MS)
            simulation.fail("I13 node " + node.index + " says that it is ready, and its disk has taken nothing from peers for " + refusedMs + " ms", null);
    }

    private void position(SimNode node, List<String> reasons) {
        long applied = node.file().applied();
        long now = simulation.schedule.nowMs();
        var before = standing.get(node.index);
        if (applied >= node.log().storage().size()) standing.remove(node.index);
        else if (before == null || before.applied != applied) standing.put(node.index, new Standing(applied, now));
        else if (now - before.sinceMs > Readiness.FROZEN_MS + LOOK_MS && reasons.isEmpty())
            simulation.fail("I13 node " + node.index + " says that it is ready, and its file has stood at " + applied + " of " + node.log().storage().size() + " for "
                + (now - before.sinceMs) + " ms", null);
    }

    /// The node tells people that its log and that of `peer` are equal.
    private void equal(SimNode node, NodeId peer) {
        var members = node.log().state().members().keySet();
        if (!members.contains(node.id()) || !members.contains(peer)) return;         // with others only some chains are compared
        simulation.once("said to be equal");
        var pair = new Pair(node.index, peer);
        long here = node.log().state().lastOffset();
        var found = foundEqual.get(pair);
        if (found == null || found != here)
            simulation.fail("I13 node " + node.index + " calls its log equal to that of " + peer.brief() + ": it is at " + here + ", and was compared at " + found, null);
        var others = simulation.nodes().stream().filter(other -> other.id().equals(peer)).toList();
        if (others.size() != 1 || !others.getFirst().isHonest() || !others.getFirst().isUp() || others.getFirst().log() == null) {
            differing.remove(pair);
            return;
        }
        differs(node, others.getFirst(), pair, here);
    }

    /// What changed there a moment ago may still be on its way; and a connection that died unseen is noticed by its silence.
    private void differs(SimNode node, SimNode other, Pair pair, long here) {
        if (sameTips(node.log().state().tips(), other.log().state().tips())) {
            differing.remove(pair);
            return;
        }
        long now = simulation.schedule.nowMs();
        long there = other.log().state().lastOffset();
        var before = differing.get(pair);
        if (before == null || before.here != here || before.there != there) differing.put(pair, new Differing(here, there, now));
        else if (now - before.sinceMs > noticedMs(node, other))
            simulation.fail("I13 node " + node.index + " has called its log equal to that of node " + other.index + " for " + (now - before.sinceMs) + " ms, and it is not", null);
    }

    private static boolean sameTips(List<Tip> some, List<Tip> others) {
        if (some.size() != others.size()) return false;
        for (int i = 0; i < some.size(); i++) if (!some.get(i).id().equals(others.get(i).id())) return false;      // both are sorted
        return true;
    }

    private static long noticedMs(SimNode node, SimNode other) {
        var here = node.character.settings();
        var there = other.character.settings();
        return 4 * Math.max(here.heartbeatMs(), there.heartbeatMs()) + 2 * Math.min(here.periodicMs(), there.periodicMs()) + 60_000;
    }
}

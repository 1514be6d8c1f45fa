package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;

/// Learnt peers are dialled seldom and few at a time, and never take more than half of the connections: whoever floods a node with records of members
/// neither makes it scan a network nor crowds out whom a person named.
final class DialLimit {
    private static final long MINUTE_MS = 60_000;

    private final GossipSettings settings;
    private final int connectionsMax;
    private final ArrayDeque<Long> lastMinute = new ArrayDeque<>();
    private final Set<NodeId> out = new TreeSet<>();

    DialLimit(GossipSettings settings, int connectionsMax) {
        this.settings = settings;
        this.connectionsMax = connectionsMax;
    }

    /// @param learntConnected connections to learnt peers now
    /// @return 0 when `peer` may be dialled now, and it is then counted; else when to ask again
    long tryDial(NodeId peer, int learntConnected, long nowMs) {
        while (!lastMinute.isEmpty() && lastMinute.peekFirst() <= nowMs - MINUTE_MS) lastMinute.removeFirst();
        if (lastMinute.size() >= settings.dialsAMinute()) return lastMinute.peekFirst() + MINUTE_MS + 1;
        if (out.size() >= settings.dialsAtOnce() || learntConnected + out.size() >= connectionsMax / 2) return nowMs + 500;
        lastMinute.addLast(nowMs);
        out.add(peer);
        return 0;
    }

    /// The dial came to an end, one way or another.
    void ended(NodeId peer) {
        out.remove(peer);
    }
}

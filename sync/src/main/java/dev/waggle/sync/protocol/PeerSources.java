package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All sources under one precedence: manual, hub, met, gossip. A peer is what its most trusted source says it is; what the others say is kept and
/// counts when that source takes its word back.
final class PeerSources implements PeerResolver {
    static final int PEERS_MAX = 512;

    private final Map<PeerSource, PeerList> lists = new EnumMap<>(PeerSource.class);
    private final SortedMap<NodeId, Peer> counting = new TreeMap<>();

    PeerSources() {
        for (var source : PeerSource.values()) lists.put(source, new PeerList());
    }

    /// What the peer's source says now replaces what it said before.
    ///
    /// @return false when there are too many peers
    boolean put(Peer peer) {
        if (!counting.containsKey(peer.node()) && counting.size() >= PEERS_MAX) return false;
        lists.get(peer.source()).put(peer);
        count(peer.node());
        return true;
    }

    /// This source no longer speaks of the peer.
    void remove(PeerSource source, NodeId node) {
        if (lists.get(source).remove(node)) count(node);
    }

    void remove(NodeId node) {
        for (var list : lists.values()) list.remove(node);
        count(node);
    }

    private void count(NodeId node) {
        for (var list : lists.values()) {                              // EnumMap: in the order of precedence
            var said = list.peer(node);
            if (said.isEmpty()) continue;
            counting.put(node, said.get());
            return;
        }
        counting.remove(node);
    }

    PeerResolver of(PeerSource source) {
        return lists.get(source);
    }

    @Override public List<Peer> peers() {
        return List.copyOf(counting.values());
    }

    @Override public Optional<Peer> peer(NodeId node) {
        return Optional.ofNullable(counting.get(node));
    }
}

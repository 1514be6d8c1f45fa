package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The peers that one source knows.
final class PeerList implements PeerResolver {
    private final SortedMap<NodeId, Peer> peers = new TreeMap<>();

    void put(Peer peer) {
        peers.put(peer.node(), peer);
    }

    boolean remove(NodeId node) {
        return peers.remove(node) != null;
    }

    @Override public List<Peer> peers() {
        return List.copyOf(peers.values());
    }

    @Override public Optional<Peer> peer(NodeId node) {
        return Optional.ofNullable(peers.get(node));
    }
}

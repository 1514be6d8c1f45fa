package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;

/// Answers which peers there are and where. [PeerList] is one source; [PeerSources] is all of them under one precedence, and what the engine asks.
/// Whether a peer is connected, and which spaces are shared with it, never comes from here: connections and logs say that.
public interface PeerResolver {
    /// In the order of their ids.
    List<Peer> peers();

    Optional<Peer> peer(NodeId node);
}

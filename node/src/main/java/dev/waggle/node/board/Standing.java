package dev.waggle.node.board;

import dev.waggle.core.event.NodeId;
import dev.waggle.node.Node;
import dev.waggle.node.Peers;

import java.util.Locale;

/// Whether a node can be reached, as far as this one knows.
public enum Standing {
    ONLINE, OFFLINE, UNKNOWN;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Standing of(Node here, NodeId other) {
        if (other.equals(here.id())) return ONLINE;
        return here.peers().list().stream().filter(peer -> peer.node().equals(other)).findFirst()
            .map(peer -> peer.state() == Peers.State.CONNECTED ? ONLINE : OFFLINE).orElse(UNKNOWN);
    }
}

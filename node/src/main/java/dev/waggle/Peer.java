package dev.waggle;

import dev.waggle.node.Peers;

import java.util.List;

/// Another node, as this one knows it at a moment.
public final class Peer {
    private final Peers.Known known;

    Peer(Peers.Known known) {
        this.known = known;
    }

    /// Its public key, 64 hexadecimal digits.
    public String id() {
        return known.node().hex();
    }

    public List<String> addresses() {
        return known.addresses();
    }

    public boolean isConnected() {
        return known.state() == Peers.State.CONNECTED;
    }
}

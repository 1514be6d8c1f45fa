package dev.waggle.sync.protocol;

/// Who said where a peer is, the most trusted first: of two that speak of one peer the earlier counts, and the later changes nothing.
public enum PeerSource {
    /// A person, a ticket or the settings file.
    MANUAL,
    /// A hub that this node is registered at.
    HUB,
    /// Nobody: the peer, a member, came by itself.
    MET,
    /// Another peer passed on the peer's own signed record.
    GOSSIP;

    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// @throws IllegalArgumentException for any other text
    public static PeerSource of(String wire) {
        for (var each : values()) if (each.wire().equals(wire)) return each;
        throw new IllegalArgumentException("no source of peers: " + wire);
    }
}

package dev.waggle.node;

import dev.waggle.sync.protocol.SyncStatus;

/// When a peer that cannot be reached is called an error: after ten failed attempts in a row, which took some five minutes. It is tried on for ever, and one attempt that works ends it.
public final class PeerHealth {
    public static final int FAILURES_OF_AN_ERROR = 10;

    private PeerHealth() {}

    public static boolean isError(SyncStatus.PeerStatus peer) {
        return peer.state() != SyncStatus.PeerState.CONNECTED && peer.failures() >= FAILURES_OF_AN_ERROR;
    }
}

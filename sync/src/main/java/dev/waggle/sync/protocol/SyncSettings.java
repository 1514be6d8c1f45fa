package dev.waggle.sync.protocol;

/// The engine's timers and limits. All times are milliseconds.
///
/// @param heartbeatMs    a connection that was silent this long is pinged; silent three times as long, it is closed
/// @param periodicMs     fingerprints are compared at least this often
/// @param quietMs        after this long without traffic in a space that is not known to agree, fingerprints are compared
/// @param retryCheckMs   what failed here (a full disk) is tried again, and held events are looked at
/// @param connectionMs   peers without a connection are looked at
/// @param unreachableMs  a peer without a connection for this long is called unreachable
/// @param handshakeMs    a connection that has not proved who it is by then is closed
/// @param answerMs       a question (Want, Probe) without an answer for this long is given up
/// @param duplicateMs    of two connections between the same nodes made within this time, both ends keep the same one by rule;
///     of older ones the newer
/// @param dialMsMax      the longest pause between two attempts to dial; pauses are 1, 2, 4 … s before jitter
/// @param creditBatches  how many event batches of a space may be unacknowledged on one connection
/// @param batchEvents    events a batch, before the store completes a signed run
/// @param batchBytes     payload bytes a batch, before the store completes a signed run
/// @param connectionsMax connections at a time, strangers included
/// @param clockMsMax     a peer's clock may differ this much
/// @param clockPeersMin  so many peers must disagree with this clock, and be most of those known, before this node stops stamping
/// @param gossip         how peers tell each other of peers
public record SyncSettings(long heartbeatMs, long periodicMs, long quietMs, long retryCheckMs, long connectionMs, long unreachableMs,
                           long handshakeMs, long answerMs, long duplicateMs, long dialMsMax, int creditBatches, int batchEvents, int batchBytes,
                           int connectionsMax, long clockMsMax, int clockPeersMin, GossipSettings gossip) {
    public static SyncSettings defaults() {
        return new SyncSettings(30_000, 300_000, 1_000, 30_000, 60_000, 300_000, 10_000, 30_000, 10_000, 64_000, 4, 436, 700 * 1024, 512, 300_000, 2,
            GossipSettings.defaults());
    }

    /// Few events a batch and little credit: small tests then meet what only large logs meet otherwise.
    public SyncSettings withBatches(int newCreditBatches, int newBatchEvents, int newBatchBytes) {
        return new SyncSettings(heartbeatMs, periodicMs, quietMs, retryCheckMs, connectionMs, unreachableMs, handshakeMs, answerMs, duplicateMs,
            dialMsMax, newCreditBatches, newBatchEvents, newBatchBytes, connectionsMax, clockMsMax, clockPeersMin, gossip);
    }

    public SyncSettings with(GossipSettings newGossip) {
        return new SyncSettings(heartbeatMs, periodicMs, quietMs, retryCheckMs, connectionMs, unreachableMs, handshakeMs, answerMs, duplicateMs,
            dialMsMax, creditBatches, batchEvents, batchBytes, connectionsMax, clockMsMax, clockPeersMin, newGossip);
    }

    /// @param newHeartbeatMs   see `heartbeatMs`
    /// @param newUnreachableMs see `unreachableMs`
    public SyncSettings withTimes(long newHeartbeatMs, long newUnreachableMs) {
        return new SyncSettings(newHeartbeatMs, periodicMs, quietMs, retryCheckMs, connectionMs, newUnreachableMs, handshakeMs, answerMs, duplicateMs,
            dialMsMax, creditBatches, batchEvents, batchBytes, connectionsMax, clockMsMax, clockPeersMin, gossip);
    }
}

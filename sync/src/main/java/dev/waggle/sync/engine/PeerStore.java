package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncRun;

import java.util.List;
import java.util.Optional;

/// What a node remembers of its peers between runs. Thread-safe; every save replaces what was saved under the same key and is durable on
/// return. Losing a cursor or a run loses no event: what to send is found by comparing logs.
///
/// Every method throws [dev.waggle.core.log.LogUnavailable] when the store cannot do it now; nothing was changed and a retry is safe.
public interface PeerStore {
    /// History lines kept for a peer.
    int RUNS_PER_PEER_MAX = 1_000;
    /// History lines older than this are cleaned up.
    long RUNS_KEPT_MS = 30L * 24 * 3_600_000;

    Remembered load();

    void savePeer(Peer peer);

    /// A person removes it: the peer, its relationships, its cursors and its metadata. The history stays until it is cleaned up, and that it was removed is
    /// remembered until a person names it again.
    void removePeer(NodeId peer);

    /// It does not answer and no person named it: the same, without remembering that.
    void forgetPeer(NodeId peer);

    void saveRelationship(Relationship relationship);

    void removeRelationship(NodeId peer, SpaceId space);

    /// May go back: the protocol resets a cursor, by name, when a peer lost what it had.
    void saveCursor(Cursor cursor);

    /// Adds a line to the history and counts it in the peer's metadata, in one transaction.
    void saveRun(SyncRun run);

    /// The last runs with a peer, newest first.
    List<SyncRun> history(NodeId peer, int runsMax);

    Optional<Metadata> metadata(NodeId peer);

    /// Removes runs that started before `startedBeforeMs`, and of the rest all but the newest `perPeer` of each peer.
    ///
    /// @return how many were removed
    int cleanHistory(long startedBeforeMs, int perPeer);

    /// Totals over all runs with a peer, those cleaned up included.
    ///
    /// @param events         sent and newly accepted
    /// @param meanDurationMs over the successful runs
    record Metadata(NodeId peer, long succeeded, long failed, long events, double meanDurationMs) {
        public static Metadata none(NodeId peer) {
            return new Metadata(peer, 0, 0, 0, 0);
        }

        public Metadata plus(SyncRun run) {
            long moved = events + run.sent() + run.accepted();
            if (!run.succeeded()) return new Metadata(peer, succeeded, failed + 1, moved, meanDurationMs);
            return new Metadata(peer, succeeded + 1, failed, moved, meanDurationMs + (run.durationMs() - meanDurationMs) / (succeeded + 1));
        }
    }
}

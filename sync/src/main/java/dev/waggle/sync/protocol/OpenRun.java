package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.util.Optional;

/// The line of the sync history that is being written: from the first difference to agreement, or to the end of the connection.
final class OpenRun {
    private Traffic before;
    private Now started;

    void start(Traffic traffic, Now now) {
        if (before != null) return;
        before = traffic;
        started = now;
    }

    Optional<SyncRun> end(NodeId peer, SpaceId space, Traffic traffic, String error, Now now) {
        if (before == null) return Optional.empty();
        var run = new SyncRun(peer, space, started.wallMs(), now.monotonicMs() - started.monotonicMs(), traffic.sent() - before.sent(),
            traffic.received() - before.received(), traffic.accepted() - before.accepted(), error);
        before = null;
        return Optional.of(run);
    }
}

package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;

import java.util.Optional;

/// A node's word that it works on a task from now on. Whether it counts is judged by [Claims].
public record Claim(String task, Stamp stamp, Optional<EventId> before, Optional<EventId> last, long token, long leaseMs, boolean counts) {
    public EventId id() {
        return stamp.id();
    }

    public ClaimRef ref() {
        return new ClaimRef(stamp.id(), token);
    }
}

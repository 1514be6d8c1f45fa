package dev.waggle.apps.hive;

import java.util.Optional;

/// What an event says of its author: a label for people. Who it was is told by the signature alone.
public record Snapshot(Actor actor, Optional<String> name, Optional<String> avatarUrl) {
    public static Snapshot of(Actor actor) {
        return new Snapshot(actor, Optional.empty(), Optional.empty());
    }

    /// What people are shown.
    public String shownName() {
        return name.orElse(actor.agent());
    }
}

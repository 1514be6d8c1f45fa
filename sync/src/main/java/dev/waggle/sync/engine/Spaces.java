package dev.waggle.sync.engine;

import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;

import java.util.SortedMap;

/// The logs of this node.
public interface Spaces {
    /// Every log that is open when the engine starts. Later ones are announced with [Sync#spaceAdded].
    SortedMap<SpaceId, EventLog> open();

    /// Opens the log of a space this node was let into, making it if it is not here. Called on a worker; idempotent.
    ///
    /// @param name for people
    /// @throws dev.waggle.core.log.LogUnavailable when the store cannot; asked for again when the ticket is presented again
    EventLog welcome(SpaceId space, String name);
}

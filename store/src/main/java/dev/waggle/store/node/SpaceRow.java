package dev.waggle.store.node;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.SpaceId;

import java.util.Optional;

/// A space that this node takes part in.
///
/// @param name    what this node calls it: unique here
/// @param epoch   the epoch this node writes under now
/// @param file    the tracked file, absolute; empty when the space has none here (a hub, or a file that is not joined yet)
/// @param pending what is still to be done with the file: `track` and its tables, `join` and how to adopt, or [#RESTORED], as JSON; it goes on at the next start
/// @param addedMs when it came here, milliseconds since 1970 UTC
public record SpaceRow(SpaceId id, String name, Epoch epoch, Optional<String> file, Optional<String> pending, long addedMs) {
    /// The log comes from a backup: it and the file are of different ages.
    public static final String RESTORED = "{\"what\":\"restored\"}";

    public SpaceRow withFile(Optional<String> newFile, Optional<String> newPending) {
        return new SpaceRow(id, name, epoch, newFile, newPending, addedMs);
    }

    public SpaceRow withEpoch(Epoch newEpoch) {
        return new SpaceRow(id, name, newEpoch, file, pending, addedMs);
    }
}

package dev.waggle.apps.hive;

import dev.waggle.core.event.EventId;

import java.util.Optional;

/// A post as it is shown, without its totals.
///
/// @param event     the event that created it
/// @param createdMs by its author's clock, or as an import says
/// @param updatedMs of the last edit; equal to `createdMs` when there was none
/// @param reason    why it was deleted or removed
/// @param changed   the offset of the entry that last changed this row: local
public record PostRow(String id, Actor author, String title, Optional<String> content, Optional<String> url, ContentState state, Optional<String> reason,
                      long createdMs, long updatedMs, EventId event, long changed) {
    boolean shows(PostRow other) {
        return equals(other.changedAt(changed));
    }

    PostRow changedAt(long offset) {
        return new PostRow(id, author, title, content, url, state, reason, createdMs, updatedMs, event, offset);
    }
}

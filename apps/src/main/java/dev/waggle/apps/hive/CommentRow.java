package dev.waggle.apps.hive;

import dev.waggle.core.event.EventId;

import java.util.Optional;

/// A comment as it is shown, without its totals.
///
/// @param parent  the comment it answers
/// @param place   where it stands in its thread; empty while what it answers is not known, and as long it is not shown
/// @param changed the offset of the entry that last changed this row: local
public record CommentRow(String id, String post, Optional<String> parent, Actor author, String content, ContentState state, Optional<String> reason,
                         Optional<Place> place, long createdMs, long updatedMs, EventId event, long changed) {
    /// @param depth  0 for an answer to the post
    /// @param path   the ids from the post down to this comment, joined by `/`
    /// @param thread as `path`, in an order for reading: each answer below what it answers, older ones first
    public record Place(int depth, String path, String thread) {
        private static final int MS_DIGITS = 14;

        static Place top(String id, long createdMs) {
            return new Place(0, id, step(id, createdMs));
        }

        /// Below [HiveLimits#DEPTH_MAX] an answer stands beside the comment it answers.
        Place below(String id, long createdMs) {
            if (depth + 1 < HiveLimits.DEPTH_MAX) return new Place(depth + 1, path + "/" + id, thread + "/" + step(id, createdMs));
            return new Place(depth, path.substring(0, path.lastIndexOf('/') + 1) + id, thread + "+" + step(id, createdMs));
        }

        private static String step(String id, long createdMs) {
            var digits = Long.toHexString(createdMs);
            return "0".repeat(MS_DIGITS - digits.length()) + digits + id;
        }
    }

    boolean isCounted() {
        return state == ContentState.LIVE && place.isPresent();
    }

    boolean shows(CommentRow other) {
        return equals(other.changedAt(changed));
    }

    CommentRow changedAt(long offset) {
        return new CommentRow(id, post, parent, author, content, state, reason, place, createdMs, updatedMs, event, offset);
    }
}

package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;

import java.util.List;
import java.util.Optional;

/// What one event did to one field of a task, reduced to what decides. The value is read from the log again.
///
/// @param counts the log's verdict
/// @param claim  under which it was done; empty for people
/// @param brief  what STATUS is set to, or what ASSIGNED_NODE says, empty for any; null for other fields and deletions
/// @param bases  the changes of the same field that its author knew as the live ones
/// @param lead   one of an event's changes is: a task's version counts these
/// @param offset where the event is in this node's log
public record Change(String task, Field field, Stamp stamp, Kind kind, boolean counts, Optional<ClaimRef> claim, String brief, List<EventId> bases, boolean lead, long offset) {
    /// A deletion is a change of every field, so that each can tell whether it was known.
    public enum Kind { CREATED, SET, DELETED, RESTORED }

    public Change {
        bases = List.copyOf(bases);
    }

    boolean deletes() {
        return kind == Kind.DELETED;
    }
}

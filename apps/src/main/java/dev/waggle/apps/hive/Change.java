package dev.waggle.apps.hive;

import dev.waggle.core.event.EventId;

import java.util.List;

/// One event about a record, reduced to what decides. What it says in full is read from the log again.
///
/// @param key    of the record, see [Ref#key]
/// @param rank   what its author's node was where it wrote: [#OWNER], [#MODERATOR] or [#MEMBER]
/// @param counts the log's verdict
/// @param sets   for content: which fields it sets, [#TITLE], [#CONTENT], [#URL]
/// @param value  for a vote: 1, -1 or 0
/// @param bases  the changes of the same record that its author knew as the live ones
/// @param offset where the event is in this node's log
public record Change(String key, Stamp stamp, Kind kind, Actor actor, int rank, boolean counts, int sets, int value, List<EventId> bases, long offset) {
    public static final int MEMBER = 0;
    public static final int MODERATOR = 1;
    public static final int OWNER = 2;
    public static final int TITLE = 1;
    public static final int CONTENT = 2;
    public static final int URL = 4;

    public enum Kind { CREATED, UPDATED, DELETED, RESTORED, VOTED, SETTING, BAN, UNBAN, ADD, REMOVE, JOIN, LEAVE }

    public Change {
        bases = List.copyOf(bases);
    }

    public boolean sets(int field) {
        return (sets & field) != 0;
    }
}

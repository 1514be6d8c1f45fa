package dev.waggle.store.capture;

import dev.waggle.apps.table.RowStory;
import dev.waggle.apps.table.TableSchema;

import java.util.List;
import java.util.Optional;

/// What a node can say of the rows under one key: from the log, as far as the view has followed it, and from the file.
///
/// @param schema   of the table, as the space knows it; empty when it knows none of that name
/// @param stories  the record that is shown first; empty when no event speaks of the key
/// @param file     what the file has under the key
/// @param queued   operations of the queue that speak of the key and are in no event yet: INSERT, UPDATE, DELETE or REPLACE, oldest first
/// @param looked   how many rows of the queue were looked at, the oldest
/// @param depth    how many there are
/// @param trouble  why the queue does not move, for people; empty when it does
/// @param refused  why the file did not take the row that the log says it should have
/// @param behind   entries of the log that the file has not got yet
public record RowsExplained(Optional<TableSchema> schema, List<RowStory> stories, InFile file, List<String> queued, long looked, long depth, String trouble, Optional<String> refused, long behind) {
    public RowsExplained {
        stories = List.copyOf(stories);
        queued = List.copyOf(queued);
    }

    public enum InFile {
        /// The file has the row, or has none, as the log says.
        AS_SHOWN,
        /// The file has another row, or has one where none is shown, or the other way round: one of them has not caught up.
        OTHERWISE,
        /// The file has no such table.
        NO_TABLE
    }
}

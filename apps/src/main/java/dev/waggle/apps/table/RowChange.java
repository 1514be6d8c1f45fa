package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// One change of one record, as it stands in a change set.
///
/// @param record empty for an insert that creates a record identified by its event; its id is then the version it becomes
/// @param base   the versions it was based on: those that were live where the author's program saw the row; empty for a new record
/// @param set    the columns it sets: every stored column for an insert, the changed ones for an update, the key for a delete
/// @param refs   per declared foreign key (by id) whose columns it sets and that refers to a row: the record referred to
public record RowChange(Kind kind, String table, Optional<Ref> record, List<VersionId> base, SortedMap<String, Value> set, SortedMap<Integer, Ref> refs) {
    public enum Kind { INSERT, UPDATE, DELETE }

    /// A record by its id, or one that item `item` of the same change set creates.
    public sealed interface Ref {
        record Known(RecordId id) implements Ref {}

        record SameSet(int item) implements Ref {}
    }
}

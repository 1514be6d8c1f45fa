package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One change of one record, as it stands in a change set.
///
/// @param record empty for an insert that creates a record identified by its event; its id is then the version it becomes
/// @param base   the versions it was based on: those that were live where the author's program saw the row; empty for a new record
/// @param set    the columns it sets: every stored column for an insert, the changed ones for an update, the key for a delete
/// @param refs   per declared foreign key (by id) whose columns it sets and that refers to a row: the record referred to
public record RowChange(Kind kind, String table, Optional<Ref> record, List<VersionId> base, SortedMap<String, Value> set, SortedMap<Integer, Ref> refs) {
    public RowChange {
        base = List.copyOf(base);
        set = Row.of(set);
        refs = refs.isEmpty() ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(new TreeMap<>(refs));
        if (record.isEmpty() && kind != Kind.INSERT) throw new IllegalArgumentException("only an insert creates a record");
        if (record.isPresent() && record.get() instanceof Ref.SameSet) throw new IllegalArgumentException("a set changes a record that it creates once");
    }

    public enum Kind { INSERT, UPDATE, DELETE }

    /// A record by its id, or one that item `item` of the same change set creates.
    public sealed interface Ref {
        record Known(RecordId id) implements Ref {}

        record SameSet(int item) implements Ref {}

        /// A record identified by its key, of which some column refers to a record that has no id yet: one created by the same change set.
        record Keyed(String table, List<Part> parts) implements Ref {
            public Keyed {
                parts = List.copyOf(parts);
            }
        }
    }

    /// One column of a record's key: its normalised value, or the record that the column refers to. The latter keeps two children apart whose
    /// parents were given one integer key by two machines.
    public sealed interface Part {
        record Plain(Value value) implements Part {}

        record Of(Ref ref) implements Part {}
    }
}

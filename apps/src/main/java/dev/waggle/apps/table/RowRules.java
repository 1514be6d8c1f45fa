package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// What only SQLite itself can say of a row: CHECK, NOT NULL with defaults, STRICT types, and keys of partial indexes and of indexes over expressions.
/// Pure: equal schema and row give equal answers on every node. `store.view.ScratchRules` asks an in-memory SQLite; tests have their own.
public interface RowRules {
    /// No rules beyond those that [Constraints] knows.
    RowRules NONE = new RowRules() {
        @Override public String judged(TableSchema schema) {
            return "";
        }

        @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
            return Optional.empty();
        }

        @Override public Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
            return Optional.empty();
        }
    };

    /// What [#violation] depends on, empty when it accepts every row of this table. When it changes with a schema, all rows are judged again.
    String judged(TableSchema schema);

    /// @param row stored columns with whole values; a column that is missing takes its default
    /// @return why a file would refuse the row, for people
    Optional<String> violation(TableSchema schema, SortedMap<String, Value> row);

    /// The columns that a row has to bring: NOT NULL, and without a default that SQLite would put there.
    default Set<String> needed(TableSchema schema) {
        return Set.of();
    }

    /// Whether the key is the rowid, which holds integers only. Every other column holds what was put there, whatever its declared type (STRICT aside).
    default boolean isRowidKey(TableSchema schema) {
        return schema.key().size() == 1 && !schema.withoutRowid() && Constraints.type(schema, schema.key().getFirst()).equalsIgnoreCase("INTEGER");
    }

    /// The key of `row` in a unique index that is partial, over expressions or over generated columns.
    ///
    /// @return empty when the row is not in the index
    Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row);
}

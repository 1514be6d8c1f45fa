package dev.waggle.store.compare;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;

/// What a comparison of two files found.
///
/// @param tables      every table that was compared, by name
/// @param schema      tables and columns that differ in their declaration; all of them
/// @param differences the first row differences, as many as were asked for
public record Comparison(List<TableCount> tables, List<SchemaDifference> schema, List<Difference> differences) {
    public Comparison {
        tables = List.copyOf(tables);
        schema = List.copyOf(schema);
        differences = List.copyOf(differences);
    }

    /// True when every table is in both files, is declared the same, and has the same rows.
    public boolean isEqual() {
        return schema.isEmpty() && differenceCount() == 0;
    }

    /// All row differences, those beyond the first ones counted too.
    public long differenceCount() {
        return tables.stream().mapToLong(TableCount::differences).sum();
    }

    /// All rows of the left file that were compared.
    public long leftRows() {
        return tables.stream().mapToLong(TableCount::leftRows).sum();
    }

    public long rightRows() {
        return tables.stream().mapToLong(TableCount::rightRows).sum();
    }

    /// @param differences values that differ in rows of both files, plus rows of one file only
    public record TableCount(String table, long leftRows, long rightRows, long differences) {}

    /// One side says `absent` where the table or column does not exist.
    ///
    /// @param column absent when the whole table is meant
    public record SchemaDifference(String table, Optional<String> column, String left, String right) {}

    /// One value that differs, or one row that only one file has.
    ///
    /// @param key    the row's primary key, or all its values in a table that has none
    /// @param column absent when the whole row is on one side only; then that side holds the key's first value
    public record Difference(String table, List<Value> key, Optional<String> column, Optional<Value> left, Optional<Value> right) {
        private static final int SHOWN_CHARS_MAX = 60;

        /// For people: `task[7].title: text 'a' <> text 'b'`.
        public String show() {
            var row = table + "[" + String.join(", ", key.stream().map(value -> value.show(SHOWN_CHARS_MAX)).toList()) + "]";
            return column.map(name -> row + "." + name + ": " + show(left) + " <> " + show(right))
                .orElseGet(() -> row + ": only in the " + (left.isPresent() ? "left" : "right") + " file");
        }

        private static String show(Optional<Value> value) {
            return value.map(v -> switch (v) {
                case Value.Null _ -> "NULL";
                case Value.Int _ -> "integer " + v.show(SHOWN_CHARS_MAX);
                case Value.Real _ -> "real " + v.show(SHOWN_CHARS_MAX);
                case Value.Text _ -> "text '" + v.show(SHOWN_CHARS_MAX) + "'";
                case Value.Blob _ -> "blob " + v.show(SHOWN_CHARS_MAX);
                case Value.Chunked _ -> v.show(SHOWN_CHARS_MAX);
            }).orElse("absent");
        }
    }
}

package dev.waggle.apps.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A tracked table as its schema event describes it. Equal on every node; what the rules of records are computed from.
///
/// @param columns     in declared order, generated ones included
/// @param key         the columns of the primary key (or of the unique index that serves as key), in key order; never empty
/// @param identity    how records of this table are told apart
/// @param uniques     the key first (named ""), then every other unique index, in order of name
/// @param foreignKeys declared foreign keys to tracked tables, in order of `id`
/// @param sql         what creates it in a new file: CREATE TABLE first, then its indexes and triggers
public record TableSchema(String name, List<Column> columns, List<String> key, Identity identity, List<Unique> uniques,
                          List<ForeignKey> foreignKeys, boolean withoutRowid, List<String> sql) {
    public TableSchema {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        uniques = List.copyOf(uniques);
        foreignKeys = List.copyOf(foreignKeys);
        sql = List.copyOf(sql);
    }

    /// The same table with its foreign keys named as changes in the log name them: those of `known` keep their number. A new one gets one that follows
    /// from what it says, so machines that add different ones at the same time give them different numbers (a hash of 31 bits), and the same one the same.
    public TableSchema numberedAs(TableSchema known) {
        var left = new ArrayList<>(known.foreignKeys);
        var taken = new HashSet<>(left.stream().map(ForeignKey::id).toList());
        var numbered = new ArrayList<ForeignKey>();
        for (var key : foreignKeys) {
            var same = left.stream().filter(key::refersLike).findFirst();
            same.ifPresent(left::remove);
            int id = same.map(ForeignKey::id).orElseGet(() -> List.of(key.columns, key.parent, key.parentColumns).hashCode() & Integer.MAX_VALUE);
            while (same.isEmpty() && !taken.add(id)) id = id + 1 & Integer.MAX_VALUE;
            numbered.add(new ForeignKey(id, key.columns, key.parent, key.parentColumns));
        }
        numbered.sort(Comparator.comparingInt(ForeignKey::id));
        return new TableSchema(name, columns, key, identity, uniques, numbered, withoutRowid, sql);
    }

    /// @param type      as declared, may be empty
    /// @param collation BINARY, NOCASE, RTRIM, or another collation's name
    /// @param generated computed by SQLite: never in a payload
    public record Column(String name, String type, boolean notNull, String collation, boolean generated) {}

    /// @param columns    empty for an index over expressions
    /// @param collations one for each column
    /// @param where      the condition of a partial index
    public record Unique(String name, List<String> columns, List<String> collations, Optional<String> where) {
        public Unique {
            columns = List.copyOf(columns);
            collations = List.copyOf(collations);
        }
    }

    /// @param id      names it in payloads: SQLite's number within the table where that was first described (SQLite gives it another with each new one)
    /// @param columns of this table
    /// @param parentColumns of `parent`, in the same order
    public record ForeignKey(int id, List<String> columns, String parent, List<String> parentColumns) {
        public ForeignKey {
            columns = List.copyOf(columns);
            parentColumns = List.copyOf(parentColumns);
        }

        private boolean refersLike(ForeignKey other) {
            return columns.equals(other.columns) && parent.equals(other.parent)
                && String.join("\0", parentColumns).equalsIgnoreCase(String.join("\0", other.parentColumns));
        }
    }

    /// How records of a table are told apart (design: record identity).
    public enum Identity {
        /// A record is the event and item that created it: for a single-column integer key, which two machines may hand out twice.
        EVENT("event"),
        /// A record is its key: for every other key.
        KEY("key");

        private final String wire;

        Identity(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}

package dev.waggle.apps.table;

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

    /// @param id      SQLite's number of the foreign key within its table: names it in payloads
    /// @param columns of this table
    /// @param parentColumns of `parent`, in the same order
    public record ForeignKey(int id, List<String> columns, String parent, List<String> parentColumns) {
        public ForeignKey {
            columns = List.copyOf(columns);
            parentColumns = List.copyOf(parentColumns);
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

package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Tables for tests: integer keys with a self reference and a NOCASE unique column, children, keyed children and grandchildren, a table with a CHECK, and a partial unique index.
final class TestTables {
    private static final java.util.Map<String, List<String>> SQL = java.util.Map.of(
        "person", List.of("""
            CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, boss INTEGER REFERENCES person (id), age INTEGER)""",
            "CREATE UNIQUE INDEX person_name ON person (name)"),
        "task", List.of("CREATE TABLE task (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id), note TEXT, n INTEGER)",
            "CREATE UNIQUE INDEX task_note ON task (note) WHERE n > 5"),
        "tag", List.of("""
            CREATE TABLE tag (person_id INTEGER NOT NULL REFERENCES person (id), tag TEXT NOT NULL, weight INTEGER, PRIMARY KEY (person_id, tag))"""),
        "vote", List.of("""
            CREATE TABLE vote (person_id INTEGER NOT NULL, tag TEXT NOT NULL, k INTEGER NOT NULL, v INTEGER, PRIMARY KEY (person_id, tag, k),
                FOREIGN KEY (person_id, tag) REFERENCES tag (person_id, tag))"""),
        "range", List.of("CREATE TABLE \"range\" (name TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, low INTEGER, high INTEGER, CHECK (low <= high))"));
    static final TableSchema PERSON = schema("person", TableSchema.Identity.EVENT, List.of("id"),
        List.of(column("id", "INTEGER", false), column("name", "TEXT", false, "NOCASE"), column("boss", "INTEGER", false), column("age", "INTEGER", false)),
        List.of(unique("", List.of("id"), List.of("BINARY"), null), unique("person_name", List.of("name"), List.of("NOCASE"), null)),
        List.of(new TableSchema.ForeignKey(0, List.of("boss"), "person", List.of("id"))));
    static final TableSchema TASK = schema("task", TableSchema.Identity.EVENT, List.of("id"),
        List.of(column("id", "INTEGER", false), column("person_id", "INTEGER", false), column("note", "TEXT", false), column("n", "INTEGER", false)),
        List.of(unique("", List.of("id"), List.of("BINARY"), null), unique("task_note", List.of("note"), List.of("BINARY"), "n > 5")),
        List.of(new TableSchema.ForeignKey(0, List.of("person_id"), "person", List.of("id"))));
    static final TableSchema TAG = schema("tag", TableSchema.Identity.KEY, List.of("person_id", "tag"),
        List.of(column("person_id", "INTEGER", true), column("tag", "TEXT", true), column("weight", "INTEGER", false)),
        List.of(unique("", List.of("person_id", "tag"), List.of("BINARY", "BINARY"), null)),
        List.of(new TableSchema.ForeignKey(0, List.of("person_id"), "person", List.of("id"))));
    static final TableSchema VOTE = schema("vote", TableSchema.Identity.KEY, List.of("person_id", "tag", "k"),
        List.of(column("person_id", "INTEGER", true), column("tag", "TEXT", true), column("k", "INTEGER", true), column("v", "INTEGER", false)),
        List.of(unique("", List.of("person_id", "tag", "k"), List.of("BINARY", "BINARY", "BINARY"), null)),
        List.of(new TableSchema.ForeignKey(0, List.of("person_id", "tag"), "tag", List.of("person_id", "tag"))));
    static final TableSchema RANGE = schema("range", TableSchema.Identity.KEY, List.of("name"),
        List.of(column("name", "TEXT", true, "NOCASE"), column("low", "INTEGER", false), column("high", "INTEGER", false)),
        List.of(unique("", List.of("name"), List.of("NOCASE"), null)), List.of());
    static final List<TableSchema> ALL = List.of(PERSON, RANGE, TAG, TASK, VOTE);

    /// CHECK (low <= high) on range; WHERE n > 5 on the index task_note.
    static final RowRules RULES = new RowRules() {
        @Override public String judged(TableSchema schema) {
            return schema.name().equals("range") ? "CHECK (low <= high)" : "";
        }

        @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
            if (row.get("low") instanceof Value.Int(var low) && row.get("high") instanceof Value.Int(var high) && low > high) return Optional.of("CHECK (low <= high)");
            return Optional.empty();
        }

        @Override public Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
            return row.get("n") instanceof Value.Int(var n) && n > 5 ? Optional.of(List.of(row.getOrDefault("note", Value.NULL))) : Optional.empty();
        }
    };

    private TestTables() {}

    static TableSchema schema(String name, TableSchema.Identity identity, List<String> key, List<TableSchema.Column> columns,
                              List<TableSchema.Unique> uniques, List<TableSchema.ForeignKey> foreignKeys) {
        return new TableSchema(name, columns, key, identity, uniques, foreignKeys, false, SQL.getOrDefault(name, List.of()));
    }

    static TableSchema.Column column(String name, String type, boolean notNull) {
        return column(name, type, notNull, "BINARY");
    }

    static TableSchema.Column column(String name, String type, boolean notNull, String collation) {
        return new TableSchema.Column(name, type, notNull, collation, false);
    }

    static TableSchema.Unique unique(String name, List<String> columns, List<String> collations, String where) {
        return new TableSchema.Unique(name, columns, collations, Optional.ofNullable(where));
    }

    /// A row from name, value, name, value …: null, Integer, Long, Double, String, byte[] or Value.
    static SortedMap<String, Value> row(Object... namesAndValues) {
        var row = new TreeMap<String, Value>();
        for (int i = 0; i < namesAndValues.length; i += 2) row.put((String) namesAndValues[i], value(namesAndValues[i + 1]));
        return row;
    }

    static List<Value> key(Object... values) {
        var key = new ArrayList<Value>();
        for (var value : values) key.add(value(value));
        return key;
    }

    static Value value(Object value) {
        return switch (value) {
            case null -> Value.NULL;
            case Value own -> own;
            case Integer number -> new Value.Int(number);
            case Long number -> new Value.Int(number);
            case Double number -> new Value.Real(number);
            case String text -> Value.Text.of(text);
            case byte[] bytes -> new Value.Blob(bytes);
            default -> throw new IllegalArgumentException("no value: " + value);
        };
    }
}

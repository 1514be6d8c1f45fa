package dev.waggle.sim.workload;

import dev.waggle.core.Property;
import dev.waggle.core.record.Value;
import dev.waggle.store.capture.DeclaredSchema;
import dev.waggle.store.view.ScratchRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/// A simulated program's file and SQLite get the same statements: both refuse the same ones, and hold the same rows after each, cascades included.
class AttemptAgainstSqliteTest {
    private static final int STATEMENTS = 120;
    private int accepted;
    private int refused;

    @ParameterizedTest @ValueSource(strings = {"blog", "shop", "teams", "odd"})
    void a_statement_does_what_it_does_in_sqlite(String name) throws java.io.IOException {
        var file = Path.of("src/test/resources/simulate/" + name + ".sql");
        var declared = DeclaredSchema.ofText(file, java.nio.file.Files.readString(file));
        try (var rules = new ScratchRules()) {
            var tables = declared.tables().stream().map(table -> {
                var actions = new TreeMap<Integer, Database.Actions>();
                table.actions().forEach((key, spelt) -> actions.put(key, new Database.Actions(Database.Action.of(spelt.onDelete()), Database.Action.of(spelt.onUpdate()))));
                return new Database.Table(table.schema(), actions, table.defaults());
            }).toList();
            var database = new Database(tables, rules);
            Property.check(12, random -> run(database, random));
        }
        assertThat(accepted).as("statements that both took").isGreaterThan(100);
        assertThat(refused).as("statements that both refused").isGreaterThan(100);
    }

    private void run(Database database, RandomGenerator random) throws SQLException {
        var config = new SQLiteConfig();
        config.enforceForeignKeys(random.nextInt(4) != 0);
        try (var sqlite = config.createConnection("jdbc:sqlite::memory:")) {
            for (var schema : database.schemas())
                for (var sql : schema.sql()) if (!sql.contains("TRIGGER")) execute(sqlite, sql.replace("DEFERRABLE INITIALLY DEFERRED", ""));
            var rows = new FileRows(database);
            for (int i = 0; i < STATEMENTS; i++) {
                var table = List.copyOf(database.tables().values()).get(random.nextInt(database.tables().size()));
                var done = statement(sqlite, rows, table, random, config);
                assertThat(content(sqlite, database)).as(done).isEqualTo(content(rows));
            }
        }
    }

    private String statement(Connection sqlite, FileRows rows, Database.Table table, RandomGenerator random, SQLiteConfig config) throws SQLException {
        boolean foreignKeys = pragma(sqlite) == 1;
        var attempt = new Attempt(rows, foreignKeys);
        int count = rows.count(table.name());
        var old = count == 0 ? null : rows.at(table.name(), random.nextInt(count));
        var row = row(rows, table, random);
        int kind = old == null ? 0 : random.nextInt(6);
        boolean replace = random.nextInt(4) == 0;
        if (kind == 3 || kind == 4) {                            // one or two columns only
            var next = new TreeMap<>(old);
            for (int i = 0; i < kind - 2; i++) {
                var column = List.copyOf(row.keySet()).get(random.nextInt(row.size()));
                next.put(column, row.get(column));
            }
            row = next;
        }
        var wanted = row;
        boolean here;
        var why = "";
        try {
            attempt.run(each -> {
                if (kind < 3) each.insert(table, wanted, replace);
                else if (kind < 5) each.update(table, old, wanted);
                else each.delete(table, old);
            });
            here = true;
        } catch (Attempt.Refused refusal) {
            here = false;
            why = " refused here: " + refusal.getMessage();
        }
        boolean there = kind < 3 ? insert(sqlite, table, wanted, replace) : kind < 5 ? update(sqlite, table, old, wanted) : delete(sqlite, table, old);
        var text = (kind < 3 ? replace ? "insert or replace " : "insert " : kind < 5 ? "update " + FileRows.show(old) + " to " : "delete ") + table.name() + " " + FileRows.show(kind < 5 ? wanted : old) + why;
        assertThat(here).as(text).isEqualTo(there);
        if (here) accepted++;
        else refused++;
        return text;
    }

    /// Parents' values for foreign keys mostly, else whatever is typical.
    private static SortedMap<String, Value> row(FileRows rows, Database.Table table, RandomGenerator random) {
        var typical = new Typical(random);
        var row = new TreeMap<String, Value>();
        for (var column : table.stored()) row.put(column.name(), typical.of(table, Typical.Column.of(table, column.name())));
        for (var reference : rows.database().references(table.name())) {
            int count = rows.count(reference.parent().name());
            if (count == 0 || random.nextInt(5) == 0) continue;
            var parent = rows.at(reference.parent().name(), random.nextInt(count));
            for (int i = 0; i < reference.key().columns().size(); i++) row.put(reference.key().columns().get(i), parent.get(reference.key().parentColumns().get(i)));
        }
        var key = table.schema().key().getFirst();
        if (table.isRowidKey() && !(row.get(key) instanceof Value.Int)) row.put(key, new Value.Int(random.nextInt(1, 30)));
        row.replaceAll((column, value) -> SqlValues.stored(table.type(column), value));
        return row;
    }

    private static boolean insert(Connection sqlite, Database.Table table, SortedMap<String, Value> row, boolean replace) throws SQLException {
        var columns = List.copyOf(row.keySet());
        return attempt(sqlite, (replace ? "INSERT OR REPLACE INTO " : "INSERT INTO ") + quoted(table.name()) + " (" + columns.stream().map(AttemptAgainstSqliteTest::quoted).collect(Collectors.joining(", "))
            + ") VALUES (" + columns.stream().map(column -> literal(row.get(column))).collect(Collectors.joining(", ")) + ")");
    }

    private static boolean update(Connection sqlite, Database.Table table, SortedMap<String, Value> old, SortedMap<String, Value> row) throws SQLException {
        var sets = new ArrayList<String>();
        row.forEach((column, value) -> {
            if (!value.equals(old.get(column))) sets.add(quoted(column) + " = " + literal(value));
        });
        if (sets.isEmpty()) sets.add(quoted(row.firstKey()) + " = " + quoted(row.firstKey()));
        return attempt(sqlite, "UPDATE " + quoted(table.name()) + " SET " + String.join(", ", sets) + where(table, old));
    }

    private static boolean delete(Connection sqlite, Database.Table table, SortedMap<String, Value> old) throws SQLException {
        return attempt(sqlite, "DELETE FROM " + quoted(table.name()) + where(table, old));
    }

    private static String where(Database.Table table, SortedMap<String, Value> old) {
        return table.schema().key().stream().map(column -> quoted(column) + " = " + literal(old.get(column))).collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private static boolean attempt(Connection sqlite, String sql) throws SQLException {
        try {
            execute(sqlite, sql);
            return true;
        } catch (SQLException refused) {
            if (refused.getMessage().contains("CONSTRAINT")) return false;
            throw new SQLException(sql, refused);
        }
    }

    private static void execute(Connection sqlite, String sql) throws SQLException {
        try (var statement = sqlite.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long pragma(Connection sqlite) throws SQLException {
        try (var statement = sqlite.createStatement(); var rows = statement.executeQuery("PRAGMA foreign_keys")) {
            return rows.getLong(1);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(Value value) {
        return switch (value) {
            case Value.Null _ -> "NULL";
            case Value.Int(var integer) -> integer == Long.MIN_VALUE ? "(-9223372036854775807 - 1)" : Long.toString(integer);
            case Value.Real(var real) when Double.isInfinite(real) -> real > 0 ? "9e999" : "-9e999";
            case Value.Real(var real) -> real == 0 && 1 / real < 0 ? "-0.0" : Double.toString(real);
            case Value.Text(var bytes) -> "CAST(x'" + dev.waggle.core.event.Hex.of(bytes) + "' AS TEXT)";
            case Value.Blob(var bytes) -> "x'" + dev.waggle.core.event.Hex.of(bytes) + "'";
            case Value.Chunked _ -> throw new IllegalArgumentException("no literal");
        };
    }

    /// Each value's storage class and text, as SQL says it; rows sorted as texts.
    private static List<String> content(Connection sqlite, Database database) throws SQLException {
        var all = new ArrayList<String>();
        for (var table : database.tables().values()) {
            var columns = table.stored().stream().map(column -> "typeof(" + quoted(column.name()) + ") || ':' || hex(" + quoted(column.name()) + ")").collect(Collectors.joining(" || ' ' || "));
            try (var statement = sqlite.createStatement(); var rows = statement.executeQuery("SELECT " + columns + " FROM " + quoted(table.name()))) {
                while (rows.next()) all.add(table.name() + " " + rows.getString(1));
            }
        }
        all.replaceAll(AttemptAgainstSqliteTest::withoutDigits);
        all.sort(null);
        return all;
    }

    private static List<String> content(FileRows rows) {
        var all = new ArrayList<String>();
        for (var table : rows.database().tables().values())
            for (var row : rows.all(table.name()))
                all.add(withoutDigits(table.name() + " " + table.stored().stream().map(column -> spelt(row.getOrDefault(column.name(), Value.NULL))).collect(Collectors.joining(" "))));
        all.sort(null);
        return all;
    }

    /// How SQLite spells a real in hexadecimal text is not worth imitating: its storage class is compared.
    private static String withoutDigits(String row) {
        return row.replaceAll("real:[0-9A-Fa-f]*", "real:").toUpperCase(java.util.Locale.ROOT);
    }

    private static String spelt(Value value) {
        return switch (value) {
            case Value.Null _ -> "null:";
            case Value.Int(var integer) -> "integer:" + hex(Long.toString(integer).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            case Value.Real _ -> "real:";
            case Value.Text(var bytes) -> "text:" + hex(bytes);
            case Value.Blob(var bytes) -> "blob:" + hex(bytes);
            case Value.Chunked _ -> throw new IllegalArgumentException("rows are whole");
        };
    }

    private static String hex(byte[] bytes) {
        return dev.waggle.core.event.Hex.of(bytes);
    }
}

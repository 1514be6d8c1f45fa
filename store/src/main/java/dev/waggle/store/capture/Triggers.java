package dev.waggle.store.capture;

import dev.waggle.apps.table.TableSchema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Our triggers in the user's file. They store keys only and use nothing but `random()`, so they run in every SQLite since 3.7 and cannot fail a
/// program's write, and a program may still add, rename or drop a column that is no part of a key or unique index.
final class Triggers {
    static final String PREFIX = "waggle_";

    private Triggers() {}

    /// The triggers a table needs: name -> SQL.
    static SortedMap<String, String> of(TrackedTable table) {
        var triggers = new TreeMap<String, String>();
        var key = table.schema().key();
        add(triggers, "insert", table, "AFTER INSERT", values(table, "INSERT", key.size(), part -> "NEW." + Sql.name(key.get(part)), null));
        add(triggers, "update", table, "AFTER UPDATE", values(table, "UPDATE", key.size(), part -> "NEW." + Sql.name(key.get(part)),
            part -> "OLD." + Sql.name(key.get(part))));
        add(triggers, "delete", table, "AFTER DELETE", values(table, "DELETE", key.size(), part -> "OLD." + Sql.name(key.get(part)), null));
        int number = 0;
        var uniques = table.schema().uniques();
        for (var unique : uniques.subList(1, uniques.size())) {
            number++;
            if (unique.columns().isEmpty()) continue;                  // over expressions: the drain compares the whole table instead
            var same = IntStream.range(0, unique.columns().size()).mapToObj(i -> {
                var column = Sql.name(unique.columns().get(i));
                return "t." + column + " = NEW." + column + " COLLATE " + Sql.name(unique.collations().get(i));
            }).collect(Collectors.joining(" AND "));
            var other = key.stream().map(column -> "t." + Sql.name(column) + " IS NOT OLD." + Sql.name(column)).collect(Collectors.joining(" OR "));
            add(triggers, "replace_" + number, table, "BEFORE INSERT", removed(table, key, same));
            boolean generated = !table.stored().containsAll(unique.columns());      // no UPDATE names such a column: the trigger looks whether it changes
            add(triggers, "replace_by_update_" + number, table, generated ? "BEFORE UPDATE" : "BEFORE UPDATE OF " + Sql.names(unique.columns()),
                removed(table, key, (generated ? "(" + changes(unique) + ") AND " : "") + same + " AND (" + other + ")"));
        }
        return triggers;
    }

    private static String changes(TableSchema.Unique unique) {
        return unique.columns().stream().map(column -> "NEW." + Sql.name(column) + " IS NOT OLD." + Sql.name(column) + " COLLATE BINARY").collect(Collectors.joining(" OR "));
    }

    private static void add(SortedMap<String, String> triggers, String what, TrackedTable table, String when, String body) {
        var name = PREFIX + what + "_" + table.name();
        triggers.put(name, "CREATE TRIGGER " + Sql.name(name) + " " + when + " ON " + Sql.name(table.name())
            + " WHEN (SELECT applying FROM waggle_state) IS NOT 1 BEGIN " + body + "; END");
    }

    private static String columns(int parts, boolean old) {
        var columns = new ArrayList<String>();
        for (int part = 0; part < parts; part++) columns.add(QueueTable.keyColumn(part));
        if (old) for (int part = 0; part < parts; part++) columns.add(QueueTable.oldKeyColumn(part));
        return String.join(", ", columns);
    }

    private static String values(TrackedTable table, String operation, int parts, IntFunction<String> key, IntFunction<String> oldKey) {
        var values = new ArrayList<String>();
        for (int part = 0; part < parts; part++) values.add(key.apply(part));
        if (oldKey != null) for (int part = 0; part < parts; part++) values.add(oldKey.apply(part));
        return "INSERT INTO sync_queue (operation, table_name, nonce, " + columns(parts, oldKey != null) + ") VALUES ('" + operation + "', "
            + Sql.text(table.name()) + ", random(), " + String.join(", ", values) + ")";
    }

    /// The keys that REPLACE may remove through another unique index, for which no delete trigger fires.
    private static String removed(TrackedTable table, List<String> key, String where) {
        return "INSERT INTO sync_queue (operation, table_name, nonce, " + columns(key.size(), false) + ") SELECT 'REPLACE', " + Sql.text(table.name())
            + ", random(), " + key.stream().map(column -> "t." + Sql.name(column)).collect(Collectors.joining(", "))
            + " FROM " + Sql.name(table.name()) + " AS t WHERE " + where;
    }

    static SortedMap<String, String> of(Collection<TrackedTable> tables) {
        var all = new TreeMap<String, String>();
        for (var table : tables) all.putAll(of(table));
        return all;
    }

    private static SortedMap<String, String> present(Connection file) throws SQLException {
        try (var statement = file.prepareStatement("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'waggle\\_%' ESCAPE '\\'");
             var rows = statement.executeQuery()) {
            var present = new TreeMap<String, String>();
            while (rows.next()) present.put(rows.getString(1), rows.getString(2));
            return present;
        }
    }

    /// True when the file has exactly the triggers it should have. A table that was rebuilt has lost its own without a word.
    static boolean areIn(Connection file, Collection<TrackedTable> tables) throws SQLException {
        return present(file).equals(of(tables));
    }

    /// The tables whose triggers are missing or different: what was written to them meanwhile is unknown.
    static List<String> missingFor(Connection file, Collection<TrackedTable> tables) throws SQLException {
        var present = present(file).entrySet();
        return tables.stream().filter(table -> !present.containsAll(of(table).entrySet())).map(TrackedTable::name).toList();
    }

    /// Makes the file have exactly the triggers it should have.
    static void make(Connection file, Collection<TrackedTable> tables) throws SQLException {
        var present = present(file);
        var wanted = of(tables);
        for (var trigger : present.entrySet())
            if (!trigger.getValue().equals(wanted.get(trigger.getKey()))) Rows.run(file, "DROP TRIGGER " + Sql.name(trigger.getKey()));
        for (var trigger : wanted.entrySet())
            if (!trigger.getValue().equals(present.get(trigger.getKey()))) Rows.run(file, trigger.getValue());
    }

    static void remove(Connection file) throws SQLException {
        for (var name : present(file).keySet()) Rows.run(file, "DROP TRIGGER " + Sql.name(name));
    }
}

package dev.waggle.store.node;

import dev.waggle.core.log.LogUnavailable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One table of a tracked file, read and written as any program would: the triggers see these writes, too. A connection for each call, closed
/// after it; a call is one transaction. Values are `Long`, `Double`, `String`, `byte[]` or null.
public final class FileTable {
    private static final int BUSY_MS_MAX = 5_000;
    private final Path file;
    private final String table;

    public FileTable(Path file, String table) {
        this.file = file;
        this.table = table;
    }

    /// Inserts the row, or sets these columns in the row that has its key.
    ///
    /// @throws LogUnavailable when the file is locked for too long, or refuses the row
    public void put(Map<String, ?> row) {
        if (row.isEmpty()) throw new IllegalArgumentException("a row has at least one column");
        var columns = List.copyOf(new TreeMap<>(row).keySet());
        in("write to " + table, db -> {
            var key = key(db);
            var rest = columns.stream().filter(column -> !key.contains(column)).toList();
            var conflict = key.isEmpty() || !columns.containsAll(key) ? ""
                : " ON CONFLICT (" + names(key, ", ") + ") DO " + (rest.isEmpty() ? "NOTHING"
                    : "UPDATE SET " + String.join(", ", rest.stream().map(column -> quoted(column) + " = excluded." + quoted(column)).toList()));
            return update(db, "INSERT INTO " + quoted(table) + " (" + names(columns, ", ") + ") VALUES (" + "?, ".repeat(columns.size() - 1) + "?)" + conflict,
                columns.stream().map(column -> (Object) row.get(column)).toList());
        });
    }

    /// @return how many rows were deleted
    public int remove(Map<String, ?> where) {
        if (where.isEmpty()) throw new IllegalArgumentException("say which rows");
        var columns = List.copyOf(where.keySet());
        return in("delete from " + table, db -> update(db, "DELETE FROM " + quoted(table) + condition(columns), values(where, columns)));
    }

    /// The rows whose columns are equal to `where`, all of them when it is empty, at most `rowsMax`.
    public List<Map<String, Object>> find(Map<String, ?> where, int rowsMax) {
        var columns = List.copyOf(where.keySet());
        return in("read " + table, db -> {
            try (var query = db.prepareStatement("SELECT * FROM " + quoted(table) + condition(columns) + " LIMIT " + rowsMax)) {
                bind(query, values(where, columns));
                var found = new ArrayList<Map<String, Object>>();
                try (var rows = query.executeQuery()) {
                    var count = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        var row = new LinkedHashMap<String, Object>();
                        for (int i = 1; i <= count; i++) row.put(rows.getMetaData().getColumnName(i), wide(rows.getObject(i)));
                        found.add(row);
                    }
                }
                return found;
            }
        });
    }

    private List<String> key(Connection db) throws SQLException {
        try (var query = db.prepareStatement("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")) {
            query.setString(1, table);
            var key = new ArrayList<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) key.add(rows.getString(1));
            }
            return key;
        }
    }

    private interface Work<T> {
        T with(Connection db) throws SQLException;
    }

    private <T> T in(String doing, Work<T> work) {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            try (var setting = db.createStatement()) {
                setting.execute("PRAGMA busy_timeout = " + BUSY_MS_MAX);
                setting.execute("PRAGMA foreign_keys = ON");
            }
            return work.with(db);
        } catch (SQLException e) {
            throw new LogUnavailable(doing, e);
        }
    }

    private static int update(Connection db, String sql, List<Object> values) throws SQLException {
        try (var statement = db.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void bind(java.sql.PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) statement.setObject(i + 1, values.get(i));
    }

    private static List<Object> values(Map<String, ?> row, List<String> columns) {
        var values = new ArrayList<Object>();
        for (var column : columns) values.add(row.get(column));
        return values;
    }

    private static String condition(List<String> columns) {
        return columns.isEmpty() ? "" : " WHERE " + String.join(" AND ", columns.stream().map(column -> quoted(column) + " IS ?").toList());
    }

    private static String names(List<String> columns, String between) {
        return String.join(between, columns.stream().map(FileTable::quoted).toList());
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /// The driver answers small integers as `Integer`.
    private static Object wide(Object value) {
        return value instanceof Integer small ? (Object) (long) small : value;
    }
}

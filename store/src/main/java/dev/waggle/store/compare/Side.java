package dev.waggle.store.compare;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One of the two files: opened read-only, in one read transaction, so that all tables are seen at one moment.
final class Side implements AutoCloseable {
    private static final int BUSY_MS_MAX = 10_000;
    private static final String TABLES = """
        SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table'
        """;
    private static final String COLUMNS = """
        SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)
        WHERE hidden <> 1
        ORDER BY cid
        """;

    /// @param pk 1 for the first column of the primary key, 0 for none
    record Column(String name, String declaration, int pk) {}

    /// @param name as this file spells it
    record Table(String name, SortedMap<String, Column> columns) {
        /// The primary key's columns, folded, in key order; empty when there is none.
        List<String> key() {
            return columns.entrySet().stream().filter(column -> column.getValue().pk() > 0)
                .sorted((a, b) -> Integer.compare(a.getValue().pk(), b.getValue().pk())).map(SortedMap.Entry::getKey).toList();
        }
    }

    final Path file;
    final Connection connection;
    final Charset encoding;
    /// By folded name: SQLite's names do not tell ASCII case apart.
    final SortedMap<String, Table> tables;

    private Side(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        connection.setAutoCommit(false);
        encoding = readEncoding();
        tables = readTables();
    }

    static Side open(Path file) {
        if (!Files.exists(file)) throw new CannotCompare(file, "there is no such file", null);
        if (Files.isDirectory(file)) throw new CannotCompare(file, "this is a folder", null);
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MS_MAX);
        Connection connection = null;
        try {
            // As a URI: the driver would first try to create a plain path, as a plain file.
            connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath().toUri().toString().replaceFirst("^file:///", "file:/") + "?mode=ro",
                config.toProperties());
            return new Side(file, connection);
        } catch (SQLException e) {
            var reason = describe(e);
            if (connection != null) closeAfter(connection, e);
            throw new CannotCompare(file, reason, e);
        }
    }

    static String describe(SQLException e) {
        if (e.getErrorCode() == SQLiteErrorCode.SQLITE_NOTADB.code) return "not a SQLite database, or an encrypted one";
        return e.getMessage();
    }

    private static void closeAfter(Connection connection, SQLException failure) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private Charset readEncoding() throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery("PRAGMA encoding")) {
            rows.next();
            return switch (rows.getString(1)) {
                case "UTF-16le" -> StandardCharsets.UTF_16LE;
                case "UTF-16be" -> StandardCharsets.UTF_16BE;
                default -> StandardCharsets.UTF_8;
            };
        }
    }

    private SortedMap<String, Table> readTables() throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(TABLES)) {
            while (rows.next()) names.add(rows.getString(1));
        }
        var out = new TreeMap<String, Table>();
        for (var name : names) if (!isLeftOut(fold(name))) out.put(fold(name), new Table(name, readColumns(name)));
        return out;
    }

    private SortedMap<String, Column> readColumns(String table) throws SQLException {
        var out = new TreeMap<String, Column>();
        try (var statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    int pk = rows.getInt("pk");
                    var declaration = (rows.getString("type").toUpperCase(Locale.ROOT) + (rows.getInt("notnull") != 0 ? " NOT NULL" : "")
                        + Optional.ofNullable(rows.getString("dflt_value")).map(value -> " DEFAULT " + value).orElse("")
                        + (pk > 0 ? " PRIMARY KEY (" + pk + ")" : "") + (rows.getInt("hidden") != 0 ? " GENERATED" : "")).strip();
                    var name = rows.getString("name");
                    out.put(fold(name), new Column(name, declaration.isEmpty() ? "no type" : declaration, pk));
                }
            }
        }
        return out;
    }

    /// SQLite's own tables and Waggle's are local to each file.
    private static boolean isLeftOut(String folded) {
        return folded.equals("sync_queue") || folded.startsWith("waggle_") || folded.startsWith("sqlite_");
    }

    private static String fold(String name) {
        var out = new StringBuilder(name);
        for (int i = 0; i < out.length(); i++) if (out.charAt(i) >= 'A' && out.charAt(i) <= 'Z') out.setCharAt(i, (char) (out.charAt(i) + 32));
        return out.toString();
    }

    static String quote(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    @Override public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new CannotCompare(file, e.getMessage(), e);
        }
    }
}

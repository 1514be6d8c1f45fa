package dev.waggle.lab.process;

import dev.waggle.store.compare.FileCompare;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.TreeSet;

/// The user's program in these tests: a file with one table of notes, opened anew for every statement.
public record Notes(Path file) {
    static final String TABLE = "CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY, text TEXT)";

    /// Makes the file with its table.
    public static Notes create(Path file) throws SQLException {
        var notes = new Notes(file);
        notes.sql("PRAGMA journal_mode = WAL");
        notes.sql(TABLE);
        return notes;
    }

    Connection open() throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
        }
        return connection;
    }

    public void sql(String statement) throws SQLException {
        try (var connection = open(); var each = connection.createStatement()) {
            each.execute(statement);
        }
    }

    public void add(String id) throws SQLException {
        add(id, "written by a program");
    }

    public void add(String id, String text) throws SQLException {
        try (var connection = open(); var insert = connection.prepareStatement("INSERT INTO note VALUES (?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, text);
            insert.executeUpdate();
        }
    }

    public TreeSet<String> ids() {
        var ids = new TreeSet<String>();
        try (var connection = open(); var statement = connection.createStatement(); var rows = statement.executeQuery("SELECT id FROM note")) {
            while (rows.next()) ids.add(rows.getString(1));
            return ids;
        } catch (SQLException e) {
            throw new IllegalStateException("read " + file, e);
        }
    }

    public boolean has(String... wanted) {
        return ids().containsAll(java.util.List.of(wanted));
    }

    public boolean equals(Notes other) {
        return FileCompare.compare(file, other.file, 1).isEqual();
    }
}

package dev.waggle.store.view;

import dev.waggle.store.sqlite.OwnTransactions;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The connection to a view's file, its schema, and its prepared statements. One thread.
///
/// `synchronous=NORMAL`: a power cut may take the last transactions, and the log gives them back. A file of another code version is emptied, for the
/// same reason.
final class ViewFile implements AutoCloseable {
    /// Raised whenever what is stored, or what is derived from a log, changes.
    static final int VIEW_VERSION = 2;

    static final List<String> TABLES = List.of("claim", "claim_page", "link", "change", "record", "record_page", "named", "conflicted", "tip", "event_prefix",
        "event", "chain", "word", "meta");

    private static final String SCHEMA = """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        -- Tables, column lists and node ids, named once.
        CREATE TABLE IF NOT EXISTS word (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS chain (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        -- Events by a number of our own, so that nothing else repeats 32 random bytes. chain is NULL for one that is only mentioned.
        CREATE TABLE IF NOT EXISTS event (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL, chain INTEGER, branch INTEGER, seq INTEGER, counts INTEGER, records BLOB) STRICT;
        CREATE INDEX IF NOT EXISTS event_mentioned ON event (number) WHERE chain IS NULL;
        -- The first 8 bytes of an event's id: half the cost of an index over whole ids.
        CREATE TABLE IF NOT EXISTS event_prefix (prefix INTEGER, number INTEGER, PRIMARY KEY (prefix, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tip (chain INTEGER, branch INTEGER, event INTEGER NOT NULL, PRIMARY KEY (chain, branch)) STRICT, WITHOUT ROWID;
        -- table_word is 0 while no change of the record is known.
        CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, table_word INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        -- Consecutive records of one table that were put once; a row of `record` counts instead.
        CREATE TABLE IF NOT EXISTS record_page (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, table_word INTEGER NOT NULL, bodies BLOB NOT NULL) STRICT;
        -- Records that cannot be found through the event that created them.
        CREATE TABLE IF NOT EXISTS named (id TEXT PRIMARY KEY, record INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        -- The changes of records that have more than one; the only change of the others is in record.body.
        CREATE TABLE IF NOT EXISTS change (record INTEGER, event INTEGER, item INTEGER, body BLOB NOT NULL, PRIMARY KEY (record, event, item)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS link (parent INTEGER, child INTEGER, PRIMARY KEY (parent, child)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS claim (key BLOB, record INTEGER, PRIMARY KEY (key, record)) STRICT, WITHOUT ROWID;
        -- Stretches of keys that one record each claims; no two overlap. Keys with rows of their own may lie between.
        CREATE TABLE IF NOT EXISTS claim_page (first BLOB PRIMARY KEY, last BLOB NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS conflicted (record INTEGER PRIMARY KEY) STRICT;
        """;

    /// What one statement is run for.
    interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private boolean inTransaction;

    ViewFile(Path file) {
        try {
            var settings = new org.sqlite.SQLiteConfig();
            settings.setGetGeneratedKeys(false);                // else the driver prepares a SELECT of its own after every insert
            connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file, settings.toProperties());
            execute("PRAGMA journal_mode=WAL");
            execute("PRAGMA synchronous=NORMAL");
            execute("PRAGMA cache_size=-12000");
            execute("PRAGMA wal_autocheckpoint=4000");
            execute("PRAGMA busy_timeout=5000");
            int version = first("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
            if (version != 0 && version != VIEW_VERSION) for (var table : TABLES) execute("DROP TABLE IF EXISTS " + table);
            for (var statement : SCHEMA.split(";\n")) if (!statement.isBlank()) execute(statement);
            execute("PRAGMA user_version=" + VIEW_VERSION);
        } catch (SQLException e) {
            throw new ViewUnavailable("open " + file.getFileName(), e);
        }
    }

    void begin() {
        if (inTransaction) throw new IllegalStateException("a transaction is open");
        execute("BEGIN IMMEDIATE");
        inTransaction(true);
    }

    void commit() {
        execute("COMMIT");
        inTransaction(false);
    }

    void rollback() {
        if (!inTransaction) return;
        inTransaction(false);
        execute("ROLLBACK");
    }

    private void inTransaction(boolean open) {
        try {
            OwnTransactions.open(connection, open);
        } catch (SQLException e) {
            throw new ViewUnavailable(open ? "begin" : "end", e);
        }
        inTransaction = open;
    }

    boolean inTransaction() {
        return inTransaction;
    }

    void execute(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new ViewUnavailable(sql.lines().findFirst().orElse(""), e);
        }
    }

    /// @param parameters Long, Integer, String or byte[]; null for NULL
    void write(String sql, Object... parameters) {
        if (!inTransaction) throw new IllegalStateException("begin() first");
        run(sql, statement -> {
            bind(statement, parameters);
            return statement.executeUpdate();
        });
    }

    /// Runs one statement for each list of parameters.
    void writeAll(String sql, List<Object[]> rows) {
        if (!inTransaction) throw new IllegalStateException("begin() first");
        run(sql, statement -> {
            for (var row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    <T> Optional<T> first(String sql, Row<T> read, Object... parameters) {
        return run(sql, statement -> {
            bind(statement, parameters);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(read.read(rows)) : Optional.empty();
            }
        });
    }

    <T> List<T> all(String sql, Row<T> read, Object... parameters) {
        return run(sql, statement -> {
            bind(statement, parameters);
            var all = new java.util.ArrayList<T>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) all.add(read.read(rows));
            }
            return all;
        });
    }

    private <T> T run(String sql, Work<T> work) {
        try {
            var statement = prepared.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                prepared.put(sql, statement);
            }
            return work.on(statement);
        } catch (SQLException e) {
            throw new ViewUnavailable(sql.lines().findFirst().orElse(""), e);
        }
    }

    private static void bind(PreparedStatement statement, Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case String text -> statement.setString(i + 1, text);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                default -> throw new IllegalArgumentException("no SQL parameter: " + parameters[i].getClass());
            }
        }
    }

    @Override public void close() {
        try {
            for (var statement : prepared.values()) statement.close();
            connection.close();
        } catch (SQLException e) {
            throw new ViewUnavailable("close", e);
        }
    }
}

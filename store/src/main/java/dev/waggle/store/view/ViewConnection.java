package dev.waggle.store.view;

import dev.waggle.store.sqlite.KeptStatements;
import dev.waggle.store.sqlite.OwnTransactions;
import dev.waggle.store.sqlite.SqliteFile;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A connection to the file of some view, with its transactions and prepared statements. One thread. What fails is a [ViewUnavailable]: a view can
/// be made again from its log.
public class ViewConnection implements AutoCloseable {
    /// What one statement is run for.
    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Of SQLite's machine, between two looks at the clock: a few hundred microseconds.
    private static final int STEPS_A_LOOK = 20_000;

    /// A view that is in no file.
    private static final Path IN_MEMORY = Path.of(":memory:");

    private final Connection connection;
    private final KeptStatements prepared;
    private boolean inTransaction;
    private RuntimeException failed;          // what went wrong in the open transaction: SQLite may have taken all of it back by itself
    private long deadlineNs = Long.MAX_VALUE;

    protected ViewConnection(Path file) {
        try {
            if (!file.equals(IN_MEMORY)) SqliteFile.createPrivate(file.toAbsolutePath());
            var settings = new org.sqlite.SQLiteConfig();
            settings.setGetGeneratedKeys(false);                // else the driver prepares a SELECT of its own after every insert
            connection = DriverManager.getConnection("jdbc:sqlite:" + file, settings.toProperties());
            prepared = new KeptStatements(connection);
            execute("PRAGMA busy_timeout=5000");
        } catch (SQLException e) {
            throw new ViewUnavailable("open " + file.getFileName(), e);
        }
    }

    /// `synchronous=NORMAL`: a power cut may take the last transactions, and the log gives them back.
    protected final void beWriter() {
        execute("PRAGMA journal_mode=WAL");
        execute("PRAGMA synchronous=NORMAL");
        execute("PRAGMA cache_size=-12000");
        execute("PRAGMA wal_autocheckpoint=4000");
    }

    /// Does not write, and looks at the clock while it works: see [#limit].
    protected final void beReader() {
        execute("PRAGMA query_only=1");
        try {
            ProgressHandler.setHandler(connection, STEPS_A_LOOK, new ProgressHandler() {
                @Override protected int progress() {
                    return System.nanoTime() > deadlineNs ? 1 : 0;
                }
            });
        } catch (SQLException e) {
            throw new ViewUnavailable("watch a reader", e);
        }
    }

    /// What a reader asks from now on fails with [TooSlow] after this time.
    public final void limit(long ms) {
        deadlineNs = System.nanoTime() + ms * 1_000_000;
    }

    /// @param schema statements, each ended by a semicolon at the end of its line
    protected final void make(String schema) {
        for (var statement : schema.split(";\n")) if (!statement.isBlank()) execute(statement);
    }

    protected final Connection connection() {
        return connection;
    }

    public final void begin() {
        if (inTransaction) throw new IllegalStateException("a transaction is open");
        run("BEGIN IMMEDIATE", PreparedStatement::execute);
        inTransaction(true);
    }

    /// When it fails nothing is kept, and no transaction is open.
    public final void commit() {
        try {
            requireWhole();
            run("COMMIT", PreparedStatement::execute);
        } catch (RuntimeException e) {
            try {
                rollback();
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        inTransaction(false);
    }

    public final void rollback() {
        if (!inTransaction) return;
        inTransaction(false);
        try {
            OwnTransactions.rollBack(connection);
        } catch (SQLException e) {
            throw failure("ROLLBACK", e);
        }
    }

    /// After a failure the transaction can only be taken back: what is written then might stand alone, and at once.
    private void requireWhole() {
        if (failed != null) throw new ViewUnavailable("go on in a transaction that failed", failed);
    }

    private void inTransaction(boolean open) {
        try {
            OwnTransactions.open(connection, open);
        } catch (SQLException e) {
            throw new ViewUnavailable(open ? "begin" : "end", e);
        }
        inTransaction = open;
        failed = null;
    }

    public final boolean inTransaction() {
        return inTransaction;
    }

    public final void execute(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new ViewUnavailable(sql.lines().findFirst().orElse(""), e);
        }
    }

    /// @param parameters Long, Integer, String or byte[]; null for NULL
    /// @return how many rows were changed
    public final int write(String sql, Object... parameters) {
        if (!inTransaction) throw new IllegalStateException("begin() first");
        requireWhole();
        return run(sql, statement -> {
            bind(statement, parameters);
            return statement.executeUpdate();
        });
    }

    /// Runs one statement for each list of parameters.
    public final void writeAll(String sql, List<Object[]> rows) {
        if (!inTransaction) throw new IllegalStateException("begin() first");
        requireWhole();
        run(sql, statement -> {
            for (var row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    public final <T> Optional<T> first(String sql, Row<T> read, Object... parameters) {
        return run(sql, statement -> {
            bind(statement, parameters);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(read.read(rows)) : Optional.empty();
            }
        });
    }

    public final <T> List<T> all(String sql, Row<T> read, Object... parameters) {
        return run(sql, statement -> {
            bind(statement, parameters);
            var all = new ArrayList<T>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) all.add(read.read(rows));
            }
            return all;
        });
    }

    private <T> T run(String sql, Work<T> work) {
        try {
            return work.on(prepared.get(sql));
        } catch (SQLException e) {
            var failure = failure(sql.lines().findFirst().orElse(""), e);
            if (inTransaction) failed = failure;
            throw failure;
        }
    }

    /// What a statement's failure means: a question that took too long was interrupted, anything else is the file's.
    protected RuntimeException failure(String doing, SQLException e) {
        return e instanceof SQLiteException known && known.getResultCode() == SQLiteErrorCode.SQLITE_INTERRUPT ? new TooSlow(e) : new ViewUnavailable(doing, e);
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

    protected final void closeQuietly(RuntimeException because) {
        try {
            close();
        } catch (ViewUnavailable e) {
            because.addSuppressed(e);
        }
    }

    @Override public void close() {
        try {
            prepared.close();
            connection.close();
        } catch (SQLException e) {
            throw new ViewUnavailable("close", e);
        }
    }
}

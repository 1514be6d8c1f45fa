package dev.waggle.store.capture;

import dev.waggle.store.sqlite.KeptStatements;
import dev.waggle.store.sqlite.OwnTransactions;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The one connection to a tracked file. Used by one thread at a time.
///
/// Foreign keys are off here (they are judged by the view, and cascades arrive as rows), SQLite's own busy handler is off ([#lock] retries
/// more often than it, which starved a writer for 16 s), and so is automatic checkpointing up to [#WAL_PAGES_MAX]: the journal is the programs' business.
final class UserFile implements AutoCloseable {
    /// How long one call waits for the programs to let go of the file, milliseconds.
    static final long LOCK_WAIT_MS = 10_000;
    private static final long RETRY_NS = 200_000;
    /// A file that only Waggle writes would otherwise have a journal without bound.
    private static final int WAL_PAGES_MAX = 20_000;

    private final Path path;
    private final Connection connection;
    private final KeptStatements kept;
    private final TextForm textForm;
    private boolean inTransaction;

    private UserFile(Path path, Connection connection, TextForm textForm) {
        this.path = path;
        this.connection = connection;
        this.kept = new KeptStatements(connection);
        this.textForm = textForm;
    }

    /// @throws FileRefused     when it is no SQLite database, encrypted or missing
    /// @throws FileUnavailable when it stays locked for `waitMs`
    static UserFile open(Path path, long waitMs) {
        if (Files.isDirectory(path)) throw new FileRefused(path + " is a folder; name a SQLite file");
        if (!Files.isRegularFile(path)) throw new FileRefused("there is no file " + path + "; name one that exists");
        BareFile.read(path);                                          // a journal that a moved database left behind has its pages: through it, what was put in its place looks like the database
        return connect(path, waitMs);
    }

    /// Like [#open], but makes an empty database where there is no file.
    static UserFile openOrCreate(Path path, long waitMs) {
        return connect(path, waitMs);
    }

    private static UserFile connect(Path path, long waitMs) {
        var config = new SQLiteConfig();
        config.setBusyTimeout(0);
        config.enforceForeignKeys(false);
        config.setGetGeneratedKeys(false);                            // the driver would ask for them after every insert
        try {
            var connection = config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
            try {
                var encoding = retry(path, waitMs, () -> {
                    Rows.run(connection, "PRAGMA wal_autocheckpoint = " + WAL_PAGES_MAX);
                    Rows.number(connection, "SELECT count(*) FROM sqlite_schema");
                    return Rows.text(connection, "PRAGMA encoding");
                });
                return new UserFile(path, connection, TextForm.of(encoding));
            } catch (RuntimeException | SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw problem(path, e);
        }
    }

    Path path() {
        return path;
    }

    Connection connection() {
        return connection;
    }

    KeptStatements kept() {
        return kept;
    }

    TextForm textForm() {
        return textForm;
    }

    interface Work<T> {
        T run() throws SQLException;
    }

    /// Runs `work` in one read snapshot, which holds whole transactions of programs.
    <T> T snapshot(Work<T> work) {
        return transaction("BEGIN", work);
    }

    /// Runs `work` in the transaction that is open, else in a snapshot of its own.
    <T> T read(Work<T> work) {
        if (!inTransaction) return snapshot(work);
        try {
            return work.run();
        } catch (SQLException e) {
            throw problem(path, e);
        }
    }

    /// Runs `work` in a write transaction. It commits when `work` returns, and is undone when it throws.
    <T> T locked(Work<T> work) {
        return transaction("BEGIN IMMEDIATE", work);
    }

    private <T> T transaction(String begin, Work<T> work) {
        try {
            retry(path, LOCK_WAIT_MS, () -> {
                kept.run(begin);
                if (begin.equals("BEGIN")) {
                    try {
                        kept.number("SELECT 1 FROM sqlite_schema LIMIT 1");       // BEGIN alone takes no snapshot
                    } catch (SQLException e) {
                        undo(e);
                        throw e;
                    }
                }
                return null;
            });
            T result;
            inTransaction(true);
            try {
                result = work.run();
                retry(path, LOCK_WAIT_MS, () -> {
                    kept.run("COMMIT");
                    return null;
                });
            } catch (SQLException | RuntimeException | Error e) {
                undo(e);
                throw e;
            } finally {
                inTransaction(false);
            }
            return result;
        } catch (SQLException e) {
            throw problem(path, e);
        }
    }

    private void inTransaction(boolean open) throws SQLException {
        OwnTransactions.open(connection, open);
        inTransaction = open;
    }

    private void undo(Throwable because) {
        try {
            OwnTransactions.rollBack(connection);
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private static <T> T retry(Path path, long waitMs, Work<T> work) throws SQLException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        long pauseNs = 50_000;
        while (true) {
            try {
                return work.run();
            } catch (SQLException e) {
                if (!isBusy(e)) throw e;
                if (System.nanoTime() - until > 0)
                    throw new FileUnavailable(path + " has been locked by another program for " + waitMs + " ms; Waggle goes on trying", e);
            }
            LockSupport.parkNanos(pauseNs);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new FileUnavailable("stopped while waiting for " + path, null);
            }
            pauseNs = Math.min(RETRY_NS, pauseNs * 2);
        }
    }

    /// Changes whenever another connection committed.
    long dataVersion() {
        return pragma("PRAGMA data_version");
    }

    boolean hasWal() {
        try {
            return Rows.text(connection, "PRAGMA journal_mode").equals("wal");
        } catch (SQLException e) {
            throw problem(path, e);
        }
    }

    /// As much of the journal as nobody reads any more, without making anybody wait.
    void checkpoint() throws SQLException {
        Rows.run(connection, "PRAGMA wal_checkpoint(PASSIVE)");
    }

    /// Changes whenever the schema did.
    long schemaVersion() {
        return pragma("PRAGMA schema_version");
    }

    private long pragma(String sql) {
        try {
            return retry(path, LOCK_WAIT_MS, () -> kept.number(sql));
        } catch (SQLException e) {
            throw problem(path, e);
        }
    }

    static boolean isBusy(SQLException e) {
        return e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code || e.getErrorCode() == SQLiteErrorCode.SQLITE_LOCKED.code
            || (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    static boolean isConstraint(SQLException e) {
        return (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    static boolean isNoDatabase(SQLException e) {
        return code(e) == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    static boolean isDamaged(SQLException e) {
        return code(e) == SQLiteErrorCode.SQLITE_CORRUPT.code;
    }

    private static int code(SQLException e) {
        return (e instanceof SQLiteException exception ? exception.getResultCode().code : e.getErrorCode()) & 0xff;
    }

    /// What an SQLite error means for the person who owns the file.
    static RuntimeException problem(Path path, SQLException e) {
        int code = code(e);
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code)
            return new FileRefused(path + " is not an SQLite database, or it is encrypted; it has to be a plain SQLite file: put it back, if it was one", e);
        if (code == SQLiteErrorCode.SQLITE_READONLY.code)
            return new FileRefused(path + " is read-only; give the node's user the right to write the file and its folder", e);
        if (isDamaged(e))
            return new FileRefused(path + " is damaged; check it with PRAGMA integrity_check and restore it from a backup", e);
        if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code)
            return new FileUnavailable(path + " cannot be opened; check that its folder exists and can be written", e);
        if (code == SQLiteErrorCode.SQLITE_FULL.code)
            return new FileUnavailable("the disk that holds " + path + " is full; free some space and Waggle goes on by itself", e);
        return new FileUnavailable(path + ": " + e.getMessage(), e);
    }

    @Override public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw problem(path, e);
        }
    }
}

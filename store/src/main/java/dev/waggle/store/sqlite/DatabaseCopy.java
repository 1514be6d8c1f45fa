package dev.waggle.store.sqlite;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A copy of a database as it stood at one moment, while others go on writing to it (SQLite's online backup).
///
/// The copy is made page by page under one read transaction: in WAL mode nobody waits for it, and no write makes it begin anew. What it misses came later. Copying the
/// file itself (`cp`) is never the same: pages of several moments come together, and what is still in the WAL is left out.
public final class DatabaseCopy {
    private static final int STEP_PAGES = 1_000;
    private static final int BUSY_MS = 10_000;
    private static final int TRY_AGAIN_MS = 50;
    private static final int TRIES_MAX = BUSY_MS / TRY_AGAIN_MS;

    /// Told after every few megabytes.
    public interface Progress {
        void at(long pages, long ofPages);
    }

    private DatabaseCopy() {}

    /// @param to a file that does not exist yet, or an empty one; what is left of it when this throws is worth nothing
    /// @throws UnusableFile when `from` is damaged or no database
    /// @throws SQLException when the disk failed or is full
    public static void make(Path from, Path to, Progress progress) throws SQLException {
        var config = new SQLiteConfig();
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        config.setBusyTimeout(BUSY_MS);
        try (var source = DriverManager.getConnection("jdbc:sqlite:" + from.toAbsolutePath(), config.toProperties())) {
            source.setAutoCommit(false);
            freeze(source);
            var database = source.unwrap(SQLiteConnection.class).getDatabase();
            int code = database.backup("main", to.toString(), (left, all) -> progress.at(all - left, all), TRY_AGAIN_MS, TRIES_MAX, STEP_PAGES);
            if (code != SQLiteErrorCode.SQLITE_OK.code) throw new SQLiteException("copying " + from.getFileName() + " failed (" + code + ")", SQLiteErrorCode.getErrorCode(code));
            source.rollback();
        } catch (SQLiteException e) {
            var code = e.getResultCode();
            if (code == SQLiteErrorCode.SQLITE_NOTADB || code == SQLiteErrorCode.SQLITE_CORRUPT) throw new UnusableFile(from + " is damaged", e);
            throw e;
        }
    }

    /// Begins the read transaction that the copy is made under.
    private static void freeze(Connection source) throws SQLException {
        try (var statement = source.createStatement(); var row = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            row.next();
        }
    }
}

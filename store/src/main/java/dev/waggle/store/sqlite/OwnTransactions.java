package dev.waggle.store.sqlite;

import org.sqlite.SQLiteConnection;

import java.sql.Connection;
import java.sql.SQLException;

/// For connections whose transactions are begun and ended by statements (`BEGIN IMMEDIATE`, `COMMIT`) instead of through JDBC, which cannot say
/// which kind of transaction to begin.
///
/// A driver in auto-commit mode tries to begin a transaction before every statement that writes, and takes SQLite's refusal for the news that one is
/// open: a quarter of what a small insert costs. Only the driver's opinion is changed here, nothing is run.
public final class OwnTransactions {
    private OwnTransactions() {}

    /// @param open whether a transaction was begun and not ended since
    public static void open(Connection connection, boolean open) throws SQLException {
        connection.unwrap(SQLiteConnection.class).getConnectionConfig().setAutoCommit(!open);
    }

    /// Some errors, as that of a full disk, have made SQLite roll back by itself: then nothing is left to do.
    public static void rollBack(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) throw e;
        }
    }
}

package dev.waggle.store.postgres;

import dev.waggle.store.sql.LogConnection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/// Borrows a connection of the pool for as long as something goes on, so that ten thousand logs need a handful of them.
///
/// Who writes holds a lock of the space until he commits: offsets become visible in their order, whoever else writes, in whichever process.
final class SpaceConnection implements LogConnection {
    /// The upper half of all advisory locks that Waggle takes: "Wagl".
    private static final long LOCKS = 0x5761676cL << 32;
    private static final int ROWS_FETCHED = 500;

    private final DataSource pool;
    private final long space;
    private final SpaceSql sql;
    private final Committed writes;              // null for one that does not
    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private Connection borrowed;                 // null while nothing goes on
    private long version = -1;                   // of the log, when this connection wrote last

    /// Is told of every end of a transaction, with what this connection knows then.
    interface Committed {
        void at(long space, long version, boolean wrote);
    }

    /// @param writes null for a connection that does not
    SpaceConnection(DataSource pool, long space, SpaceSql sql, Committed writes) {
        this.pool = pool;
        this.space = space;
        this.sql = sql;
        this.writes = writes;
    }

    @Override public boolean begin() throws SQLException {
        long found = version();
        boolean alone = found == version;
        version = found;
        return alone;
    }

    /// Two statements, one way: the second sees what was committed before the first got its lock.
    private long version() throws SQLException {
        try (var statement = connection().createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + (LOCKS | space) + "); SELECT version FROM log WHERE space = " + space);
            statement.getMoreResults();
            try (var row = statement.getResultSet()) {
                if (!row.next()) throw new SQLException("the log of this space is not in the database any more");
                return row.getLong(1);
            }
        }
    }

    @Override public void commit(boolean wrote) throws SQLException {
        if (wrote) {
            try (var statement = connection().createStatement()) {
                statement.executeUpdate("UPDATE log SET version = version + 1 WHERE space = " + space);
            }
        }
        connection().commit();
        if (wrote) version++;
        if (writes != null && version >= 0) writes.at(space, version, wrote);
        giveBack();
    }

    @Override public PreparedStatement prepare(String statement) throws SQLException {
        var prepared = connection().prepareStatement(sql.of(statement));
        if (writes == null) prepared.setFetchSize(ROWS_FETCHED);           // else the driver brings all rows at once
        return prepared;
    }

    @Override public PreparedStatement kept(String statement) throws SQLException {
        var prepared = kept.get(statement);
        if (prepared == null) kept.put(statement, prepared = prepare(statement));
        return prepared;
    }

    @Override public void rest() throws SQLException {
        if (borrowed == null) return;
        borrowed.rollback();
        giveBack();
    }

    private Connection connection() throws SQLException {
        if (borrowed == null) {
            borrowed = pool.getConnection();
            borrowed.setAutoCommit(false);
            if (writes == null) borrowed.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        return borrowed;
    }

    private void giveBack() throws SQLException {
        for (var statement : kept.values()) statement.close();
        kept.clear();
        var connection = borrowed;
        borrowed = null;
        if (connection != null) connection.close();                 // the pool takes it back, and rolls back what was not committed
    }

    @Override public void close() throws SQLException {
        kept.clear();
        var connection = borrowed;
        borrowed = null;
        if (connection != null) connection.close();
    }
}

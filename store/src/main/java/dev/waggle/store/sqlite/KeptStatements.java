package dev.waggle.store.sqlite;

import org.sqlite.core.CoreStatement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// What is asked of one connection again and again, prepared once. One thread at a time.
///
/// Kept statements see changes of the schema, as all statements of SQLite do. Whoever reads with one closes the result: a statement that is not at its end keeps its
/// snapshot. The driver closes a statement that failed (a full disk, an I/O error), so that the next call with it would fail, too, and for ever: here it is prepared anew.
/// Not for pragmas that set something: several do their work while they are prepared.
public final class KeptStatements {
    private final Connection connection;
    private final int textsMax;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /// For texts of which there are few.
    public KeptStatements(Connection connection) {
        this(connection, Integer.MAX_VALUE);
    }

    /// @param textsMax when there are more all are forgotten
    public KeptStatements(Connection connection, int textsMax) {
        this.connection = connection;
        this.textsMax = textsMax;
    }

    /// @return not to be closed by the caller
    public PreparedStatement get(String sql) throws SQLException {
        var known = statements.get(sql);
        if (known != null && !((CoreStatement) known).pointer.isClosed()) return known;
        if (known == null && statements.size() >= textsMax) close();
        var statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
        return statement;
    }

    public void run(String sql) throws SQLException {
        get(sql).execute();
    }

    /// @return the first column of the first row; 0 when there is none
    public long number(String sql) throws SQLException {
        try (var rows = get(sql).executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /// Closes the statements, not the connection.
    public void close() throws SQLException {
        for (var statement : statements.values()) statement.close();
        statements.clear();
    }
}

package dev.waggle.store.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/// A connection to the rows of one space. Used by one thread at a time.
///
/// Statements are written once, for SQLite, where a space has a file of its own. Where many spaces share a database a comment says where the space goes:
/// `/*space*/` (or `/*e.space*/`) before a condition, `/*space,*/` before columns, `/*n,*/` before the values of those columns. `/*in*/instr(where, what)` is what databases call differently.
public interface LogConnection extends AutoCloseable {
    /// Begins a transaction beside which nobody else writes to this log.
    ///
    /// @return false when somebody else wrote to it after this connection did last: what the caller remembers of it is old
    boolean begin() throws SQLException;

    /// Ends the transaction; what was written is durable when this returns.
    ///
    /// @param wrote false when nothing was written, so that nothing has to become durable
    void commit(boolean wrote) throws SQLException;

    /// @return to be closed by the caller
    PreparedStatement prepare(String sql) throws SQLException;

    /// @return not to be closed: the same until the transaction ends, or longer
    PreparedStatement kept(String sql) throws SQLException;

    /// Nothing will be asked for a while: what others could use meanwhile goes back.
    void rest() throws SQLException;

    /// Nothing was asked for long: what it takes to ask is given up, and opened again by the next [#begin]. Between transactions only.
    default void sleep() throws SQLException {}

    /// Rolls back what was not committed.
    @Override void close() throws SQLException;
}

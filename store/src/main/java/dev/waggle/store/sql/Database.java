package dev.waggle.store.sql;

import java.sql.Connection;
import java.sql.SQLException;

/// Where a log gets its connections from. The writer's commits are durable when they return.
interface Database {
    /// A new connection with auto-commit on, so that it holds nothing between transactions: switching it off begins one, switching it on
    /// commits. One is used at a time.
    Connection writer() throws SQLException;

    /// Keeps the database's journal bounded. Called between the writer's transactions; a failure changes nothing and is tried again.
    void boundJournal(Connection writer) throws SQLException;

    /// A new connection that does not write.
    Connection reader() throws SQLException;
}

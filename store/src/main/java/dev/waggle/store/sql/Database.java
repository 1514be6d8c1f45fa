package dev.waggle.store.sql;

import dev.waggle.core.event.SpaceId;

import java.sql.SQLException;
import java.util.List;

/// Where the log of one space gets its connections from.
public interface Database {
    /// A connection that writes; one is used at a time. It makes the row of the space in a new log.
    ///
    /// @throws dev.waggle.store.sqlite.UnusableFile when this is the log of another space
    LogConnection writer(SpaceId space) throws SQLException;

    /// Keeps the database's journal bounded. Called between the writer's transactions; a failure changes nothing and is tried again.
    void boundJournal(LogConnection writer) throws SQLException;

    /// A connection that does not write.
    LogConnection reader() throws SQLException;

    /// A connection for mending single rows: it claims nothing, because what is there may be damaged.
    LogConnection mender() throws SQLException;

    /// What the database itself says is damaged, each in a sentence.
    List<String> damages() throws SQLException;
}

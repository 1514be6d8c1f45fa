package dev.waggle.store.sql;

import dev.waggle.core.event.SpaceId;
import dev.waggle.store.sqlite.KeptStatements;
import dev.waggle.store.sqlite.SqliteFile;
import dev.waggle.store.sqlite.UnusableFile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A space's log in a SQLite file of its own.
final class SqliteLog implements Database {
    private final SqliteFile file;

    private SqliteLog(SqliteFile file) {
        this.file = file;
    }

    static SqliteLog at(Path path) throws SQLException {
        return at(path, SqliteFile.CHECKPOINT_PAGES);
    }

    static SqliteLog at(Path path, int checkpointPages) throws SQLException {
        return new SqliteLog(LogFile.open(path, checkpointPages, false));
    }

    /// For whoever asks for its writer at once.
    static SqliteLog toWrite(Path path) throws SQLException {
        return new SqliteLog(LogFile.open(path, SqliteFile.CHECKPOINT_PAGES, true));
    }

    @Override public LogConnection writer(SpaceId space) throws SQLException {
        var connection = LogFile.writer(file);
        try {
            claim(connection, space);
            return new Connected(connection, () -> LogFile.writer(file));
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override public LogConnection mender() throws SQLException {
        return new Connected(file.writer(), file::writer);
    }

    @Override public LogConnection reader() throws SQLException {
        return new Connected(file.reader(), file::reader);
    }

    @Override public List<String> damages() throws SQLException {
        var damages = new ArrayList<String>();
        try (var connection = file.reader(); var statement = connection.createStatement(); var rows = statement.executeQuery("PRAGMA integrity_check(20)")) {
            while (rows.next()) if (!rows.getString(1).equals("ok")) damages.add("SQLite: " + rows.getString(1));
        }
        return damages;
    }

    @Override public void boundJournal(LogConnection writer) throws SQLException {
        if (writer instanceof Connected connected && connected.connection != null) file.boundJournal(connected.connection);
    }

    /// Makes the row that says which space this is, in a new file, and checks it in an old one.
    private static void claim(Connection connection, SpaceId space) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT OR IGNORE INTO log VALUES (1, ?, 0, 0, 0, 0, 0, 0, 0, 0, x'')");
             var select = connection.prepareStatement("SELECT space FROM log")) {
            insert.setBytes(1, space.bytes());
            insert.executeUpdate();
            try (var row = select.executeQuery()) {
                var found = row.next() ? SpaceId.of(row.getBytes(1)) : null;
                if (!space.equals(found)) throw new UnusableFile("this file is the log of another space: " + found + ", not " + space);
            }
        }
    }

    /// With auto-commit on it holds nothing between transactions: switching it off begins one, switching it on commits.
    private static final class Connected implements LogConnection {
        private final Opening opening;
        private Connection connection;                      // these two are null while it sleeps
        private KeptStatements kept;

        interface Opening {
            Connection open() throws SQLException;
        }

        Connected(Connection connection, Opening opening) {
            this.opening = opening;
            use(connection);
        }

        private void use(Connection opened) {
            connection = opened;
            kept = new KeptStatements(opened);
        }

        @Override public boolean begin() throws SQLException {
            if (connection == null) use(opening.open());
            connection.setAutoCommit(false);
            return true;                                    // one process per data folder
        }

        @Override public void commit(boolean wrote) throws SQLException {
            connection.setAutoCommit(true);
        }

        @Override public PreparedStatement prepare(String sql) throws SQLException {
            return connection.prepareStatement(sql);
        }

        @Override public PreparedStatement kept(String sql) throws SQLException {
            return kept.get(sql);
        }

        @Override public void rest() {
            // the file is this node's own
        }

        @Override public void sleep() throws SQLException {
            var awake = connection;
            connection = null;
            kept = null;
            if (awake != null) awake.close();
        }

        @Override public void close() throws SQLException {
            sleep();                                        // with its statements
        }
    }
}

package dev.waggle.store.sql;

import dev.waggle.core.log.Compaction;
import dev.waggle.store.sqlite.SqliteFile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/// A log's file when it is opened: brought up to what this version writes, and made small after it was condensed.
final class LogFile {
    /// `PRAGMA application_id` of a log: "Wagl".
    static final int APPLICATION_ID = 0x5761676c;
    static final int SCHEMA_VERSION = 1;
    /// The mark that says after which checkpoint the file was made small.
    private static final String GIVEN_BACK = "given_back";

    private static final String SCHEMA = SqliteFile.resource(LogFile.class, "log-001.sql");

    private LogFile() {}

    /// @param toWrite whether the next thing that is asked for is a writer
    static SqliteFile open(Path path, int checkpointPages, boolean toWrite) throws SQLException {
        var file = SqliteFile.openToWrite(path, APPLICATION_ID, SCHEMA, SCHEMA_VERSION, checkpointPages, LogFile::upgrade);
        if (!toWrite) file.leave();
        return file;
    }

    /// Logs made before members could be removed, and before there were checkpoints, have no such column and table.
    private static void upgrade(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!isThere(statement, "SELECT 1 FROM pragma_table_info('branches') WHERE name = 'void_ranges'")) statement.executeUpdate("ALTER TABLE branches ADD COLUMN void_ranges BLOB");
            if (!isThere(statement, "SELECT 1 FROM sqlite_schema WHERE name = 'segments'")) statement.executeUpdate(Segments.TABLE);
        }
    }

    private static boolean isThere(Statement statement, String question) throws SQLException {
        try (var row = statement.executeQuery(question)) {
            return row.next();
        }
    }

    /// The one connection that writes. What condensing left free goes back to the disk first, once after each checkpoint: the file is written anew. Where there is no
    /// room for that it stays as it is, and new entries use what is free.
    static Connection writer(SqliteFile file) throws SQLException {
        var connection = file.settledWriter();
        try {
            var condensed = mark(connection, Compaction.CONDENSED);
            if (condensed != null && !Arrays.equals(condensed, mark(connection, GIVEN_BACK))) giveBack(connection, condensed);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void giveBack(Connection connection, byte[] condensed) throws SQLException {
        try (var statement = connection.createStatement(); var set = connection.prepareStatement(SqlStorage.PUT_MARK)) {
            statement.execute("VACUUM");
            set.setString(1, GIVEN_BACK);
            set.setBytes(2, condensed);
            set.setBytes(3, SqlStorage.digest(GIVEN_BACK, condensed));
            set.executeUpdate();
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");       // until then the small file is in the WAL, and the large one beside it
        } catch (SQLException e) {
            if (!SqliteFile.isDiskFull(e)) throw e;
        }
    }

    private static byte[] mark(Connection connection, String name) throws SQLException {
        try (var select = connection.prepareStatement("SELECT value FROM marks WHERE name = ?")) {
            select.setString(1, name);
            try (var row = select.executeQuery()) {
                return row.next() ? row.getBytes(1) : null;
            }
        }
    }
}

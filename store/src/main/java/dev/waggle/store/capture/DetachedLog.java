package dev.waggle.store.capture;

import dev.waggle.core.log.LogUnavailable;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A copy of a log that will be taken up later, beside a file that is older or newer than it.
public final class DetachedLog {
    private DetachedLog() {}

    /// Takes out of a log's copy how far its file was drained. The next time a file follows it, rows are compared with all that they ever were in the space: what is
    /// known becomes what it is there now, the rest are edits.
    ///
    /// @throws LogUnavailable when the copy cannot be written
    public static void make(Path log) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + log.toAbsolutePath());
             var delete = connection.prepareStatement("DELETE FROM marks WHERE name = ?")) {
            delete.setString(1, CaptureCursor.MARK);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new LogUnavailable("write the copy of a log", e);
        }
    }
}

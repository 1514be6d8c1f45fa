package dev.waggle.store.capture;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// What a tracked file says by its own bytes, without its journal. In WAL mode programs write to the journal, and only checkpoints write here: so it is always what the whole said once,
/// and never older than at an earlier look. A file that was written over in place says something else, although through its journal it looks as it did.
///
/// Looked at by SQLite itself: plain reading would drop the locks that this process has on it.
///
/// @param fileId  empty when it is not tracked
/// @param applied as [FileState#applied]
/// @param queued  the newest row of the queue, 0 for none
/// @param nonce   that row's
/// @param schema  its number
record BareFile(String fileId, long applied, long queued, long nonce, long schema) {
    /// @return empty when it cannot be read as it stands, as in the middle of a checkpoint
    /// @throws FileRefused when it is no database
    static Optional<BareFile> read(Path path) {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        try (var alone = config.createConnection("jdbc:sqlite:" + path.toAbsolutePath().toUri() + "?immutable=1")) {
            return Optional.of(read(alone));
        } catch (SQLException e) {
            if (UserFile.isNoDatabase(e)) throw UserFile.problem(path, e);
            return Optional.empty();
        }
    }

    private static BareFile read(Connection file) throws SQLException {
        long schema = Rows.number(file, "PRAGMA schema_version");
        if (!FileState.exists(file) || !QueueTable.exists(file)) return new BareFile("", 0, 0, 0, schema);
        return new BareFile(Rows.text(file, "SELECT file_id FROM waggle_state"), Rows.number(file, "SELECT applied FROM waggle_state"), Rows.number(file, "SELECT max(id) FROM sync_queue"),
            Rows.number(file, "SELECT nonce FROM sync_queue ORDER BY id DESC LIMIT 1"), schema);
    }

    boolean isTracked() {
        return !fileId.isEmpty();
    }

    /// @param earlier what was there before
    /// @param whole   what the file says now, through its journal
    /// @return false when something else was written here
    boolean isBetween(BareFile earlier, UserFile whole) throws SQLException {
        if (equals(earlier)) return true;
        BareFile now;
        try {
            now = read(whole.connection());
        } catch (SQLException e) {
            if (UserFile.isDamaged(e)) return false;               // pages of the journal over pages of something else
            throw e;
        }
        if (!fileId.equals(earlier.fileId) && !fileId.equals(now.fileId)) return false;
        if (!isTracked()) return earlier.schema <= schema && schema <= now.schema;
        if (fileId.equals(earlier.fileId) && (isOlder(queued, earlier.queued, now.queued) || isOlder(applied, earlier.applied, now.applied))) return false;
        return queued == 0 || !now.isTracked() || Rows.number(whole.connection(), "SELECT count(*) FROM sync_queue WHERE id = " + queued + " AND nonce <> " + nonce) == 0;
    }

    /// These numbers rise, unless somebody emptied the tables that hold them.
    private static boolean isOlder(long here, long earlier, long now) {
        return here < earlier && earlier <= now;
    }
}

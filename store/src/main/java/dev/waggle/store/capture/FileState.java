package dev.waggle.store.capture;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The one row of `waggle_state` in the user's file: which log it follows and how far it has been applied.
///
/// @param fileId       made once, when the file was tracked first
/// @param space        the space whose log the file follows
/// @param applied      the log offset whose effects the file holds, own later events aside
/// @param appliedEvent the id of the event there, empty for none: offsets are a log's own, ids are not
/// @param all          new tables are tracked too
/// @param tables       the tracked tables, each with the columns it had when it was last looked at
record FileState(String fileId, String space, long applied, String appliedEvent, boolean all, SortedMap<String, List<String>> tables) {
    /// Grows when a file written by this version could not be followed by the one before.
    static final int FORMAT = 1;

    FileState {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    private static final String CREATE = """
        CREATE TABLE waggle_state (
          only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
          format INTEGER NOT NULL,
          file_id TEXT NOT NULL,
          space TEXT NOT NULL,
          applied INTEGER NOT NULL,
          applied_event TEXT NOT NULL,
          applying INTEGER NOT NULL,
          all_tables INTEGER NOT NULL,
          tables TEXT NOT NULL
        )""";

    static void make(Connection file) throws SQLException {
        if (!exists(file)) Rows.run(file, CREATE);
    }

    static boolean exists(Connection file) throws SQLException {
        return Rows.number(file, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'waggle_state'") == 1;
    }

    /// Empty when the file is not tracked.
    ///
    /// @throws FileRefused when a newer Waggle wrote it
    static Optional<FileState> read(Connection file) throws SQLException {
        if (!exists(file)) return Optional.empty();
        long format = Rows.number(file, "SELECT format FROM waggle_state");
        if (format > FORMAT)
            throw new FileRefused("the file is tracked by a newer Waggle (format " + format + ", this one knows " + FORMAT + "); update this Waggle");
        try (var statement = file.createStatement();
             var rows = statement.executeQuery("SELECT file_id, space, applied, applied_event, all_tables, tables FROM waggle_state")) {
            if (!rows.next()) return Optional.empty();
            return Optional.of(new FileState(rows.getString(1), rows.getString(2), rows.getLong(3), rows.getString(4), rows.getBoolean(5), tables(rows.getString(6))));
        }
    }

    private static SortedMap<String, List<String>> tables(String json) {
        var tables = new TreeMap<String, List<String>>();
        Canonical.parseObject(json.getBytes(StandardCharsets.UTF_8)).members()
            .forEach((table, columns) -> tables.put(table, columns.asArray().stream().map(Json::asText).toList()));
        return tables;
    }

    void write(Connection file) throws SQLException {
        try (var statement = file.prepareStatement("""
                INSERT OR REPLACE INTO waggle_state (only_row, format, file_id, space, applied, applied_event, applying, all_tables, tables)
                VALUES (1, ?, ?, ?, ?, ?, 0, ?, ?)
                """)) {
            statement.setInt(1, FORMAT);
            statement.setString(2, fileId);
            statement.setString(3, space);
            statement.setLong(4, applied);
            statement.setString(5, appliedEvent);
            statement.setBoolean(6, all);
            var json = new TreeMap<String, Json>();
            tables.forEach((table, columns) -> json.put(table, Json.array(columns.stream().map(Json::of).toList())));
            statement.setString(7, new String(Canonical.bytes(new Json.Obj(json)), StandardCharsets.UTF_8));
            statement.executeUpdate();
        }
    }

    /// Writes how far the log is applied, when nothing else has changed since [#write].
    void writeApplied(UserFile file) throws SQLException {
        var update = file.kept().get("UPDATE waggle_state SET applied = ?, applied_event = ?");
        update.setLong(1, applied);
        update.setString(2, appliedEvent);
        if (update.executeUpdate() == 0) write(file.connection());               // somebody emptied the table
    }

    /// False when another state stands there: the file was written over with another, or with an older copy of itself. An emptied table is written again.
    boolean isIn(UserFile file) throws SQLException {
        if (!exists(file.connection())) return false;
        try (var row = file.kept().get("SELECT file_id, applied, applied_event FROM waggle_state").executeQuery()) {
            return !row.next() || row.getString(1).equals(fileId) && row.getLong(2) == applied && row.getString(3).equals(appliedEvent);
        }
    }

    FileState appliedAt(long offset, String event) {
        return new FileState(fileId, space, offset, event, all, tables);
    }

    /// A copy goes its own way from here.
    FileState ofAnotherFile(long offset, String event) {
        return new FileState(newId(), space, offset, event, all, tables);
    }

    static String newId() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return Hex.of(bytes);
    }

    FileState withTables(Collection<TrackedTable> tracked, boolean allTables) {
        var columns = new TreeMap<>(tables);                          // a table that is not there now may come back
        for (var table : tracked) columns.put(table.name(), table.stored());
        return new FileState(fileId, space, applied, appliedEvent, allTables, columns);
    }

    /// While it is on, our triggers do not queue. Set and reset in one transaction: a crash never leaves it on.
    static void applying(UserFile file, boolean on) throws SQLException {
        var update = file.kept().get("UPDATE waggle_state SET applying = ?");
        update.setBoolean(1, on);
        update.executeUpdate();
    }
}

package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// `sync_queue` in the user's file: one row for each row a program wrote, in the program's own transaction. Rows name keys only, in
/// SQLite's own types; what the row holds is read by the drain.
///
/// Ids rise because the newest row is never removed. `nonce` tells a queue from another with the same ids: a restored or replaced file.
final class QueueTable {
    static final String NAME = "sync_queue";

    private QueueTable() {}

    /// `record_data`, `created_at`, `synced_at` and `retry_count` are there for people and tools; filling them in a trigger would cost programs.
    private static final String CREATE = """
        CREATE TABLE sync_queue (
          id INTEGER PRIMARY KEY,
          operation TEXT NOT NULL,
          table_name TEXT NOT NULL,
          record_id,
          old_id,
          record_data,
          created_at,
          synced_at,
          retry_count INTEGER,
          nonce INTEGER NOT NULL
        )""";

    /// @param id       the queue's own counter, from 1
    /// @param key      the row's key after the write (the key removed, for DELETE; a key that may be gone, for REPLACE)
    /// @param oldKey   the key before the write, for UPDATE only
    record Queued(long id, long nonce, String operation, String table, List<Value> key, List<Value> oldKey) {}

    static String keyColumn(int part) {
        return part == 0 ? "record_id" : "record_id" + part;
    }

    static String oldKeyColumn(int part) {
        return part == 0 ? "old_id" : "old_id" + part;
    }

    /// Makes the queue, or widens it for keys of `parts` columns.
    static void make(Connection file, int parts) throws SQLException {
        if (!exists(file)) Rows.run(file, CREATE);
        for (int part = (int) Rows.number(file, WIDTH); part < parts; part++) {
            Rows.run(file, "ALTER TABLE sync_queue ADD COLUMN " + keyColumn(part));
            Rows.run(file, "ALTER TABLE sync_queue ADD COLUMN " + oldKeyColumn(part));
        }
    }

    static boolean exists(Connection file) throws SQLException {
        return Rows.number(file, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'sync_queue'") == 1;
    }

    private static final String WIDTH = "SELECT count(*) FROM pragma_table_info('sync_queue') WHERE name LIKE 'record\\_id%' ESCAPE '\\'";

    static long depth(Connection file, long after) throws SQLException {
        return Rows.number(file, "SELECT count(*) FROM sync_queue WHERE id > " + after);
    }

    /// The newest row, or [CaptureCursor#START] of this file when there is none.
    static CaptureCursor newest(UserFile file, String fileId) throws SQLException {
        try (var rows = file.kept().get("SELECT id, nonce FROM sync_queue ORDER BY id DESC LIMIT 1").executeQuery()) {
            return rows.next() ? new CaptureCursor(fileId, rows.getLong(1), rows.getLong(2)) : CaptureCursor.start(fileId);
        }
    }

    /// True when the queue is the one that `cursor` was taken from.
    static boolean holds(Connection file, CaptureCursor cursor) throws SQLException {
        if (cursor.queueId() == 0) return true;
        return Rows.number(file, "SELECT count(*) FROM sync_queue WHERE id = " + cursor.queueId() + " AND nonce = " + cursor.nonce()) == 1;
    }

    /// What was queued after `after`, in order, at most `rowsMax` rows.
    static List<Queued> read(UserFile file, long after, int rowsMax) throws SQLException {
        int width = (int) file.kept().number(WIDTH);
        var sql = new StringBuilder("SELECT id, operation, table_name");
        for (int part = 0; part < width; part++) sql.append(", ").append(keyColumn(part)).append(", ").append(oldKeyColumn(part));
        sql.append(", nonce FROM sync_queue WHERE id > ? ORDER BY id LIMIT ?");
        var statement = file.kept().get(sql.toString());
        statement.setLong(1, after);
        statement.setInt(2, rowsMax);
        try (var rows = statement.executeQuery()) {
            var queued = new ArrayList<Queued>();
            while (rows.next()) {
                var key = new ArrayList<Value>(width);
                var oldKey = new ArrayList<Value>(width);
                for (int part = 0; part < width; part++) {
                    key.add(Rows.value(statement, rows, 4 + 2 * part, file.textForm()));
                    oldKey.add(Rows.value(statement, rows, 5 + 2 * part, file.textForm()));
                }
                queued.add(new Queued(rows.getLong(1), rows.getLong(4 + 2 * width), rows.getString(2), rows.getString(3), key, oldKey));
            }
            return queued;
        }
    }

    /// Removes rows that are in the log. The newest stays, so that ids go on rising.
    static void clean(UserFile file, long upTo) throws SQLException {
        var delete = file.kept().get("DELETE FROM sync_queue WHERE id <= ? AND id < (SELECT max(id) FROM sync_queue)");
        delete.setLong(1, upTo);
        delete.executeUpdate();
    }
}

package dev.waggle.store.view;

import java.nio.file.Path;
import java.util.List;

/// The file of a view of tables, and its schema. A file of another code version is emptied: the log gives it back.
final class ViewFile extends ViewConnection {
    /// Raised whenever what is stored, or what is derived from a log, changes.
    static final int VIEW_VERSION = 4;

    static final List<String> TABLES = List.of("claim", "claim_page", "link", "change", "record", "record_page", "named", "conflicted", "tip", "event_prefix",
        "event", "chain", "word", "meta");

    private static final String SCHEMA = """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        -- Tables, column lists and node ids, named once.
        CREATE TABLE IF NOT EXISTS word (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS chain (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        -- Events by a number of our own, so that nothing else repeats 32 random bytes. chain is NULL for one that is only mentioned.
        CREATE TABLE IF NOT EXISTS event (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL, chain INTEGER, branch INTEGER, seq INTEGER, counts INTEGER, records BLOB) STRICT;
        CREATE INDEX IF NOT EXISTS event_mentioned ON event (number) WHERE chain IS NULL;
        -- The first 8 bytes of an event's id: half the cost of an index over whole ids.
        CREATE TABLE IF NOT EXISTS event_prefix (prefix INTEGER, number INTEGER, PRIMARY KEY (prefix, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tip (chain INTEGER, branch INTEGER, event INTEGER NOT NULL, PRIMARY KEY (chain, branch)) STRICT, WITHOUT ROWID;
        -- table_word is 0 while no change of the record is known.
        CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, table_word INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        -- Consecutive records of one table that were put once; a row of `record` counts instead.
        CREATE TABLE IF NOT EXISTS record_page (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, table_word INTEGER NOT NULL, bodies BLOB NOT NULL) STRICT;
        -- Records that cannot be found through the event that created them.
        CREATE TABLE IF NOT EXISTS named (id TEXT PRIMARY KEY, record INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        -- The changes of records that have more than one; the only change of the others is in record.body.
        CREATE TABLE IF NOT EXISTS change (record INTEGER, event INTEGER, item INTEGER, body BLOB NOT NULL, PRIMARY KEY (record, event, item)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS link (parent INTEGER, child INTEGER, PRIMARY KEY (parent, child)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS claim (key BLOB, record INTEGER, PRIMARY KEY (key, record)) STRICT, WITHOUT ROWID;
        -- Stretches of keys that one record each claims; no two overlap. Keys with rows of their own may lie between.
        CREATE TABLE IF NOT EXISTS claim_page (first BLOB PRIMARY KEY, last BLOB NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS conflicted (record INTEGER PRIMARY KEY) STRICT;
        """;

    ViewFile(Path file) {
        super(file);
        beWriter();
        int version = first("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
        if (version == VIEW_VERSION) return;
        if (version != 0) for (var table : TABLES) execute("DROP TABLE IF EXISTS " + table);
        make(SCHEMA);
        execute("PRAGMA user_version=" + VIEW_VERSION);
    }
}

package dev.waggle.store.board;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.store.view.ViewConnection;

import java.nio.file.Path;
import java.util.List;

/// A connection to a board's file, and its schema. A file of another code version is emptied: the log gives it back.
final class BoardFile extends ViewConnection {
    /// Raised whenever what is stored, or what is derived from a log, changes.
    static final int VIEW_VERSION = 1_008;

    private static final String SCHEMA = """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- The space's control events: who was what where it wrote.
        CREATE TABLE IF NOT EXISTS control (number INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT;
        -- One row an event and field, in the order that all nodes share. field, kind: ordinals. brief: a status or a node. bases: 32 bytes each.
        CREATE TABLE IF NOT EXISTS change (
            task TEXT, field INTEGER, ms INTEGER, tick INTEGER, origin BLOB, event BLOB, kind INTEGER NOT NULL, counts INTEGER NOT NULL, claim BLOB, token INTEGER,
            brief TEXT, bases BLOB NOT NULL, lead INTEGER NOT NULL, "offset" INTEGER NOT NULL, PRIMARY KEY (task, field, ms, tick, origin, event)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS change_of_event ON change (event) WHERE lead = 1;
        -- Who sequences the board. last: of the term before, up to which number its stamps count.
        CREATE TABLE IF NOT EXISTS naming (
            before BLOB, event BLOB, term INTEGER NOT NULL, node BLOB, last INTEGER NOT NULL, ms INTEGER NOT NULL, tick INTEGER NOT NULL, origin BLOB NOT NULL, by_owner INTEGER NOT NULL,
            counts INTEGER NOT NULL, PRIMARY KEY (before, event)) STRICT, WITHOUT ROWID;
        -- The namings that count, as terms. last: up to which number stamps count.
        CREATE TABLE IF NOT EXISTS tenure (term INTEGER PRIMARY KEY, node BLOB, last INTEGER NOT NULL) STRICT;
        -- What somebody stamped, one row an event; `place` says which number it gave to which change.
        CREATE TABLE IF NOT EXISTS sequenced (
            event BLOB PRIMARY KEY, term INTEGER NOT NULL, last INTEGER NOT NULL, ms INTEGER NOT NULL, tick INTEGER NOT NULL, origin BLOB NOT NULL, counts INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS sequenced_last ON sequenced (term, origin, last) WHERE counts = 1;
        CREATE TABLE IF NOT EXISTS place (change BLOB, number INTEGER, event BLOB, PRIMARY KEY (change, number, event)) STRICT, WITHOUT ROWID;
        -- stands: it is in the chain of claims that count. What was done under it after (limit_ms, limit_tick) is refused; NULL while it goes on.
        CREATE TABLE IF NOT EXISTS claim (
            event BLOB PRIMARY KEY, task TEXT NOT NULL, ms INTEGER NOT NULL, tick INTEGER NOT NULL, origin BLOB NOT NULL, before BLOB NOT NULL, last BLOB, token INTEGER NOT NULL,
            lease_ms INTEGER NOT NULL, counts INTEGER NOT NULL, stands INTEGER NOT NULL DEFAULT 0, limit_ms INTEGER, limit_tick INTEGER) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS claim_chain ON claim (task, before, event);
        -- What was done under a claim.
        CREATE TABLE IF NOT EXISTS effect (
            event BLOB PRIMARY KEY, task TEXT NOT NULL, claim BLOB NOT NULL, token INTEGER NOT NULL, ms INTEGER NOT NULL, tick INTEGER NOT NULL, origin BLOB NOT NULL,
            kind INTEGER NOT NULL, lease_ms INTEGER NOT NULL, number INTEGER, note TEXT NOT NULL, counts INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS effect_of_claim ON effect (claim, ms, tick);
        CREATE INDEX IF NOT EXISTS effect_of_task ON effect (task, ms, tick);
        -- Lines of a task's log, those of one event in one row. written: who wrote them first and when, for copies. offset: in which order they came here.
        CREATE TABLE IF NOT EXISTS log (
            task TEXT, ms INTEGER, tick INTEGER, origin BLOB, event BLOB, log_id TEXT, lines TEXT NOT NULL, claim BLOB, token INTEGER, written_node BLOB, written_ms INTEGER,
            counts INTEGER NOT NULL, "offset" INTEGER NOT NULL, PRIMARY KEY (task, ms, tick, origin, event)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS log_as_it_came ON log (task, "offset");
        CREATE INDEX IF NOT EXISTS log_by_id ON log (task, log_id) WHERE log_id IS NOT NULL;
        -- What nodes say of themselves and the board. kind: 0 linked, 1 unlinked, 2 closed, 3 a hub has it no more, 4 a hub has it. entitled: its author might say so.
        CREATE TABLE IF NOT EXISTS notice (
            node BLOB, ms INTEGER, tick INTEGER, event BLOB, kind INTEGER NOT NULL, name TEXT NOT NULL, url TEXT, executes INTEGER NOT NULL, entitled INTEGER NOT NULL,
            counts INTEGER NOT NULL, PRIMARY KEY (node, ms, tick, event)) STRICT, WITHOUT ROWID;
        -- changed: the offset of the entry that changed it last. holder: who works on it, until its claim is over.
        CREATE TABLE IF NOT EXISTS task (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, priority INTEGER NOT NULL, labels TEXT NOT NULL,
            depends_on TEXT NOT NULL, assignee TEXT, assigned_node BLOB, assigned_alone INTEGER NOT NULL, external_id TEXT, deleted INTEGER NOT NULL, created_by BLOB NOT NULL, created_ms INTEGER NOT NULL,
            updated_by BLOB NOT NULL, updated_ms INTEGER NOT NULL, version INTEGER NOT NULL, holder BLOB, claim BLOB, token INTEGER, lease_end_ms INTEGER NOT NULL,
            conflicts INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS task_in_order ON task (created_ms, id) WHERE deleted = 0;
        CREATE INDEX IF NOT EXISTS task_of_status ON task (status, created_ms, id) WHERE deleted = 0;
        CREATE INDEX IF NOT EXISTS task_changed ON task (changed, id);
        CREATE INDEX IF NOT EXISTS task_external ON task (external_id) WHERE external_id IS NOT NULL;
        CREATE INDEX IF NOT EXISTS task_held ON task (holder) WHERE holder IS NOT NULL;
        CREATE INDEX IF NOT EXISTS task_assigned ON task (assigned_node) WHERE assigned_node IS NOT NULL;
        CREATE TABLE IF NOT EXISTS conflict (
            task TEXT, field INTEGER, event BLOB, ms INTEGER NOT NULL, tick INTEGER NOT NULL, origin BLOB NOT NULL, value TEXT NOT NULL, PRIMARY KEY (task, field, event)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS quarantine (event BLOB PRIMARY KEY, type TEXT NOT NULL, why TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private BoardFile(Path file) {
        super(file);
    }

    static BoardFile writer(Path file, SpaceId board, NodeId self) {
        var db = new BoardFile(file);
        try {
            db.beWriter();
            int version = db.first("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
            if (version == VIEW_VERSION && db.isOf(board, self)) return db;            // nothing to write: thousands are opened when a hub starts
            db.begin();
            if (version != 0 && version != VIEW_VERSION) db.dropAll();
            db.make(SCHEMA);
            db.write("INSERT INTO meta (name, value) VALUES ('board', ?) ON CONFLICT (name) DO NOTHING", board.hex());
            db.write("INSERT INTO meta (name, value) VALUES ('self', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", self.hex());
            db.execute("PRAGMA user_version=" + VIEW_VERSION);
            db.commit();
            return db;
        } catch (RuntimeException e) {
            db.closeQuietly(e);
            throw e;
        }
    }

    static BoardFile reader(Path file) {
        var db = new BoardFile(file);
        db.beReader();
        return db;
    }

    private boolean isOf(SpaceId board, NodeId self) {
        return first("SELECT count(*) FROM meta WHERE name = 'board' AND value = ? OR name = 'self' AND value = ?", row -> row.getInt(1), board.hex(), self.hex()).orElseThrow() == 2;
    }

    private void dropAll() {
        var names = all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", row -> row.getString(1));
        for (var name : names) execute("DROP TABLE IF EXISTS \"" + name.replace("\"", "\"\"") + "\"");
    }

    /// The columns of labels and dependencies: a JSON array of texts.
    static List<String> texts(String json) {
        return dev.waggle.core.event.Canonical.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)).asArray().stream().map(dev.waggle.core.event.Json::asText).toList();
    }
}

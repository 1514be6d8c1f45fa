package dev.waggle.store.hive;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.store.view.ViewConnection;

import java.nio.file.Path;
import java.util.List;

/// A connection to a hive's file, and its schema. A file of another code version is emptied: the log gives it back. People who look with SQL find the tables of hive-sync section 3.7 as views: `posts`, `comments`, `votes`, `hives`, `memberships` and
/// `remote_agents_cache`.
final class HiveFile extends ViewConnection {
    /// Raised whenever what is stored, or what is derived from a log, changes.
    static final int VIEW_VERSION = 1_002;

    private static final String SCHEMA = """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- The space's control events: who was what where it wrote.
        CREATE TABLE IF NOT EXISTS control (number INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT;
        -- Everybody who ever acted. name is NULL while nothing that counts says it.
        CREATE TABLE IF NOT EXISTS agent (
            number INTEGER PRIMARY KEY, instance BLOB NOT NULL, agent TEXT NOT NULL, name TEXT, avatar TEXT, seen_ms INTEGER NOT NULL DEFAULT 0,
            UNIQUE (instance, agent)) STRICT;
        -- One row an event, by what it is about, in the order that all nodes share. bases: 32 bytes each.
        CREATE TABLE IF NOT EXISTS change (
            record BLOB, ms INTEGER, tick INTEGER, origin BLOB, event BLOB, kind INTEGER NOT NULL, actor INTEGER NOT NULL, rank INTEGER NOT NULL, counts INTEGER NOT NULL,
            sets INTEGER NOT NULL, value INTEGER NOT NULL, bases BLOB NOT NULL, "offset" INTEGER NOT NULL, PRIMARY KEY (record, ms, tick, origin, event)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS change_by_actor ON change (actor, ms, tick, origin, event);
        CREATE INDEX IF NOT EXISTS change_named ON change (actor, ms, tick, origin, event) WHERE kind IN (0, 10);
        -- state: 0 live, 1 deleted, 2 removed. changed: the offset of the entry that changed it or its totals last.
        CREATE TABLE IF NOT EXISTS post (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author INTEGER NOT NULL, title TEXT NOT NULL, content TEXT, url TEXT, state INTEGER NOT NULL, reason TEXT,
            created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, event BLOB NOT NULL, changed INTEGER NOT NULL,
            up INTEGER NOT NULL DEFAULT 0, down INTEGER NOT NULL DEFAULT 0, score INTEGER NOT NULL DEFAULT 0, comments INTEGER NOT NULL DEFAULT 0, hot INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX IF NOT EXISTS post_new ON post (created_ms, id) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS post_top ON post (score, id) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS post_hot ON post (hot, id) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS post_changed ON post (changed, id);
        -- thread is NULL while what it answers is not known. bucket: see tally.
        CREATE TABLE IF NOT EXISTS comment (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, post TEXT NOT NULL, parent TEXT, author INTEGER NOT NULL, content TEXT NOT NULL, state INTEGER NOT NULL, reason TEXT,
            depth INTEGER, path TEXT, thread TEXT, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, event BLOB NOT NULL, changed INTEGER NOT NULL, bucket INTEGER NOT NULL,
            up INTEGER NOT NULL DEFAULT 0, down INTEGER NOT NULL DEFAULT 0, score INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX IF NOT EXISTS comment_thread ON comment (post, thread);
        CREATE INDEX IF NOT EXISTS comment_new ON comment (post, created_ms, id);
        CREATE INDEX IF NOT EXISTS comment_changed ON comment (changed, id);
        CREATE INDEX IF NOT EXISTS comment_top ON comment (post, score, id);
        CREATE INDEX IF NOT EXISTS comment_parent ON comment (parent, id);
        CREATE INDEX IF NOT EXISTS comment_bucket ON comment (post, bucket) WHERE state = 0 AND thread IS NOT NULL;
        -- What was shown once and is no post (kind 0) or comment (1) any more: what made it is void.
        CREATE TABLE IF NOT EXISTS gone (kind INTEGER, id TEXT, changed INTEGER NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS gone_changed ON gone (changed, kind, id);
        CREATE TABLE IF NOT EXISTS target (number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL, UNIQUE (kind, id)) STRICT;
        CREATE TABLE IF NOT EXISTS vote (
            target INTEGER, bucket INTEGER, voter INTEGER, value INTEGER NOT NULL, ms INTEGER NOT NULL, event BLOB NOT NULL, PRIMARY KEY (target, bucket, voter)) STRICT, WITHOUT ROWID;
        -- Votes (what = 0) and comments (what = 1) of a target, summed up by bucket, so that one more costs the sum of a bucket and not of all.
        CREATE TABLE IF NOT EXISTS tally (target INTEGER, what INTEGER, bucket INTEGER, up INTEGER NOT NULL, down INTEGER NOT NULL, PRIMARY KEY (target, what, bucket)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL, agent INTEGER NOT NULL, ms INTEGER NOT NULL, event BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS member (agent INTEGER PRIMARY KEY, joined INTEGER NOT NULL, banned INTEGER NOT NULL, moderator INTEGER NOT NULL, since_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS quarantine (event BLOB PRIMARY KEY, type TEXT NOT NULL, why TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- Words of what is shown, without the text itself. rowid: a post's number times 2, a comment's times 2 plus 1.
        CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (title, content, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
        CREATE VIEW IF NOT EXISTS hives AS SELECT
            (SELECT value FROM meta WHERE name = 'hive') AS id, (SELECT value FROM meta WHERE name = 'name') AS name, (SELECT value FROM meta WHERE name = 'owner') AS owner_id,
            (SELECT value ->> '$' FROM setting WHERE key = 'description') AS description, coalesce((SELECT value ->> '$' FROM setting WHERE key = 'is_public'), 0) AS is_public,
            (SELECT count(*) FROM member WHERE joined AND NOT banned) AS member_count, (SELECT count(*) FROM post WHERE state = 0) AS post_count;
        CREATE VIEW IF NOT EXISTS remote_agents_cache AS SELECT
            lower(hex(instance)) || '/' || agent AS id, lower(hex(instance)) AS origin_instance_id, agent AS origin_agent_id, name, avatar AS avatar_url,
            strftime('%Y-%m-%dT%H:%M:%fZ', seen_ms / 1000.0, 'unixepoch') AS last_seen_at
            FROM agent WHERE name IS NOT NULL AND instance <> unhex((SELECT value FROM meta WHERE name = 'self'));
        CREATE VIEW IF NOT EXISTS posts AS SELECT
            p.id, (SELECT value FROM meta WHERE name = 'hive') AS hive_id,
            CASE WHEN a.instance = unhex((SELECT value FROM meta WHERE name = 'self')) THEN a.agent END AS author_id,
            CASE WHEN a.instance <> unhex((SELECT value FROM meta WHERE name = 'self')) THEN lower(hex(a.instance)) || '/' || a.agent END AS remote_author_id,
            p.title, p.content, p.url, p.score, p.comments AS comment_count, lower(hex(p.event)) AS sync_event_id, lower(hex(a.instance)) AS origin_instance_id, p.id AS origin_post_id,
            strftime('%Y-%m-%dT%H:%M:%fZ', p.created_ms / 1000.0, 'unixepoch') AS created_at, strftime('%Y-%m-%dT%H:%M:%fZ', p.updated_ms / 1000.0, 'unixepoch') AS updated_at
            FROM post p JOIN agent a ON a.number = p.author WHERE p.state = 0;
        CREATE VIEW IF NOT EXISTS comments AS SELECT
            c.id, c.post AS post_id, c.parent AS parent_id,
            CASE WHEN a.instance = unhex((SELECT value FROM meta WHERE name = 'self')) THEN a.agent END AS author_id,
            CASE WHEN a.instance <> unhex((SELECT value FROM meta WHERE name = 'self')) THEN lower(hex(a.instance)) || '/' || a.agent END AS remote_author_id,
            c.content, c.depth, c.path, c.score, c.state <> 0 AS is_deleted, lower(hex(c.event)) AS sync_event_id, lower(hex(a.instance)) AS origin_instance_id, c.id AS origin_comment_id,
            strftime('%Y-%m-%dT%H:%M:%fZ', c.created_ms / 1000.0, 'unixepoch') AS created_at, strftime('%Y-%m-%dT%H:%M:%fZ', c.updated_ms / 1000.0, 'unixepoch') AS updated_at
            FROM comment c JOIN agent a ON a.number = c.author WHERE c.thread IS NOT NULL;
        CREATE VIEW IF NOT EXISTS votes AS SELECT
            lower(hex(v.event)) AS id, a.agent AS agent_id, CASE t.kind WHEN 0 THEN 'post' ELSE 'comment' END AS target_type, t.id AS target_id, v.value,
            lower(hex(v.event)) AS sync_event_id, lower(hex(a.instance)) AS origin_instance_id
            FROM vote v JOIN target t ON t.number = v.target JOIN agent a ON a.number = v.voter;
        CREATE VIEW IF NOT EXISTS memberships AS SELECT
            (SELECT value FROM meta WHERE name = 'hive') AS hive_id, a.agent AS agent_id, lower(hex(a.instance)) AS origin_instance_id,
            CASE WHEN m.banned THEN 'banned' WHEN m.joined THEN 'joined' ELSE 'left' END AS status, CASE WHEN m.moderator THEN 'moderator' ELSE 'member' END AS role,
            strftime('%Y-%m-%dT%H:%M:%fZ', m.since_ms / 1000.0, 'unixepoch') AS since
            FROM member m JOIN agent a ON a.number = m.agent;
        """;


    private HiveFile(Path file) {
        super(file);
    }

    /// @param fresh an incarnation for a file that is empty: who reads on from a cursor of another one begins again
    static HiveFile writer(Path file, SpaceId hive, NodeId self, String fresh) {
        var db = new HiveFile(file);
        try {
            db.beWriter();
            int version = db.first("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
            if (version == VIEW_VERSION && db.isOf(self)) return db;
            db.begin();
            if (version != 0 && version != VIEW_VERSION) db.dropAll();
            db.make(SCHEMA);
            db.write("INSERT INTO meta (name, value) VALUES ('hive', ?), ('self', ?), ('incarnation', ?) ON CONFLICT (name) DO NOTHING", hive.hex(), self.hex(), fresh);
            db.write("UPDATE meta SET value = ? WHERE name = 'self' AND value <> ?", self.hex(), self.hex());
            db.execute("PRAGMA user_version=" + VIEW_VERSION);
            db.commit();
            return db;
        } catch (RuntimeException e) {
            db.closeQuietly(e);
            throw e;
        }
    }

    private boolean isOf(NodeId self) {
        return first("SELECT value FROM meta WHERE name = 'self'", row -> row.getString(1)).filter(self.hex()::equals).isPresent();
    }

    static HiveFile reader(Path file) {
        var db = new HiveFile(file);
        db.beReader();
        return db;
    }

    private void dropAll() {
        for (var kind : List.of("view", "table")) {
            var names = all("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'", row -> row.getString(1), kind);
            for (var name : names) execute("DROP " + kind + " IF EXISTS \"" + name.replace("\"", "\"\"") + "\"");
        }
    }
}

package dev.waggle.store.node;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncRun;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the engine remembers of peers, in `node.sqlite`.
public final class SqlPeerStore implements PeerStore {
    static final String SCHEMA = """
        CREATE TABLE peer (
          node      TEXT PRIMARY KEY,
          name      TEXT NOT NULL,             -- for people, may be empty
          addresses TEXT NOT NULL,             -- JSON array of host:port, as they are tried
          learnt    TEXT NOT NULL,             -- JSON array of those the peer announced itself
          added_ms  INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE relationship (
          peer      TEXT NOT NULL,
          space     TEXT NOT NULL,
          kind      TEXT NOT NULL,             -- shared, welcomed, muted
          PRIMARY KEY (peer, space)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE peer_cursor (
          peer      TEXT NOT NULL,
          space     TEXT NOT NULL,
          "offset"  INTEGER NOT NULL,          -- our log up to here is durable at the peer
          total     INTEGER NOT NULL,          -- events it took from us, ever
          at_ms     INTEGER NOT NULL,
          PRIMARY KEY (peer, space)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sync_run (
          id          INTEGER PRIMARY KEY,     -- grows with time
          peer        TEXT NOT NULL,
          space       TEXT NOT NULL,
          started_ms  INTEGER NOT NULL,
          duration_ms INTEGER NOT NULL,
          sent        INTEGER NOT NULL,
          received    INTEGER NOT NULL,
          accepted    INTEGER NOT NULL,
          error       TEXT NOT NULL            -- empty when both ended with the same log
        ) STRICT;
        CREATE INDEX sync_run_by_peer ON sync_run (peer, id);
        CREATE TABLE peer_metadata (
          peer        TEXT PRIMARY KEY,
          succeeded   INTEGER NOT NULL,
          failed      INTEGER NOT NULL,
          events      INTEGER NOT NULL,
          mean_duration_ms REAL NOT NULL       -- over the successful runs
        ) STRICT;
        """;

    /// What the second version of the schema added.
    static final String SCHEMA_2 = """
        ALTER TABLE peer ADD COLUMN source TEXT NOT NULL DEFAULT 'manual';   -- manual, hub, met, gossip
        ALTER TABLE peer ADD COLUMN ttl INTEGER NOT NULL DEFAULT -1;         -- hops it may be told over; -1 for what the settings say
        CREATE TABLE peer_removed (node TEXT PRIMARY KEY) STRICT;            -- a person removed it: what others say does not bring it back
        """;

    private final NodeStore store;

    public SqlPeerStore(NodeStore store) {
        this.store = store;
    }

    @Override public Remembered load() {
        var peers = store.all("read the peers", "SELECT node, name, addresses, learnt, added_ms, source, ttl FROM peer ORDER BY node", _ -> {},
            row -> new Peer(new NodeId(row.getString(1)), row.getString(2), texts(row.getString(3)), texts(row.getString(4)), row.getLong(5), PeerSource.of(row.getString(6)), row.getInt(7)));
        var relationships = store.all("read the relationships", "SELECT peer, space, kind FROM relationship ORDER BY peer, space", _ -> {},
            row -> new Relationship(new NodeId(row.getString(1)), new SpaceId(row.getString(2)), Relationship.Kind.valueOf(row.getString(3).toUpperCase(Locale.ROOT))));
        var cursors = store.all("read the cursors", "SELECT peer, space, \"offset\", total, at_ms FROM peer_cursor ORDER BY peer, space", _ -> {},
            row -> new Cursor(new NodeId(row.getString(1)), new SpaceId(row.getString(2)), row.getLong(3), row.getLong(4), row.getLong(5)));
        var removed = store.all("read the removed peers", "SELECT node FROM peer_removed ORDER BY node", _ -> {}, row -> new NodeId(row.getString(1)));
        return new Remembered(peers, relationships, cursors, removed);
    }

    @Override public void savePeer(Peer peer) {
        store.transaction("save a peer", () -> {
            store.update("""
                INSERT INTO peer (node, name, addresses, learnt, added_ms, source, ttl) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (node) DO UPDATE SET name = excluded.name, addresses = excluded.addresses, learnt = excluded.learnt, added_ms = excluded.added_ms,
                  source = excluded.source, ttl = excluded.ttl
                """, peer.node().hex(), peer.name(), json(peer.addresses()), json(peer.learnt()), peer.addedMs(), peer.source().wire(), peer.ttl());
            if (peer.source() == PeerSource.MANUAL) store.update("DELETE FROM peer_removed WHERE node = ?", peer.node().hex());
        });
    }

    @Override public void removePeer(NodeId peer) {
        store.transaction("remove a peer", () -> {
            deletePeer(peer);
            store.update("INSERT INTO peer_removed (node) VALUES (?) ON CONFLICT (node) DO NOTHING", peer.hex());
        });
    }

    @Override public void forgetPeer(NodeId peer) {
        store.transaction("forget a peer", () -> deletePeer(peer));
    }

    private void deletePeer(NodeId peer) throws SQLException {
        store.update("DELETE FROM peer WHERE node = ?", peer.hex());
        store.update("DELETE FROM relationship WHERE peer = ?", peer.hex());
        store.update("DELETE FROM peer_cursor WHERE peer = ?", peer.hex());
        store.update("DELETE FROM peer_metadata WHERE peer = ?", peer.hex());
    }

    @Override public void saveRelationship(Relationship relationship) {
        store.transaction("save a relationship", () -> store.update(
            "INSERT INTO relationship (peer, space, kind) VALUES (?, ?, ?) ON CONFLICT (peer, space) DO UPDATE SET kind = excluded.kind",
            relationship.peer().hex(), relationship.space().hex(), relationship.kind().name().toLowerCase(Locale.ROOT)));
    }

    @Override public void removeRelationship(NodeId peer, SpaceId space) {
        store.transaction("remove a relationship", () -> store.update("DELETE FROM relationship WHERE peer = ? AND space = ?", peer.hex(), space.hex()));
    }

    @Override public void saveCursor(Cursor cursor) {
        store.unhurried("save a cursor", () -> store.update("""
            INSERT INTO peer_cursor (peer, space, "offset", total, at_ms) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (peer, space) DO UPDATE SET "offset" = excluded."offset", total = excluded.total, at_ms = excluded.at_ms
            """, cursor.peer().hex(), cursor.space().hex(), cursor.offset(), cursor.total(), cursor.atMs()));
    }

    @Override public void saveRun(SyncRun run) {
        store.unhurried("save a run", () -> {
            store.update("""
                INSERT INTO sync_run (peer, space, started_ms, duration_ms, sent, received, accepted, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, run.peer().hex(), run.space().hex(), run.startedMs(), run.durationMs(), run.sent(), run.received(), run.accepted(), run.error());
            var total = metadata(run.peer()).orElseGet(() -> Metadata.none(run.peer())).plus(run);
            store.update("""
                INSERT INTO peer_metadata (peer, succeeded, failed, events, mean_duration_ms) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (peer) DO UPDATE SET succeeded = excluded.succeeded, failed = excluded.failed, events = excluded.events,
                  mean_duration_ms = excluded.mean_duration_ms
                """, total.peer().hex(), total.succeeded(), total.failed(), total.events(), total.meanDurationMs());
        });
    }

    @Override public List<SyncRun> history(NodeId peer, int runsMax) {
        return store.all("read the history", """
            SELECT space, started_ms, duration_ms, sent, received, accepted, error FROM sync_run WHERE peer = ? ORDER BY id DESC LIMIT ?
            """, query -> {
                query.setString(1, peer.hex());
                query.setInt(2, runsMax);
            }, row -> run(peer, row));
    }

    private static SyncRun run(NodeId peer, ResultSet row) throws SQLException {
        return new SyncRun(peer, new SpaceId(row.getString(1)), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getString(7));
    }

    @Override public Optional<Metadata> metadata(NodeId peer) {
        return store.first("read a peer's totals", "SELECT succeeded, failed, events, mean_duration_ms FROM peer_metadata WHERE peer = ?",
            query -> query.setString(1, peer.hex()), row -> new Metadata(peer, row.getLong(1), row.getLong(2), row.getLong(3), row.getDouble(4)));
    }

    @Override public int cleanHistory(long startedBeforeMs, int perPeer) {
        var removed = new int[1];
        store.transaction("clean the history", () -> {
            removed[0] = store.update("DELETE FROM sync_run WHERE started_ms < ?", startedBeforeMs);
            removed[0] += store.update("""
                DELETE FROM sync_run WHERE id IN (
                  SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY peer ORDER BY id DESC) AS place FROM sync_run) WHERE place > ?)
                """, perPeer);
        });
        return removed[0];
    }

    private static String json(List<String> texts) {
        return Canonical.text(Json.array(texts.stream().map(Json::of).toList()));
    }

    private static List<String> texts(String json) {
        return Canonical.parse(json.getBytes(StandardCharsets.UTF_8)).asArray().stream().map(Json::asText).toList();
    }
}

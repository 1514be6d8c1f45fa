package dev.waggle.store.node;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.sqlite.KeptStatements;
import org.sqlite.SQLiteConfig;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `node.sqlite`. Thread-safe: one connection, one call at a time; every call is one durable transaction (`synchronous=FULL`).
/// Every method throws [LogUnavailable] when disk or database failed; nothing was changed then and a retry is safe.
public final class NodeStore implements AutoCloseable {
    static final int SCHEMA_VERSION = 4;
    private static final String SCHEMA = """
        CREATE TABLE lineage (
          one     INTEGER PRIMARY KEY CHECK (one = 1),
          node    TEXT NOT NULL,               -- the node this folder belongs to
          text    TEXT NOT NULL                -- equal to the copy in the state folder, or a new life begins
        ) STRICT;
        CREATE TABLE space (
          id      TEXT PRIMARY KEY,
          name    TEXT NOT NULL UNIQUE,
          epoch   TEXT NOT NULL,               -- the epoch this node writes under
          file    TEXT UNIQUE,                 -- the tracked file, absolute
          pending TEXT,                        -- what is still to be done with the file, NULL when nothing is
          added_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE setting (
          name    TEXT PRIMARY KEY,
          value   TEXT NOT NULL
        ) STRICT;
        """;

    private final Connection db;
    private final KeptStatements kept;

    private NodeStore(Connection db) {
        this.db = db;
        this.kept = new KeptStatements(db);
    }

    /// @throws NewerNodeStore when a newer version wrote it
    public static NodeStore open(Path file) {
        Connection db = null;
        try {
            var config = new SQLiteConfig();
            config.setGetGeneratedKeys(false);                          // the driver would ask for them after every insert
            db = config.createConnection("jdbc:sqlite:" + file);
            run(db, "PRAGMA busy_timeout = 5000");
            var version = number(db, "PRAGMA user_version");
            if (version > SCHEMA_VERSION) throw new NewerNodeStore(version, SCHEMA_VERSION);
            run(db, "PRAGMA journal_mode = WAL");
            run(db, "PRAGMA synchronous = FULL");
            var store = new NodeStore(db);
            if (version < SCHEMA_VERSION) store.make(version);
            return store;
        } catch (SQLException | RuntimeException e) {
            close(db, e);
            if (e instanceof RuntimeException bug) throw bug;
            throw new LogUnavailable("open " + file.getFileName(), e);
        }
    }

    /// Every version's script once, in one transaction: a new store passes through all of them.
    private void make(int before) throws SQLException {
        db.setAutoCommit(false);
        if (before < 1) script(SCHEMA + SqlPeerStore.SCHEMA);
        if (before < 2) script(SqlPeerStore.SCHEMA_2);
        if (before < 3) script(MirrorStore.SCHEMA_3);
        script(ArrivalStore.SCHEMA_4);
        run(db, "PRAGMA user_version = " + SCHEMA_VERSION);
        db.commit();
        db.setAutoCommit(true);
    }

    private void script(String script) throws SQLException {
        for (var statement : script.replaceAll("--[^\n]*", "").split(";")) if (!statement.isBlank()) run(db, statement);
    }

    public Optional<LineageRow> lineage() {
        return first("read the lineage", "SELECT node, text FROM lineage", _ -> {},
            row -> new LineageRow(new NodeId(row.getString(1)), row.getString(2)));
    }

    /// Records a start, and in the same transaction the epochs that begin with it.
    public synchronized void started(LineageRow lineage, Map<SpaceId, Epoch> newEpochs) {
        transaction("record the start", () -> {
            update("INSERT INTO lineage (one, node, text) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET node = excluded.node, text = excluded.text",
                lineage.node().hex(), lineage.text());
            for (var entry : newEpochs.entrySet())
                update("UPDATE space SET epoch = ? WHERE id = ?", entry.getValue().hex(), entry.getKey().hex());
        });
    }

    public List<SpaceRow> spaces() {
        return all("read the spaces", "SELECT id, name, epoch, file, pending, added_ms FROM space ORDER BY added_ms, id", _ -> {}, row ->
            new SpaceRow(new SpaceId(row.getString(1)), row.getString(2), new Epoch(row.getString(3)), Optional.ofNullable(row.getString(4)),
                Optional.ofNullable(row.getString(5)), row.getLong(6)));
    }

    public Optional<SpaceRow> space(SpaceId id) {
        return spaces().stream().filter(space -> space.id().equals(id)).findFirst();
    }

    public synchronized void put(SpaceRow space) {
        transaction("record a space", () -> update("""
            INSERT INTO space (id, name, epoch, file, pending, added_ms) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, epoch = excluded.epoch, file = excluded.file, pending = excluded.pending
            """, space.id().hex(), space.name(), space.epoch().hex(), space.file().orElse(null), space.pending().orElse(null), space.addedMs()));
    }

    /// From now on this node writes to the space under `epoch`.
    public synchronized void epoch(SpaceId id, Epoch epoch) {
        transaction("record an epoch", () -> update("UPDATE space SET epoch = ? WHERE id = ?", epoch.hex(), id.hex()));
    }

    public synchronized void remove(SpaceId id) {
        transaction("forget a space", () -> update("DELETE FROM space WHERE id = ?", id.hex()));
    }

    public Optional<String> setting(String name) {
        return first("read a setting", "SELECT value FROM setting WHERE name = ?", query -> query.setString(1, name), row -> row.getString(1));
    }

    public synchronized void setting(String name, String value) {
        transaction("record a setting", () -> update(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value));
    }

    @Override public synchronized void close() {
        try {
            db.close();
        } catch (SQLException e) {
            throw new LogUnavailable("close node.sqlite", e);
        }
    }

    // The few lines of JDBC that all statements share.

    interface Work {
        void run() throws SQLException;
    }

    interface Bind {
        void to(PreparedStatement query) throws SQLException;
    }

    interface Read<T> {
        T row(ResultSet row) throws SQLException;
    }

    synchronized void transaction(String doing, Work work) {
        try {
            db.setAutoCommit(false);
            try {
                work.run();
                db.commit();
            } catch (SQLException | RuntimeException e) {
                try {
                    db.rollback();
                } catch (SQLException rollback) {
                    e.addSuppressed(rollback);
                }
                throw e;
            } finally {
                db.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new LogUnavailable(doing, e);
        }
    }

    /// A transaction of which a power cut may take the last ones: what it writes is found out anew from peers. It waits for no disk, so a live write
    /// is not held up by the news that the one before it arrived.
    synchronized void unhurried(String doing, Work work) {
        try {
            run(db, "PRAGMA synchronous = NORMAL");         // such a pragma does its work when it is prepared: it must not be kept
            try {
                transaction(doing, work);
            } finally {
                run(db, "PRAGMA synchronous = FULL");
            }
        } catch (SQLException e) {
            throw new LogUnavailable(doing, e);
        }
    }

    int update(String sql, Object... values) throws SQLException {
        var statement = kept.get(sql);
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
        return statement.executeUpdate();
    }

    synchronized <T> List<T> all(String doing, String sql, Bind bind, Read<T> read) {
        try (var query = db.prepareStatement(sql)) {
            bind.to(query);
            var found = new ArrayList<T>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(read.row(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new LogUnavailable(doing, e);
        }
    }

    <T> Optional<T> first(String doing, String sql, Bind bind, Read<T> read) {
        return all(doing, sql, bind, read).stream().findFirst();
    }

    private static void run(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement(); var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    private static void close(Connection db, Exception because) {
        if (db == null) return;
        try {
            db.close();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}

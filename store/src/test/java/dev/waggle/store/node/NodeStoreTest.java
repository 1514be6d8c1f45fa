package dev.waggle.store.node;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NodeStoreTest {
    private static final SpaceId SPACE = new SpaceId("5a".repeat(32));
    private static final NodeId NODE = new NodeId("0d".repeat(32));
    @TempDir Path folder;

    @Test void what_was_stored_is_there_after_reopening() {
        var space = new SpaceRow(SPACE, "board", new Epoch("01".repeat(16)), Optional.of("file"), Optional.of("{}"), 7);
        try (var store = open()) {
            store.put(space);
            store.setting("listen", "127.0.0.1:1");
        }
        try (var store = open()) {
            assertThat(store.spaces()).containsExactly(space);
            assertThat(store.setting("listen")).contains("127.0.0.1:1");
            store.put(space.withFile(Optional.empty(), Optional.empty()));
            assertThat(store.space(SPACE).orElseThrow().file()).isEmpty();
            store.remove(SPACE);
            assertThat(store.spaces()).isEmpty();
        }
    }

    @Test void a_start_is_recorded_together_with_the_epochs_that_begin_with_it() {
        try (var store = open()) {
            store.put(new SpaceRow(SPACE, "board", new Epoch("01".repeat(16)), Optional.empty(), Optional.empty(), 7));
            store.started(new LineageRow(NODE, "life"), Map.of(SPACE, new Epoch("02".repeat(16))));
        }
        try (var store = open()) {
            assertThat(store.lineage()).contains(new LineageRow(NODE, "life"));
            assertThat(store.spaces().getFirst().epoch()).isEqualTo(new Epoch("02".repeat(16)));
        }
    }

    /// What each version wrote, spelt as it was then: never changed.
    private static final String VERSION_1 = """
        CREATE TABLE lineage (one INTEGER PRIMARY KEY CHECK (one = 1), node TEXT NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE TABLE space (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL, file TEXT UNIQUE, pending TEXT, added_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE peer (node TEXT PRIMARY KEY, name TEXT NOT NULL, addresses TEXT NOT NULL, learnt TEXT NOT NULL, added_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE relationship (peer TEXT NOT NULL, space TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (peer, space)) STRICT, WITHOUT ROWID;
        CREATE TABLE peer_cursor (peer TEXT NOT NULL, space TEXT NOT NULL, "offset" INTEGER NOT NULL, total INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (peer, space)) STRICT, WITHOUT ROWID;
        CREATE TABLE sync_run (id INTEGER PRIMARY KEY, peer TEXT NOT NULL, space TEXT NOT NULL, started_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL, sent INTEGER NOT NULL,
            received INTEGER NOT NULL, accepted INTEGER NOT NULL, error TEXT NOT NULL) STRICT;
        CREATE INDEX sync_run_by_peer ON sync_run (peer, id);
        CREATE TABLE peer_metadata (peer TEXT PRIMARY KEY, succeeded INTEGER NOT NULL, failed INTEGER NOT NULL, events INTEGER NOT NULL, mean_duration_ms REAL NOT NULL) STRICT;
        INSERT INTO lineage VALUES (1, '%1$s', 'life');
        INSERT INTO space VALUES ('%2$s', 'board', '%3$s', 'file', NULL, 7);
        INSERT INTO setting VALUES ('listen', '127.0.0.1:1');
        INSERT INTO peer VALUES ('%1$s', 'Anna', '["10.0.0.1:7117"]', '[]', 5);
        INSERT INTO peer_cursor VALUES ('%1$s', '%2$s', 42, 40, 6);
        """;
    private static final String TO_VERSION_2 = """
        ALTER TABLE peer ADD COLUMN source TEXT NOT NULL DEFAULT 'manual';
        ALTER TABLE peer ADD COLUMN ttl INTEGER NOT NULL DEFAULT -1;
        CREATE TABLE peer_removed (node TEXT PRIMARY KEY) STRICT;
        UPDATE peer SET source = 'hub', ttl = 1;
        """;

    private void write(int version, String script) throws SQLException {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("node.sqlite")); var statement = db.createStatement()) {
            for (var each : script.split(";")) if (!each.isBlank()) statement.execute(each);
            statement.execute("PRAGMA user_version = " + version);
        }
    }

    private int version() throws SQLException {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("node.sqlite")); var statement = db.createStatement(); var row = statement.executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    @Tag("S11") @Test void a_store_of_version_1_or_2_keeps_what_it_has_and_becomes_one_of_today() throws SQLException {
        for (int from = 1; from <= 2; from++) {
            for (var suffix : new String[] {"", "-wal", "-shm"}) folder.resolve("node.sqlite" + suffix).toFile().delete();
            write(1, VERSION_1.formatted(NODE.hex(), SPACE.hex(), "01".repeat(16)));
            if (from == 2) write(2, TO_VERSION_2);
            for (int open = 0; open < 2; open++) {
                try (var store = open()) {
                    assertThat(store.lineage()).contains(new LineageRow(NODE, "life"));
                    assertThat(store.spaces()).containsExactly(new SpaceRow(SPACE, "board", new Epoch("01".repeat(16)), Optional.of("file"), Optional.empty(), 7));
                    assertThat(store.setting("listen")).contains("127.0.0.1:1");
                    var remembered = new SqlPeerStore(store).load();
                    assertThat(remembered.peers()).containsExactly(new Peer(NODE, "Anna", List.of("10.0.0.1:7117"), List.of(), 5, from == 1 ? PeerSource.MANUAL : PeerSource.HUB, from == 1 ? -1 : 1));
                    assertThat(remembered.cursors()).containsExactly(new Cursor(NODE, SPACE, 42, 40, 6));
                    assertThat(new SubscriptionStore(store).list()).hasSize(open);
                    if (open == 0) assertThat(new SubscriptionStore(store).add("sub_1", "https://h:1", "bees", "bees", 1_000, 8)).isTrue();
                }
                assertThat(version()).isEqualTo(NodeStore.SCHEMA_VERSION);
            }
        }
    }

    @Tag("S11") @Test void an_upgrade_that_fails_leaves_the_old_store_whole() throws SQLException {
        write(1, VERSION_1.formatted(NODE.hex(), SPACE.hex(), "01".repeat(16)) + "CREATE TABLE mirror_post (in_the_way TEXT)");
        assertThatThrownBy(this::open).isInstanceOf(LogUnavailable.class);
        assertThat(version()).isEqualTo(1);
        write(1, "DROP TABLE mirror_post");
        try (var store = open()) {
            assertThat(store.spaces()).hasSize(1);
        }
        assertThat(version()).isEqualTo(NodeStore.SCHEMA_VERSION);
    }

    @Tag("S11") @Test void a_store_of_a_newer_version_is_refused_and_left_alone() throws SQLException {
        open().close();
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("node.sqlite")); var statement = db.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(this::open).isInstanceOf(NewerNodeStore.class).hasMessageContaining("99");
    }

    private NodeStore open() {
        return NodeStore.open(folder.resolve("node.sqlite"));
    }
}

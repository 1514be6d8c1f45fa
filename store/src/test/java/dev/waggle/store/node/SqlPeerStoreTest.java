package dev.waggle.store.node;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.SyncRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class SqlPeerStoreTest {
    private static final NodeId ANNA = new NodeId("a1".repeat(32));
    private static final NodeId BERT = new NodeId("b2".repeat(32));
    private static final SpaceId SPACE = new SpaceId("5a".repeat(32));
    @TempDir Path folder;
    private NodeStore store;
    private PeerStore peers;

    @BeforeEach void open() {
        store = NodeStore.open(folder.resolve("node.sqlite"));
        peers = new SqlPeerStore(store);
    }

    @AfterEach void close() {
        store.close();
    }

    @Test void what_was_saved_last_is_remembered_after_reopening() {
        peers.savePeer(new Peer(ANNA, "anna", List.of("h:1"), List.of(), 5));
        var anna = new Peer(ANNA, "anna", List.of("h:2", "h:1"), List.of("l:3"), 5);
        peers.savePeer(anna);
        peers.saveRelationship(new Relationship(ANNA, SPACE, Relationship.Kind.WELCOMED));
        peers.saveRelationship(new Relationship(ANNA, SPACE, Relationship.Kind.SHARED));
        peers.saveCursor(new Cursor(ANNA, SPACE, 9, 9, 1));
        peers.saveCursor(new Cursor(ANNA, SPACE, 4, 10, 2));
        close();
        open();
        var remembered = peers.load();
        assertThat(remembered.peers()).containsExactly(anna);
        assertThat(remembered.relationships()).containsExactly(new Relationship(ANNA, SPACE, Relationship.Kind.SHARED));
        assertThat(remembered.cursors()).containsExactly(new Cursor(ANNA, SPACE, 4, 10, 2));
    }

    @Test void removing_a_peer_keeps_its_history_only() {
        for (var node : List.of(ANNA, BERT)) {
            peers.savePeer(new Peer(node, "", List.of(), List.of(), 5));
            peers.saveRelationship(new Relationship(node, SPACE, Relationship.Kind.MUTED));
            peers.saveCursor(new Cursor(node, SPACE, 1, 1, 1));
            peers.saveRun(run(node, 1, ""));
        }
        peers.removePeer(ANNA);
        assertThat(peers.load().peers()).extracting(Peer::node).containsExactly(BERT);
        assertThat(peers.load().relationships()).hasSize(1);
        assertThat(peers.load().cursors()).hasSize(1);
        assertThat(peers.metadata(ANNA)).isEmpty();
        assertThat(peers.history(ANNA, 10)).hasSize(1);
        peers.removeRelationship(BERT, SPACE);
        assertThat(peers.load().relationships()).isEmpty();
    }

    @Test void runs_are_counted_and_cleaned_up_by_age_and_number() {
        for (int i = 1; i <= 10; i++) peers.saveRun(run(ANNA, i, i % 5 == 0 ? "lost" : ""));
        peers.saveRun(run(BERT, 3, ""));
        var totals = peers.metadata(ANNA).orElseThrow();
        assertThat(totals.succeeded()).isEqualTo(8);
        assertThat(totals.failed()).isEqualTo(2);
        assertThat(totals.events()).isEqualTo(10 * (2 + 1));
        assertThat(totals.meanDurationMs()).isEqualTo(20);
        assertThat(peers.history(ANNA, 3)).extracting(SyncRun::startedMs).containsExactly(10L, 9L, 8L);
        assertThat(peers.cleanHistory(4, 5)).isEqualTo(3 + 1 + 2);
        assertThat(peers.history(ANNA, 100)).extracting(SyncRun::startedMs).containsExactly(10L, 9L, 8L, 7L, 6L);
        assertThat(peers.metadata(ANNA).orElseThrow().succeeded()).isEqualTo(8);
    }

    private static SyncRun run(NodeId node, long startedMs, String error) {
        return new SyncRun(node, SPACE, startedMs, 20, 2, 3, 1, error);
    }
}

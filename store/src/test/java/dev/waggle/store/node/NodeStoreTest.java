package dev.waggle.store.node;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
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

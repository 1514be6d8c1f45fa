package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class StorageRoutesTest {
    private static final int POSTS = 200;

    @Test void what_a_log_takes_is_told_and_what_condensing_it_would_change_and_then_changed(@TempDir Path folder) {
        try (var node = TestNode.unserved(folder)) {
            node.call("POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
            node.call("POST", "/api/v1/hives", Json.object("name", "bees"));
            for (int i = 0; i < POSTS; i++) node.call("POST", "/api/v1/hives/bees/posts", Json.object("title", "post " + i));

            var before = storage(node);
            long events = before.integer("events");
            assertThat(events).isGreaterThan(POSTS);
            assertThat(before.integer("open_events")).isEqualTo(events);
            assertThat(before.integer("would_condense")).isEqualTo(events);
            assertThat(before.integer("segments")).isZero();
            assertThat(before.integer("log_bytes")).isGreaterThan(events * 300);
            assertThat(before.integer("view_bytes")).isPositive();
            assertThat(before.get("file_bytes")).isEmpty();

            node.completes(node.call("POST", "/api/v1/spaces/bees/log/compact", Json.object()));

            var after = storage(node);
            assertThat(after.integer("events")).isEqualTo(events + 1);
            assertThat(after.integer("open_events")).as("the checkpoint itself").isEqualTo(1);
            assertThat(after.integer("would_condense")).isZero();
            assertThat(after.integer("segments")).isPositive();
            assertThat(after.integer("segment_bytes")).isLessThan(events * 200);
            assertThat(after.text("condensed")).isEqualTo(after.text("checkpoint"));
        }
    }

    private static Json.Obj storage(TestNode node) {
        return node.get("/api/v1/spaces/bees/storage");
    }
}

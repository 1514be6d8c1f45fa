package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class StorageRoutesTest {
    private static final int POSTS = 200;

    @Test void what_a_log_takes_is_told_and_what_condensing_it_would_change_and_then_changed(@TempDir Path folder) {
        var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.empty(), List.of(), Optional.empty(), false);
        try (var service = NodeService.start(NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString())).withoutRest(), bug -> {
            throw new AssertionError(bug);
        })) {
            call(service, "POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
            call(service, "POST", "/api/v1/hives", Json.object("name", "bees"));
            for (int i = 0; i < POSTS; i++) call(service, "POST", "/api/v1/hives/bees/posts", Json.object("title", "post " + i));

            var before = storage(service);
            long events = before.integer("events");
            assertThat(events).isGreaterThan(POSTS);
            assertThat(before.integer("open_events")).isEqualTo(events);
            assertThat(before.integer("would_condense")).isEqualTo(events);
            assertThat(before.integer("segments")).isZero();
            assertThat(before.integer("log_bytes")).isGreaterThan(events * 300);
            assertThat(before.integer("view_bytes")).isPositive();
            assertThat(before.get("file_bytes")).isEmpty();

            var job = call(service, "POST", "/api/v1/spaces/bees/log/compact", Json.object());
            assertThat(call(service, "GET", "/api/v1/jobs/" + job.text("id") + "?wait_ms=20000", Json.object()).text("state")).isEqualTo("done");

            var after = storage(service);
            assertThat(after.integer("events")).isEqualTo(events + 1);
            assertThat(after.integer("open_events")).as("the checkpoint itself").isEqualTo(1);
            assertThat(after.integer("would_condense")).isZero();
            assertThat(after.integer("segments")).isPositive();
            assertThat(after.integer("segment_bytes")).isLessThan(events * 200);
            assertThat(after.text("condensed")).isEqualTo(after.text("checkpoint"));
        }
    }

    private static Json.Obj storage(NodeService service) {
        return call(service, "GET", "/api/v1/spaces/bees/storage", Json.object());
    }

    private static Json.Obj call(NodeService service, String method, String path, Json.Obj body) {
        return ((Reply.Document) service.call(method, path, body)).json().asObject();
    }
}

package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Routes of projects over HTTP that no command uses.
@Timeout(60)
class BoardRoutesTest {
    @TempDir Path folder;

    /// What a node with these settings answers.
    private Json.Obj settings(String json) throws Exception {
        var data = Files.createDirectory(folder.resolve("data"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!json.isEmpty()) Files.writeString(data.resolve("settings.json"), json);
        try (var node = TestNode.served(folder); var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + node.service().rest().orElseThrow() + "/api/swarm-settings"));
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode()).as("without the token").isEqualTo(401);
            request.header("Authorization", "Bearer " + Files.readString(data.resolve("token")).strip());
            return Canonical.parseObject(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()).body()).object("data");
        }
    }

    @Test void the_settings_of_boards_are_told_as_they_are_set() throws Exception {
        var told = settings("{\"board\": {\"node_name\": \"mill\", \"public_url\": \"https://mill.example\", \"offline_after_hours\": 3, \"executor\": {\"enabled\": true, \"slots\": 2, \"lease_ms\": 9000, "
            + "\"settle_ms\": 0, \"projects\": [\"garden\"], \"commands\": {\"test\": [\"/usr/bin/make\", \"test\"]}}}}");
        assertThat(told).isEqualTo(Json.object("node_name", "mill", "public_url", "https://mill.example", "offline_after_hours", 3, "executor", Json.object("enabled", true, "slots", 2,
            "lease_ms", 9_000, "settle_ms", 0, "projects", Json.array(List.of(Json.of("garden"))), "commands", Json.object("test", Json.array(List.of(Json.of("/usr/bin/make"), Json.of("test"))))),
            "file", folder.resolve("data").resolve("settings.json").toString()));
    }

    @Test void a_node_without_settings_carries_nothing_out() throws Exception {
        var told = settings("");
        assertThat(told.get("node_name")).contains(Json.NULL);
        assertThat(told.object("executor").get("enabled")).contains(Json.FALSE);
        assertThat(told.object("executor").object("commands")).isEqualTo(Json.object());
    }
}

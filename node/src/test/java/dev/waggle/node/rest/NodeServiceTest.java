package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

import static org.assertj.core.api.Assertions.assertThat;

/// The routes of a real node.
@Timeout(60)
class NodeServiceTest {
    @TempDir Path folder;
    @AutoClose private TestNode node;

    @BeforeEach void start() {
        node = TestNode.served(folder);
    }

    @Test void the_document_describes_every_route_once() throws IOException {
        var document = json("/openapi.json", "");
        assertThat(document.text("openapi")).startsWith("3.1");
        var operations = new HashSet<String>();
        document.object("paths").members().forEach((path, methods) -> methods.asObject().members().forEach((method, operation) -> {
            assertThat(operations.add(operation.asObject().text("operationId"))).as(path).isTrue();
            assertThat(operation.asObject().text("summary")).isNotBlank();
            for (var part : path.split("/")) if (part.startsWith("{"))
                assertThat(operation.asObject().array("parameters")).anyMatch(parameter -> parameter.asObject().text("name").equals(part.substring(1, part.length() - 1)));
        }));
        assertThat(operations).contains("postApiV1Track", "getApiV1SpacesSpaceLog", "getLivez").hasSizeGreaterThan(20);
    }

    @Test void health_is_open_and_its_details_are_not() throws IOException, InterruptedException {
        assertThat(json("/livez", "").get("alive")).contains(Json.TRUE);
        awaitReady();
        assertThat(json("/readyz", "").get("reasons")).isEmpty();
        assertThat(json("/readyz", token()).array("reasons")).isEmpty();
    }

    @Test void metrics_are_in_prometheus_form() throws IOException {
        assertThat(text("/metrics", token())).contains("# TYPE waggle_ready gauge").contains("waggle_peers 0.0").contains("jvm_memory_used_bytes");
    }

    @Tag("W01") @Test void the_page_is_served_without_the_token_and_holds_no_script_of_its_own() throws IOException {
        assertThat(text("/", "")).contains("src=\"/assets/page.js\"").doesNotContainPattern("<script>|onclick|style=|<style");
        assertThat(text("/assets/page.js", "")).contains("/api/v1/ws");
        assertThat(open("/assets/page.css", "").getContentType()).startsWith("text/css");
        assertThat(node.service().pageLink()).matches("http://127\\.0\\.0\\.1:[0-9]+/#link=[0-9a-f]{32}").doesNotContain(token());
    }

    @Test void the_page_is_small_enough_to_be_there_at_once() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            for (var part : List.of("/", "/assets/page.js", "/assets/page.css")) out.write(text(part, "").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(packed.size()).isLessThan(400_000);
    }

    @Test void the_status_has_one_light_and_the_history_is_there_before_anything_happened() throws IOException {
        assertThat(json("/api/v1/sync/status", token()).object("light").text("help")).isIn("start", "check");
        assertThat(json("/api/v1/sync/history?limit=5", token()).array("runs")).isEmpty();
    }

    /// A status that threw hid what was wrong when it was needed most, and the node took it for a bug of its own and stopped.
    @Test void a_tracked_file_that_is_no_database_any_more_turns_the_light_red_and_a_good_one_turns_it_back() throws Exception {
        var file = folder.resolve("notes.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
            statement.execute("CREATE TABLE notes (id TEXT PRIMARY KEY)");
        }
        node.node().track(file, List.of(), Optional.empty(), (_, _, _) -> {});
        awaitLight("green");
        var good = Files.readAllBytes(file);
        Files.writeString(file, "no database at all. ".repeat(500));
        awaitLight("red");
        assertThat(json("/api/v1/sync/status", token()).object("light").text("says")).contains("is not an SQLite database").endsWith(".");
        Files.write(file, good);
        awaitLight("green");
    }

    private void awaitLight(String color) throws Exception {
        String shown;
        for (long until = System.nanoTime() + 20_000_000_000L; !(shown = json("/api/v1/sync/status", token()).object("light").text("color")).equals(color); Thread.sleep(10))
            if (System.nanoTime() > until) throw new AssertionError("the light stays " + shown + " and does not turn " + color);
    }

    @Test void the_status_arrives_as_server_sent_events() throws IOException {
        var connection = open("/api/v1/live", token());
        try (var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": looking on");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("event: status");
            assertThat(lines.readLine()).startsWith("data: {").contains("\"node\":\"" + node.node().id().hex(), "\"light\":");
        }
    }

    @Tag("W04") @Test void no_name_that_others_choose_becomes_a_path() throws Exception {
        var file = folder.resolve("notes.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
            statement.execute("CREATE TABLE \"../../evil\" (id INTEGER PRIMARY KEY, name TEXT)");
        }
        var space = node.node().track(file, List.of(), Optional.of("../../../evil\u202e\n"), (_, _, _) -> {}).space();
        assertThat(space.name()).doesNotContain("/", "\u202e", "\n");
        try (var spaces = Files.list(folder.resolve("data").resolve("spaces"))) {
            assertThat(spaces.map(path -> path.getFileName().toString())).containsExactly(space.id().hex());
        }
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(path -> path.toString().contains("evil"))).isEmpty();
        }
        for (var path : List.of("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../index.html", "/assets/..%2findex.html", "/assets/page.class", "/..%2frun.json", "/api/v1/spaces/..%2f..%2fdata", "/%00", "//etc/passwd"))
            assertThat(open(path, token()).getResponseCode()).as(path).isIn(400, 403, 404);
    }

    @Tag("W06") @Test void the_token_file_is_private() throws IOException {
        assertThat(Files.getPosixFilePermissions(folder.resolve("data").resolve("token")).toString()).doesNotContain("GROUP").doesNotContain("OTHERS");
        assertThat(token()).hasSize(64);
    }

    private void awaitReady() throws InterruptedException {
        for (long until = System.nanoTime() + 20_000_000_000L; !node.node().reasons().isEmpty(); Thread.sleep(10))
            if (System.nanoTime() > until) throw new AssertionError(node.node().reasons());
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("data").resolve("token")).strip();
    }

    private Json.Obj json(String path, String token) throws IOException {
        return dev.waggle.core.event.Canonical.parseObject(text(path, token).getBytes(StandardCharsets.UTF_8));
    }

    private String text(String path, String token) throws IOException {
        var connection = open(path, token);
        assertThat(connection.getResponseCode()).as(path).isEqualTo(200);
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpURLConnection open(String path, String token) throws IOException {
        var connection = (HttpURLConnection) URI.create("http://" + node.service().rest().orElseThrow() + path).toURL().openConnection();
        connection.setReadTimeout(20_000);
        if (!token.isEmpty()) connection.setRequestProperty("Authorization", "Bearer " + token);
        return connection;
    }
}

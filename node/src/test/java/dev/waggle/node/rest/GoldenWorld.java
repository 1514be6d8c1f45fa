package dev.waggle.node.rest;

import dev.waggle.core.event.Json;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Two nodes and their hub in one process, with something of everything that pages show: a tracked file with a conflict, a hive with a thread, a board with work done and a conflict, an organisation.
/// Both conflicts are made for sure: each of the two nodes writes while the other is not there.
final class GoldenWorld implements AutoCloseable {
    private static final long PATIENCE_MS = 30_000;
    private static final long LOOK_MS = 20;
    private final Path folder;
    private final Map<String, TestNode> nodes = new LinkedHashMap<>();
    final Map<String, String> ids = new LinkedHashMap<>();

    GoldenWorld(Path folder) throws Exception {
        this.folder = folder;
        start("hub", "{\"hub\": true}");
        call("hub", "POST", "/api/v1/hub/organisations", Json.object("name", "acme"));
        call("hub", "POST", "/api/v1/hub/users", Json.object("organisation", "acme", "email", "ann@example.com", "password", "correct horse battery", "role", "admin"));
        var secret = Files.writeString(folder.resolve("mill.key"), call("hub", "POST", "/api/v1/hub/keys", Json.object("organisation", "acme", "name", "mill")).text("secret"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        start("a", "{\"hub_url\": \"http://" + call("hub", "GET", "/api/v1/node").text("listen") + "\", \"node_api_key_file\": \"" + secret + "\", \"board\": {\"node_name\": \"mill\"}}");
        start("b", "{\"board\": {\"node_name\": \"barn\", \"public_url\": \"https://barn.example\"}}");
        file();
        hive();
        board();
        conflicts();
        hub();
        settled();
    }

    private void file() throws SQLException {
        sql("a", "CREATE TABLE goods (id TEXT PRIMARY KEY, n INT)", "CREATE TABLE sales (id TEXT PRIMARY KEY)", "INSERT INTO goods VALUES ('honey', 3)");
        result("a", "POST", "/api/v1/track", Json.object("file", file("a").toString(), "name", "a"));
        result("b", "POST", "/api/v1/join", Json.object("ticket", ticket("a"), "file", file("b").toString()));
    }

    private void hive() {
        for (var each : List.of("a", "b")) call(each, "POST", "/api/v1/agents", Json.object("name", each.equals("a") ? "ann" : "bob", "key", false));
        ids.put("hive", call("a", "POST", "/api/v1/hives", Json.object("name", "bees", "description", "All about honey")).text("id"));
        result("b", "POST", "/api/v1/hives/join", Json.object("ticket", ticket("bees")));
        call("b", "POST", "/api/v1/hives/bees/posts", Json.object("title", "The linden is over", "url", "https://example.org/linden"));
        ids.put("post", call("a", "POST", "/api/v1/hives/bees/posts", Json.object("title", "Where is the clover?", "content", "I saw none.")).text("id"));
        var comment = call("a", "POST", "/api/v1/posts/" + ids.get("post") + "/comments", Json.object("content", "Behind the hill?"));
        call("a", "POST", "/api/v1/posts/" + ids.get("post") + "/comments", Json.object("content", "No.", "parent_comment_id", comment.text("id")));
        call("a", "POST", "/api/v1/posts/" + ids.get("post") + "/vote", Json.object("value", 1));
        until("both posts are on both", () -> List.of("a", "b").stream().allMatch(each -> call(each, "GET", "/api/v1/hives/bees/feed").array("data").size() == 2));
    }

    private void board() {
        var garden = data("a", "POST", "/api/projects", Json.object("name", "garden")).text("id");
        ids.put("project", garden);
        var dig = data("a", "POST", "/api/projects/garden/tasks", Json.object("title", "Dig the beds", "labels", Json.array(List.of(Json.of("soil"))), "assignee", "Anna", "priority", 1)).text("id");
        data("a", "POST", "/api/projects/garden/tasks", Json.object("title", "Sow carrots", "depends_on", Json.array(List.of(Json.of(dig)))));
        data("a", "POST", "/api/projects/garden/share", Json.object());
        var joined = call("b", "POST", "/api/projects/join", Json.object("ticket", ticket(data("a", "GET", "/api/projects/garden", Json.object()).text("space")))).object("data");
        nodes.get("b").completes(joined);
        var claim = data("a", "POST", "/api/tasks/" + dig + "/claim", Json.object("lease_ms", 60_000)).object("claim");
        data("a", "POST", "/api/tasks/" + dig + "/progress", claimed(claim, "percent", 50));
        data("a", "POST", "/api/tasks/" + dig + "/log", Json.object("lines", Json.array(List.of(Json.of("a stone")))));
        ids.put("task", data("a", "POST", "/api/tasks/" + dig + "/finish", claimed(claim, "exit_code", 0)).text("id"));
        until("B has the result", () -> Json.of("done").equals(task("b").get("status").orElseThrow()));
    }

    private static Json.Obj claimed(Json.Obj claim, String name, long number) {
        return Json.object("claim", claim.text("id"), "token", claim.integer("token"), name, number, "note", "by hand");
    }

    /// The first task of the only project of a node.
    private Json.Obj task(String node) {
        return data(node, "GET", "/api/projects/-/tasks", Json.object()).array("tasks").getFirst().asObject();
    }

    private void conflicts() throws Exception {
        stop("a");
        change("b", "Dig two beds", 5);
        stop("b");
        start("a", "");
        change("a", "Dig deep beds", 7);
        start("b", "");
        until("A knows both conflicts", () -> call("a", "GET", "/api/v1/conflicts").array("conflicts").size() == 1 && data("a", "GET", "/api/projects/garden/conflicts", Json.object()).array("conflicts").size() == 1);
    }

    private void change(String node, String title, int number) throws SQLException {
        data(node, "PATCH", "/api/tasks/" + task(node).text("id"), Json.object("title", title));
        sql(node, "UPDATE goods SET n = " + number + " WHERE id = 'honey'");
        until(node + " has it in its log", () -> call(node, "GET", "/api/v1/spaces/a").integer("queue") == 0);
    }

    private void hub() {
        data("a", "POST", "/api/projects", Json.object("name", "orchard"));
        until("the hub lets A in", () -> call("a", "GET", "/api/v1/hub/link").get("connected").equals(Optional.of(Json.TRUE)));
        call("a", "POST", "/api/v1/hub/link/publish", Json.object("project", "orchard"));
        call("hub", "POST", "/api/v1/hub/sessions", Json.object("email", "ann@example.com", "password", "correct horse battery"));
        until("it shows the project", () -> call("a", "GET", "/api/v1/hub/link/projects").array("projects").size() == 1);
    }

    /// Everybody has heard of everything: what is asked from now on is answered alike every time.
    private void settled() {
        until("all is exchanged", () -> {
            var status = call("a", "GET", "/api/v1/sync/status");
            return status.array("peers").size() == 2 && status.array("peers").stream().map(Json::asObject).allMatch(peer -> peer.text("state").equals("connected")
                && peer.get("agreed").equals(Optional.of(Json.TRUE)) && peer.integer("last_sync_ms") > 0) && status.object("light").text("color").equals("green");
        });
        var log = call("a", "GET", "/api/v1/spaces/a/log?limit=1").array("entries").getFirst().asObject();
        ids.put("event", log.text("id"));
        ids.put("offset", String.valueOf(log.integer("offset") - 1));
        ids.put("b", call("b", "GET", "/api/v1/node").text("node"));
        var job = call("a", "POST", "/api/v1/sync/now", Json.object());
        ids.put("job", job.text("id"));
        nodes.get("a").completes(job);
    }

    Json.Obj call(String node, String method, String path) {
        return call(node, method, path, Json.object());
    }

    Json.Obj call(String node, String method, String path, Json.Obj body) {
        return nodes.get(node).call(method, path, body);
    }

    private List<Json> data(String node, String method, String path) {
        return call(node, method, path).array("data");
    }

    private Json.Obj data(String node, String method, String path, Json.Obj body) {
        return call(node, method, path, body).object("data");
    }

    private void result(String node, String method, String path, Json.Obj body) {
        nodes.get(node).completes(call(node, method, path, body));
    }

    private String ticket(String space) {
        return call("a", "POST", "/api/v1/invite", Json.object("space", space)).text("ticket");
    }

    private Path file(String node) {
        return folder.resolve(node + ".sqlite");
    }

    private void sql(String node, String... statements) throws SQLException {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file(node)); var sql = db.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 10000");
            for (var each : statements) sql.execute(each);
        }
    }

    /// @param settings of its file; empty for those that it has
    private void start(String name, String settings) throws Exception {
        var data = folder.resolve(name);
        if (!settings.isEmpty()) Files.writeString(Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))).resolve("settings.json"), settings);
        nodes.put(name, TestNode.start(TestNode.settings(folder, TestNode.flags(data)).withoutRest()));
    }

    private void stop(String name) {
        nodes.remove(name).close();
    }

    private static void until(String what, BooleanSupplier so) {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("not within " + PATIENCE_MS + " ms: " + what);
            try {
                Thread.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override public void close() {
        nodes.values().forEach(TestNode::close);
    }
}

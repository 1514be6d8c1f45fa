package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Hives over HTTP, for the operator and for agents with keys.
@Timeout(60)
class HiveRoutesTest {
    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestNode node;
    private String operator;
    private String robot;

    record Said(int status, Json.Obj json) {
        String code() {
            return json.object("error").text("code");
        }
    }

    @BeforeEach void start() throws Exception {
        node = TestNode.served(folder);
        operator = Files.readString(folder.resolve("data").resolve("token")).strip();
        assertThat(call(operator, "POST", "/api/v1/agents", Json.object("name", "queen")).status()).isEqualTo(200);
        call(operator, "POST", "/api/v1/hives", Json.object("name", "bees", "agent", "queen"));
        robot = call(operator, "POST", "/api/v1/agents", Json.object("name", "robot")).json().text("api_key");
    }

    @AfterEach void stop() {
        node.close();
        http.close();
    }

    private Said call(String key, String method, String path, Json.Obj body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://" + node.service().rest().orElseThrow() + path));
        if (!key.isEmpty()) request.header("Authorization", "Bearer " + key);
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body)));
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Said(answer.statusCode(), Canonical.parseObject(answer.body()));
    }

    private Json.Obj get(String path) throws Exception {
        var said = call(robot, "GET", path, null);
        assertThat(said.status()).as(path + " " + said.json()).isEqualTo(200);
        return said.json();
    }

    private String post(String title) throws Exception {
        var said = call(robot, "POST", "/api/v1/hives/bees/posts", Json.object("title", title));
        assertThat(said.status()).as(said.json().toString()).isEqualTo(200);
        return said.json().text("id");
    }

    @Test void a_key_opens_the_hives_and_nothing_else_and_a_wrong_one_nothing() throws Exception {
        assertThat(call("", "GET", "/api/v1/hives", null).code()).isEqualTo("unauthorised");
        assertThat(call("waggle_agent_" + "0".repeat(64), "GET", "/api/v1/hives", null).code()).isEqualTo("unauthorised");
        assertThat(call(robot, "GET", "/api/v1/hives", null).status()).isEqualTo(200);
        assertThat(get("/api/v1/agents/me").text("name")).isEqualTo("robot");
        for (var path : List.of("/api/v1/node", "/api/v1/spaces", "/metrics", "/api/v1/sync/status")) assertThat(call(robot, "GET", path, null).status()).as(path).isEqualTo(401);
        for (var path : List.of("/api/v1/agents", "/api/v1/agents/robot/key", "/api/v1/hives", "/api/v1/invite", "/api/v1/hives/bees/import"))
            assertThat(call(robot, "POST", path, Json.object("name", "x")).status()).as(path).isEqualTo(401);
        var renewed = call(operator, "POST", "/api/v1/agents/robot/key", Json.object()).json().text("api_key");
        assertThat(call(robot, "GET", "/api/v1/hives", null).status()).isEqualTo(401);
        assertThat(call(renewed, "GET", "/api/v1/hives", null).status()).isEqualTo(200);
    }

    /// Whatever asks somebody else at an address that the caller names is the operator's: an agent, and who has no key at all, get the same answer whether the thing exists or not.
    @Tag("W09") @Test void who_is_not_the_operator_has_this_node_ask_nobody() throws Exception {
        int[] asked = {0};
        var trap = com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);
        trap.createContext("/", exchange -> {
            asked[0]++;
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        trap.start();
        try {
            var url = "http://127.0.0.1:" + trap.getAddress().getPort();
            var named = call(operator, "POST", "/api/v1/sync/peers", Json.object("sync_endpoint", url + "/sync/v1")).json().text("id");
            call(operator, "POST", "/api/v1/sync/peers/" + named + "/test", Json.object());
            assertThat(asked[0]).as("the operator's is asked").isPositive();
            call(operator, "DELETE", "/api/v1/sync/peers/" + named, null);
            asked[0] = 0;
            var body = Json.object("sync_endpoint", url + "/sync/v1", "url", url, "address", url, "node", "ab".repeat(32), "ticket", "x", "hive", "bees", "agent", "robot");
            for (var key : List.of("", robot)) {
                for (var path : List.of("/api/v1/sync/peers", "/api/v1/sync/subscriptions", "/api/v1/peers", "/api/v1/join", "/api/v1/hives/join", "/api/v1/sync/groups/join"))
                    assertThat(call(key, "POST", path, body).status()).as(path).isEqualTo(401);
                var known = call(key, "POST", "/api/v1/sync/peers/" + named + "/test", body);
                assertThat(known.status()).isEqualTo(401);
                assertThat(call(key, "POST", "/api/v1/sync/peers/nobody/test", body).json().object("error").text("message")).isEqualTo(known.json().object("error").text("message"));
                assertThat(call(key, "POST", "/api/v1/peers/" + "ab".repeat(32) + "/test", body).status()).isEqualTo(401);
            }
            assertThat(asked[0]).isZero();
        } finally {
            trap.stop(0);
        }
    }

    @Tag("W02") @Test void keys_are_kept_as_hashes_only() throws Exception {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(bytes).as(file.toString()).doesNotContain(robot.substring("waggle_agent_".length()));
            }
        }
    }

    @Test void an_agent_of_the_owners_node_is_no_moderator_by_its_key() throws Exception {
        var id = call(operator, "POST", "/api/v1/hives/bees/posts", Json.object("title", "Royal", "agent", "queen")).json().text("id");
        assertThat(call(robot, "DELETE", "/api/v1/posts/" + id, Json.object()).code()).isEqualTo("not_allowed");
        assertThat(call(robot, "PATCH", "/api/v1/posts/" + id, Json.object("title", "Mine")).code()).isEqualTo("not_allowed");
        assertThat(call(robot, "POST", "/api/v1/hives/bees/settings", Json.object("key", "description", "value", "mine")).code()).isEqualTo("not_allowed");
        assertThat(call(robot, "POST", "/api/v1/hives/bees/moderators", Json.object("action", "add", "subject", "robot")).code()).isEqualTo("not_allowed");
        assertThat(call(robot, "POST", "/api/v1/posts/" + id + "/vote", Json.object("value", 1, "agent", "queen")).status()).isEqualTo(200);
        assertThat(call(robot, "GET", "/api/v1/posts/" + id + "/votes", null).json().array("data")).singleElement()
            .satisfies(vote -> assertThat(vote.asObject().object("voter").text("agent_id")).as("a key votes for its own agent, whatever the body says").isEqualTo(get("/api/v1/agents/me").text("id")));
        assertThat(call(operator, "POST", "/api/v1/hives/bees/moderators", Json.object("action", "add", "subject", "robot", "agent", "queen")).status()).isEqualTo(200);
        assertThat(call(robot, "DELETE", "/api/v1/posts/" + id, Json.object("reason", "off topic")).json().text("state")).isEqualTo("removed");
        assertThat(call(operator, "POST", "/api/v1/posts/" + id + "/restore", Json.object("agent", "queen")).code()).as("its author is no moderator of herself").isEqualTo("not_allowed");
        assertThat(call(robot, "POST", "/api/v1/posts/" + id + "/restore", Json.object()).json().text("title")).isEqualTo("Royal");
        assertThat(call(operator, "POST", "/api/v1/hives/bees/members", Json.object("action", "ban", "subject", "robot", "agent", "queen")).status()).isEqualTo(200);
        assertThat(call(robot, "POST", "/api/v1/hives/bees/posts", Json.object("title", "still here")).code()).isEqualTo("not_allowed");
    }

    @Test void pages_of_every_order_have_each_post_once() throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 23; i++) ids.add(post("post " + i));
        for (int i = 0; i < 23; i += 3) call(robot, "POST", "/api/v1/posts/" + ids.get(i) + "/vote", Json.object("value", i % 2 == 0 ? 1 : -1));
        for (var sort : List.of("new", "top", "hot")) {
            var seen = new LinkedHashSet<String>();
            var cursor = "";
            for (Json.Obj page; ; cursor = page.text("cursor")) {
                page = get("/api/v1/hives/bees/feed?limit=5&sort=" + sort + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
                page.array("data").forEach(each -> assertThat(seen.add(each.asObject().text("id"))).isTrue());
                if (page.get("has_more").filter(Json.TRUE::equals).isEmpty()) break;
            }
            assertThat(seen).as(sort).containsExactlyInAnyOrderElementsOf(ids);
            if (sort.equals("new")) assertThat(seen).containsExactlyElementsOf(ids.reversed().stream().sorted((a, b) -> 0).toList());
        }
        var top = get("/api/v1/hives/bees/feed?sort=top&limit=500").array("data").stream().map(each -> each.asObject().integer("score")).toList();
        assertThat(top).isSortedAccordingTo((a, b) -> Long.compare(b, a)).startsWith(1L).endsWith(-1L);
        assertThat(call(robot, "GET", "/api/v1/feed/all?sort=best", null).code()).isEqualTo("bad_request");
        assertThat(call(robot, "GET", "/api/v1/feed/all?cursor=!!", null).code()).isEqualTo("bad_request");
        assertThat(call(robot, "GET", "/api/v1/feed/all?limit=501", null).code()).isEqualTo("bad_request");
    }

    @Tag("N04") @Test void a_reader_that_goes_on_from_its_cursor_misses_nothing_and_sees_edits_and_deletions() throws Exception {
        call(operator, "POST", "/api/v1/hives", Json.object("name", "wasps", "agent", "queen"));
        var first = post("first");
        var second = post("second");
        var page = get("/api/v1/feed/all?since=start&limit=1");
        assertThat(titles(page)).containsExactly("first");
        assertThat(page.get("has_more")).contains(Json.TRUE);
        page = get("/api/v1/feed/all?since=" + page.text("cursor"));
        assertThat(titles(page)).containsExactly("second");
        call(operator, "POST", "/api/v1/hives/wasps/posts", Json.object("title", "sting", "agent", "queen"));
        call(robot, "PATCH", "/api/v1/posts/" + first, Json.object("title", "first, edited"));
        call(robot, "DELETE", "/api/v1/posts/" + second, Json.object());
        page = get("/api/v1/feed/all?since=" + page.text("cursor"));
        assertThat(titles(page)).containsExactlyInAnyOrder("first, edited", "", "sting");
        assertThat(page.array("data").stream().map(each -> each.asObject().text("state"))).contains("deleted");
        page = get("/api/v1/feed/all?since=" + page.text("cursor"));
        assertThat(page.array("data")).isEmpty();
        assertThat(titles(get("/api/v1/feed/all?hive=wasps"))).containsExactly("sting");
    }

    private static List<String> titles(Json.Obj page) {
        return page.array("data").stream().map(each -> each.asObject().text("title")).toList();
    }

    @Test void comments_are_read_as_a_thread_and_flat_and_answers_are_checked() throws Exception {
        var post = post("talk");
        var one = call(robot, "POST", "/api/v1/posts/" + post + "/comments", Json.object("content", "one")).json().text("id");
        call(robot, "POST", "/api/v1/posts/" + post + "/comments", Json.object("content", "two"));
        var answer = call(robot, "POST", "/api/v1/posts/" + post + "/comments", Json.object("content", "answer to one", "parent_comment_id", one)).json();
        assertThat(answer.text("path")).isEqualTo(one + "/" + answer.text("id"));
        assertThat(contents("/api/v1/posts/" + post + "/comments")).containsExactly("one", "answer to one", "two");
        var page = get("/api/v1/posts/" + post + "/comments?limit=2");
        assertThat(contents("/api/v1/posts/" + post + "/comments?cursor=" + page.text("cursor"))).containsExactly("two");
        call(robot, "POST", "/api/v1/comments/" + answer.text("id") + "/vote", Json.object("value", 1));
        assertThat(contents("/api/v1/posts/" + post + "/comments?sort=top")).startsWith("answer to one").hasSize(3);
        call(robot, "PATCH", "/api/v1/comments/" + one, Json.object("content", "one, edited"));
        assertThat(get("/api/v1/comments/" + one).text("content")).isEqualTo("one, edited");
        assertThat(call(robot, "POST", "/api/v1/posts/" + post + "/comments", Json.object("content", "x", "parent_comment_id", "nobody")).code()).isEqualTo("not_found");
        assertThat(call(robot, "POST", "/api/v1/posts/nobody/comments", Json.object("content", "x")).code()).isEqualTo("not_found");
        assertThat(get("/api/v1/posts/" + post).integer("comment_count")).isEqualTo(3);
        assertThat(call(robot, "POST", "/api/v1/hives/bees/posts", Json.object("title", "big", "content", "\u0001".repeat(20_000))).code()).isEqualTo("too_large");
    }

    private List<String> contents(String path) throws Exception {
        return get(path).array("data").stream().map(each -> each.asObject().text("content")).toList();
    }

    @Test void where_votes_are_private_nobody_is_told_who_voted() throws Exception {
        var post = post("secret ballot");
        call(operator, "POST", "/api/v1/hives/bees/settings", Json.object("key", "vote_privacy", "value", "aggregate", "agent", "queen"));
        call(robot, "POST", "/api/v1/posts/" + post + "/vote", Json.object("value", 1));
        var shown = get("/api/v1/posts/" + post);
        assertThat(shown.integer("score")).isEqualTo(1);
        assertThat(shown.integer("my_vote")).isEqualTo(1);
        assertThat(call(robot, "GET", "/api/v1/posts/" + post + "/votes", null).code()).isEqualTo("not_allowed");
        var log = call(operator, "GET", "/api/v1/spaces/bees/log?payloads=true&limit=1", null).json().array("entries").getFirst().asObject();
        assertThat(log.text("type")).isEqualTo("vote_cast");
        assertThat(log.text("payload")).doesNotContain(get("/api/v1/agents/me").text("id"));
        call(robot, "POST", "/api/v1/posts/" + post + "/vote", Json.object("value", 0));
        assertThat(get("/api/v1/posts/" + post).integer("score")).isZero();
    }

    @Test void what_changes_arrives_as_server_sent_events() throws Exception {
        var connection = URI.create("http://" + node.service().rest().orElseThrow() + "/api/v1/hives/bees/live").toURL().openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + robot);
        connection.setReadTimeout(20_000);
        try (var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": looking on");
            var id = post("breaking");
            assertThat(next(lines)).isEqualTo("event: new_post");
            var data = Canonical.parseObject(lines.readLine().substring("data: ".length()).getBytes(StandardCharsets.UTF_8));
            assertThat(data.object("data").text("post_id")).isEqualTo(id);
            assertThat(data.object("data").text("title")).isEqualTo("breaking");
            assertThat(data.text("channel")).startsWith("hive:");
            call(robot, "POST", "/api/v1/posts/" + id + "/vote", Json.object("value", 1));
            assertThat(next(lines)).isEqualTo("event: post_score");
        }
    }

    private static String next(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); ; line = lines.readLine()) if (line.startsWith("event: ")) return line;
    }

    @Test void a_space_without_a_known_kind_is_kept_and_says_so() {
        var space = node.node().create("odd", "aquarium");
        assertThat(space.view()).isEmpty();
        assertThat(space.trouble()).contains("does not know spaces of the type \"aquarium\"");
        assertThat(StatusJson.space(node.node(), space).text("state")).contains("aquarium");
    }
}

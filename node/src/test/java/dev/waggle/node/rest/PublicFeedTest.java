package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.hive.HiveSpaceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What a node tells everybody at the address where its peers reach it.
@Timeout(60)
class PublicFeedTest {
    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestNode node;

    @BeforeEach void start() {
        node = TestNode.served(folder);
        node.call("POST", "/api/v1/agents", Json.object("name", "bob"));
    }

    @AfterEach void stop() {
        node.close();
        http.close();
    }

    private HttpResponse<String> ask(String target) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://" + node.node().peers().listening().orElseThrow() + target)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Json.Obj said(String target) throws Exception {
        var answer = ask(target);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Canonical.parseObject(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private String post(String hive, String title) {
        return node.call("POST", "/api/v1/hives/" + hive + "/posts", Json.object("title", title)).text("id");
    }

    private void publish(String hive, boolean isPublic) {
        node.call("POST", "/api/v1/hives/" + hive + "/settings", Json.object("key", "is_public", "value", isPublic));
    }

    @Test void a_hive_that_is_not_public_is_answered_like_one_that_does_not_exist() throws Exception {
        var secret = node.call("POST", "/api/v1/hives", Json.object("name", "secret", "description", "nobody's business"));
        var id = post("secret", "plan");
        assertThat(said("/api/v1/hives").array("hives")).isEmpty();
        var unknown = ask("/api/v1/feed/all?hive=nowhere");
        assertThat(unknown.statusCode()).isEqualTo(404);
        for (var asked : List.of("secret", secret.text("id"))) {
            var answer = ask("/api/v1/feed/all?hive=" + asked);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo(unknown.body());
        }
        for (var target : List.of("/api/v1/feed/all", "/api/v1/posts/" + id, "/api/v1/hives/secret", "/api/v1/hives/secret/feed", "/api/v1/search?q=plan", "/api/v1/agents"))
            assertThat(ask(target).statusCode()).as(target).isBetween(400, 404);
    }

    @Test void the_setting_decides_at_once_and_without_one_the_genesis() throws Exception {
        node.call("POST", "/api/v1/hives", Json.object("name", "bees", "is_public", true));
        node.call("POST", "/api/v1/hives", Json.object("name", "wasps"));
        post("bees", "hello");
        assertThat(said("/api/v1/hives").array("hives")).extracting(hive -> hive.asObject().text("name")).containsExactly("bees");
        assertThat(said("/api/v1/feed/all?hive=bees").array("data")).hasSize(1);
        publish("bees", false);
        assertThat(ask("/api/v1/feed/all?hive=bees").statusCode()).as("its genesis said public, the setting says no").isEqualTo(404);
        publish("bees", true);
        assertThat(ask("/api/v1/feed/all?hive=bees").statusCode()).isEqualTo(200);
        publish("wasps", true);
        assertThat(ask("/api/v1/feed/all?hive=wasps").statusCode()).isEqualTo(200);

        node.node().create("by-genesis", HiveSpaceType.NAME, Json.object("is_public", true));
        node.node().create("by-no-word", HiveSpaceType.NAME, Json.object("is_public", "true"));
        node.node().create("a-table", "table", Json.object("is_public", true));
        assertThat(said("/api/v1/feed/all?hive=by-genesis").array("data")).isEmpty();
        for (var not : List.of("by-no-word", "a-table")) assertThat(ask("/api/v1/feed/all?hive=" + not).statusCode()).as(not).isEqualTo(404);
    }

    @Test void pages_go_on_behind_their_cursor_with_votes_edits_and_deletions_and_without_reasons() throws Exception {
        node.call("POST", "/api/v1/hives", Json.object("name", "bees", "is_public", true));
        var posts = new ArrayList<String>();
        for (int i = 0; i < 5; i++) posts.add(post("bees", "post " + i));
        node.call("POST", "/api/v1/posts/" + posts.getFirst() + "/comments", Json.object("content", "an answer"));
        var seen = new ArrayList<String>();
        var cursor = "start";
        for (boolean more = true; more; ) {
            var page = said("/api/v1/feed/all?hive=bees&limit=2&since=" + cursor);
            assertThat(page.array("data").size() + page.array("comments").size()).isLessThanOrEqualTo(2);
            page.array("data").forEach(post -> seen.add(post.asObject().text("id")));
            page.array("comments").forEach(comment -> seen.add(comment.asObject().text("content")));
            cursor = page.text("cursor");
            more = page.get("has_more").filter(Json.TRUE::equals).isPresent();
        }
        assertThat(seen).contains("an answer").containsAll(posts);
        assertThat(said("/api/v1/feed/all?hive=bees&since=" + cursor).array("data")).isEmpty();

        node.call("POST", "/api/v1/posts/" + posts.get(1) + "/vote", Json.object("value", 1));
        node.call("DELETE", "/api/v1/posts/" + posts.get(2), Json.object("reason", "between us"));
        var news = said("/api/v1/feed/all?hive=bees&since=" + cursor);
        assertThat(news.array("data")).extracting(post -> post.asObject().text("id")).containsExactly(posts.get(1), posts.get(2));
        assertThat(news.array("data").getFirst().asObject().integer("score")).isEqualTo(1);
        assertThat(Canonical.text(news)).doesNotContain("between us").doesNotContain("reason").doesNotContain("post 2");
        assertThat(ask("/api/v1/feed/all?hive=bees&since=nonsense!").statusCode()).isEqualTo(400);
        assertThat(ask("/api/v1/feed/all?hive=bees&since=" + "a".repeat(600)).statusCode()).isEqualTo(400);
        assertThat(ask("/api/v1/feed/all?hive=bees&limit=0").statusCode()).isEqualTo(400);
    }

    @Test void pages_are_small_and_every_address_gets_so_many_a_minute() throws Exception {
        node.call("POST", "/api/v1/hives", Json.object("name", "bees", "is_public", true));
        for (int i = 0; i < 20; i++) node.call("POST", "/api/v1/hives/bees/posts", Json.object("title", "t" + i, "content", "x".repeat(40_000)));
        var page = said("/api/v1/feed/all?hive=bees");
        assertThat(page.array("data")).hasSizeBetween(5, 14);
        assertThat(page.get("has_more")).contains(Json.TRUE);
        int answers = 0;
        while (ask("/api/v1/hives").statusCode() == 200 && answers < 400) answers++;
        assertThat(answers).isBetween(200, 300);
        assertThat(ask("/api/v1/feed/all?hive=bees").headers().firstValue("Retry-After")).isPresent();
    }
}

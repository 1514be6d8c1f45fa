package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Two real nodes: one has a public hive, the other mirrors it by asking its feed, and is no member. Both are killed meanwhile.
@Timeout(300)
class MirrorTest {
    @TempDir Path folder;

    @Tag("S01") @Test void a_mirror_follows_a_public_hive_through_kills_of_both_nodes_and_writes_nothing() throws Exception {
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.up();
            b.up();
            a.ask("hive", "create", "bees", "--public", "--as", "alice");
            a.ask("hive", "create", "secret", "--as", "alice");
            var secret = a.ask("hive", "post", "nobody's business", "--hive", "secret", "--as", "alice").text("id");
            for (int i = 0; i < 3; i++) post(a, "post " + i);
            var first = a.ask("hive", "feed", "bees").array("data").getLast().asObject().text("id");
            a.ask("hive", "comment", first, "an answer", "--as", "alice");
            var source = "http://" + a.address();

            var made = b.ask("hive", "subscribe", source, "--every", "1");
            assertThat(made.text("remote_hive_name")).as("the only public one").isEqualTo("bees");
            assertThat(made.integer("post_count")).isEqualTo(3);
            assertThat(shown(b)).isEqualTo(shown(a));
            var marked = b.rest("GET", "/api/v1/posts/" + first, null).ok();
            assertThat(marked.object("mirror").text("source_url")).isEqualTo(source);
            assertThat(marked.text("origin_instance_id")).isEqualTo(a.ask("hive", "show", "bees").text("owner_instance_id"));

            // Votes, edits, deletions and comments arrive by themselves.
            a.ask("hive", "vote", first, "up", "--as", "alice");
            a.rest("PATCH", "/api/v1/posts/" + first, Json.object("title", "edited", "agent", "alice")).ok();
            var second = post(a, "to be deleted");
            NodeProcess.await("it arrives", () -> shown(b).equals(shown(a)));
            a.ask("hive", "delete", second, "--as", "alice");
            a.ask("hive", "comment", first, "another answer", "--as", "alice");
            NodeProcess.await("all of it arrives", () -> shown(b).equals(shown(a)));
            assertThat(shown(b).get(first)).contains("edited").contains("score 1").contains("another answer");
            assertThat(shown(b)).doesNotContainKey(second);

            // Nothing can be written into it.
            var refused = b.run("hive", "post", "mine", "--hive", "bees", "--as", "bob");
            assertThat(refused.exit()).isEqualTo(4);
            assertThat(refused.err()).contains("read-only mirror");
            for (var what : new String[] {"comment", "vote"})
                assertThat(b.run("hive", what, first, what.equals("vote") ? "up" : "mine", "--as", "bob").err()).as(what).contains("read-only mirror");

            // The mirror is killed while things change, and goes on from its cursor.
            b.kill();
            post(a, "while the mirror was down");
            a.ask("hive", "vote", first, "none", "--as", "alice");
            b.up();
            NodeProcess.await("the mirror goes on", () -> shown(b).equals(shown(a)));

            // The source is killed: what is here stays, the failure is told, and it goes on by itself.
            a.kill();
            NodeProcess.await("the failure is told", () -> !(subscription(b).get("last_error").orElseThrow() instanceof Json.Null));
            assertThat(shown(b)).hasSize(4);
            a.up();
            assertThat("http://" + a.address()).as("on the port of before").isEqualTo(source);
            post(a, "after the source was down");
            NodeProcess.await("the mirror goes on", () -> shown(b).equals(shown(a)));
            assertThat(subscription(b).get("last_error")).contains(Json.NULL);
            assertThat(subscription(b).integer("failures")).isZero();

            // Paused, it asks no more; asked by hand it does.
            b.ask("hive", "subscription", "bees", "--pause");
            var before = subscription(b).text("last_sync_at");
            post(a, "while it was paused");
            assertThat(b.ask("hive", "subscription", "bees").text("status")).isEqualTo("paused");
            assertThat(subscription(b).text("last_sync_at")).isEqualTo(before);
            b.ask("hive", "subscription", "bees", "--now");
            assertThat(shown(b)).isEqualTo(shown(a));
            b.ask("hive", "subscription", "bees", "--resume");

            // As a member it has the same posts, once.
            b.ask("hive", "join", a.ask("invite", "--space", "bees").text("ticket"), "--name", "joined");
            NodeProcess.await("the hive and its mirror are one", () -> shown(b).equals(shown(a)) && feed(b).array("data").stream().noneMatch(post -> post.asObject().get("mirror").isPresent()));
            b.ask("hive", "comment", first, "now I may", "--as", "bob");
            NodeProcess.await("and what is written there arrives", () -> shown(a).get(first).contains("now I may"));

            // What is not public (any more) is not told.
            assertThat(everybody(source + "/api/v1/feed/all?hive=secret")).isEqualTo(404);
            assertThat(everybody(source + "/api/v1/posts/" + secret)).isEqualTo(404);
            assertThat(everybody(source + "/api/v1/feed/all?hive=bees")).isEqualTo(200);
            a.ask("hive", "set", "is_public", "false", "--hive", "bees", "--as", "alice");
            assertThat(everybody(source + "/api/v1/feed/all?hive=bees")).isEqualTo(404);
            var now = b.run("hive", "subscription", "bees", "--now", "--json");
            assertThat(now.exit()).isEqualTo(1);
            assertThat(now.json().text("last_error")).contains("no public hive");

            b.ask("hive", "unsubscribe", "bees");
            assertThat(b.ask("hive", "subscriptions").array("subscriptions")).isEmpty();
        }
    }

    private static String post(NodeProcess node, String title) {
        return node.ask("hive", "post", title, "text", "--hive", "bees", "--as", "alice").text("id");
    }

    private static Json.Obj subscription(NodeProcess node) {
        return node.ask("hive", "subscriptions").array("subscriptions").getFirst().asObject();
    }

    private static Json.Obj feed(NodeProcess node) {
        return node.ask("hive", "feed", "--limit", "500");
    }

    private static int everybody(String url) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    /// Every post of the public hive with its score, and its comments.
    private static TreeMap<String, String> shown(NodeProcess node) {
        var shown = new TreeMap<String, String>();
        for (var each : feed(node).array("data")) {
            var post = each.asObject();
            if (post.text("hive").equals("secret")) continue;
            var text = new StringBuilder(post.text("title") + " score " + post.integer("score") + " by " + post.object("author").text("name") + " answers " + post.integer("comment_count"));
            for (var comment : node.ask("hive", "read", post.text("id"), "--limit", "500").array("comments"))
                text.append('\n').append(comment.asObject().text("path")).append(' ').append(comment.asObject().text("content"));
            shown.put(post.text("id"), text.toString());
        }
        return shown;
    }
}

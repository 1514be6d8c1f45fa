package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import dev.waggle.lab.forwarder.Forwarder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// Two real nodes with one hive. Both go on while the link between them is cut, and one is killed meanwhile; afterwards both show the same.
@Timeout(240)
class HiveTest {
    private static final int ROUNDS = 12;
    @TempDir Path folder;

    @Tag("N02") @Tag("S01") @Tag("F01") @Test void two_nodes_that_went_on_apart_show_the_same_feeds_threads_and_scores_afterwards() throws Exception {
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.up();
            b.up();
            NodeProcess.await("it says where it listens", () -> a.printed().contains("status page"));
            var listening = Pattern.compile("peers reach it at +127\\.0\\.0\\.1:([0-9]+)").matcher(a.printed());
            assertThat(listening.find()).isTrue();
            try (var link = Forwarder.start(0, "127.0.0.1", Integer.parseInt(listening.group(1)))) {
                a.ask("hive", "create", "bees", "--as", "alice");
                var posts = new ArrayList<String>();
                for (int i = 0; i < 3; i++) posts.add(a.ask("hive", "post", "before " + i, "text", "--as", "alice").text("id"));
                b.ask("hive", "join", a.ask("invite", "--address", link.address()).text("ticket"));
                NodeProcess.await("both show what was there", () -> shown(b).equals(shown(a)));

                link.stop();
                for (int i = 0; i < ROUNDS; i++) {
                    talk(a, "alice", posts, i);
                    talk(b, "bob", posts, i);
                }
                a.ask("hive", "delete", posts.get(1), "--as", "alice", "--reason", "apart");
                b.kill();
                b.up();
                talk(b, "bob", posts, ROUNDS);
                assertThat(shown(a)).as("apart they differ").isNotEqualTo(shown(b));

                link.start();
                NodeProcess.await("both show the same", () -> shown(b).equals(shown(a)));
                var all = shown(a);
                assertThat(all.keySet()).as("nothing was lost").hasSize(3 - 1 + 2 * ROUNDS + 1);
                assertThat(all.get(posts.getFirst())).as("alice and bob voted, and both commented").startsWith("before 0 score 2 ");
                var read = b.ask("hive", "read", posts.getFirst(), "--limit", "500");
                assertThat(read.array("comments")).hasSize((int) read.integer("comment_count")).hasSizeGreaterThan(ROUNDS);
                for (var node : List.of(a, b)) {
                    node.run("log", "verify").ok();
                    assertThat(node.ask("hive", "show").integer("quarantined")).isZero();
                }
            }
        }
    }

    private static void talk(NodeProcess node, String agent, List<String> posts, int round) {
        node.ask("hive", "post", agent + " " + round, "--as", agent);
        node.ask("hive", "comment", posts.getFirst(), agent + " says " + round, "--as", agent);
        node.ask("hive", "vote", posts.getFirst(), round % 2 == 0 ? "up" : "none", "--as", agent);
        node.ask("hive", "vote", posts.get(2), round % 3 == 0 ? "down" : "up", "--as", agent);
        if (round == ROUNDS - 1) node.ask("hive", "vote", posts.getFirst(), "up", "--as", agent);
    }

    /// Every post with its score, and its comments with theirs.
    private static TreeMap<String, String> shown(NodeProcess node) {
        var shown = new TreeMap<String, String>();
        for (var each : node.ask("hive", "feed", "--limit", "500").array("data")) {
            var post = each.asObject();
            var text = new StringBuilder(post.text("title") + " score " + post.integer("score") + " by " + post.object("author").text("name"));
            for (var comment : node.ask("hive", "read", post.text("id"), "--limit", "500").array("comments")) {
                Json.Obj one = comment.asObject();
                text.append('\n').append(one.text("path")).append(' ').append(one.text("content")).append(' ').append(one.integer("score"));
            }
            shown.put(post.text("id"), text.toString());
        }
        return shown;
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Hives as a person uses them, on two nodes that talk over loopback.
@Timeout(120)
class HiveCommandsTest {
    @TempDir Path folder;
    private Shell anna;
    private Shell bert;

    @BeforeEach void make() {
        anna = new Shell(folder.resolve("anna"), folder.resolve("state"));
        bert = new Shell(folder.resolve("bert"), folder.resolve("state"));
    }

    @AfterEach void stop() throws InterruptedException {
        anna.close();
        bert.close();
    }

    private static String id(Json.Obj answer) {
        return answer.text("id");
    }

    private static Json.Obj awaitPost(Shell at, String id, String member, long wanted) throws InterruptedException {
        for (long until = System.nanoTime() + 20_000_000_000L;; Thread.sleep(20)) {
            var said = at.run("hive", "read", id, "--json");
            if (said.exit() == 0 && said.json().integer(member) == wanted) return said.json();
            if (System.nanoTime() > until) throw new AssertionError("not in time: " + said);
        }
    }

    @Test void a_hive_is_made_joined_and_talked_in_on_both_sides() throws Exception {
        anna.up();
        bert.up();
        var hive = anna.ask("hive", "create", "bees", "--description", "All about honey", "--as", "alice");
        assertThat(hive.text("description")).isEqualTo("All about honey");
        assertThat(hive.integer("member_count")).isEqualTo(1);
        var post = id(anna.ask("hive", "post", "Where is the clover?", "I saw none.", "--as", "alice", "--url", "https://example.org/clover"));
        var joined = bert.ask("hive", "join", anna.ask("invite", "--space", "bees").text("ticket"));
        assertThat(joined.integer("post_count")).isEqualTo(1);

        var comment = id(bert.ask("hive", "comment", post, "Behind the hill", "--as", "bob"));
        bert.ask("hive", "vote", post, "up", "--as", "bob");
        var read = awaitPost(anna, post, "score", 1);
        assertThat(read.array("comments")).singleElement().satisfies(each -> assertThat(each.asObject().text("content")).isEqualTo("Behind the hill"));
        assertThat(read.array("comments").getFirst().asObject().object("author").text("name")).isEqualTo("bob");
        anna.ask("hive", "comment", post, "Thank you", "--answer", comment, "--as", "alice");
        assertThat(awaitPost(bert, post, "comment_count", 2).array("comments").getLast().asObject().text("path")).startsWith(comment + "/");
        assertThat(bert.ask("hive", "feed").array("data")).hasSize(1);
        assertThat(bert.ask("hive", "search", "clov").array("data")).hasSize(1);
        assertThat(bert.run("hive", "search", "wasps").exit()).isEqualTo(Exit.DIFFERENCE);
        assertThat(anna.run("hive", "list").out()).contains("bees").contains("All about honey");
        assertThat(anna.run("hive", "show").out()).contains("alice@").contains("moderator");
        assertThat(anna.run("hive", "read", post).out()).contains("Behind the hill").contains("Thank you");

        var refused = bert.run("hive", "delete", post, "--as", "bob", "--json");
        assertThat(refused.exit()).isEqualTo(Exit.REFUSED);
        assertThat(refused.json().object("error").text("code")).isEqualTo("not_allowed");
        assertThat(anna.ask("hive", "delete", post, "--as", "alice", "--reason", "found it").text("state")).isEqualTo("deleted");
        assertThat(anna.ask("sync", "status").get("ready")).contains(Json.TRUE);
        assertThat(anna.run("space", "list").out()).contains("shows all of its log");
    }

    @Test void a_hive_fills_no_file_and_a_table_is_no_hive() throws Exception {
        anna.up();
        bert.up();
        anna.ask("hive", "create", "bees", "--as", "alice");
        var refused = bert.run("join", anna.ask("invite").text("ticket"), folder.resolve("b.sqlite"), "--json");
        assertThat(refused.json().object("error").text("message")).contains("is a hive");
        assertThat(folder.resolve("b.sqlite")).doesNotExist();
        assertThat(bert.ask("hive", "list").array("hives")).hasSize(1);
    }

    @Test void a_forum_is_imported_once_whatever_the_order_of_its_lines_and_exported_again() throws Exception {
        anna.up();
        anna.ask("hive", "create", "bees", "--as", "alice");
        var file = folder.resolve("forum.jsonl");
        Files.write(file, List.of(
            "{\"type\":\"comment\",\"id\":\"c2\",\"post_id\":\"p1\",\"parent_id\":\"c1\",\"content\":\"answer\",\"author\":\"bob\",\"created_at\":\"2020-01-02T00:00:02Z\"}",
            "{\"type\":\"comment\",\"id\":\"c1\",\"post_id\":\"p1\",\"deleted\":true,\"author\":\"eve\"}",
            "{\"type\":\"post\",\"id\":\"p1\",\"title\":\"Old \\u003cb\\u003epost\",\"content\":\"text\",\"author\":{\"id\":\"7\",\"name\":\"Alice B.\"},\"created_at\":\"2020-01-01T00:00:00Z\"}",
            "",
            "{\"type\":\"vote\",\"target_type\":\"post\",\"target_id\":\"p1\",\"voter\":\"bob\",\"value\":1}",
            "{\"type\":\"vote\",\"target_type\":\"comment\",\"target_id\":\"c2\",\"voter\":\"eve\",\"value\":-1}",
            "{\"type\":\"setting\",\"key\":\"description\",\"value\":\"imported\"}",
            "{\"type\":\"badge\",\"name\":\"gold\"}",
            "{\"type\":\"post\",\"id\":\"p2\",\"title\":\"  \",\"author\":\"bob\"}",
            "no json at all"));
        var done = anna.run("import", "hive", file, "--json");
        assertThat(done.exit()).isEqualTo(Exit.DIFFERENCE);
        assertThat(List.of(done.json().integer("posts"), done.json().integer("comments"), done.json().integer("votes"), done.json().integer("settings"), done.json().integer("ignored"),
            done.json().integer("refused"))).containsExactly(1L, 2L, 2L, 1L, 1L, 2L);
        assertThat(done.json().array("reasons").getFirst().asText()).isEqualTo("Line 9: a post needs a title.");
        var shown = anna.ask("hive", "feed").array("data").getFirst().asObject();
        assertThat(shown.text("title")).isEqualTo("Old <b>post");
        assertThat(shown.text("created_at")).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(shown.object("author").text("name")).isEqualTo("Alice B.");
        assertThat(shown.integer("score")).isEqualTo(1);
        assertThat(shown.integer("comment_count")).isEqualTo(1);

        var again = anna.run("import", "hive", file, "--json").json();
        assertThat(List.of(again.integer("posts"), again.integer("comments"), again.integer("votes"), again.integer("known"))).containsExactly(0L, 0L, 0L, 5L);

        var out = folder.resolve("out.jsonl");
        anna.ask("export", "hive", "-o", out);
        bert.up();
        bert.ask("hive", "create", "copy", "--as", "bert");
        var copied = bert.ask("import", "hive", out);
        assertThat(List.of(copied.integer("posts"), copied.integer("comments"), copied.integer("votes"))).containsExactly(1L, 2L, 2L);
        var read = bert.ask("hive", "read", id(bert.ask("hive", "feed").array("data").getFirst().asObject()));
        assertThat(read.integer("score")).isEqualTo(1);
        assertThat(read.array("comments").stream().map(each -> each.asObject().text("state") + " " + each.asObject().integer("depth")).toList()).containsExactly("deleted 0", "live 1");
    }

    @Test void commands_work_without_a_running_node_and_hostile_text_moves_no_cursor() throws Exception {
        var made = anna.ask("hive", "create", "quiet", "--as", "alice");
        assertThat(made.text("name")).isEqualTo("quiet");
        var post = id(anna.ask("hive", "post", "\u001b[31mred\u202e", "--as", "alice"));
        assertThat(anna.run("hive", "read", post).out()).contains("\\u{1b}[31mred\\u{202e}");
        assertThat(anna.ask("hive", "set", "vote_privacy", "aggregate").object("settings").text("vote_privacy")).isEqualTo("aggregate");
        assertThat(anna.run("hive", "set", "vote_privacy", "sometimes").exit()).isEqualTo(Exit.USAGE);
    }

    @Test void an_agents_key_is_shown_once_and_replaced() {
        var made = anna.ask("agent", "create", "robot");
        assertThat(made.text("api_key")).startsWith("waggle_agent_");
        var listed = anna.run("agent", "list", "--json");
        assertThat(listed.out()).contains("robot").doesNotContain(made.text("api_key"));
        assertThat(anna.ask("agent", "key", "robot").text("api_key")).isNotEqualTo(made.text("api_key"));
        assertThat(anna.run("agent", "create", "Robot", "--json").json().object("error").text("message")).contains("name already");
        assertThat(anna.run("agent", "create", "<b>", "--json").exit()).isEqualTo(Exit.USAGE);
        assertThat(anna.ask("agent", "key", "robot", "--revoke").get("has_key")).contains(Json.FALSE);
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/// `waggle explain` as a person uses it: on one node, and on two that talk over loopback.
@Timeout(120)
class ExplainCommandTest {
    @TempDir Path folder;
    private Shell anna;
    private Shell bert;
    private Path a;
    private Path b;

    @BeforeEach void make() throws SQLException {
        anna = new Shell(folder.resolve("anna"), folder.resolve("state"));
        bert = new Shell(folder.resolve("bert"), folder.resolve("state"));
        a = folder.resolve("a.sqlite");
        b = folder.resolve("b.sqlite");
        sql(a, "CREATE TABLE task (id TEXT PRIMARY KEY, title TEXT, done INTEGER NOT NULL DEFAULT 0)");
        sql(a, "CREATE TABLE tag (task TEXT, tag TEXT, weight INTEGER, PRIMARY KEY (task, tag))");
        sql(a, "INSERT INTO task (id, title) VALUES ('t1', 'one'), ('t2', 'two')");
        sql(a, "INSERT INTO tag VALUES ('t1', 'red', 5)");
    }

    @AfterEach void stop() throws InterruptedException {
        anna.close();
        bert.close();
    }

    private static void sql(Path file, String statement) throws SQLException {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var run = db.createStatement()) {
            run.execute("PRAGMA busy_timeout = 5000");
            run.execute(statement);
        }
    }

    private static void await(String what, BooleanSupplier truth) throws InterruptedException {
        for (long until = System.nanoTime() + 30_000_000_000L; !truth.getAsBoolean(); Thread.sleep(20)) if (System.nanoTime() > until) throw new AssertionError("in vain: " + what);
    }

    private static List<String> says(Json.Obj answer, String kind) {
        return answer.array("steps").stream().map(Json::asObject).filter(step -> step.text("kind").equals(kind)).map(step -> step.text("says")).toList();
    }

    private static String self(Shell node) {
        return node.ask("member", "list").array("members").stream().map(Json::asObject).filter(each -> each.get("self").filter(Json.TRUE::equals).isPresent()).findFirst().orElseThrow().text("node");
    }

    @Test void a_row_written_only_here_tells_its_event_and_the_event_tells_its_rows() {
        anna.ask("track", a);
        var row = anna.ask("explain", a, "task", "t1");
        assertThat(row.text("summary")).isEqualTo("It is shown.");
        assertThat(says(row, "shown")).hasSize(3).anySatisfy(says -> assertThat(says).startsWith("title is “one”, set by this node with event "));
        assertThat(says(row, "file")).containsExactly("The file " + a + " has it so.");
        assertThat(says(row, "acknowledged")).singleElement().asString().contains("the space has no other member");
        var id = row.array("events").getFirst().asObject().text("id");
        var event = anna.ask("explain", id.substring(0, 12));
        assertThat(event.text("id")).isEqualTo(id);
        assertThat(event.text("state")).isEqualTo("counts");
        assertThat(event.object("arrived").integer("after_ms")).isPositive();
        assertThat(says(event, "changed")).anySatisfy(says -> assertThat(says).startsWith("It inserted row (t1) of task: "));
        assertThat(says(event, "applied")).containsExactly("The file " + a + " has what the log says up to it.");
        assertThat(says(event, "not_known")).containsExactly("The space has no other member: nobody was sent it.");
        var said = anna.run("explain", id.substring(0, 12));
        assertThat(said.exit()).isEqualTo(Exit.OK);
        assertThat(said.out()).contains("It is in effect here; no other member is there to have it.").contains("  Written by this node (owner)");
        assertThat(anna.ask("explain", "--table", "tag", "t1", "red").text("title")).isEqualTo("row (t1, red) of tag in \"a\"");
        assertThat(anna.run("explain", "--tables").out()).contains("tag  key: task, tag").contains("task  key: id");
    }

    @Test void what_cannot_be_found_is_refused_with_what_to_do() {
        anna.ask("track", a);
        for (var refused : List.of(anna.run("explain", "0123456789abcdef0123"), anna.run("explain", a, "task", "t9"), anna.run("explain", a, "nothing", "t1"),
            anna.run("explain", folder.resolve("other.sqlite"), "task", "t1"), anna.run("explain", "--post", "nothing"), anna.run("explain", "--task", "nothing"), anna.run("explain", "12345678", "--space", "nowhere"))) {
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(Exit.REFUSED);
            assertThat(refused.err()).startsWith("waggle: ").doesNotContain("bug");
        }
        for (var wrong : List.of(anna.run("explain"), anna.run("explain", "12"), anna.run("explain", "no hex here"), anna.run("explain", a, "task"), anna.run("explain", "--table", "task"),
            anna.run("explain", "--table", "tag", "t1"), anna.run("explain", "--post", "x", "--task", "y")))
            assertThat(wrong.exit()).as(wrong.toString()).isEqualTo(Exit.USAGE);
        assertThat(anna.run("explain", "--table", "tag", "t1").err()).contains("The key of tag has 2 columns: task, tag.");
        assertThat(anna.run("explain", "0123456789abcdef0123", "--json").json().object("error").text("code")).isEqualTo("not_found");
    }

    @Test void who_acknowledged_is_told_and_a_lost_value_names_its_rival_on_both_sides() throws Exception {
        anna.up();
        bert.up();
        anna.ask("track", a);
        bert.ask("join", anna.ask("invite").text("ticket"), b);
        sql(a, "UPDATE task SET title = 'eins' WHERE id = 't1'");
        await("bert acknowledged", () -> says(anna.ask("explain", a, "task", "t1"), "shown").toString().contains("“eins”")
            && anna.ask("explain", a, "task", "t1").array("events").getFirst().asObject().array("holders").toString().contains("acknowledged"));
        await("bert shows it", () -> says(bert.ask("explain", b, "task", "t1"), "shown").toString().contains("“eins”"));
        var there = bert.ask("explain", b, "task", "t1");
        assertThat(says(there, "shown")).anySatisfy(says -> assertThat(says).startsWith("title is “eins”, set by node " + self(anna).substring(0, 8)));
        bert.down();
        sql(a, "UPDATE task SET title = 'from a' WHERE id = 't1'");
        await("anna's is in the log", () -> says(anna.ask("explain", a, "task", "t1"), "shown").toString().contains("from a"));
        var open = anna.ask("explain", a, "task", "t1");
        assertThat(says(open, "not_known").toString()).contains("no other member is known to have it");
        sql(b, "UPDATE task SET title = 'from b' WHERE id = 't1'");
        bert.up();
        await("both know both", () -> List.of(anna.ask("explain", a, "task", "t1"), bert.ask("explain", b, "task", "t1")).stream().allMatch(answer -> !says(answer, "lost").isEmpty()));
        var fromA = anna.ask("explain", a, "task", "t1");
        var fromB = bert.ask("explain", b, "task", "t1");
        assertThat(fromA.array("fields")).as("the same on both").isEqualTo(fromB.array("fields"));
        assertThat(says(fromA, "lost")).singleElement().asString().contains("which did not know it. The rule: the latest value of each field.");
        assertThat(says(fromA, "conflict")).singleElement().asString().contains("`waggle sync conflicts show ");
        var lost = fromA.array("fields").stream().map(Json::asObject).filter(field -> field.text("name").equals("title")).findFirst().orElseThrow().array("lost").getFirst().asObject().text("event");
        assertThat(says(anna.ask("explain", lost), "lost").toString()).contains("title lost against event ");
    }

    @Test void what_a_reader_writes_is_said_to_be_in_the_queue_only() throws Exception {
        anna.up();
        bert.up();
        anna.ask("track", a);
        bert.ask("join", anna.ask("invite").text("ticket"), b);
        anna.ask("member", "role", self(bert), "reader");
        await("bert is a reader", () -> bert.ask("space", "show").text("role").equals("reader"));
        sql(b, "UPDATE task SET title = 'mine' WHERE id = 't1'");
        sql(b, "INSERT INTO task (id, title) VALUES ('t7', 'new')");
        await("it is noticed", () -> bert.ask("sync", "status").array("spaces").getFirst().asObject().text("state").startsWith("waiting"));
        var changed = bert.ask("explain", b, "task", "t1");
        assertThat(changed.array("steps").getFirst().asObject().text("says")).startsWith("Programs here changed it (UPDATE) and that is in the file's queue, not in the log yet").contains("It does not move now: waiting");
        assertThat(changed.text("summary")).contains("is not in the log yet");
        assertThat(says(changed, "file").toString()).contains("says otherwise now");
        var fresh = bert.ask("explain", b, "task", "t7");
        assertThat(fresh.text("summary")).startsWith("No event that counts makes it.");
        assertThat(says(fresh, "queued")).hasSize(1);
    }

    @Test void posts_comments_and_tasks_tell_which_event_made_what_they_say() throws Exception {
        anna.up();
        anna.ask("hive", "create", "bees");
        anna.ask("hive", "post", "bees", "hello");
        var post = anna.ask("hive", "feed", "bees").array("data").getFirst().asObject().text("id");
        var told = anna.ask("explain", "--post", post);
        assertThat(told.text("summary")).isEqualTo("It is shown.");
        assertThat(says(told, "shown").toString()).contains("is “hello”, set by this node");
        var event = anna.ask("explain", told.array("events").getFirst().asObject().text("id"));
        assertThat(event.text("type")).isEqualTo("post_created");
        assertThat(says(event, "changed").toString()).contains("It made post " + post);
        anna.ask("project", "add", "shop");
        var task = anna.ask("task", "add", "paint").text("id");
        var explained = anna.ask("explain", "--task", task);
        assertThat(says(explained, "shown").toString()).contains("title is “paint”").contains("status is “todo”");
        assertThat(explained.text("kind")).isEqualTo("task");
    }
}

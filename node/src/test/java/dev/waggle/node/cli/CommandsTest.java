package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

import static org.assertj.core.api.Assertions.assertThat;

/// The commands as a person uses them, on two nodes that talk over loopback.
@Timeout(120)
class CommandsTest {
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
        sql(a, "INSERT INTO task (id, title) VALUES ('t1', 'one'), ('t2', 'two')");
    }

    @AfterEach void stop() throws InterruptedException {
        anna.close();
        bert.close();
    }

    @Tag("S13") @Test void a_node_that_cannot_open_its_own_files_says_so_and_calls_it_no_bug() throws Exception {
        anna.ask("track", a);
        var memory = anna.data().resolve("node.sqlite");
        Files.move(memory, folder.resolve("aside"));
        Files.createDirectory(memory);
        var refused = anna.run("sync", "status");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(Exit.REFUSED);
        assertThat(refused.err()).contains("could not be written or read").doesNotContain("bug");
        Files.delete(memory);
        Files.move(folder.resolve("aside"), memory);
        assertThat(anna.ask("space", "list").array("spaces")).hasSize(1);
    }

    @Test void a_file_is_tracked_joined_and_stays_equal_on_both_sides() throws Exception {
        anna.up();
        bert.up();
        var tracked = anna.ask("track", a);
        assertThat(tracked.integer("rows")).isEqualTo(2);
        var ticket = anna.ask("invite").text("ticket");
        bert.ask("join", ticket, b);
        assertEqual();

        sql(a, "UPDATE task SET title = 'uno' WHERE id = 't1'");
        sql(b, "INSERT INTO task (id, title) VALUES ('t3', 'three')");
        awaitEqual(3);
        assertThat(anna.ask("space", "show").array("members")).hasSize(2);
        assertThat(anna.ask("sync", "status").get("ready")).contains(Json.TRUE);
        assertThat(bert.ask("peer", "list").array("peers")).hasSize(1);
        assertThat(bert.ask("log", "verify").array("damages")).isEmpty();
        assertThat(anna.ask("doctor").get("healthy")).contains(Json.TRUE);
        assertThat(bert.ask("sync", "now").integer("agreed")).isEqualTo(1);

        var third = new Shell(folder.resolve("third"), folder.resolve("state"));
        var refused = third.run("join", ticket, folder.resolve("c.sqlite"), "--json");
        assertThat(refused.exit()).isEqualTo(Exit.REFUSED);
        assertThat(refused.json().object("error").text("code")).isEqualTo("bad_ticket");
        assertThat(folder.resolve("c.sqlite")).doesNotExist();
    }

    @Test void a_conflict_is_listed_shown_and_settled() throws Exception {
        anna.up();
        bert.up();
        anna.ask("track", a);
        bert.ask("join", anna.ask("invite").text("ticket"), b);
        bert.down();
        sql(a, "UPDATE task SET title = 'from a' WHERE id = 't1'");
        sql(b, "UPDATE task SET title = 'from b' WHERE id = 't1'");
        bert.up();
        awaitEqual(2);
        for (var side : new Shell[] {anna, bert}) {
            var conflict = side.ask("sync", "conflicts").array("conflicts").getFirst().asObject();
            assertThat(conflict.text("kind")).isEqualTo("same_field");
            assertThat(side.run("sync", "conflicts", "show", conflict.text("id")).out()).contains("from a").contains("from b");
        }
        var id = anna.ask("sync", "conflicts", "list").array("conflicts").getFirst().asObject().text("id");
        anna.ask("sync", "conflicts", "resolve", id, "--keep", "other");
        awaitEqual(2);
        assertThat(anna.ask("sync", "conflicts").array("conflicts")).isEmpty();
        assertThat(bert.run("sync", "conflicts").out()).contains("No conflicts.");
    }

    @Test void without_a_running_node_commands_work_in_their_own_process() {
        assertThat(anna.ask("track", a).integer("rows")).isEqualTo(2);
        assertThat(anna.run("space", "list").out()).contains("a ").contains("owner");
        assertThat(anna.run("invite").out()).startsWith("waggle1");
        assertThat(anna.ask("untrack", a).text("name")).isEqualTo("a");
        assertThat(anna.ask("space", "list").array("spaces").getFirst().asObject().get("file")).isEmpty();
        assertThat(anna.data().resolve("run.json")).doesNotExist();
    }

    @Test void an_exported_log_is_lines_of_payload_and_signature() throws IOException {
        anna.ask("track", a);
        var file = folder.resolve("log.jsonl");
        var events = anna.ask("log", "export", "-o", file).integer("events");
        assertThat(Files.readAllLines(file)).hasSize((int) events).allMatch(line -> line.startsWith("{\"payload\":\"{"));
        assertThat(anna.run("log", "export").out()).isEqualTo(Files.readString(file));
    }

    @Test void an_existing_file_with_other_rows_asks_and_then_does_as_told() throws Exception {
        anna.up();
        anna.ask("track", a);
        sql(b, "CREATE TABLE task (id TEXT PRIMARY KEY, title TEXT, done INTEGER NOT NULL DEFAULT 0)");
        sql(b, "INSERT INTO task (id, title) VALUES ('t1', 'mine'), ('t2', 'two'), ('t9', 'nine')");
        bert.up();
        var ticket = anna.ask("invite").text("ticket");
        var asked = bert.run("join", ticket, b);
        assertThat(asked.exit()).isEqualTo(Exit.REFUSED);
        assertThat(asked.err()).contains("differs from the space under the same key in 1 row,").contains("--adopt");
        bert.ask("join", ticket, b, "--adopt", "mine");
        awaitEqual(3);
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + a); var rows = db.createStatement().executeQuery("SELECT title FROM task WHERE id = 't1'")) {
            assertThat(rows.getString(1)).isEqualTo("mine");
        }
    }

    @Test void a_second_up_is_refused_with_what_to_do() throws InterruptedException {
        anna.up();
        var second = anna.run("up");
        assertThat(second.exit()).isEqualTo(Exit.REFUSED);
        assertThat(second.err()).contains("is in use by process").contains("--data");
    }

    @Test void wrong_words_end_with_the_usage_exit_code_and_help_explains() {
        assertThat(anna.run("trakc").exit()).isEqualTo(Exit.USAGE);
        assertThat(anna.run("sync").exit()).isEqualTo(Exit.USAGE);
        assertThat(anna.run("track").exit()).isEqualTo(Exit.USAGE);
        assertThat(anna.run("--help").out()).contains("waggle track app.sqlite").contains("Exit codes");
        assertThat(anna.run("join", "--help").out()).contains("--adopt");
        assertThat(anna.run("completion").out()).contains("complete").contains("waggle");
        assertThat(anna.ask("version").text("waggle")).isNotEmpty();
    }

    @Test void each_command_is_found_by_the_word_that_it_calls_itself_and_help_lists_all() {
        assertThat(anna.run("--help").out()).contains(Commands.all().stream().map(each -> "  " + each.word() + " ").toList());
        for (var each : Commands.all()) {
            assertThat(new CommandLine(each.make()).getCommandName()).isEqualTo(each.word());
            assertThat(anna.run(each.word(), "--help").out()).contains("Usage: waggle " + each.word());
        }
        assertThat(Commands.named("sync")).containsExactly(Commands.SYNC);
        assertThat(anna.run("synk").err()).contains("Did you mean: waggle sync");
    }

    @Test void a_word_of_a_deeper_command_and_an_option_before_the_command_are_told_where_they_belong() {
        assertThat(anna.run("status").err()).contains("Did you mean: waggle sync status");
        assertThat(anna.run("conflicts").err()).contains("waggle sync conflicts or waggle project conflicts");
        assertThat(anna.run("list").err()).as("too many are called so").doesNotContain("waggle space list");
        var before = anna.run("--data", folder, "sync", "status");
        assertThat(before.exit()).isEqualTo(Exit.USAGE);
        assertThat(before.err()).contains("Options come after the command").doesNotContain("Usage:");
        var file = anna.run("explain", a);
        assertThat(file.exit()).isEqualTo(Exit.USAGE);
        assertThat(file.err()).contains("or a file, a table and a key");
    }

    @Test void a_list_of_commands_shows_whole_sentences() {
        assertThat(anna.run("--help").out()).contains("Join a space with a ticket and keep FILE in sync with it.");
        assertWholeSentences(Main.commandLine());
    }

    /// Of a description, a list shows the first line.
    private static void assertWholeSentences(CommandLine line) {
        assertThat(line.getCommandSpec().usageMessage().description()[0]).as(line.getCommandSpec().qualifiedName()).matches(".*(\\.|\\))");
        line.getSubcommands().values().forEach(CommandsTest::assertWholeSentences);
    }

    @Test void the_status_of_a_node_that_does_not_run_says_so() throws Exception {
        anna.ask("track", a);
        assertThat(anna.run("sync", "status").err()).contains("No node is running").contains("waggle up");
        assertThat(anna.ask("sync", "status").get("running")).contains(Json.FALSE);
        anna.up();
        assertThat(anna.run("sync", "status").err()).isEmpty();
        assertThat(anna.ask("sync", "status").get("running")).contains(Json.TRUE);
    }

    @Test void refusals_name_the_reason_and_the_way_out() throws IOException {
        var noDatabase = folder.resolve("letter.txt");
        Files.writeString(noDatabase, "dear ".repeat(500));
        for (var said : new Shell.Said[] {anna.run("track", noDatabase), anna.run("track", folder.resolve("missing.sqlite")), anna.run("track", folder), anna.run("untrack", a),
            anna.run("join", "waggle1abc", b), anna.run("join", "hello", b), anna.run("space", "show", "nothing"), anna.run("invite", "--expires", "9d")}) {
            assertThat(said.exit()).as(said.toString()).isIn(Exit.REFUSED, Exit.USAGE);
            assertThat(said.err()).startsWith("waggle: ").matches("(?s)waggle: .+\\. .+\\.\\s*").doesNotContain("Exception");
        }
        assertThat(anna.ask("space", "list").array("spaces")).isEmpty();
    }

    @Test void compare_counts_differences_and_exits_with_one() throws SQLException {
        sql(b, "CREATE TABLE task (id TEXT PRIMARY KEY, title TEXT, done INTEGER NOT NULL DEFAULT 0)");
        var said = anna.run("compare", a, b);
        assertThat(said.exit()).isEqualTo(Exit.DIFFERENCE);
        assertThat(said.out()).contains("DIFFERENT: 2 differences in rows");
        assertThat(anna.run("compare", a, a).out()).contains("Equal: 1 table, 2 rows.");
        assertThat(anna.run("compare", a, folder.resolve("missing")).exit()).isEqualTo(Exit.REFUSED);
    }

    @Test void one_of_a_thing_is_not_told_as_several() throws Exception {
        sql(a, "DELETE FROM task WHERE id = 't2'");
        assertThat(anna.run("track", a).out()).contains("1 table, 1 row.");
        assertThat(anna.run("log", "verify").out()).contains(" in 1 chain, ").contains("signatures checked: all good.");
        assertThat(anna.run("compare", a, a).out()).contains("Equal: 1 table, 1 row.");
        var copy = folder.resolve("copy");
        assertThat(anna.run("backup", copy).out()).contains("Copied 1 space, ");
        assertThat(anna.run("restore", copy, "--verify").out()).contains("Good: 1 space of node ");
    }

    @Test void leaving_tells_the_others_and_keeps_the_file() throws Exception {
        anna.up();
        bert.up();
        anna.ask("track", a);
        bert.ask("join", anna.ask("invite").text("ticket"), b);
        assertThat(bert.ask("leave").get("told")).contains(Json.TRUE);
        assertThat(bert.ask("space", "list").array("spaces")).isEmpty();
        assertThat(anna.ask("space", "show").array("members")).hasSize(1);
        assertEqual();
    }

    @Tag("S03") @Test void a_damaged_log_is_found_and_mended_from_a_peer() throws Exception {
        anna.up();
        bert.up();
        anna.ask("track", a);
        bert.ask("join", anna.ask("invite").text("ticket"), b);
        var space = bert.ask("space", "show").text("id");
        bert.down();
        var log = bert.data().resolve("spaces").resolve(space).resolve("sync.sqlite");
        sql(log, "UPDATE entries SET payload = CAST(replace(CAST(payload AS TEXT), '\"one\"', '\"eno\"') AS BLOB)");
        bert.up();
        assertThat(bert.run("log", "verify").exit()).isEqualTo(Exit.DIFFERENCE);
        assertThat(bert.run("doctor").out()).contains("1 damages found, 1 mended");
        assertThat(bert.run("log", "verify").exit()).isZero();

        bert.down();
        sql(log, "UPDATE entries SET payload = zeroblob(length(payload)) WHERE \"offset\" = 1");
        bert.up();
        assertThat(bert.run("sync", "status").exit()).isEqualTo(Exit.DIFFERENCE);
        assertThat(bert.run("doctor").out()).contains("the space is open again");
        assertThat(bert.run("log", "verify").exit()).isZero();
        sql(a, "INSERT INTO task (id, title) VALUES ('t4', 'after')");
        awaitEqual(3);
    }

    @Tag("S03") @Test void an_own_event_that_never_left_is_named_as_lost() throws Exception {
        anna.ask("track", a);
        var space = anna.ask("space", "show").text("id");
        var log = anna.data().resolve("spaces").resolve(space).resolve("sync.sqlite");
        sql(log, "UPDATE entries SET payload = zeroblob(length(payload)) WHERE \"offset\" = (SELECT max(\"offset\") FROM entries)");
        var said = anna.run("doctor");
        assertThat(said.exit()).isEqualTo(Exit.DIFFERENCE);
        assertThat(said.out()).contains("1 own events lost").contains("never acknowledged");
    }

    private void assertEqual() {
        var said = anna.run("compare", a, b);
        assertThat(said.exit()).as(said.out()).isZero();
    }

    /// Until both files have `rows` rows and are equal.
    private void awaitEqual(int rows) throws InterruptedException {
        for (long until = System.nanoTime() + 30_000_000_000L;; Thread.sleep(20)) {
            var said = anna.run("compare", a, b, "--json");
            if (said.exit() == 0 && said.json().integer("left_rows") == rows) return;
            if (System.nanoTime() > until) throw new AssertionError(said.out() + anna.run("sync", "status").out() + bert.run("sync", "status").out());
        }
    }

    private static void sql(Path file, String statement) throws SQLException {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var each = db.createStatement()) {
            each.execute("PRAGMA busy_timeout = 5000");
            each.execute(statement);
        }
    }
}

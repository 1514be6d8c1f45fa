package dev.waggle.node.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static dev.waggle.node.cli.Shell.await;
import static org.assertj.core.api.Assertions.assertThat;

/// What does not fit, and tables that another program holds or writes oddly: the board goes on with everything else.
@Timeout(120)
class BoardTroubleTest {
    @TempDir Path folder;
    private Shell anna;

    @BeforeEach void make() {
        anna = new Shell(folder.resolve("anna"), folder.resolve("state"));
    }

    @AfterEach void stop() throws InterruptedException {
        anna.close();
    }

    /// A node that carries out tasks with the label `run:work` by a script.
    private void executing(String script) throws Exception {
        var file = Files.writeString(folder.resolve("work.sh"), script);
        anna.settings("{\"board\": {\"executor\": {\"enabled\": true, \"settle_ms\": 0, \"commands\": {\"work\": [\"/bin/sh\", \"" + file + "\"]}}}}");
        anna.up();
        anna.ask("project", "add", "garden");
    }

    @Test void lines_that_do_not_fit_one_event_become_several() throws Exception {
        executing("i=0; line=$(head -c 900 /dev/zero | tr '\\0' x); while [ $i -lt 300 ]; do echo \"$i $line\"; i=$((i + 1)); done\n");
        var task = anna.ask("task", "add", "Print", "--label", "run:work").text("id");
        await("it is done", () -> anna.ask("task", "show", task).text("status").equals("done"));
        assertThat(anna.run("task", "log", task).out().lines().filter(line -> line.contains("xxxxx"))).hasSize(300);
    }

    @Test void the_place_of_a_task_is_free_again_whoever_holds_the_tables() throws Exception {
        executing("touch begun; while [ ! -e go ]; do sleep 0.1; done; touch ended\n");
        var first = anna.ask("task", "add", "First", "--label", "run:work").text("id");
        await("it is begun", () -> Files.exists(anna.data().resolve("begun")));
        try (var db = board(); var run = db.createStatement()) {
            run.execute("BEGIN IMMEDIATE");
            Files.createFile(anna.data().resolve("go"));
            await("the command ends", () -> Files.exists(anna.data().resolve("ended")));
            await("its end cannot be noted", () -> anna.run("project", "add", "x").exit() != 0);
            run.execute("ROLLBACK");
        }
        var second = anna.ask("task", "add", "Second", "--label", "run:work").text("id");
        await("both are done", () -> anna.ask("task", "show", first).text("status").equals("done") && anna.ask("task", "show", second).text("status").equals("done"));
    }

    /// It was written in several steps, each as large as an event may be.
    @Test void what_does_not_fit_one_event_is_copied_in_several_when_a_project_is_linked() throws Exception {
        anna.up();
        anna.ask("project", "add", "garden");
        anna.ask("project", "share", "garden");
        anna.ask("project", "remove", "garden");
        anna.ask("project", "add", "plot");
        var description = "\u871c".repeat(20_500);
        var task = anna.ask("task", "add", "Long", "--project", "plot", "--description", description).text("id");
        var more = new ArrayList<Object>(List.of("task", "edit", task));
        for (int i = 0; i < 50; i++) more.addAll(List.of("--label", i + "\u00e9".repeat(70)));
        anna.ask(more.toArray());
        var lines = Collections.nCopies(16, "z".repeat(3_950));
        var told = new ArrayList<Object>(List.of("task", "log", task));
        told.addAll(lines);
        anna.ask(told.toArray());
        anna.ask("project", "link", "plot", "garden");
        assertThat(anna.ask("task", "show", task).text("description")).isEqualTo(description);
        assertThat(anna.ask("task", "show", task).array("labels")).hasSize(50);
        assertThat(anna.run("task", "log", task).out().lines().filter(line -> line.contains("zzzzz"))).hasSize(16);
    }

    @Tag("lesson-one-bad-item") @Test void a_line_of_another_tracker_that_does_not_fit_is_refused_alone() throws Exception {
        anna.up();
        anna.ask("project", "add", "beads");
        var reason = ("y".repeat(700) + "\\n").repeat(100);
        var file = Files.writeString(folder.resolve("tasks.jsonl"), """
            {"id":"bd-1","title":"First"}
            {"id":"bd-2","title":"Second","status":"closed","close_reason":"%s"}
            {"id":"bd-3","title":"Third","priority":1e400}
            {"id":"bd-4","title":"Fourth"}
            """.formatted(reason));
        var said = anna.run("import", "board", file, "--json");
        assertThat(said.exit()).as(said.toString()).isEqualTo(1);
        assertThat(said.json().integer("tasks")).isEqualTo(2);
        assertThat(said.json().array("reasons")).hasSize(2).first().satisfies(why -> assertThat(why.asText()).isEqualTo("Line 2: it does not fit one event of 64 KiB."));
        assertThat(anna.ask("task", "show", "bd-4").text("title")).isEqualTo("Fourth");
    }

    private Connection board() throws SQLException {
        var db = DriverManager.getConnection("jdbc:sqlite:" + anna.data().resolve("board.sqlite"));
        try (var run = db.createStatement()) {
            run.execute("PRAGMA busy_timeout = 10000");
        }
        return db;
    }
}

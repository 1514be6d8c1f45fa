package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static dev.waggle.lab.process.BoardAsk.all;
import static dev.waggle.lab.process.BoardAsk.count;
import static dev.waggle.lab.process.BoardAsk.ends;
import static dev.waggle.lab.process.BoardAsk.status;
import static org.assertj.core.api.Assertions.assertThat;

/// Three real nodes with one swarm project: a tracker's tasks are loaded on one and come to all; a real command carries tasks out on two; one is killed, another
/// one is stopped beyond its lease, and its late result is refused and shown everywhere; one that was chosen for a task dies, and another does it. `-Dtasks=FILE` loads a file of one's own.
@Timeout(600)
class BoardTest {
    private static final int WORK = 12;
    @TempDir Path folder;

    @Tag("L02") @Tag("lesson-lease-of-the-living") @Test void tasks_come_to_all_nodes_are_carried_out_once_in_effect_and_a_stopped_workers_late_result_is_refused() throws Exception {
        var work = folder.resolve("work.sh");
        Files.writeString(work, """
            echo "begun on $(cat name)"
            echo "$WAGGLE_TASK_SHARED_ID" >> begun
            if [ "$WAGGLE_TASK_TITLE" = slow ]; then touch slow-begun; while [ ! -e go ]; do sleep 0.1; done; fi
            echo "done on $(cat name)"
            """);
        var settings = "{\"board\": {\"node_name\": \"%s\", \"executor\": {\"enabled\": %s, \"slots\": 2, \"lease_ms\": 4000, \"settle_ms\": 500, \"commands\": {\"work\": [\"/bin/sh\", \"" + work + "\"]}}}}";
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b")); var c = new NodeProcess(folder.resolve("c"))) {
            a.settings(settings.formatted("a", "false")).up();
            b.settings(settings.formatted("b", "true")).up();
            c.settings(settings.formatted("c", "true")).up();
            Files.writeString(b.data().resolve("name"), "b");
            Files.writeString(c.data().resolve("name"), "c");

            a.ask("project", "add", "garden");
            var loaded = a.run("import", "board", BoardAsk.tasks(folder), "--json").json().integer("tasks");
            a.ask("project", "share", "garden");
            for (var each : List.of(b, c)) each.ask("project", "join", a.ask("invite", "--space", "garden").text("ticket"));
            NodeProcess.await("all have what was loaded", () -> count(b, "garden") == loaded && count(c, "garden") == loaded);

            // Work on two nodes, one of which is killed in between
            var made = new ArrayList<String>();
            for (int i = 0; i < WORK; i++) made.add(a.ask("task", "add", "work " + i, "--label", "run:work", "--priority", 0).text("id"));
            NodeProcess.await("some are done", () -> made.stream().anyMatch(task -> status(a, task).equals("done")));
            c.kill();
            c.up();
            NodeProcess.await("all are done, everywhere", NodeProcess.PATIENCE, () -> List.of(a, b, c).stream().allMatch(node -> made.stream().allMatch(task -> status(node, task).equals("done"))),
                () -> seen(made.stream().filter(task -> !status(a, task).equals("done") || !status(b, task).equals("done") || !status(c, task).equals("done")).toList(), a, b, c));
            for (var task : made) assertThat(ends(a, task)).as("with effect once").hasSize(1).allMatch(exit -> exit == 0);

            // The fencing token
            var slow = a.ask("task", "add", "slow", "--label", "run:work", "--priority", 0).text("id");
            NodeProcess.await("somebody has begun", () -> began(b) || began(c));
            var first = began(b) ? b : c;
            var second = first == b ? c : b;
            signal(first, "STOP");
            try {
                NodeProcess.await("the lease ends and the other one begins", () -> began(second) && claim(a, slow) == 2);
                Files.createFile(first.data().resolve("go"));                    // its command goes on beside it, and ends
            } finally {
                signal(first, "CONT");
            }
            NodeProcess.await("the late result is refused and shown on all", () -> List.of(a, b, c).stream().allMatch(node -> refused(node, slow).contains("result")));
            assertThat(status(a, slow)).as("it changed nothing").isEqualTo("inprogress");
            assertThat(a.run("task", "show", slow).out()).contains("Refused: a late result of node");
            Files.createFile(second.data().resolve("go"));
            NodeProcess.await("the other's result counts", () -> List.of(a, b, c).stream().allMatch(node -> status(node, slow).equals("done")));
            assertThat(ends(a, slow)).containsExactly(0L);
            assertThat(a.run("task", "log", slow).out()).contains("done on " + (second == b ? "b" : "c"));

            // Whom `auto` chose dies in the middle: the task is not his alone
            for (var each : List.of(b, c)) for (var file : List.of("slow-begun", "go")) Files.deleteIfExists(each.data().resolve(file));
            var chosen = a.ask("task", "add", "slow", "--priority", 0).text("id");
            var theirs = a.ask("task", "assign", chosen, "auto").text("assigned_node");
            a.ask("task", "edit", chosen, "--label", "run:work");
            var dies = b.status().text("node").equals(theirs) ? b : c;
            var lives = dies == b ? c : b;
            NodeProcess.await("the chosen one begins", () -> began(dies));
            assertThat(began(lives)).isFalse();
            dies.kill();
            Files.createFile(lives.data().resolve("go"));
            NodeProcess.await("the other one does it", () -> status(a, chosen).equals("done"));
            assertThat(a.run("task", "log", chosen).out()).contains("done on " + (lives == b ? "b" : "c"));
            Files.createFile(dies.data().resolve("go"));
            dies.up();
            NodeProcess.await("who comes back hears of it", () -> status(dies, chosen).equals("done"));
            assertThat(ends(dies, chosen)).containsExactly(0L);

            NodeProcess.await("all boards are equal", () -> all(a, "garden").equals(all(b, "garden")) && all(a, "garden").equals(all(c, "garden")));
            assertThat(all(a, "garden")).hasSize((int) loaded + WORK + 2);
            for (var node : List.of(a, b, c)) {
                assertThat(node.ask("project", "show").integer("quarantined")).isZero();
                node.run("log", "verify").ok();
            }
        }
    }

    @Tag("S01") @Test void what_a_worker_says_while_the_log_cannot_be_written_is_written_when_it_can() throws Exception {
        var work = folder.resolve("work.sh");
        Files.writeString(work, """
            echo one
            while [ ! -e go ]; do sleep 0.1; done
            echo two
            touch said-two
            while [ ! -e on ]; do sleep 0.1; done
            echo three
            """);
        try (var postgres = new Postgres(folder.resolve("cluster")); var node = new NodeProcess(folder.resolve("a"))) {
            postgres.sql("postgres", "CREATE DATABASE logs");
            node.settings("{\"board\": {\"executor\": {\"enabled\": true, \"lease_ms\": 60000, \"commands\": {\"work\": [\"/bin/sh\", \"" + work + "\"]}}}}").up("--database", postgres.url("logs"));
            node.ask("project", "add", "garden");
            var task = node.ask("task", "add", "speak", "--label", "run:work").text("id");
            NodeProcess.await("it speaks", () -> said(node, task).equals(List.of("one")));
            postgres.kill();
            Files.createFile(node.data().resolve("go"));
            NodeProcess.await("it said more", () -> Files.exists(node.data().resolve("said-two")));
            NodeProcess.await("which could not be written", () -> node.printed().contains("lines are written when that is possible"));
            Files.createFile(node.data().resolve("on"));
            postgres.start();
            NodeProcess.await("it is done", () -> status(node, task).equals("done"));
            assertThat(said(node, task)).containsExactly("one", "two", "three");
            assertThat(ends(node, task)).containsExactly(0L);
        }
    }

    private static List<String> said(NodeProcess node, String task) {
        var log = node.run("task", "log", task, "--json");
        return log.exit() != 0 ? List.of() : log.json().array("entries").stream().flatMap(entry -> entry.asObject().array("lines").stream()).map(Json::asText).toList();
    }

    /// What each node knows of tasks, and what it says of itself.
    static String seen(List<String> tasks, NodeProcess... nodes) {
        var seen = new StringBuilder();
        for (var node : nodes) {
            for (var task : tasks) seen.append(node.run("task", "show", task, "--json").out());
            seen.append(node.run("sync", "status").out()).append(node.printed()).append('\n');
        }
        return seen.toString();
    }

    private static List<String> refused(NodeProcess node, String task) {
        var shown = node.run("task", "show", task, "--json");
        return shown.exit() != 0 ? List.of() : shown.json().array("refused").stream().map(each -> each.asObject().text("kind")).toList();
    }

    private static long claim(NodeProcess node, String task) {
        return node.ask("task", "show", task).get("claim").map(claim -> claim.asObject().integer("token")).orElse(0L);
    }

    private static boolean began(NodeProcess node) {
        return Files.exists(node.data().resolve("slow-begun"));
    }

    private static void signal(NodeProcess node, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(node.pid())).start().waitFor()).isZero();
    }
}

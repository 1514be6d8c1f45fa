package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import static dev.waggle.node.cli.Shell.await;
import static org.assertj.core.api.Assertions.assertThat;

/// Projects and tasks as a person uses them, on two nodes that talk over loopback.
@Timeout(180)
class BoardCommandsTest {
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

    /// Titles and states of all tasks, by title.
    private static TreeMap<String, String> tasks(Shell at, String project) {
        var shown = new TreeMap<String, String>();
        for (var each : at.ask("task", "list", "--project", project, "--limit", 500).array("tasks")) {
            var task = each.asObject();
            shown.merge(task.text("title"), task.text("status"), (one, other) -> one + " twice " + other);
        }
        return shown;
    }

    private static String add(Shell at, String project, String title) {
        return at.ask("task", "add", title, "--project", project).text("id");
    }

    /// Anna shares a project, and Bert joins it.
    private void shared() throws Exception {
        anna.up();
        bert.up();
        anna.ask("project", "add", "garden");
        add(anna, "garden", "Dig");
        anna.ask("project", "share", "garden");
        bert.ask("project", "join", anna.ask("invite", "--space", "garden").text("ticket"));
    }

    private static void sql(Shell at, String statement) throws Exception {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + at.data().resolve("board.sqlite")); var run = db.createStatement()) {
            run.execute("PRAGMA busy_timeout=5000");
            run.executeUpdate(statement);
        }
    }

    private static List<String> column(Shell at, String query) {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + at.data().resolve("board.sqlite")); var run = db.createStatement(); var rows = run.executeQuery(query)) {
            var column = new ArrayList<String>();
            while (rows.next()) column.add(rows.getString(1));
            return column;
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    // A project of one's own

    @Test void a_local_project_needs_nobody() throws Exception {
        anna.up();
        anna.ask("project", "add", "garden");
        var task = add(anna, "garden", "Dig");
        var second = anna.ask("task", "add", "Plant", "--needs", task, "--label", "soil", "--priority", 0, "--assignee", "Anna", "--description", "Beans").text("id");
        assertThat(anna.ask("task", "move", task, "inprogress").text("status")).isEqualTo("inprogress");
        anna.ask("task", "log", task, "half done");
        var shown = anna.ask("task", "show", second);
        assertThat(shown.text("description")).isEqualTo("Beans");
        assertThat(shown.array("depends_on")).containsExactly(Json.of(task));
        assertThat(shown.get("shared_task_id")).contains(Json.NULL);
        assertThat(anna.run("task", "show", task).out()).contains("half done");
        assertThat(anna.run("task", "move", task, "finished")).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("todo, inprogress, inreview, done, cancelled");
        });
        anna.ask("task", "move", task, "done");
        assertThat(anna.run("task", "move", task, "cancelled").err()).contains("A task that is done becomes todo or inprogress, not cancelled.");
        assertThat(anna.run("task", "edit", task, "--title", "x", "--if-version", 1).err()).contains("The task has changed meanwhile");
        anna.ask("task", "delete", second);
        assertThat(tasks(anna, "garden")).containsOnlyKeys("Dig");
        anna.ask("task", "restore", second);
        anna.down();
        assertThat(tasks(anna, "garden")).as("without a running node").containsOnlyKeys("Dig", "Plant");
    }

    @Test void tasks_of_another_tracker_are_loaded_once() throws Exception {
        anna.up();
        anna.ask("project", "add", "beads");
        var file = folder.resolve("tasks.jsonl");
        Files.writeString(file, """
            {"id":"bd-2","title":"Second","status":"open","priority":9,"issue_type":"bug","created_at":"2025-11-02T21:58:07.295058-08:00","depends_on":["bd-1"]}
            {"id":"bd-1","title":"First","status":"closed","priority":1,"issue_type":"task","labels":["wasm"],"close_reason":"It works","closed_at":"2025-11-03T20:56:22-08:00","created_at":"2025-11-02T21:58:07-08:00","depends_on":[]}
            {"id":"bd-3","title":"Third","status":"hooked"}
            {"id":"bd-4","title":"  "}
            {"id":"bd-5" nonsense
            """);
        var said = anna.run("import", "board", file, "--json");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.json().integer("tasks")).isEqualTo(3);
        assertThat(said.json().array("reasons")).hasSize(2).first().satisfies(reason -> assertThat(reason.asText()).isEqualTo("Line 4: the title is empty."));
        var second = anna.ask("task", "show", "bd-2");
        assertThat(second.array("depends_on")).containsExactly(anna.ask("task", "show", "bd-1").get("id").orElseThrow());
        assertThat(second.text("created_at")).isEqualTo("2025-11-03T05:58:07.295Z");
        assertThat(second.integer("priority")).isEqualTo(4);
        assertThat(second.array("labels")).containsExactly(Json.of("bug"));
        assertThat(anna.ask("task", "show", "bd-3").array("labels")).containsExactly(Json.of("status:hooked"));
        assertThat(anna.run("task", "show", "bd-1").out()).contains("It works").contains("2025-11-04T04:56:22Z");
        assertThat(anna.run("import", "board", file, "--json").json().integer("known")).isEqualTo(3);
        assertThat(tasks(anna, "beads")).hasSize(3);
    }

    // The swarm

    @Test void a_shared_project_is_the_same_on_both_sides() throws Exception {
        shared();
        await("Bert has the task", () -> tasks(bert, "garden").containsKey("Dig"));
        var task = bert.ask("task", "list").array("tasks").getFirst().asObject();
        bert.ask("task", "move", task.text("id"), "inreview");
        bert.ask("task", "log", task.text("id"), "seen");
        await("Anna sees it", () -> tasks(anna, "garden").get("Dig").equals("inreview"));
        await("and the log", () -> anna.run("task", "log", task.text("id")).out().contains("seen"));
        await("Bert knows where it comes from", () -> bert.ask("project", "show").get("source_node_status").filter(Json.of("online")::equals).isPresent());
        await("and when it was synced", () -> !(bert.ask("project", "show").get("remote_last_synced_at").orElse(Json.NULL) instanceof Json.Null));
        assertThat(bert.ask("project", "show").array("nodes")).hasSize(2);
        assertThat(column(bert, "SELECT shared_task_id FROM tasks")).containsExactly(task.text("shared_task_id"));
        anna.down();
        await("Bert sees that Anna is gone", () -> bert.ask("project", "show").get("source_node_status").filter(Json.of("offline")::equals).isPresent());
    }

    @Tag("lesson-overwritten-unsent-edits") @Test void what_both_changed_apart_is_a_conflict_until_somebody_decides() throws Exception {
        shared();
        await("Bert has the task", () -> tasks(bert, "garden").containsKey("Dig"));
        var id = bert.ask("task", "list").array("tasks").getFirst().asObject().text("id");
        bert.down();
        anna.ask("task", "edit", id, "--title", "Dig deep");
        anna.down();
        bert.ask("task", "edit", id, "--title", "Dig wide");              // by a node for the length of one command
        anna.up();
        bert.up();
        await("both know", () -> anna.ask("task", "show", id).integer("conflicts") == 1 && bert.ask("task", "show", id).integer("conflicts") == 1);
        var conflict = anna.ask("project", "conflicts").array("conflicts").getFirst().asObject();
        assertThat(List.of(conflict.text("shown"), conflict.text("other"))).containsExactly("Dig wide", "Dig deep");
        anna.ask("project", "resolve", id, conflict.text("id"), "--keep", "value", "--value", "Dig deep and wide");
        await("it is settled on both", () -> bert.ask("task", "show", id).integer("conflicts") == 0 && tasks(bert, "garden").containsKey("Dig deep and wide"));
    }

    @Test void what_reaches_the_sequencer_last_is_shown_though_it_was_written_first() throws Exception {
        shared();
        await("Bert has the task", () -> tasks(bert, "garden").containsKey("Dig"));
        assertThat(bert.run("project", "sequencer", "garden", "me").err()).contains("Only the owner's node");
        assertThat(anna.run("project", "sequencer", "garden", "me").out()).contains("Changes count in the order in which they reach node");
        var id = bert.ask("task", "list").array("tasks").getFirst().asObject().text("id");
        bert.down();
        anna.down();
        bert.ask("task", "edit", id, "--title", "Dig wide");
        anna.ask("task", "edit", id, "--title", "Dig deep");
        anna.up();
        bert.up();
        await("both show what came last", () -> tasks(anna, "garden").containsKey("Dig wide") && tasks(bert, "garden").containsKey("Dig wide"));
        assertThat(anna.ask("project", "conflicts").array("conflicts").getFirst().asObject().text("other")).isEqualTo("Dig deep");
        assertThat(anna.ask("project", "sequencer", "garden", "none").get("sequencer_node_id")).contains(Json.NULL);
    }

    @Tag("L09") @Test void a_project_that_is_unlinked_and_linked_again_has_nothing_stale_and_no_task_twice() throws Exception {
        shared();
        bert.ask("project", "remove", "garden");
        bert.ask("project", "add", "plot");
        var mine = add(bert, "plot", "Water");
        add(bert, "plot", "Weed");
        bert.ask("task", "log", mine, "every evening");
        bert.ask("project", "link", "plot", "garden");
        bert.ask("task", "move", dig(bert), "done");
        await("both have all three", () -> tasks(anna, "garden").size() == 3 && tasks(bert, "plot").size() == 3);
        assertThat(bert.ask("task", "show", mine).text("shared_task_id")).isNotEqualTo(mine);
        assertThat(anna.run("task", "log", bert.ask("task", "show", mine).text("shared_task_id")).out()).contains("every evening");
        await("the table follows", () -> column(bert, "SELECT id FROM tasks WHERE shared_task_id IS NOT NULL").size() == 3);

        assertThat(bert.run("project", "unlink", "plot", "--notify").out()).contains("Project unlinked from swarm.");
        assertThat(column(bert, "SELECT shared_task_id FROM tasks WHERE shared_task_id IS NOT NULL")).isEmpty();
        assertThat(column(bert, "SELECT name FROM projects WHERE remote_project_id IS NOT NULL OR remote_last_synced_at IS NOT NULL OR source_node_id IS NOT NULL")).isEmpty();
        assertThat(tasks(bert, "plot")).hasSize(3);
        assertThat(bert.ask("task", "show", mine).text("title")).as("its id is the same").isEqualTo("Water");
        await("Anna was told", () -> anna.ask("project", "show", "garden").array("nodes").size() == 1);
        assertThat(bert.run("project", "unlink", "plot").err()).contains("is not linked");
        bert.ask("task", "edit", mine, "--title", "Water twice");
        var weed = bert.ask("task", "list", "--project", "plot").array("tasks").stream().map(Json::asObject).filter(task -> task.text("title").equals("Weed")).findFirst().orElseThrow().text("id");
        bert.ask("task", "edit", weed, "--priority", 0);
        for (var status : List.of("todo", "cancelled")) bert.ask("task", "move", dig(bert), status);       // from done, no step leads to cancelled
        var shared = anna.ask("task", "list").array("tasks").stream().map(Json::asObject).filter(task -> task.text("title").equals("Water")).findFirst().orElseThrow().text("id");
        anna.ask("task", "edit", shared, "--title", "Water thrice");

        bert.ask("project", "link", "plot", "garden");
        await("what both changed meanwhile is a conflict", () -> anna.ask("task", "show", shared).integer("conflicts") == 1);
        await("in however many steps", () -> tasks(anna, "garden").get("Dig").equals("cancelled"));
        await("what one changed is there", () -> anna.ask("task", "list").array("tasks").stream().map(Json::asObject).anyMatch(task -> task.text("title").equals("Weed") && task.integer("priority") == 0));
        assertThat(tasks(anna, "garden")).hasSize(3);
        assertThat(bert.ask("project", "health", "plot").get("issues")).contains(Json.array());
    }

    private static String dig(Shell at) {
        return at.ask("task", "list", "--project", "plot").array("tasks").stream().map(Json::asObject).filter(task -> task.text("title").equals("Dig")).findFirst().orElseThrow().text("id");
    }

    /// A crash in the middle of linking: the tasks are there already, the project is not switched.
    @Test void linking_that_was_stopped_half_way_makes_nothing_twice() throws Exception {
        shared();
        bert.ask("project", "remove", "garden");
        bert.ask("project", "add", "plot");
        for (int i = 0; i < 3; i++) add(bert, "plot", "task " + i);
        var before = column(bert, "SELECT space FROM projects").getFirst();
        bert.ask("project", "link", "plot", "garden");
        await("Anna has them", () -> tasks(anna, "garden").size() == 4);
        bert.down();
        sql(bert, "UPDATE projects SET space = '" + before + "', remote_project_id = NULL, linked_at = NULL");
        sql(bert, "DELETE FROM tasks");
        sql(bert, "INSERT INTO local_spaces VALUES ('" + before + "')");
        sql(bert, "ATTACH '" + bert.data().resolve("node.sqlite") + "' AS node");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + bert.data().resolve("node.sqlite")); var run = db.createStatement()) {
            run.executeUpdate("INSERT INTO space (id, name, epoch, added_ms) SELECT '" + before + "', 'plot', epoch, added_ms FROM space LIMIT 1");
        }
        bert.up();
        assertThat(bert.ask("project", "show", "plot").get("is_linked")).contains(Json.FALSE);
        bert.ask("project", "link", "plot", "garden");
        assertThat(tasks(bert, "plot")).hasSize(4);
        add(bert, "plot", "last");
        await("Anna has no more", () -> tasks(anna, "garden").containsKey("last"));
        assertThat(tasks(anna, "garden")).hasSize(5).allSatisfy((_, status) -> assertThat(status).isEqualTo("todo"));
    }

    // Health

    @Tag("lesson-orphans-by-the-wrong-column") @Test void tasks_that_are_orphaned_in_any_of_three_ways_are_found_and_fixed() throws Exception {
        bert.settings("{\"board\": {\"offline_after_hours\": 0}}");
        shared();
        var path = "/api/projects/garden/sync-health";
        await("the table follows", () -> column(bert, "SELECT id FROM tasks").size() == 1);
        await("healthy while Anna is here", () -> bert.run("project", "health").exit() == 0);
        try (var node = HttpNode.find(bert.data()).orElseThrow()) {
            var id = node.get("/api/projects/garden").object("data").text("remote_project_id");
            assertThat(Canonical.text(node.get(path))).isEqualTo(
                "{\"data\":{\"has_sync_issues\":false,\"is_linked\":true,\"issues\":[],\"orphaned_task_count\":0,\"remote_project_id\":\"" + id + "\"},\"success\":true}");

            anna.down();                                                  // the third way: nobody was met for long, which is no time at all here
            await("out of touch", () -> bert.run("project", "health").exit() == 1);
            assertThat(Canonical.text(node.get(path))).isEqualTo("{\"data\":{\"has_sync_issues\":true,\"is_linked\":true,\"issues\":[{\"OrphanedTasks\":{\"count\":1}}],"
                + "\"orphaned_task_count\":1,\"remote_project_id\":\"" + id + "\"},\"success\":true}");
            anna.up();
            await("in touch again", () -> bert.run("project", "health").exit() == 0);

            anna.ask("project", "close", "garden");                       // the second way: the swarm project is gone
            await("closed", () -> bert.run("project", "health").exit() == 1);
            assertThat(bert.run("task", "add", "Plant").err()).contains("The owner closed this swarm project.");
            assertThat(Canonical.text(node.post("/api/projects/garden/unlink-swarm", Json.object("notify_hive", true)))).isEqualTo("{\"data\":{},\"message\":\"Project unlinked from swarm\",\"success\":true}");
            assertThat(bert.run("project", "health").exit()).isZero();
            assertThat(tasks(bert, "garden")).containsOnlyKeys("Dig");

            sql(bert, "UPDATE tasks SET shared_task_id = id");            // the first way: what an unlink that was not whole would leave
            assertThat(Canonical.text(node.get(path))).isEqualTo("{\"data\":{\"has_sync_issues\":true,\"is_linked\":false,\"issues\":[{\"OrphanedTasks\":{\"count\":1}},\"ProjectNotLinked\"],"
                + "\"orphaned_task_count\":1,\"remote_project_id\":null},\"success\":true}");
            bert.ask("project", "unlink", "garden");
            assertThat(bert.run("project", "health").exit()).isZero();
        }
        assertThat(bert.run("project", "unlink", "no such").err()).contains("Project not found").contains("waggle project list");
    }

    @Test void a_project_whose_space_was_left_keeps_its_tasks_when_it_is_unlinked() throws Exception {
        shared();
        await("the table follows", () -> column(bert, "SELECT id FROM tasks").size() == 1);
        bert.ask("leave", "--space", "garden");
        assertThat(bert.run("project", "health").exit()).isEqualTo(1);
        bert.ask("project", "unlink", "garden");
        assertThat(tasks(bert, "garden")).containsOnlyKeys("Dig");
        assertThat(bert.run("project", "health").exit()).isZero();
    }

    /// The row says that the project is not linked, and its tasks are in the swarm's space.
    @Tag("L09") @Test void a_link_that_another_program_took_off_is_taken_off_whole_by_the_repair() throws Exception {
        shared();
        await("the table follows", () -> column(bert, "SELECT id FROM tasks").size() == 1);
        sql(bert, "UPDATE projects SET remote_project_id = NULL");
        assertThat(bert.run("project", "health").out()).contains("ProjectNotLinked");
        bert.ask("project", "unlink", "garden");
        add(bert, "garden", "Bert's own");
        add(anna, "garden", "Anna's own");
        bert.ask("sync", "now");
        assertThat(tasks(bert, "garden")).containsOnlyKeys("Dig", "Bert's own");
        assertThat(tasks(anna, "garden")).containsOnlyKeys("Dig", "Anna's own");
        assertThat(bert.run("project", "health").exit()).isZero();
    }

    @Tag("L09") @Tag("F01") @Test void who_unlinks_while_nobody_can_be_reached_is_unlinked_at_once_and_the_others_hear_of_it_later() throws Exception {
        shared();
        await("Anna knows Bert", () -> anna.ask("project", "show", "garden").array("nodes").size() == 2);
        await("the table follows", () -> column(bert, "SELECT id FROM tasks").size() == 1);
        anna.down();
        assertThat(bert.run("project", "unlink", "garden", "--notify").out()).contains("Project unlinked from swarm.");
        assertThat(column(bert, "SELECT name FROM projects WHERE remote_project_id IS NOT NULL")).isEmpty();
        assertThat(bert.run("project", "health").exit()).isZero();
        add(bert, "garden", "Bert's own");
        anna.up();
        await("Anna hears of it", () -> anna.ask("project", "show", "garden").array("nodes").size() == 1);
        assertThat(tasks(anna, "garden")).containsOnlyKeys("Dig");
        assertThat(tasks(bert, "garden")).containsOnlyKeys("Dig", "Bert's own");
    }

    @Tag("L09") @Tag("lesson-overwritten-unsent-edits") @Test void what_was_done_while_the_swarm_project_was_closed_elsewhere_is_found_and_kept() throws Exception {
        shared();
        await("the table follows", () -> column(bert, "SELECT id FROM tasks").size() == 1);
        anna.ask("project", "share", anna.ask("project", "add", "other").text("name"));      // what is closed is one project
        var dig = bert.ask("task", "list", "--project", "garden").array("tasks").getFirst().asObject().text("id");
        bert.down();
        anna.ask("project", "close", "garden");
        anna.down();
        bert.up();
        bert.ask("task", "edit", dig, "--title", "Dig, while away");
        add(bert, "garden", "Made while away");
        await("the table follows", () -> column(bert, "SELECT id FROM tasks").size() == 2);
        assertThat(bert.run("project", "health").exit()).as("it has not heard of it").isZero();
        anna.up();
        await("Bert hears of it", () -> bert.run("project", "health").exit() == 1);
        assertThat(bert.run("task", "edit", dig, "--title", "x").err()).contains("The owner closed this swarm project.");
        assertThat(bert.run("project", "health", "--json").json().integer("orphaned_task_count")).isEqualTo(2);
        assertThat(bert.run("project", "unlink", "garden", "--notify").exit()).as("there is nobody to be told").isZero();
        assertThat(tasks(bert, "garden")).containsOnlyKeys("Dig, while away", "Made while away");
        assertThat(bert.ask("task", "edit", dig, "--title", "Mine").text("title")).isEqualTo("Mine");
        assertThat(bert.run("project", "health").exit()).isZero();
    }

    @Tag("P02") @Tag("P03") @Test void what_is_too_large_or_no_task_is_refused_in_a_sentence_and_changes_nothing() throws Exception {
        anna.up();
        anna.ask("project", "add", "garden");
        var task = add(anna, "garden", "Dig");
        var many = java.util.Collections.nCopies(501, Json.of("x"));
        try (var node = HttpNode.find(anna.data()).orElseThrow()) {
            var bad = new java.util.LinkedHashMap<Json.Obj, String>();
            bad.put(Json.object("title", "x".repeat(501)), "more than 500 characters");
            bad.put(Json.object("title", " "), "title is empty");
            bad.put(Json.object("title", 7), "title");
            bad.put(Json.object("title", "x", "description", "x".repeat(40_001)), "more than 40000 characters");
            bad.put(Json.object("title", "x", "description", "\u20ac".repeat(30_000)), "larger than 64 KiB");
            bad.put(Json.object("title", "x", "description", "\"".repeat(39_000)), "larger than 64 KiB");
            bad.put(Json.object("title", "x", "status", "in_progress"), "one of todo, inprogress");
            bad.put(Json.object("title", "x", "priority", 5), "from 0 (most urgent) to 4");
            bad.put(Json.object("title", "x", "priority", -1), "from 0 (most urgent) to 4");
            bad.put(Json.object("title", "x", "labels", "wood"), "\"labels\" is not a list of texts");
            bad.put(Json.object("title", "x", "priority", "high"), "\"priority\" is not a number");
            bad.put(Json.object("title", "x", "description", Json.array()), "\"description\" is not a text");
            bad.put(Json.object("title", "x", "labels", Json.array(many.subList(0, 51).stream().<Json>map(_ -> Json.of("x")).toList())), "more than 50 labels");
            bad.put(Json.object("title", "x", "labels", Json.array(Json.of("a"), Json.of("a"))), "named twice");
            bad.put(Json.object("title", "x", "depends_on", Json.array(Json.of("bd-1"))), "UUID");
            bad.put(Json.object("title", "x", "assignee", "x".repeat(81)), "more than 80 characters");
            bad.forEach((body, why) -> assertThat(refusal(node, "/api/projects/garden/tasks", body)).as(why).containsIgnoringCase(why));
            assertThat(refusal(node, "/api/tasks/" + task + "/log", Json.object("lines", Json.array(many)))).containsIgnoringCase("1 to 500 lines");
            assertThat(refusal(node, "/api/tasks/" + task + "/log", Json.object("lines", Json.array(Json.of("x".repeat(4_001)))))).containsIgnoringCase("more than 4000 characters");
            assertThat(refusal(node, "/api/tasks/" + task + "/claim", Json.object("lease_ms", 999))).contains("lease_ms");
            assertThat(refusal(node, "/api/tasks/" + task + "/finish", Json.object("claim", "me", "token", 1))).contains("no claim's id");
            assertThat(refusal(node, "/api/tasks/" + task + "/finish", Json.object("claim", "0".repeat(64), "token", 0))).contains("token");
        }
        assertThat(tasks(anna, "garden")).containsOnlyKeys("Dig");
        assertThat(anna.ask("task", "show", task).integer("version")).isEqualTo(1);
    }

    private static String refusal(HttpNode node, String path, Json.Obj body) {
        try {
            return "accepted: " + Canonical.text(node.post(path, body));
        } catch (dev.waggle.node.problem.Problem no) {
            return no.code().status() + " " + no.sentences();
        }
    }

    // Looking on

    @Test void who_looks_on_hears_of_what_changes() throws Exception {
        anna.up();
        anna.ask("project", "add", "garden");
        var run = Canonical.parseObject(Files.readAllBytes(anna.data().resolve("run.json")));
        var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://" + run.text("rest") + "/api/projects/garden/live"))
            .header("Authorization", "Bearer " + Files.readString(anna.data().resolve("token")).strip()).build();
        try (var http = java.net.http.HttpClient.newHttpClient(); var lines = http.send(request, java.net.http.HttpResponse.BodyHandlers.ofLines()).body()) {
            var heard = lines.iterator();
            assertThat(heard.next()).isEqualTo(": looking on");
            var task = add(anna, "garden", "Dig");
            anna.ask("task", "log", task, "a line");
            var events = new ArrayList<String>();
            while (events.size() < 2) {
                var line = heard.next();
                if (line.startsWith("data: ")) events.add(line.substring(6));
            }
            assertThat(events.getFirst()).contains("\"task_created\"").contains(task);
            assertThat(events.getLast()).contains("\"task_log\"").contains(task);
            anna.down();
        }
    }

    // Work

    @Test void a_claim_keeps_others_away_and_a_finished_task_is_finished_once() throws Exception {
        shared();
        await("Bert has the task", () -> tasks(bert, "garden").containsKey("Dig"));
        var id = bert.ask("task", "list").array("tasks").getFirst().asObject().text("id");
        var claim = bert.ask("task", "claim", id).object("claim");
        await("Anna sees who has it", () -> anna.ask("task", "show", id).get("is_held").filter(Json.TRUE::equals).isPresent());
        assertThat(anna.ask("task", "show", id).text("remote_assigned_node_id")).startsWith(bert.ask("task", "show", id).text("holder").substring(0, 8));
        assertThat(anna.run("task", "claim", id)).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(4);
            assertThat(said.err()).contains("works on the task; its lease ends in");
        });
        assertThat(bert.run("task", "finish", id, "--exit-code", 0).exit()).isZero();
        await("done on both", () -> tasks(anna, "garden").get("Dig").equals("done"));
        assertThat(bert.run("task", "finish", id, "--claim", claim.text("id"), "--token", 1, "--status", "cancelled").out()).contains("Refused");
        assertThat(bert.ask("task", "show", id).array("refused")).hasSize(1);
        assertThat(tasks(bert, "garden")).containsEntry("Dig", "done");
    }

    /// Anna and Bert meet at a hub alone.
    @Test void a_task_without_a_name_comes_to_the_node_that_is_there_and_has_the_least_to_do() throws Exception {
        var works = "{\"board\": {\"node_name\": \"%s\", \"executor\": {\"enabled\": true, \"commands\": {\"none\": [\"/bin/true\"]}}}}";
        anna.settings(works.formatted("anna"));
        bert.settings(works.formatted("bert"));
        try (var hub = new Shell(folder.resolve("hub"), folder.resolve("state"))) {
            anna.up();
            hub.up();
            bert.up();
            anna.ask("project", "add", "garden");
            assertThat(anna.ask("task", "assign", add(anna, "garden", "Alone"), "auto").text("assigned_node")).as("of a local project").isEqualTo(id(anna));
            anna.ask("project", "share", "garden");
            hub.ask("project", "join", anna.ask("invite", "--space", "garden", "--role", "moderator").text("ticket"));
            bert.ask("project", "join", hub.ask("invite", "--space", "garden").text("ticket"));
            await("Anna hears of Bert", () -> node(anna, "bert").isPresent());
            assertThat(anna.ask("peer", "list").toString()).as("they do not know each other").doesNotContain(id(bert));
            await("and that he is there", () -> node(anna, "bert").orElseThrow().text("status").equals("online"));

            var ofBert = id(bert);
            var given = new ArrayList<String>();
            for (int i = 0; i < 5; i++) given.add(anna.ask("task", "assign", add(anna, "garden", "Task " + i), "auto").text("assigned_node"));
            assertThat(given).as("Anna has one already, the hub carries nothing out").containsOnly(id(anna), id(bert));
            assertThat(given.stream().filter(id(bert)::equals)).hasSize(3);

            bert.down();
            await("the hub says that he is gone", () -> node(anna, "bert").orElseThrow().text("status").equals("offline"));
            for (int i = 5; i < 8; i++) assertThat(anna.ask("task", "assign", add(anna, "garden", "Task " + i), "auto").text("assigned_node")).isEqualTo(id(anna));
            assertThat(anna.ask("task", "assign", add(anna, "garden", "For Bert"), "bert").text("assigned_node")).as("who is named is taken at the word").isEqualTo(ofBert);

            Files.writeString(bert.data().resolve("settings.json"), "{\"board\": {\"node_name\": \"bertram\"}}");
            bert.up();
            await("he says what is new of himself", () -> node(anna, "bertram").filter(node -> node.get("executes").equals(java.util.Optional.of(Json.FALSE))).isPresent());
        }
    }

    /// Anna and Bert meet at a hub alone. It goes away while Bert works, and Anna reads on from Bert himself.
    @Tag("lesson-list-of-everything") @Test void a_log_is_followed_live_and_straight_from_who_writes_it_where_the_log_does_not_come() throws Exception {
        bert.up();
        var address = describe(bert).text("listen");
        bert.down();
        var script = folder.resolve("work.sh");
        Files.writeString(script, "echo first; while [ ! -e two ]; do sleep 0.1; done; echo second; while [ ! -e three ]; do sleep 0.1; done; echo third\n");
        var here = "\"sync\": {\"gossip\": {\"enabled\": false, \"allow_loopback\": true}}";
        anna.settings("{" + here + "}");
        Files.writeString(bert.data().resolve("settings.json"), "{" + here + ", \"board\": {\"node_name\": \"bert\", \"public_url\": \"http://" + address + "\", "
            + "\"executor\": {\"enabled\": true, \"settle_ms\": 0, \"commands\": {\"work\": [\"/bin/sh\", \"" + script + "\"]}}}}");
        try (var hub = new Shell(folder.resolve("hub"), folder.resolve("state")); var http = java.net.http.HttpClient.newHttpClient()) {
            anna.up();
            hub.up();
            bert.up();
            assertThat(describe(bert).text("listen")).isEqualTo(address);
            anna.ask("project", "add", "garden");
            anna.ask("project", "share", "garden");
            hub.ask("project", "join", anna.ask("invite", "--space", "garden", "--role", "moderator").text("ticket"));
            bert.ask("project", "join", hub.ask("invite", "--space", "garden").text("ticket"));
            var task = anna.ask("task", "add", "Dig", "--label", "run:work").text("id");
            await("Anna sees who has it", () -> anna.ask("task", "show", task).get("is_held").filter(Json.TRUE::equals).isPresent());
            assertThat(node(anna, "bert").orElseThrow().text("public_url")).isEqualTo("http://" + address);

            var run = Canonical.parseObject(Files.readAllBytes(anna.data().resolve("run.json")));
            var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://" + run.text("rest") + "/api/tasks/" + task + "/log/live"))
                .header("Authorization", "Bearer " + Files.readString(anna.data().resolve("token")).strip()).build();
            var heard = java.util.Collections.synchronizedList(new ArrayList<String>());
            var listening = Thread.ofVirtual().start(() -> {
                try (var lines = http.send(request, java.net.http.HttpResponse.BodyHandlers.ofLines()).body()) {
                    lines.filter(line -> line.startsWith("data: ")).forEach(heard::add);
                } catch (java.io.IOException | InterruptedException e) {
                    heard.add(e.toString());
                }
            });
            await("the first line is there", () -> heard.toString().contains("first"));
            hub.down();
            Files.createFile(bert.data().resolve("two"));
            await("the second line comes without the hub", () -> heard.stream().anyMatch(line -> line.contains("second") && line.contains("\"via\":\"direct\"")));
            assertThat(anna.run("task", "log", task).out()).as("it is not in the log yet").contains("first").doesNotContain("second");
            Files.createFile(bert.data().resolve("three"));
            await("and the third", () -> heard.toString().contains("third"));
            hub.up();
            listening.join(java.time.Duration.ofNanos(Shell.PATIENCE_NS));
            assertThat(heard.getLast()).contains("end");
            for (var line : List.of("first", "second", "third")) assertThat(heard.stream().filter(each -> each.contains("\"" + line + "\""))).as(line + " comes once").hasSize(1);
            assertThat(anna.run("task", "log", task, "--follow")).satisfies(said -> {
                assertThat(said.exit()).isZero();
                assertThat(said.out().lines().map(line -> line.substring(line.lastIndexOf(' ') + 1))).containsExactly("first", "second", "third");
            });
            assertThat(anna.run("task", "log", task, "--follow", "a line").exit()).isEqualTo(2);
        }
        assertThat(anna.run("task", "log", "x", "--follow").err()).contains("no such task");
    }

    private static Json.Obj describe(Shell at) {
        try (var node = HttpNode.find(at.data()).orElseThrow()) {
            return node.get("/api/v1/node");
        }
    }

    private static String id(Shell at) {
        return describe(at).text("node");
    }

    private static java.util.Optional<Json.Obj> node(Shell at, String name) {
        return at.ask("project", "show", "garden").array("nodes").stream().map(Json::asObject).filter(node -> node.text("name").equals(name)).findFirst();
    }

    @Test void commands_of_the_settings_carry_tasks_out_and_nothing_that_a_task_says_becomes_a_command() throws Exception {
        var script = folder.resolve("work.sh");
        Files.writeString(script, "echo \"id $WAGGLE_TASK_ID\"; echo \"title $WAGGLE_TASK_TITLE\"; echo \"project $WAGGLE_PROJECT_NAME\"; test \"$WAGGLE_TASK_TITLE\" != Fail\n");
        anna.settings("{\"board\": {\"executor\": {\"enabled\": true, \"slots\": 2, \"settle_ms\": 0, \"commands\": {\"work\": [\"/bin/sh\", \"" + script + "\"]}}}}");
        anna.up();
        anna.ask("project", "add", "garden");
        var evil = "x; touch " + folder.resolve("pwned") + " $(touch " + folder.resolve("pwned") + ")";
        var good = anna.ask("task", "add", evil, "--label", "run:work").text("id");
        var bad = anna.ask("task", "add", "Fail", "--label", "run:work", "--needs", good).text("id");
        var other = anna.ask("task", "add", "Other", "--label", "run:" + script).text("id");
        var plain = add(anna, "garden", "Plain");
        await("both are over", () -> anna.ask("task", "show", bad).text("status").equals("inreview"));
        assertThat(anna.ask("task", "show", good).text("status")).isEqualTo("done");
        assertThat(anna.run("task", "log", good).out()).contains("id " + good).contains("title " + evil).contains("project garden");
        assertThat(anna.run("task", "log", bad, "--follow").out()).as("it ends when it waits for a review, too").contains("title Fail");
        assertThat(anna.ask("task", "show", bad).array("claims").getFirst().asObject().object("end").integer("exit_code")).isEqualTo(1);
        assertThat(anna.ask("task", "show", other).text("status")).as("the settings know no command of that name").isEqualTo("todo");
        assertThat(anna.ask("task", "show", plain).text("status")).as("there is no default command").isEqualTo("todo");
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Tag("S05") @Tag("L02") @Test void work_that_is_done_while_the_log_cannot_be_written_is_reported_when_it_can() throws Exception {
        var script = folder.resolve("work.sh");
        Files.writeString(script, "echo begun >> begun; while [ ! -e go ]; do sleep 0.1; done; touch ended\n");
        anna.settings("{\"board\": {\"executor\": {\"enabled\": true, \"settle_ms\": 0, \"lease_ms\": 1500, \"commands\": {\"work\": [\"/bin/sh\", \"" + script + "\"]}}}}");
        anna.up();
        anna.ask("project", "add", "garden");
        var task = anna.ask("task", "add", "Dig", "--label", "run:work").text("id");
        await("it is begun", () -> Files.exists(anna.data().resolve("begun")));
        var log = anna.data().resolve("spaces").resolve(anna.ask("project", "show").text("space")).resolve("sync.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + log); var run = db.createStatement()) {
            run.execute("PRAGMA busy_timeout=10000");
            run.execute("BEGIN IMMEDIATE");
            Files.createFile(anna.data().resolve("go"));
            await("the command ends", () -> Files.exists(anna.data().resolve("ended")));
            await("the log takes nothing", () -> anna.run("task", "log", task, "x").exit() != 0);
            run.execute("ROLLBACK");
        }
        await("it is done", () -> anna.ask("task", "show", task).text("status").equals("done"));
        assertThat(Files.readString(anna.data().resolve("begun"))).as("by one run").isEqualTo("begun\n");
    }

    @Test void a_command_that_has_no_absolute_path_is_no_setting() throws Exception {
        anna.settings("{\"board\": {\"executor\": {\"enabled\": true, \"commands\": {\"default\": [\"sh\"]}}}}");
        assertThat(anna.run("project", "list").err()).contains("does not begin with the absolute path of a program");
    }
}

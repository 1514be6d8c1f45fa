package dev.waggle.lab.process;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import static dev.waggle.lab.process.BoardAsk.all;
import static dev.waggle.lab.process.BoardAsk.count;
import static dev.waggle.lab.process.BoardAsk.ends;
import static org.assertj.core.api.Assertions.assertThat;

/// A swarm of real processes: a hub on a real PostgreSQL and four nodes of one organisation, each with a key of its own, that meet at the hub alone. A tracker's tasks are loaded on one and come to all; a real
/// command carries tasks out on all four while the database, the hub and the nodes are killed with -9 at random. Each task is done with effect once, and the
/// boards are equal in the end. Then tasks are orphaned in all three ways, found, and fixed.
///
/// `-Dseed=…` replays, `-Dtasks=FILE` loads a file of one's own, `-Dwork=400 -Dkills=100` takes longer.
@Timeout(3_600)
class SwarmTest {
    private static final int WORK = Integer.getInteger("work", 40);
    private static final int KILLS = Integer.getInteger("kills", 6);
    private static final int DOWN_MS_MAX = 1_500;
    @TempDir Path folder;
    private final List<Victim> victims = new ArrayList<>();
    private final long began = System.nanoTime();

    private interface Step {
        void run() throws Exception;
    }

    /// Something that is killed and comes back.
    private record Victim(String name, Step kill, Step begin, Step awaitUp) {}

    @Tag("L02") @Tag("S01") @Tag("L03") @Tag("lesson-orphans-by-the-wrong-column") @Test
    void a_swarm_does_every_task_with_effect_once_while_all_its_parts_are_killed_and_orphans_are_found_and_fixed() throws Exception {
        long seed = Long.getLong("seed", 1);
        var again = " (replay with -Dseed=" + seed + ")";
        var random = Property.random(seed);
        var work = folder.resolve("work.sh");
        Files.writeString(work, """
            echo "begun on $(cat name)"
            echo "$WAGGLE_TASK_SHARED_ID" >> begun
            sleep 0.$(($WAGGLE_TASK_TOKEN * 3 % 10))
            echo "done on $(cat name)"
            """);
        try (var postgres = new Postgres(folder.resolve("cluster")); var hub = new NodeProcess(folder.resolve("hub")); var a = new NodeProcess(folder.resolve("a"));
             var b = new NodeProcess(folder.resolve("b")); var c = new NodeProcess(folder.resolve("c")); var d = new NodeProcess(folder.resolve("d"))) {
            postgres.sql("postgres", "CREATE DATABASE hub");
            hub.up("--hub", "--database", postgres.url("hub"));
            hub.ask("hub", "org", "add", "acme");
            var nodes = List.of(a, b, c, d);
            for (var node : nodes) {
                var name = node.data().getParent().getFileName();
                node.settings("{\"board\": {\"node_name\": \"" + name + "\", \"offline_after_hours\": " + (node == d ? 0 : 24) + ", \"executor\": {\"enabled\": true, \"slots\": 2, \"lease_ms\": 4000, "
                    + "\"settle_ms\": 300, \"commands\": {\"work\": [\"/bin/sh\", \"" + work + "\"]}}}}");
                Files.writeString(node.data().resolve("name"), name.toString());
                node.environment("WAGGLE_HUB_URL", "http://" + hub.address()).environment("WAGGLE_NODE_API_KEY", hub.ask("hub", "key", "add", "acme", name.toString()).text("secret")).up();
            }
            NodeProcess.await("all are at the hub", () -> nodes.stream().allMatch(node -> node.run("hub", "show").exit() == 0));

            say("seed " + seed + ", all are up");

            // A tracker's tasks come to all, by way of the hub
            a.ask("project", "add", "garden");
            var tasks = BoardAsk.tasks(folder);
            long loaded = a.ask("import", "board", tasks).integer("tasks");
            try (var lines = Files.lines(tasks)) {
                assertThat(loaded).as("every line is a task").isEqualTo(lines.filter(line -> !line.isBlank()).count());
            }
            a.ask("hub", "publish", "garden");
            hub.ask("project", "add", "garden", "--swarm", "garden");
            for (var each : List.of(b, d)) each.ask("hub", "join", "garden");
            c.ask("project", "add", "garden");
            for (int i = 0; i < 3; i++) c.ask("task", "add", "of C's own " + i);
            c.ask("hub", "join", "garden", "--project", "garden");
            long total = loaded + 3;
            NodeProcess.await("all have all tasks", () -> nodes.stream().allMatch(node -> count(node, "garden") == total));
            for (var node : nodes) assertThat(connected(node)).as("they meet at the hub alone").containsExactly(id(hub));
            long done = count(a, "garden", "done");
            say("all have " + total + " tasks");

            // Work, while everything is killed
            victims.add(new Victim("postgres", postgres::kill, postgres::start, () -> { }));
            victims.add(new Victim("hub", hub::kill, () -> hub.begin("--hub", "--database", postgres.url("hub")), hub::awaitUp));
            for (var node : nodes) victims.add(new Victim(node.data().getParent().getFileName().toString(), node::kill, node::begin, node::awaitUp));
            var made = new ArrayList<String>();
            for (int kill = 0; kill < KILLS; kill++) {
                while (made.size() < (long) WORK * (kill + 1) / KILLS) {
                    var at = nodes.get(random.nextInt(nodes.size()));
                    made.add(at.ask("task", "add", "work " + made.size(), "--project", "garden", "--label", "run:work", "--priority", 0).text("id"));
                }
                kill(random, victims.get(kill < victims.size() ? kill : random.nextInt(victims.size())));      // each of them at least once
            }
            for (var node : nodes)
                NodeProcess.await("all is done" + again, NodeProcess.PATIENCE.multipliedBy(2), () -> count(node, "garden", "done") == done + WORK, () -> BoardTest.seen(nodes.stream()
                    .flatMap(each -> made.stream().filter(task -> !BoardAsk.status(each, task).equals("done"))).distinct().toList(), nodes.toArray(NodeProcess[]::new)));
            say("all is done");
            for (var task : made) assertThat(ends(a, task)).as(task + " has effect once" + again).containsExactly(0L);
            var workers = new TreeSet<String>();
            for (var task : made) for (var claim : a.ask("task", "show", task).array("claims")) workers.add(claim.asObject().text("node"));
            assertThat(workers).as("all of them worked" + again).hasSize(4);
            var everybody = List.of(hub, a, b, c, d);
            NodeProcess.await("all boards are equal" + again, () -> everybody.stream().allMatch(node -> all(node, "garden").equals(all(a, "garden"))));
            assertThat(all(a, "garden")).hasSize((int) total + WORK);
            for (var node : everybody) {
                assertThat(node.ask("project", "show", "garden").integer("quarantined")).isZero();
                verify(node);
            }

            say("all are equal, and their logs good");

            // Orphaned by an unlinking that is not whole, as another program may do it
            try (var db = DriverManager.getConnection("jdbc:sqlite:" + b.data().resolve("board.sqlite")); var run = db.createStatement()) {
                run.execute("PRAGMA busy_timeout=10000");
                run.executeUpdate("UPDATE projects SET remote_project_id = NULL");
            }
            assertThat(issues(b, "garden")).contains("ProjectNotLinked").contains("\"count\":" + (total + WORK));
            // by deleting the project at the hub while a node is away
            d.ask("project", "add", "yard");
            d.ask("task", "add", "Sweep", "--project", "yard");
            d.ask("hub", "publish", "yard");
            c.ask("hub", "join", "yard");
            NodeProcess.await("C has it", () -> count(c, "yard") == 1);
            c.stop();
            hub.ask("hub", "project", "remove", "yard");
            c.up();
            NodeProcess.await("C hears that it is gone", () -> issues(c, "yard").contains("{\"OrphanedTasks\":{\"count\":1}}"));
            // and by a long disconnection, which is none at all for D
            hub.stop();
            NodeProcess.await("D is out of touch", () -> issues(d, "garden").contains("OrphanedTasks"));

            b.ask("project", "unlink", "garden");
            c.ask("project", "unlink", "yard");
            d.ask("project", "unlink", "garden");
            d.ask("project", "unlink", "yard");
            for (var each : List.of(b, c, d)) for (var project : each.ask("project", "list").array("projects")) assertThat(issues(each, project.asObject().text("name"))).isEqualTo("[]");
            assertThat(count(b, "garden")).isEqualTo(total + WORK);
            assertThat(count(d, "garden")).isEqualTo(total + WORK);

            say("orphans were found and fixed");

            // What is linked again has nothing twice; what is not, is its own
            hub.up("--hub", "--database", postgres.url("hub"));
            b.ask("task", "add", "B's own now", "--project", "garden");
            d.ask("task", "add", "D's, for all", "--project", "garden");
            NodeProcess.await("D is at the hub", () -> d.run("hub", "show").exit() == 0);
            d.ask("hub", "join", "garden", "--project", "garden");
            NodeProcess.await("all that are linked are equal" + again, () -> all(a, "garden").size() == total + WORK + 1 && all(a, "garden").equals(all(d, "garden")) && all(a, "garden").equals(all(c, "garden")));
            assertThat(all(a, "garden").values().toString()).contains("D's, for all").doesNotContain("B's own now");
            for (var node : everybody) verify(node);
            say("all that is linked again is equal");
        }
    }

    private void kill(RandomGenerator random, Victim victim) throws Exception {
        say("killing " + victim.name());
        victim.kill().run();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(DOWN_MS_MAX));
        victim.begin().run();
        victim.awaitUp().run();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(DOWN_MS_MAX));
    }

    private void say(String what) {
        System.out.println((System.nanoTime() - began) / 1_000_000_000 + " s: " + what);
    }

    private static void verify(NodeProcess node) {
        for (var space : node.ask("space", "list").array("spaces")) assertThat(node.run("log", "verify", space.asObject().text("id")).ok().out()).contains("all good");
    }

    private static String issues(NodeProcess node, String project) {
        return Canonical.text(node.run("project", "health", project, "--json").json().get("issues").orElseThrow());
    }

    private static String id(NodeProcess node) throws Exception {
        return node.rest("GET", "/api/v1/node", null).ok().text("node");
    }

    private static List<String> connected(NodeProcess node) {
        return node.ask("peer", "list").array("peers").stream().map(Json::asObject).filter(peer -> peer.text("state").equals("connected")).map(peer -> peer.text("node")).toList();
    }
}

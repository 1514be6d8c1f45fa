package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Sha256;
import dev.waggle.node.NodeSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A real hub and two nodes that meet there alone: of what both set while they are apart, what reaches the hub last is shown on all three, though it was written first.
@Timeout(300)
class HubOrderTest {
    @TempDir Path folder;

    private NodeProcess node(NodeProcess hub, String key, String name) throws Exception {
        var file = Files.writeString(folder.resolve(name + ".key"), key + "\n");
        return new NodeProcess(folder.resolve(name)).settings("{\"board\": {\"node_name\": \"" + name + "\"}}").environment("WAGGLE_HUB_URL", "http://" + hub.address()).environment("WAGGLE_NODE_API_KEY_FILE", file.toString());
    }

    private static boolean isConnected(NodeProcess node) {
        return node.run("hub", "show", "--json").exit() == 0;
    }

    private static String title(NodeProcess node) {
        return node.ask("task", "list", "--project", "garden").array("tasks").stream().map(task -> task.asObject().text("title")).findFirst().orElse("");
    }

    private static long offset(NodeProcess node, String space) {
        return node.status().array("spaces").stream().map(Json::asObject).filter(each -> each.text("name").equals(space)).map(each -> each.integer("log_offset")).findFirst().orElse(0L);
    }

    /// The ids that stamps in a log name.
    static List<String> stamped(NodeProcess node, String space) {
        var stamped = new ArrayList<String>();
        for (var line : lines(node, space))
            if (line.payload().object("$").text("type").equals("changes_sequenced")) line.payload().array("events").forEach(id -> stamped.add(id.asText()));
        return stamped;
    }

    private interface Doing {
        void with(NodeProcess hub, NodeProcess a, NodeProcess b) throws Exception;
    }

    /// Two nodes of one organisation that are at the hub.
    private void atOneHub(Doing doing) throws Exception {
        try (var hub = new NodeProcess(folder.resolve("hub"))) {
            hub.up("--hub");
            hub.ask("hub", "org", "add", "acme");
            try (var a = node(hub, hub.ask("hub", "key", "add", "acme", "anna").text("secret"), "anna"); var b = node(hub, hub.ask("hub", "key", "add", "acme", "bert").text("secret"), "bert")) {
                a.up();
                b.up();
                NodeProcess.await("both are at the hub", () -> isConnected(a) && isConnected(b));
                doing.with(hub, a, b);
            }
        }
    }

    @Tag("lesson-overwritten-unsent-edits") @Test void what_reaches_the_hub_last_is_shown_everywhere_and_the_other_value_waits_for_somebody_to_decide() throws Exception {
        atOneHub((hub, a, b) -> {
            a.ask("project", "add", "garden");
            var task = a.ask("task", "add", "Dig", "--project", "garden").text("id");
            a.ask("hub", "publish", "garden");
            assertThat(a.ask("project", "show", "garden").text("sequencer_node_id")).isEqualTo(hub.status().text("node"));
            b.ask("hub", "join", "garden");
            hub.ask("project", "add", "garden", "--swarm", "garden");
            NodeProcess.await("all three have the task", () -> List.of(a, b, hub).stream().allMatch(node -> title(node).equals("Dig")));
            var theirs = b.ask("task", "list", "--project", "garden").array("tasks").getFirst().asObject().text("id");
            NodeProcess.await("the hub has stamped it", () -> !stamped(a, "garden").isEmpty());

            // A project that the hub is in and does not sequence
            a.ask("project", "add", "shed");
            a.ask("project", "share", "shed");
            hub.ask("project", "join", a.ask("invite", "--space", "shed").text("ticket"));
            a.ask("task", "add", "Paint", "--project", "shed");
            NodeProcess.await("the hub has that, too", () -> offset(hub, "shed") == offset(a, "shed") && hub.ask("project", "show", "shed").integer("task_count") == 1);

            hub.kill();
            b.ask("task", "edit", theirs, "--title", "Bert's, written first");
            b.kill();
            a.ask("task", "edit", task, "--title", "Anna's, written later");
            hub.up("--hub");
            NodeProcess.await("Anna's is at the hub", () -> title(hub).equals("Anna's, written later"));
            b.up();
            NodeProcess.await("Bert's, which came last, is shown on all three", NodeProcess.PATIENCE, () -> List.of(a, b, hub).stream().allMatch(node -> title(node).equals("Bert's, written first")),
                () -> title(a) + " | " + title(b) + " | " + title(hub) + hub.printed());
            for (var node : List.of(a, b, hub)) {
                var conflict = node.ask("project", "conflicts", "garden").array("conflicts").getFirst().asObject();
                assertThat(List.of(conflict.text("shown"), conflict.text("other"))).containsExactly("Bert's, written first", "Anna's, written later");
            }
            var conflict = a.ask("project", "conflicts", "garden").array("conflicts").getFirst().asObject();
            a.ask("project", "resolve", task, conflict.text("id"), "--keep", "value", "--value", "Dig together");
            NodeProcess.await("what somebody decided is shown on all three", () -> List.of(a, b, hub).stream().allMatch(node -> title(node).equals("Dig together")
                && node.ask("project", "conflicts", "garden").array("conflicts").isEmpty()));

            assertThat(stamped(hub, "garden")).as("no change twice").doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(3);
            assertThat(stamped(hub, "shed")).as("another's project").isEmpty();
            a.ask("hub", "withdraw", "garden");
            NodeProcess.await("what is withdrawn has no sequencer", () -> b.ask("project", "show", "garden").get("sequencer_node_id").orElse(Json.NULL) instanceof Json.Null);
            for (var space : List.of("garden", "shed")) hub.run("log", "verify", space).ok();
        });
    }

    @Tag("T02") @Test void a_hub_whose_clock_is_years_off_is_told_and_loses_nothing_and_goes_on_when_it_is_right() throws Exception {
        atOneHub((hub, a, b) -> {
            a.ask("project", "add", "garden");
            a.ask("task", "add", "Dig", "--project", "garden");
            a.ask("hub", "publish", "garden");
            b.ask("hub", "join", "garden");
            NodeProcess.await("the hub has stamped it", () -> title(b).equals("Dig") && !stamped(b, "garden").isEmpty());
            for (var years : List.of(3L, -3L)) {
                hub.stop();
                hub.environment(NodeSettings.CLOCK_OFFSET, Long.toString(years * 365 * 86_400_000)).up("--hub");
                NodeProcess.await("both are at it all the same", () -> isConnected(a) && isConnected(b));
                var online = hub.ask("hub", "node", "list").array("nodes").stream().map(node -> node.asObject().text("status")).toList();
                assertThat(online).containsExactly("online", "online");
                var title = years + " years off";
                var task = b.ask("task", "list", "--project", "garden").array("tasks").getFirst().asObject().text("id");
                b.ask("task", "edit", task, "--title", title);
                if (years > 0) NodeProcess.await("what one writes comes to the other by way of the hub", () -> title(a).equals(title));
                else NodeProcess.await("what is of the future to it the hub holds back", () -> held(hub) > 0);
                NodeProcess.await("the hub's own people are told", () -> hub.status().array("reasons").toString().contains("clock"));
                long future = System.currentTimeMillis() + 86_400_000;
                for (var node : List.of(a, b)) assertThat(newestMs(node)).as("no honest clock is dragged along").isLessThan(future);
                hub.stop();
                hub.environment(NodeSettings.CLOCK_OFFSET, null).up("--hub");
                NodeProcess.await("what was written meanwhile has its place in the order", () -> stamped(a, "garden").containsAll(changes(a)));
                NodeProcess.await("nothing is lost", () -> title(a).equals(title) && held(hub) == 0);
                NodeProcess.await("all are well again", () -> List.of(hub, a, b).stream().allMatch(NodeProcess::isReady));
            }
            NodeProcess.await("all have the same log", () -> offset(hub, "garden") == offset(a, "garden") && offset(a, "garden") == offset(b, "garden"));
            for (var node : List.of(hub, a, b)) node.run("log", "verify", "garden").ok();
        });
    }

    private record Line(String id, Json.Obj payload) {}

    private static List<Line> lines(NodeProcess node, String space) {
        return node.run("log", "export", space).ok().out().lines().map(line -> Canonical.parseObject(line.getBytes(StandardCharsets.UTF_8)).text("payload").getBytes(StandardCharsets.UTF_8))
            .map(payload -> new Line(Hex.of(Sha256.of(payload)), Canonical.parseObject(payload))).toList();
    }

    private static long newestMs(NodeProcess node) {
        return lines(node, "garden").stream().mapToLong(line -> line.payload().object("$").array("ts").getFirst().asInteger()).max().orElseThrow();
    }

    private static long held(NodeProcess node) {
        return node.status().array("spaces").stream().mapToLong(each -> each.asObject().integer("held")).sum();
    }

    /// The ids of events that change tasks.
    private static List<String> changes(NodeProcess node) {
        return lines(node, "garden").stream().filter(line -> List.of("task_created", "task_updated").contains(line.payload().object("$").text("type"))).map(Line::id).toList();
    }

    private static String issues(NodeProcess node) {
        return Canonical.text(node.run("project", "health", "garden", "--json").json().get("issues").orElseThrow());
    }

    @Test void a_project_that_the_hub_removes_has_no_sequencer_is_orphaned_on_all_nodes_also_those_that_were_away_and_is_worked_on_all_the_same() throws Exception {
        atOneHub((hub, a, b) -> {
            a.ask("project", "add", "garden");
            a.ask("task", "add", "Dig", "--project", "garden");
            a.ask("hub", "publish", "garden");
            b.ask("hub", "join", "garden");
            NodeProcess.await("both have the task, and the hub has stamped it", () -> title(b).equals("Dig") && !stamped(b, "garden").isEmpty());
            assertThat(issues(a) + issues(b)).isEqualTo("[][]");

            b.stop();
            hub.ask("hub", "project", "remove", "garden");
            NodeProcess.await("who is there is told", () -> issues(a).contains("{\"OrphanedTasks\":{\"count\":1}}"));
            b.up();
            NodeProcess.await("who was away is told", () -> issues(b).contains("{\"OrphanedTasks\":{\"count\":1}}"));
            for (var node : List.of(a, b)) assertThat(node.ask("project", "show", "garden").get("sequencer_node_id").orElse(Json.NULL)).isEqualTo(Json.NULL);

            var before = stamped(hub, "garden");
            a.ask("task", "add", "Plant", "--project", "garden");
            NodeProcess.await("it goes on without", () -> b.ask("project", "show", "garden").integer("task_count") == 2 && offset(hub, "garden") == offset(a, "garden"));
            hub.kill();
            hub.up("--hub");                                          // and after a restart
            b.ask("task", "add", "Water", "--project", "garden");
            NodeProcess.await("the hub has what came", () -> offset(hub, "garden") == offset(b, "garden") && offset(a, "garden") == offset(b, "garden"));
            assertThat(stamped(hub, "garden")).as("the hub orders nothing any more").isEqualTo(before);

            b.ask("project", "unlink", "garden");
            assertThat(issues(b)).isEqualTo("[]");
            assertThat(b.ask("project", "show", "garden").integer("task_count")).as("a local project").isEqualTo(3);
            NodeProcess.await("the hub is there again", () -> isConnected(a));
            a.ask("hub", "publish", "garden");
            NodeProcess.await("brought again it is the hub's again", () -> issues(a).equals("[]") && a.ask("project", "show", "garden").text("sequencer_node_id").equals(hub.status().text("node")));
            NodeProcess.await("and what came meanwhile gets its place", () -> stamped(a, "garden").size() > before.size());
            for (var node : List.of(hub, a, b)) node.run("log", "verify", "garden").ok();
        });
    }
}

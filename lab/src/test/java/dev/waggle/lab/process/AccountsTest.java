package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A hub with accounts on a real PostgreSQL, and nodes of its organisations in processes of their own, which know nothing of each other but what the hub says.
@Timeout(400)
class AccountsTest {
    @TempDir Path folder;

    private static NodeProcess node(NodeProcess hub, Path folder, String key, String name) throws Exception {
        var file = Files.writeString(folder.resolveSibling(folder.getFileName() + ".key"), key + "\n");
        return new NodeProcess(folder).settings("{\"board\": {\"node_name\": \"" + name + "\"}}").environment("WAGGLE_HUB_URL", "http://" + hub.address()).environment("WAGGLE_NODE_API_KEY_FILE", file.toString());
    }

    private static boolean isConnected(NodeProcess node) {
        var shown = node.run("hub", "show", "--json");
        return shown.exit() == 0;
    }

    private static String status(NodeProcess hub, String name) {
        return hub.ask("hub", "node", "list").array("nodes").stream().map(Json::asObject).filter(each -> each.text("name").equals(name)).map(each -> each.text("status")).findFirst().orElse("none");
    }

    private static long tasks(NodeProcess node) {
        return node.ask("project", "show", "garden").integer("task_count");
    }

    @Tag("W02") @Tag("lesson-list-of-everything") @Test void nodes_come_in_with_keys_bring_projects_and_take_part_while_hub_and_database_come_and_go() throws Exception {
        try (var database = new Postgres(folder.resolve("postgres")); var hub = new NodeProcess(folder.resolve("hub"))) {
            database.sql("postgres", "CREATE DATABASE hub");
            hub.up("--hub", "--database", database.url("hub"));
            hub.ask("hub", "org", "add", "acme");
            hub.ask("hub", "org", "add", "other");
            var berlin = hub.ask("hub", "key", "add", "acme", "berlin").text("secret");
            var paris = hub.ask("hub", "key", "add", "acme", "paris").text("secret");
            var foreign = hub.ask("hub", "key", "add", "other", "rome").text("secret");
            try (var a = node(hub, folder.resolve("a"), berlin, "anna"); var b = node(hub, folder.resolve("b"), paris, "bert"); var c = node(hub, folder.resolve("c"), foreign, "cleo")) {
                a.up();
                b.up();
                c.up();
                NodeProcess.await("all three are at the hub", () -> isConnected(a) && isConnected(b) && isConnected(c));
                a.ask("project", "add", "garden");
                for (int i = 0; i < 20; i++) a.ask("task", "add", "task " + i, "--project", "garden");
                a.ask("hub", "publish", "garden");
                assertThat(b.ask("hub", "projects").array("projects")).hasSize(1);
                assertThat(c.ask("hub", "projects").array("projects")).as("another organisation").isEmpty();
                assertThat(c.run("hub", "join", "garden").err()).contains("no project of that name");

                // Who brought it is away: the hub lets others in.
                a.kill();
                b.ask("hub", "join", "garden");
                NodeProcess.await("b has all tasks", () -> tasks(b) == 20);
                NodeProcess.await("the hub knows who is here", () -> status(hub, "anna").equals("offline") && status(hub, "bert").equals("online"));
                assertThat(b.ask("hub", "projects").array("projects").getFirst().asObject().text("source_node_status")).isEqualTo("offline");
                a.up();
                NodeProcess.await("they see each other's tasks", () -> isConnected(a));
                b.ask("task", "add", "of bert", "--project", "garden");
                NodeProcess.await("a has bert's task", () -> tasks(a) == 21);

                // A dead hub, and a dead database, take nothing away.
                hub.kill();
                a.ask("task", "add", "without a hub", "--project", "garden");
                NodeProcess.await("a says that the hub is away", () -> a.run("hub", "show").out().contains("Not connected"));
                database.kill();
                database.start();
                hub.up("--hub", "--database", database.url("hub"));
                NodeProcess.await("all come back by themselves", () -> isConnected(a) && isConnected(b) && isConnected(c));
                NodeProcess.await("and what was written meanwhile arrives", () -> tasks(b) == 22);

                // A key is rotated while its node works, and then revoked.
                var second = hub.ask("hub", "key", "rotate", "berlin");
                var first = second.array("secrets").getFirst().asObject().text("id");
                hub.ask("hub", "key", "revoke", "berlin", "--secret", first);
                NodeProcess.await("the old key opens nothing", () -> a.run("hub", "show").out().contains("does not take this node's API key"));
                a.kill();
                a.environment("WAGGLE_NODE_API_KEY_FILE", null).environment("WAGGLE_NODE_API_KEY", second.text("secret")).up();
                NodeProcess.await("the new one does", () -> isConnected(a));
                assertThat(a.printed() + b.printed() + hub.printed()).as("no key is ever logged").doesNotContain("waggle_node_");

                hub.ask("hub", "project", "remove", "garden");
                NodeProcess.await("the hub shows it no more", () -> b.ask("hub", "projects").array("projects").isEmpty());
                assertThat(tasks(b)).as("members keep it").isEqualTo(22);
                for (var space : List.of("hub", "garden")) hub.run("log", "verify", space).ok();
            }
        }
    }

    @Test void a_node_goes_on_speaking_to_the_hub_it_met_and_to_no_other_at_the_same_address() throws Exception {
        try (var hub = new NodeProcess(folder.resolve("hub")); var other = new NodeProcess(folder.resolve("other"))) {
            hub.up("--hub");
            hub.ask("hub", "org", "add", "acme");
            var address = hub.address();
            try (var a = node(hub, folder.resolve("a"), hub.ask("hub", "key", "add", "acme", "berlin").text("secret"), "anna")) {
                a.up();
                NodeProcess.await("it is at the hub", () -> isConnected(a));
                hub.kill();
                other.up("--hub", "--listen", address);
                other.ask("hub", "org", "add", "acme");
                var taken = other.ask("hub", "key", "add", "acme", "berlin").text("secret");
                a.kill();
                a.environment("WAGGLE_NODE_API_KEY_FILE", null).environment("WAGGLE_NODE_API_KEY", taken).up();
                NodeProcess.await("it notices", () -> a.run("hub", "show").out().contains("another hub answers there than before"));
                assertThat(other.ask("hub", "node", "list").array("nodes")).isEmpty();
                a.kill();
                var id = other.status().text("node");
                assertThat(other.run("hub", "show").ok().out()).as("what to tell the nodes").contains("WAGGLE_HUB_NODE=" + id);
                a.environment("WAGGLE_HUB_NODE", id).up();
                NodeProcess.await("named, it is the right one", () -> isConnected(a));
            }
        }
    }
}

package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/// Two processes of one hub on one PostgreSQL, behind one address. Nodes do not know to which of them they speak, and it does not matter which of them dies.
@Timeout(400)
class TwoHubsTest {
    private static final long PAUSE_NS = 300_000_000;
    /// As promised.
    private static final Duration REVOKED = Duration.ofSeconds(5);
    @TempDir Path folder;

    private NodeProcess node(String address, String key, String name) throws Exception {
        var file = Files.writeString(folder.resolve(name + ".key"), key + "\n");
        return new NodeProcess(folder.resolve(name)).settings("{\"board\": {\"node_name\": \"" + name + "\"}}").environment("WAGGLE_HUB_URL", "http://" + address).environment("WAGGLE_NODE_API_KEY_FILE", file.toString());
    }

    private static boolean isConnected(NodeProcess node) {
        return node.run("hub", "show", "--json").exit() == 0;
    }

    private static long online(NodeProcess hub) {
        return hub.ask("hub", "node", "list").array("nodes").stream().filter(each -> each.asObject().text("status").equals("online")).count();
    }

    private static List<String> titles(NodeProcess node) {
        var titles = new ArrayList<String>();
        for (var page = node.ask("task", "list", "--project", "garden", "--limit", "500"); ; page = node.ask("task", "list", "--project", "garden", "--limit", "500", "--cursor", page.text("cursor"))) {
            page.array("tasks").forEach(task -> titles.add(task.asObject().text("title")));
            if (page.get("has_more").equals(Optional.of(Json.FALSE))) break;
        }
        titles.sort(null);
        return titles;
    }

    @Test void either_process_of_a_hub_is_killed_and_nothing_is_lost_or_doubled() throws Exception {
        try (var database = new Postgres(folder.resolve("postgres")); var nats = new NatsServer(folder.resolve("nats"));
             var first = new NodeProcess(folder.resolve("first")); var second = new NodeProcess(folder.resolve("second"))) {
            database.sql("postgres", "CREATE DATABASE hub");
            String[] shared = {"--hub", "--database", database.url("hub"), "--fanout", nats.url()};
            first.up(shared);
            first.ask("hub", "org", "add", "acme");
            second.environment("WAGGLE_KEY_FILE", first.ownState().resolve("key").toString()).up(shared);
            assertThat(second.status().text("node")).isEqualTo(first.status().text("node"));
            NodeProcess.await("the second knows what was made at the first", () -> second.ask("hub", "org", "list").array("organisations").size() == 1);
            var keys = new ArrayList<String>();
            for (var name : List.of("anna", "bert", "cleo", "dora")) keys.add((keys.size() % 2 == 0 ? first : second).ask("hub", "key", "add", "acme", name).text("secret"));

            try (var balancer = new Balancer(List.of(first.address(), second.address()));
                 var a = node(balancer.address(), keys.get(0), "anna"); var b = node(balancer.address(), keys.get(1), "bert");
                 var c = node(balancer.address(), keys.get(2), "cleo"); var d = node(balancer.address(), keys.get(3), "dora")) {
                var nodes = List.of(a, b, c, d);
                for (var node : nodes) node.up();
                NodeProcess.await("all are at the hub", () -> nodes.stream().allMatch(TwoHubsTest::isConnected));
                NodeProcess.await("each process knows of all", () -> online(first) == 4 && online(second) == 4);

                a.ask("project", "add", "garden");
                a.ask("hub", "publish", "garden");
                for (var node : List.of(b, c, d)) {
                    NodeProcess.await("it is shown at both", () -> node.ask("hub", "projects").array("projects").size() == 1);
                    NodeProcess.await("it is joined", () -> node.run("hub", "join", "garden").exit() == 0);
                }
                first.ask("project", "add", "shed");
                NodeProcess.await("a space that is made at one is open at both", () -> names(second).contains("shed"));
                first.ask("project", "link", "shed", "garden");           // closes the space that the project had before
                var written = ConcurrentHashMap.<String>newKeySet();
                killWhileAllWrite(nodes, written, () -> {
                    first.kill();
                    awaitProgress(written);
                    first.up(shared);
                    awaitProgress(written);
                    second.kill();
                    awaitProgress(written);
                    second.up(shared);
                    nats.kill();
                    awaitProgress(written);
                    nats.start();
                });
                for (var hub : List.of(first, second)) NodeProcess.await("neither says that nobody is there", () -> hub.status().object("light").text("color").equals("green"));
                var all = written.stream().sorted().toList();
                for (var node : nodes) NodeProcess.await("all tasks are on all nodes, each once", () -> titles(node).equals(all));
                NodeProcess.await("both processes have the same log", () -> space(first).integer("log_offset") == space(second).integer("log_offset"));
                for (var hub : List.of(first, second)) for (var space : List.of("hub", "garden")) hub.run("log", "verify", space).ok();

                NodeProcess.await("every task has a place in the hub's order", () -> HubOrderTest.stamped(first, "garden").size() >= all.size());
                assertThat(HubOrderTest.stamped(first, "garden")).as("which one of the two gave it, once").doesNotHaveDuplicates();

                assertThat(names(first)).as("what it closed on purpose stays closed when it starts again").contains("garden").doesNotContain("shed");

                revoke(second, a, "anna");
                revoke(first, b, "bert");
                assertThat(List.of(c, d)).allMatch(TwoHubsTest::isConnected);
            }
        }
    }

    /// Whichever of the two the node is at.
    private static void revoke(NodeProcess hub, NodeProcess node, String key) throws Exception {
        long began = System.nanoTime();
        hub.ask("hub", "key", "revoke", key);
        NodeProcess.await("a key that is revoked at one is at both", REVOKED, () -> node.run("hub", "show").out().contains("does not take this node's API key"));
        System.out.println(key + ": revoked after " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    private static List<String> names(NodeProcess hub) {
        return hub.status().array("spaces").stream().map(each -> each.asObject().text("name")).toList();
    }

    private static Json.Obj space(NodeProcess hub) {
        return hub.status().array("spaces").stream().map(Json::asObject).filter(each -> each.text("name").equals("garden")).findFirst().orElseThrow();
    }

    private interface Killing {
        void run() throws Exception;
    }

    /// Every node's people add tasks meanwhile; what was acknowledged is in `written`.
    private static void killWhileAllWrite(List<NodeProcess> nodes, Set<String> written, Killing killing) throws Exception {
        var ended = new AtomicBoolean();
        var failed = new ConcurrentLinkedQueue<String>();
        var people = nodes.stream().map(node -> Thread.ofPlatform().start(() -> {
            for (int i = 0; !ended.get(); i++) {
                var title = node.data().getParent().getFileName() + " " + i;
                var done = node.run("task", "add", title, "--project", "garden");
                if (done.exit() == 0) written.add(title);
                else failed.add(title + ": " + done.err());
                LockSupport.parkNanos(PAUSE_NS);
            }
        })).toList();
        try {
            killing.run();
        } finally {
            ended.set(true);
            for (var each : people) each.join();
        }
        assertThat(failed).as("a node needs no hub to write").isEmpty();
    }

    private static void awaitProgress(Set<String> written) throws Exception {
        int enough = written.size() + 20;
        NodeProcess.await("people go on writing", () -> written.size() >= enough);
    }
}

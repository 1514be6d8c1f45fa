package dev.waggle.lab.process;

import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// A hub with accounts and its nodes on machines of their own: none of it is loopback, so the key of a node travels over TLS, and to the hub that was named alone.
@Timeout(300)
class MachinesHubTest {
    @TempDir Path folder;

    private static NodeProcess at(NodeProcess node, String url, String hub, String key) {
        return node.environment("WAGGLE_HUB_URL", url).environment("WAGGLE_HUB_NODE", hub).environment("WAGGLE_NODE_API_KEY", key);
    }

    private static String key(NodeProcess hub, String name) throws Exception {
        return hub.execute("hub", "key", "add", "acme", name, "--json").ok().json().text("secret");
    }

    private static void await(String what, Callable<Boolean> look) throws Exception {
        NodeProcess.await(what, () -> {
            try {
                return look.call();
            } catch (Exception e) {
                throw new AssertionError(what, e);
            }
        });
    }

    private static boolean isConnected(NodeProcess node) throws Exception {
        return node.execute("hub", "show").exit() == Exit.OK;
    }

    @Tag("W02") @Test void a_key_goes_over_tls_to_the_hub_that_was_named_and_to_nobody_else() throws Exception {
        var machines = Machines.start(3);
        assumeTrue(machines != null, "needs root, iproute2 and network namespaces");
        try (machines; var hub = new NodeProcess(folder.resolve("hub")).by(machines.on(1)); var a = new NodeProcess(folder.resolve("a")).by(machines.on(2)); var b = new NodeProcess(folder.resolve("b")).by(machines.on(3))) {
            hub.up("--hub", "--listen", "0.0.0.0:7117");
            hub.execute("hub", "org", "add", "acme").ok();
            var id = hub.execute("sync", "status", "--json").json().text("node");
            var there = Machines.address(1) + ":7117";
            var berlin = key(hub, "berlin");

            var plain = at(a, "http://" + there, id, berlin).upEnds();
            assertThat(plain.exit()).isEqualTo(Exit.USAGE);
            assertThat(plain.err()).contains("for everybody to read").contains("https://").doesNotContain(berlin);

            at(a, "https://" + there, id, berlin).up("--listen", "0.0.0.0:7117");
            await("a is at the hub", () -> isConnected(a));
            a.execute("project", "add", "garden").ok();
            a.execute("task", "add", "Dig", "--project", "garden").ok();
            a.execute("hub", "publish", "garden").ok();

            // A hub that is not the one: it never sees the key, though it answers
            at(b, "https://" + there, "a".repeat(64), key(hub, "paris")).up("--listen", "0.0.0.0:7117");
            await("b says why it is not at the hub", () -> b.execute("hub", "show").out().contains("Not connected"));
            assertThat(b.execute("hub", "show").out()).contains("certificate is not that of the node aaaaaaaa");
            assertThat(hub.execute("hub", "node", "list", "--json").ok().json().array("nodes")).hasSize(1);
            b.stop();

            // Nor is one believed that nobody named and nobody vouches for
            b.environment("WAGGLE_HUB_NODE", null).up("--listen", "0.0.0.0:7117");
            await("b says what to do", () -> b.execute("hub", "show").out().contains("WAGGLE_HUB_NODE"));
            b.stop();

            b.environment("WAGGLE_HUB_NODE", id).up("--listen", "0.0.0.0:7117");
            await("b is at the hub", () -> isConnected(b));
            b.execute("hub", "join", "garden").ok();
            await("its tasks come", () -> b.execute("task", "list", "--project", "garden").out().contains("Dig"));
            for (var each : new NodeProcess[] {hub, a, b}) assertThat(each.printed()).as("no key is ever logged").doesNotContain("waggle_node_");
        }
    }
}

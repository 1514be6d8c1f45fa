package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Real nodes, each invited by the one before it, so that they know each other as a line.
@Timeout(300)
class MeshTest {
    private static final String SETTINGS = """
        {"sync": {"heartbeat_interval": 1000, "peer_timeout": 5000,
          "gossip": {"exchange_interval": 1000, "stale_timeout": 3000, "allow_loopback": true}}}
        """;
    @TempDir Path folder;

    @Test void nine_nodes_in_a_line_find_each_other_and_go_on_without_the_one_in_the_middle() throws Exception {
        var nodes = new ArrayList<NodeProcess>();
        var files = new ArrayList<Notes>();
        try {
            for (int i = 0; i < 9; i++) {
                nodes.add(new NodeProcess(folder.resolve("n" + i)).settings(SETTINGS).begin());
            }
            for (var node : nodes) node.awaitUp();
            files.add(Notes.create(folder.resolve("notes0.sqlite")));
            nodes.getFirst().ask("track", files.getFirst().file());
            for (int i = 1; i < 9; i++) {
                var ticket = nodes.get(i - 1).ask("invite", "--role", "moderator").text("ticket");
                files.add(new Notes(folder.resolve("notes" + i + ".sqlite")));
                nodes.get(i).ask("join", ticket, files.get(i).file());
            }
            for (var node : nodes) NodeProcess.await("everybody is connected to everybody", () -> connected(node) == 8);
            assertThat(sources(nodes.get(0))).as("the first node was dialled by one, and heard of the others").hasSize(8).contains("met", "gossip");
            assertThat(sources(nodes.get(8))).as("the last was invited by one").contains("manual");

            nodes.get(4).kill();
            files.get(0).add("over the gap");
            NodeProcess.await("the end of the line has it", () -> files.get(8).has("over the gap"));
            nodes.get(4).up();
            NodeProcess.await("so has the one that was away", () -> files.get(4).has("over the gap"));
            for (var node : nodes) NodeProcess.await("the mesh is whole again", () -> connected(node) == 8);
        } finally {
            for (var node : nodes) node.close();
        }
    }

    private static long connected(NodeProcess node) {
        return peers(node).stream().filter(peer -> peer.text("state").equals("connected")).count();
    }

    private static List<String> sources(NodeProcess node) {
        return peers(node).stream().map(peer -> peer.text("source")).toList();
    }

    private static List<Json.Obj> peers(NodeProcess node) {
        return node.status().array("peers").stream().map(Json::asObject).toList();
    }
}

package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Nodes that find each other by a hub that holds none of their data.
@Timeout(300)
class HubTest {
    @TempDir Path folder;

    @Test void members_find_each_other_by_the_hub_and_go_on_when_it_is_dead_and_when_they_start_again_without_it() throws Exception {
        try (var hub = new NodeProcess(folder.resolve("hub")); var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"));
             var c = new NodeProcess(folder.resolve("c"))) {
            hub.settings("{\"sync\": {\"hub_stale_timeout\": 2000}}").up("--hub");
            var key = Files.readString(hub.data().resolve("hub.key")).strip();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hub.data().resolve("hub.key")))).isEqualTo("rw-------");
            var about = hub.ask("sync", "status");
            var url = "http://" + hub.address();
            // No gossip: what is found is found by the hub.
            var settings = "{\"sync\": {\"heartbeat_interval\": 500, \"peer_timeout\": 3000, \"gossip\": {\"enabled\": false, \"allow_loopback\": true}, \"hubs\": [{\"url\": \"" + url
                + "\", \"token\": \"" + key + "\", \"signing_key\": \"" + about.text("node") + "\"}]}}";
            for (var node : List.of(a, b, c)) node.settings(settings).up();

            var notes = Notes.create(folder.resolve("a.sqlite"));
            a.ask("track", notes.file(), "--name", "engineering");
            var left = new Notes(folder.resolve("b.sqlite"));
            var right = new Notes(folder.resolve("c.sqlite"));
            b.ask("join", a.ask("invite").text("ticket"), left.file());
            c.ask("join", a.ask("invite").text("ticket"), right.file());
            NodeProcess.await("b and c meet, though each knows a alone", () -> connectedTo(b, c) && connectedTo(c, b));
            assertThat(List.of(source(b, c), source(c, b))).as("by the hub").contains("hub");

            hub.kill();
            a.kill();
            left.add("past a and the hub");
            NodeProcess.await("b and c go on without the hub", () -> right.has("past a and the hub"));
            b.kill();
            c.kill();
            b.up();
            c.up();
            left.add("after a new start");
            NodeProcess.await("what the hub said was kept", () -> right.has("after a new start"));

            hub.up("--hub");
            NodeProcess.await("a hub that forgot everything is told again", () -> connectedTo(b, c) && source(b, c).equals("hub") && source(c, b).equals("hub"));
        }
    }

    private static Json.Obj peer(NodeProcess node, NodeProcess of) {
        var id = of.status().text("node");
        return node.status().array("peers").stream().map(Json::asObject).filter(peer -> peer.text("node").equals(id)).findFirst().orElse(Json.object("state", "unknown", "source", "none"));
    }

    private static boolean connectedTo(NodeProcess node, NodeProcess other) {
        return peer(node, other).text("state").equals("connected");
    }

    private static String source(NodeProcess node, NodeProcess other) {
        return peer(node, other).text("source");
    }
}

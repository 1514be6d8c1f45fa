package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
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

    private static long entries(NodeProcess node, String of) {
        try (var all = Files.list(Path.of("/proc", Long.toString(node.pid()), of))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test void projects_that_nobody_uses_keep_neither_threads_nor_files_open_and_go_on_when_somebody_does() throws Exception {
        int projects = 30;
        try (var hub = new NodeProcess(folder.resolve("hub"))) {
            hub.up("--hub");
            hub.ask("hub", "org", "add", "acme");
            NodeProcess.await("it rests", () -> threads(hub, "log-writer") == 0);
            long handles = entries(hub, "fd");
            for (int i = 0; i < projects; i++) hub.ask("project", "add", "project " + i);
            NodeProcess.await("all of them rest", NodeProcess.PATIENCE, () -> threads(hub, "log-writer") == 0 && threads(hub, "waggle-view") == 0 && entries(hub, "fd") < handles + projects,
                () -> threads(hub, "log-writer") + " writers, " + threads(hub, "waggle-view") + " views, " + (entries(hub, "fd") - handles) + " more files");
            for (int i = 0; i < projects; i++) hub.ask("task", "add", "task of " + i, "--project", "project " + i);
            for (int i = 0; i < projects; i++)
                assertThat(hub.ask("task", "list", "--project", "project " + i).array("tasks")).singleElement().satisfies(task -> assertThat(task.asObject().text("title")).startsWith("task of"));
            NodeProcess.await("all of them rest again", () -> threads(hub, "log-writer") == 0 && threads(hub, "waggle-view") == 0 && entries(hub, "fd") < handles + projects);
            hub.stop();
            hub.up("--hub");
            NodeProcess.await("and after a start", () -> threads(hub, "log-writer") == 0 && threads(hub, "waggle-view") == 0 && entries(hub, "fd") < handles + projects);
            assertThat(hub.execute("log", "verify", "project 7").ok().out()).contains("all good");
        }
    }

    /// How many threads have a name that begins so; the system keeps 15 letters of it.
    private static long threads(NodeProcess node, String name) {
        try (var all = Files.list(Path.of("/proc", Long.toString(node.pid()), "task"))) {
            return all.filter(thread -> nameOf(thread).startsWith(name)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException _) {
            return "";                                                    // it has just ended
        }
    }
}

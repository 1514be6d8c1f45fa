package dev.waggle.lab.bench;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Two nodes that know of each other only by the project of their hub: how long a task that is added on A takes until it is shown on B, and how many a second go through the hub while B and the hub
/// take what A has gathered without them. Each task is an event, signed by A, and durable in three logs before B shows it.
final class HubTasks implements Question {
    private static final int WARM = 50;
    private static final int GAP_MS_MAX = 40;
    private static final long PATIENCE_S = 600;

    @Override public String name() {
        return "tasks";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var key = folder.resolve("key");
        try (var hub = new NodeProcess(setting.launcher(), folder, "hub"); var a = new NodeProcess(setting.launcher(), folder, "a"); var b = new NodeProcess(setting.launcher(), folder, "b")) {
            hub.up("--hub");
            hub.ask("hub", "org", "add", "acme");
            Files.writeString(key, hub.ask("hub", "key", "add", "acme", "all").text("secret"));
            for (var node : List.of(a, b)) {
                Files.createDirectory(node.data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Files.writeString(node.data().resolve("settings.json"), Canonical.text(Json.object("hub_url", "http://" + hub.listen(), "node_api_key_file", key.toString(), "board", Json.object("node_name", node.data().getFileName().toString()))));
                node.up();
                until("the node is at the hub", () -> isConnected(node));
            }
            a.ask("project", "add", "garden");
            a.ask("hub", "publish", "garden");
            b.ask("hub", "join", "garden");
            var shown = view(b);
            until("the board is there", () -> Rows.count(shown, "task") == 0);

            var measures = new ArrayList<Measure>();
            var seen = latencies(a, shown, 100 * setting.rounds());
            measures.add(Measure.alone("a task added on A until shown on B through the hub, median of " + seen.size(), "ms", "15", "-", seen));
            measures.add(Measure.once("a task added on A until shown on B through the hub, 99 of 100", "ms", "60", "-", Measure.percentile(seen, 99)));

            hub.stop();
            var lines = new StringBuilder();
            for (int i = 0; i < setting.events(); i++) lines.append(Canonical.text(Json.object("id", "n-" + i, "title", "task " + i, "description", "x".repeat(200), "status", "open", "priority", 2))).append('\n');
            a.ask("import", "board", Files.writeString(folder.resolve("tasks.jsonl"), lines.toString()).toString(), "--project", "garden");
            long before = Rows.count(shown, "task");
            hub.up("--hub", "--listen", hub.listen());
            until("the first tasks arrive", () -> Rows.count(shown, "task") > before);
            double cpu = hub.cpuSeconds();
            long first = Rows.count(shown, "task");
            long began = System.nanoTime();
            until("all of them are there", () -> Rows.count(shown, "task") == before + setting.events());
            double seconds = (System.nanoTime() - began) / 1e9;
            measures.add(Measure.once("tasks that go through the hub, from A's log to B's view, of " + setting.events(), "events/s", "3,000", "-", (before + setting.events() - first) / seconds));
            measures.add(Measure.once("the hub's CPU for each of them", "us", "150", "-", 1e6 * (hub.cpuSeconds() - cpu) / (before + setting.events() - first)));
            return measures;
        }
    }

    private static List<Double> latencies(NodeProcess a, Path shown, int count) throws Exception {
        var seen = new ArrayList<Double>();
        var random = new Random(1);
        try (var rest = new Rest(a); var look = DriverManager.getConnection("jdbc:sqlite:file:" + shown + "?mode=ro"); var find = look.prepareStatement("SELECT 1 FROM task WHERE title = ?")) {
            for (int i = 0; i < WARM + count; i++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(GAP_MS_MAX));
                var title = "measured " + i;
                long began = System.nanoTime();
                rest.post("/api/projects/garden/tasks", Json.object("title", title));
                find.setString(1, title);
                while (!isThere(find)) {
                    if (System.nanoTime() - began > PATIENCE_S * 1_000_000_000) throw new TimeoutException(title + " did not arrive");
                    TimeUnit.NANOSECONDS.sleep(200_000);
                }
                if (i >= WARM) seen.add((System.nanoTime() - began) / 1e6);
            }
        }
        return seen;
    }

    private static boolean isThere(java.sql.PreparedStatement find) throws SQLException {
        try (var row = find.executeQuery()) {
            return row.next();
        }
    }

    private static boolean isConnected(NodeProcess node) {
        try {
            node.run("hub", "show");
            return true;
        } catch (IOException e) {
            return false;                                                 // exit 1
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path view(NodeProcess node) throws IOException {
        try (var spaces = Files.newDirectoryStream(node.data().resolve("spaces"))) {
            for (var space : spaces) if (Files.exists(space.resolve("view-board.sqlite"))) return space.resolve("view-board.sqlite");
        }
        throw new IOException("there is no board in " + node.data());
    }

    private static void until(String what, Rows.Look look) throws Exception {
        Rows.await(what, PATIENCE_S, look);
    }
}

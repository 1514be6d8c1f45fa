package dev.waggle.lab.process;

import dev.waggle.core.event.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// What tests of boards ask a node, and the tasks that they load.
final class BoardAsk {
    private static final int LOADED = 2_400;

    private BoardAsk() {}

    /// A real tracker's tasks, beside the project where there is such a folder.
    private static final Path REAL = Path.of("..", "..", "shared", "data", "tasks.jsonl").toAbsolutePath().normalize();

    /// A tracker's tasks: the file that `-Dtasks=FILE` names, a real tracker's, or one that is made here.
    static Path tasks(Path folder) throws IOException {
        if (System.getProperty("tasks") != null) return Path.of(System.getProperty("tasks"));
        if (Files.isReadable(REAL)) return REAL;
        var lines = new StringBuilder();
        for (int i = 0; i < LOADED; i++)
            lines.append("{\"id\":\"bd-").append(i).append("\",\"title\":\"Task number ").append(i).append("\",\"description\":\"").append("What has to be done. ".repeat(i % 40)).append("\",\"status\":\"")
                .append(i % 10 == 0 ? "open" : "closed").append("\",\"priority\":").append(i % 5).append(",\"issue_type\":\"").append(i % 7 == 0 ? "bug" : "task")
                .append("\",\"created_at\":\"2025-11-02T21:58:07.").append(100_000 + i).append("-08:00\",\"depends_on\":[").append(i % 3 == 0 && i > 0 ? "\"bd-" + (i - 1) + "\"" : "").append("]}\n");
        return Files.writeString(folder.resolve("tasks.jsonl"), lines);
    }

    static long count(NodeProcess node, String project) {
        return node.ask("project", "show", project).integer("task_count");
    }

    /// How many tasks have a status.
    static long count(NodeProcess node, String project, String status) {
        return node.ask("project", "show", project).object("tasks").integer(status);
    }

    static String status(NodeProcess node, String task) {
        var shown = node.run("task", "show", task, "--json");
        return shown.exit() == 0 ? shown.json().text("status") : "";
    }

    /// The exit codes of the results that count.
    static List<Long> ends(NodeProcess node, String task) {
        return node.ask("task", "show", task).array("claims").stream().map(Json::asObject).filter(claim -> claim.get("counts").filter(Json.TRUE::equals).isPresent())
            .filter(claim -> claim.get("end").orElse(Json.NULL) instanceof Json.Obj end && end.get("exit_code").isPresent()).map(claim -> claim.object("end").integer("exit_code")).toList();
    }

    /// Every task with its state and version, by what the swarm calls it.
    static TreeMap<String, String> all(NodeProcess node, String project) {
        var all = new TreeMap<String, String>();
        for (var cursor = "";;) {
            var page = cursor.isEmpty() ? node.ask("task", "list", "--project", project, "--limit", 500) : node.ask("task", "list", "--project", project, "--limit", 500, "--cursor", cursor);
            for (var each : page.array("tasks")) {
                var task = each.asObject();
                all.put(task.get("shared_task_id").filter(id -> !(id instanceof Json.Null)).map(Json::asText).orElse(task.text("id")),
                    task.text("title") + " " + task.text("status") + " " + task.integer("version") + " " + task.array("depends_on").size() + " " + task.get("labels").orElseThrow() + " " + task.get("conflicts").orElseThrow());
            }
            if (page.get("has_more").filter(Json.TRUE::equals).isEmpty()) return all;
            cursor = page.text("cursor");
        }
    }
}

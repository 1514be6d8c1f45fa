package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "task", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = {"Tasks of projects.", ""},
    subcommands = {TaskCommands.Add.class, TaskCommands.Listing.class, TaskCommands.Show.class, TaskCommands.Edit.class, TaskCommands.Move.class, TaskCommands.Assign.class,
        TaskCommands.Claim.class, TaskCommands.Finish.class, TaskCommands.Release.class, TaskCommands.Log.class, TaskCommands.Delete.class, TaskCommands.Restore.class})
final class TaskCommands extends Group {
    private static final int TITLE_SHOWN = 60;

    /// A command about one task.
    abstract static class OfTask extends NodeCommand {
        @Parameters(index = "0", paramLabel = "TASK", description = "The task's id, or what another tracker calls it.")
        String task;

        String path() {
            return "/api/tasks/" + encode(task);
        }

        int said(Output out, Json.Obj answer, String verb) {
            var done = answer.object("data");
            out.answer(done, () -> out.line(verb + " " + done.text("id") + ": " + done.text("status") + ", version " + text(done, "version") + "."));
            return Exit.OK;
        }
    }

    /// What people set; what is not said stays.
    static final class Fields {
        @Option(names = "--description", paramLabel = "TEXT", description = "At most 40,000 characters.")
        String description;

        @Option(names = "--priority", paramLabel = "0-4", description = "0 is the most urgent. Default: 2.")
        Integer priority;

        @Option(names = "--label", paramLabel = "LABEL", description = "May be repeated. run:NAME names the command that carries it out.")
        List<String> labels;

        @Option(names = "--needs", paramLabel = "TASK", description = "A task that has to be done first. May be repeated.")
        List<String> needs;

        @Option(names = "--assignee", paramLabel = "WHO", description = "A person.")
        String assignee;

        Json.Obj json(String title) {
            return Json.object("title", title, "description", description, "priority", priority, "labels", texts(labels), "depends_on", texts(needs), "assignee", assignee);
        }

        private static Json texts(List<String> texts) {
            return texts == null ? null : Json.array(texts.stream().map(Json::of).toList());
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a task.")
    static final class Add extends NodeCommand {
        @Parameters(paramLabel = "TITLE", description = "At most 500 characters.")
        String title;

        @Option(names = "--project", paramLabel = "PROJECT", defaultValue = "-", description = "Name or id. May be left out when there is one.")
        String project;

        @picocli.CommandLine.Mixin Fields fields;

        @Override int run(Client node, Output out) {
            var made = node.post("/api/projects/" + encode(project) + "/tasks", fields.json(title)).object("data");
            out.answer(made, () -> out.line("Made " + made.text("id") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List tasks, oldest first.")
    static final class Listing extends NodeCommand {
        @Option(names = "--project", paramLabel = "PROJECT", defaultValue = "-", description = "Name or id. May be left out when there is one.")
        String project;

        @Option(names = "--status", paramLabel = "STATUS", description = "Only these: todo, inprogress, inreview, done, cancelled.")
        String status;

        @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "100", description = "How many, at most 500. Default: 100.")
        int limit;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Of the page before.")
        String cursor;

        @Override int run(Client node, Output out) {
            var page = node.get("/api/projects/" + encode(project) + "/tasks?limit=" + limit + (status == null ? "" : "&status=" + encode(status)) + (cursor == null ? "" : "&cursor=" + encode(cursor))).object("data");
            out.answer(page, () -> {
                var rows = new ArrayList<>(List.of(List.of("TASK", "STATUS", "PRIORITY", "HOLDER", "TITLE")));
                for (var each : page.array("tasks")) {
                    var task = each.asObject();
                    rows.add(List.of(task.text("id"), task.text("status"), text(task, "priority"), brief(BoardCommands.orDash(task, "holder")), clip(task.text("title"))));
                }
                if (rows.size() == 1) out.line("No tasks.");
                else out.table(rows);
                if (page.get("has_more").filter(Json.TRUE::equals).isPresent()) out.note("More: --cursor " + page.text("cursor"));
            });
            return Exit.OK;
        }
    }

    static String clip(String title) {
        return title.length() > TITLE_SHOWN ? title.substring(0, TITLE_SHOWN - 1) + "…" : title;
    }

    private static void print(Output out, Json.Obj entry) {
        for (var line : entry.array("lines"))
            out.line(entry.text("at") + " " + NodeCommand.brief(entry.text("node")) + (entry.get("refused").filter(Json.TRUE::equals).isPresent() ? " (refused)" : "") + "  " + line.asText());
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a task: its fields, who claimed it, what was refused, its log.")
    static final class Show extends OfTask {
        @Override int run(Client node, Output out) {
            var shown = node.get(path()).object("data");
            var log = node.get(path() + "/log?limit=500").object("data");
            out.answer(shown.with("log", log.get("entries").orElseThrow()), () -> {
                out.line(shown.text("title"));
                boolean alone = shown.get("assigned_alone").filter(Json.TRUE::equals).isPresent();
                for (var name : List.of("id", "status", "priority", "labels", "depends_on", "assignee", "assigned_node", "external_id", "version", "created_at", "updated_at", "holder", "lease_until",
                    "shared_task_id", "remote_last_synced_at", "conflicts"))
                    if (!(shown.get(name).orElse(Json.NULL) instanceof Json.Null) && !text(shown, name).isEmpty()) out.line("  " + name.replace('_', ' ') + ": " + text(shown, name) + (name.equals("assigned_node") && !alone ? ", others while it is away" : ""));
                if (!shown.text("description").isEmpty()) out.line("\n" + shown.text("description") + "\n");
                for (var each : shown.array("refused")) {
                    var refused = each.asObject();
                    out.line("Refused: a late " + refused.text("kind") + " of node " + brief(refused.text("node")) + " under token " + text(refused, "token") + ", " + refused.text("at"));
                }
                log.array("entries").forEach(each -> print(out, each.asObject()));
            });
            return Exit.OK;
        }
    }

    @Command(name = "edit", mixinStandardHelpOptions = true, description = "Change fields of a task.")
    static final class Edit extends OfTask {
        @Option(names = "--title", paramLabel = "TITLE", description = "At most 500 characters.")
        String title;

        @Option(names = "--if-version", paramLabel = "VERSION", description = "Only while the task has this version.")
        Integer version;

        @picocli.CommandLine.Mixin Fields fields;

        @Override int run(Client node, Output out) {
            var asked = fields.json(title);
            return said(out, node.post(path(), version == null ? asked : asked.with("version", Json.of((long) version))), "Changed");
        }
    }

    @Command(name = "move", mixinStandardHelpOptions = true, description = "Change the status: todo, inprogress, inreview, done, cancelled.")
    static final class Move extends OfTask {
        @Parameters(index = "1", paramLabel = "STATUS", description = "Where it goes.")
        String status;

        @Override int run(Client node, Output out) {
            return said(out, node.post(path() + "/move", Json.object("status", status)), "Moved");
        }
    }

    @Command(name = "assign", mixinStandardHelpOptions = true, description = "Let one node alone claim it.")
    static final class Assign extends OfTask {
        @Parameters(index = "1", paramLabel = "NODE", description = "A name or the beginning of an id; me: this node; auto: the one that is here and has least to do, and others while it is away; none: any.")
        String to;

        @Override int run(Client node, Output out) {
            return said(out, node.post(path() + "/assign", Json.object("node", to)), "Assigned");
        }
    }

    @Command(name = "claim", mixinStandardHelpOptions = true, description = "This node works on it from now on. Prints the claim and its token, which `finish` and `release` need.")
    static final class Claim extends OfTask {
        @Option(names = "--lease", paramLabel = "SECONDS", defaultValue = "600", description = "1 to 3600. Default: 600.")
        int seconds;

        @Override int run(Client node, Output out) {
            var claimed = node.post(path() + "/claim", Json.object("lease_ms", seconds * 1_000L)).object("data");
            out.answer(claimed, () -> out.line("Claimed until " + text(claimed, "lease_until") + ": --claim " + claimed.object("claim").text("id") + " --token " + text(claimed.object("claim"), "token")));
            return Exit.OK;
        }
    }

    /// A command about what is done under a claim; without one, the task's present claim.
    abstract static class UnderClaim extends OfTask {
        @Option(names = "--claim", paramLabel = "CLAIM", description = "Default: the task's present claim.")
        String claim;

        @Option(names = "--token", paramLabel = "TOKEN", description = "The claim's.")
        Long token;

        @Option(names = "--note", paramLabel = "TEXT", description = "For people.")
        String note;

        Json.Obj asked(Client node) {
            if (claim != null && token != null) return Json.object("claim", claim, "token", token, "note", note);
            var now = node.get(path()).object("data").get("claim").map(Json::asObject).orElse(Json.object());
            return Json.object("claim", now.textIfPresent("id").orElse(null), "token", now.get("token").orElse(null), "note", note);
        }
    }

    @Command(name = "finish", mixinStandardHelpOptions = true, description = "The result of a claim. Exit 1 when it came too late and is refused.")
    static final class Finish extends UnderClaim {
        @Option(names = "--exit-code", paramLabel = "CODE", description = "0: it worked.")
        Integer exitCode;

        @Option(names = "--status", paramLabel = "STATUS", defaultValue = "done", description = "Default: done.")
        String status;

        @Override int run(Client node, Output out) {
            var asked = asked(node).with("status", Json.of(status));
            var done = node.post(path() + "/finish", exitCode == null ? asked : asked.with("exit_code", Json.of((long) exitCode))).object("data");
            boolean late = !done.text("status").equals(status);
            out.answer(done, () -> out.line(late ? "Refused: another claim followed, or this one was over." : "Finished: " + done.text("status") + "."));
            return late ? Exit.DIFFERENCE : Exit.OK;
        }
    }

    @Command(name = "release", mixinStandardHelpOptions = true, description = "Give a claim back.")
    static final class Release extends UnderClaim {
        @Override int run(Client node, Output out) {
            return said(out, node.post(path() + "/release", asked(node)), "Given back");
        }
    }

    @Command(name = "log", mixinStandardHelpOptions = true, description = "Show a task's log, or write lines to it.")
    static final class Log extends OfTask {
        @Parameters(index = "1..*", arity = "0..*", paramLabel = "LINE", description = "What to write; none to show the log.")
        List<String> lines = List.of();

        @Option(names = "--follow", description = "Go on until nobody works on the task any more.")
        boolean follow;

        @Override int run(Client node, Output out) {
            if (follow && !lines.isEmpty()) throw new picocli.CommandLine.ParameterException(spec.commandLine(), "--follow shows the log: it goes without lines to write.");
            if (follow) {
                node.follow(path() + "/log/live", (type, entry) -> {
                    if (type.equals("log")) out.answer(entry, () -> print(out, entry));
                });
                return Exit.OK;
            }
            if (!lines.isEmpty()) return said(out, node.post(path() + "/log", Json.object("lines", Json.array(lines.stream().map(Json::of).toList()))), "Written to");
            var log = node.get(path() + "/log?limit=500").object("data");
            out.answer(log, () -> log.array("entries").forEach(each -> print(out, each.asObject())));
            return Exit.OK;
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a task.")
    static final class Delete extends OfTask {
        @Override int run(Client node, Output out) {
            return said(out, node.call("DELETE", path(), Json.object()), "Deleted");
        }
    }

    @Command(name = "restore", mixinStandardHelpOptions = true, description = "Take a deletion back.")
    static final class Restore extends OfTask {
        @Override int run(Client node, Output out) {
            return said(out, node.post(path() + "/restore", Json.object()), "Restored");
        }
    }
}

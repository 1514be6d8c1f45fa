package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "project", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = {"Projects: tasks of this node alone, or shared by a swarm of nodes.", ""},
    subcommands = {BoardCommands.Add.class, BoardCommands.Listing.class, BoardCommands.Show.class, BoardCommands.Share.class, BoardCommands.Join.class, BoardCommands.Link.class,
        BoardCommands.Unlink.class, BoardCommands.Health.class, BoardCommands.Close.class, BoardCommands.Sequencer.class, BoardCommands.Remove.class, BoardCommands.Conflicts.class, BoardCommands.Resolve.class})
final class BoardCommands extends Group {
    private static final String PROJECT_SAYS = "Name or id. May be left out when there is one.";

    /// A command about one project.
    abstract static class OfProject extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "PROJECT", description = PROJECT_SAYS)
        String project = "-";

        String path() {
            return "/api/projects/" + encode(project);
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a project: a local one, or with --swarm one for a swarm project of this node.")
    static final class Add extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "What to call it.")
        String name;

        @Option(names = "--swarm", paramLabel = "SWARM", description = "The swarm project's name or id.")
        String swarm;

        @Override int run(Client node, Output out) {
            var made = node.post("/api/projects", Json.object("name", name, "remote_project_id", swarm)).object("data");
            out.answer(made, () -> out.line("Made the project \"" + made.text("name") + "\" (" + made.text("id") + ")."));
            return Exit.OK;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the projects of this node, and swarm projects that no project is linked to.")
    static final class Listing extends NodeCommand {
        @Override int run(Client node, Output out) {
            var projects = node.get("/api/projects").array("data");
            var swarm = node.get("/api/swarm-projects").array("data");
            out.answer(Json.object("projects", Json.array(projects), "swarm", Json.array(swarm)), () -> {
                var rows = new ArrayList<>(List.of(List.of("NAME", "PROJECT", "LINKED", "SOURCE", "STATUS")));
                for (var each : projects) {
                    var project = each.asObject();
                    rows.add(List.of(project.text("name"), project.text("id"), text(project, "is_linked"), orDash(project, "source_node_name"), orDash(project, "source_node_status")));
                }
                if (rows.size() == 1) out.line("No projects yet. `waggle project add NAME` makes one, `waggle project join TICKET` joins a swarm's.");
                else out.table(rows);
                swarm.stream().map(Json::asObject).filter(each -> each.get("project_id").orElse(Json.NULL) instanceof Json.Null)
                    .forEach(each -> out.line("Swarm project \"" + each.text("name") + "\" (" + each.text("id") + ") is linked to none: waggle project link PROJECT " + brief(each.text("space"))));
            });
            return Exit.OK;
        }
    }

    static String orDash(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Null ? "-" : NodeCommand.text(object, name);
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a project: counts, its swarm, its nodes.")
    static final class Show extends OfProject {
        @Override int run(Client node, Output out) {
            var shown = node.get(path()).object("data");
            var nodes = shown.get("trouble").isPresent() ? List.<Json>of() : node.get(path() + "/nodes").array("data");
            out.answer(shown.with("nodes", Json.array(nodes)), () -> {
                shown.members().forEach((name, value) -> {
                    if (!(value instanceof Json.Null)) out.line(name.replace('_', ' ') + ": " + shown(value));
                });
                if (!nodes.isEmpty()) out.line("nodes");
                for (var each : nodes) {
                    var one = each.asObject();
                    out.line("  " + one.text("name") + "  " + brief(one.text("node")) + "  " + one.text("status") + (one.get("executes").filter(Json.TRUE::equals).isPresent() ? ", carries tasks out" : "")
                        + ", holds " + text(one, "held") + (one.integer("waiting") == 0 ? "" : ", " + one.integer("waiting") + " wait for it"));
                }
            });
            return Exit.OK;
        }
    }

    @Command(name = "share", mixinStandardHelpOptions = true, description = "Make a local project a swarm project. Others are let in with `waggle invite --space NAME`.")
    static final class Share extends OfProject {
        @Override int run(Client node, Output out) {
            var shared = node.post(path() + "/share", Json.object()).object("data");
            out.answer(shared, () -> out.line("\"" + shared.text("name") + "\" is a swarm project now. Let others in: waggle invite --space " + brief(shared.text("space"))));
            return Exit.OK;
        }
    }

    @Command(name = "sequencer", mixinStandardHelpOptions = true, description = {"Say, as its owner, in which node's order changes of a swarm project count.",
        "Of values that were set without knowing of each other the one that reached it last is shown. `waggle hub publish` names the hub.", ""})
    static final class Sequencer extends NodeCommand {
        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        String project;

        @Parameters(paramLabel = "NODE", description = "A name, the beginning of an id, `me`, or `none` for nobody's order.")
        String sequencer;

        @Override int run(Client node, Output out) {
            var named = node.post("/api/projects/" + encode(project) + "/sequencer", Json.object("node", sequencer)).object("data");
            out.answer(named, () -> out.line(named.get("sequencer_node_id").filter(id -> id instanceof Json.Str).map(Json::asText).map(id -> "Changes count in the order in which they reach node " + brief(id) + ".").orElse("Changes count in nobody's order: the latest is shown.")));
            return Exit.OK;
        }
    }

    @Command(name = "join", mixinStandardHelpOptions = true, description = "Join a swarm project with a ticket of `waggle invite`.")
    static final class Join extends NodeCommand {
        @Parameters(paramLabel = "TICKET", description = "What `waggle invite` printed on the other machine.")
        String ticket;

        @Option(names = "--name", paramLabel = "NAME", description = "What to call the project here. Default: as there.")
        String name;

        @Option(names = "--project", paramLabel = "PROJECT", description = "Link this local project to it: its tasks are written there.")
        String project;

        @Override int run(Client node, Output out) {
            var joined = JobWatch.result(node, out, node.post("/api/projects/join", Json.object("ticket", ticket, "name", name, "project", project)).object("data"));
            out.answer(joined, () -> out.line("Joined: the project \"" + joined.text("name") + "\" has " + count(joined, "task_count", "task") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "link", mixinStandardHelpOptions = true, description = "Link a local project to a swarm project of this node: its tasks are written there.")
    static final class Link extends NodeCommand {
        @Parameters(index = "0", paramLabel = "PROJECT", description = "Name or id.")
        String project;

        @Parameters(index = "1", paramLabel = "SWARM", description = "The swarm project's name or id.")
        String swarm;

        @Override int run(Client node, Output out) {
            var linked = JobWatch.result(node, out, node.post("/api/projects/" + encode(project) + "/link", Json.object("remote_project_id", swarm)).object("data"));
            out.answer(linked, () -> out.line("\"" + linked.text("name") + "\" is linked: " + count(linked, "task_count", "task") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "unlink", mixinStandardHelpOptions = true, description = {"Take a project off its swarm project.",
        "Clears all sync state of the project; its tasks are no longer shared with other nodes and stay here.", ""})
    static final class Unlink extends OfProject {
        @Option(names = "--notify", description = "Tell the others that this node no longer takes part.")
        boolean notify;

        @Override int run(Client node, Output out) {
            var done = node.post(path() + "/unlink-swarm", Json.object("notify_hive", notify));
            out.answer(done, () -> out.line(done.text("message") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "health", mixinStandardHelpOptions = true, description = "Whether tasks are orphaned: exit 1 when they are.")
    static final class Health extends OfProject {
        @Override int run(Client node, Output out) {
            var health = node.get(path() + "/sync-health").object("data");
            boolean sick = health.get("has_sync_issues").filter(Json.TRUE::equals).isPresent();
            out.answer(health, () -> out.line(sick ? "Orphaned tasks: " + text(health, "orphaned_task_count") + ". Issues: " + text(health, "issues") + ". `waggle project unlink` makes them local tasks."
                : health.get("is_linked").filter(Json.TRUE::equals).isPresent() ? "Linked, no issues." : "Not linked, no issues."));
            return sick ? Exit.DIFFERENCE : Exit.OK;
        }
    }

    @Command(name = "close", mixinStandardHelpOptions = true, description = "Close a swarm project, as its owner: nobody writes to it any more.")
    static final class Close extends OfProject {
        @Override int run(Client node, Output out) {
            var done = node.post(path() + "/close", Json.object());
            out.answer(done, () -> out.line(done.text("message") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a project off this node. What is in a swarm project stays there.")
    static final class Remove extends NodeCommand {
        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        String project;

        @Override int run(Client node, Output out) {
            var done = node.call("DELETE", "/api/projects/" + encode(project), Json.object());
            out.answer(done, () -> out.line(done.text("message") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "conflicts", mixinStandardHelpOptions = true, description = "List values that were passed over and wait for a decision.")
    static final class Conflicts extends OfProject {
        @Override int run(Client node, Output out) {
            var conflicts = new ArrayList<Json>();
            for (var cursor = ""; cursor != null; ) {
                var page = node.get(path() + "/conflicts?limit=500&cursor=" + encode(cursor)).object("data");
                conflicts.addAll(page.array("conflicts"));
                cursor = page.get("has_more").filter(Json.TRUE::equals).isPresent() ? page.text("cursor") : null;
            }
            out.answer(Json.object("conflicts", Json.array(conflicts)), () -> {
                for (var each : conflicts) {
                    var conflict = each.asObject();
                    out.line(conflict.text("task_id") + " " + conflict.text("id") + "  " + conflict.text("title"));
                    out.line("  " + conflict.text("field") + " shown: " + text(conflict, "shown"));
                    out.line("  " + conflict.text("field") + " other: " + text(conflict, "other") + "  (node " + brief(conflict.text("node")) + ", " + conflict.text("at") + ")");
                }
                if (conflicts.isEmpty()) out.line("No open conflicts.");
            });
            return Exit.OK;
        }
    }

    @Command(name = "resolve", mixinStandardHelpOptions = true, description = "Decide on a conflict of a task, for all nodes.")
    static final class Resolve extends NodeCommand {
        enum Keep { shown, other, value }

        @Parameters(index = "0", paramLabel = "TASK", description = "The task's id.")
        String task;

        @Parameters(index = "1", paramLabel = "CONFLICT", description = "The conflict's id, as `conflicts` shows it.")
        String conflict;

        @Option(names = "--keep", required = true, paramLabel = "shown|other|value", description = "shown: leave it. other: take the other value. value: take --value.")
        Keep keep;

        @Option(names = "--value", paramLabel = "TEXT", description = "A text, merged from both.")
        String value;

        @Override int run(Client node, Output out) {
            var done = node.post("/api/tasks/" + encode(task) + "/conflicts/" + encode(conflict) + "/resolve", Json.object("keep", keep.name(), "value", value)).object("data");
            out.answer(done, () -> out.line("Settled; " + text(done, "conflicts") + " are open in this task."));
            return Exit.OK;
        }
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

/// `waggle hub …` on a node that has a hub.
final class HubLinkCommands {
    private static final String PATH = "/api/v1/hub/link";

    private HubLinkCommands() {}

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show how this node stands at its hub, exit 1 when it is not connected; on a hub, what its nodes have to be told.")
    static final class Show extends NodeCommand {
        @Override int run(Client node, Output out) {
            var link = node.get(PATH);
            boolean hub = link.get("is_hub").filter(Json.TRUE::equals).isPresent();
            boolean connected = link.get("connected").filter(Json.TRUE::equals).isPresent();
            out.answer(link, () -> {
                if (hub) out.line("This node is a hub. Its nodes need WAGGLE_HUB_NODE=" + link.text("node") + ", its address as WAGGLE_HUB_URL, and a key of `waggle hub key add`.");
                link.textIfPresent("key_file").ifPresent(file -> out.line("Further processes of it, on the same database, are started with --key-file " + file + "."));
                if (hub && !link.get("named").filter(Json.TRUE::equals).isPresent()) return;
                if (link.get("named").filter(Json.TRUE::equals).isEmpty()) out.line("This node has no hub. Start it with WAGGLE_HUB_URL and WAGGLE_NODE_API_KEY.");
                else if (connected) out.line("Connected to " + link.text("url") + " (" + brief(link.text("hub")) + "), as a node of \"" + link.text("organisation") + "\".");
                else out.line("Not connected to " + link.text("url") + ": " + link.text("trouble") + ".");
            });
            return connected || hub ? Exit.OK : Exit.DIFFERENCE;
        }
    }

    @Command(name = "projects", mixinStandardHelpOptions = true, description = "List the hub's projects that this node may take part in.")
    static final class Projects extends NodeCommand {
        @Override int run(Client node, Output out) {
            var projects = node.get(PATH + "/projects");
            out.answer(projects, () -> {
                var rows = new ArrayList<>(List.of(List.of("NAME", "SOURCE", "STATUS", "SPACE")));
                for (var each : projects.array("projects")) {
                    var project = each.asObject();
                    rows.add(List.of(project.text("name"), project.text("source_node_name"), project.text("source_node_status"), brief(project.text("space"))));
                }
                if (rows.size() == 1) out.line("The hub shows this node no projects yet. `waggle hub publish PROJECT` brings one.");
                else out.table(rows);
            });
            return Exit.OK;
        }
    }

    @Command(name = "publish", mixinStandardHelpOptions = true, description = {"Bring a project to the hub, where the other nodes of the organisation find it.",
        "The hub becomes a moderator of it, so that it can let others in while this node is away. If this node is the project's owner, the last write at the hub wins from then on.", ""})
    static final class Publish extends NodeCommand {
        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        String project;

        @Override int run(Client node, Output out) {
            var published = node.post(PATH + "/publish", Json.object("project", project));
            out.answer(published, () -> out.line("\"" + published.text("name") + "\" is at the hub now. Others take part with: waggle hub join " + published.text("name")));
            return Exit.OK;
        }
    }

    @Command(name = "withdraw", mixinStandardHelpOptions = true, description = "Take a project off the hub again. Who takes part in it stays in it.")
    static final class Withdraw extends NodeCommand {
        @Parameters(paramLabel = "PROJECT", description = "Name or id.")
        String project;

        @Override int run(Client node, Output out) {
            var done = node.post(PATH + "/withdraw", Json.object("project", project));
            out.answer(done, () -> out.line("The hub shows it to nobody any more."));
            return Exit.OK;
        }
    }

    @Command(name = "join", mixinStandardHelpOptions = true, description = "Take part in a project of the hub.")
    static final class Join extends NodeCommand {
        @Parameters(paramLabel = "SWARM", description = "Its name or id, as `waggle hub projects` lists it.")
        String swarm;

        @Option(names = "--name", paramLabel = "NAME", description = "What to call the project here. Default: as there.")
        String name;

        @Option(names = "--project", paramLabel = "PROJECT", description = "Link this local project to it: its tasks are written there.")
        String project;

        @Override int run(Client node, Output out) {
            var joined = JobWatch.result(node, out, node.post(PATH + "/join", Json.object("swarm", swarm, "name", name, "project", project)));
            out.answer(joined, () -> out.line("Joined: the project \"" + joined.text("name") + "\" has " + count(joined, "task_count", "task") + "."));
            return Exit.OK;
        }
    }
}

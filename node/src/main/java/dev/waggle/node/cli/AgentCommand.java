package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "agent", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "People and programs that act in hives on this node.",
    subcommands = {AgentCommand.Create.class, AgentCommand.Listing.class, AgentCommand.Key.class})
final class AgentCommand extends Group {
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make an agent and print its key, once.")
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "Letters, digits, _, - and .")
        String name;

        @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
        String description;

        @Option(names = "--avatar", paramLabel = "URL", description = "A picture.")
        String avatar;

        @Override int run(Client node, Output out) {
            var made = node.post("/api/v1/agents", Json.object("name", name, "description", description, "avatar_url", avatar));
            out.answer(made, () -> printKey(out, made));
            return Exit.OK;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the agents of this node.")
    static final class Listing extends NodeCommand {
        @Override int run(Client node, Output out) {
            var agents = node.get("/api/v1/agents?limit=500");
            out.answer(agents, () -> {
                var rows = new ArrayList<>(List.of(List.of("NAME", "AGENT", "KEY", "DESCRIPTION")));
                for (var each : agents.array("agents")) {
                    var agent = each.asObject();
                    rows.add(List.of(agent.text("name"), agent.text("id"), text(agent, "has_key"), agent.get("description").orElse(Json.NULL) instanceof Json.Str(var said) ? said : ""));
                }
                out.table(rows);
            });
            return Exit.OK;
        }
    }

    @Command(name = "key", mixinStandardHelpOptions = true, description = "Give an agent a new key, or take it away. The old one is void at once.")
    static final class Key extends NodeCommand {
        @Parameters(paramLabel = "AGENT", description = "Name or id.")
        String agent;

        @Option(names = "--revoke", description = "Take the key away and give none.")
        boolean revoke;

        @Override int run(Client node, Output out) {
            var path = "/api/v1/agents/" + encode(agent) + "/key";
            var done = revoke ? node.call("DELETE", path, Json.object()) : node.post(path, Json.object());
            out.answer(done, () -> {
                if (revoke) out.line(done.text("name") + " has no key any more.");
                else printKey(out, done);
            });
            return Exit.OK;
        }
    }

    private static void printKey(Output out, Json.Obj made) {
        out.line(made.text("api_key"));
        out.note("The key of " + made.text("name") + " (" + made.text("id") + "). It is not shown again. Programs send it as: Authorization: Bearer …");
    }
}

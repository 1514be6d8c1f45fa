package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "space", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "What this node shares: a space is a log with its members and the file it fills.",
    subcommands = {SpaceCommand.Listing.class, SpaceCommand.Show.class})
final class SpaceCommand extends Group {
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the spaces of this node.")
    static final class Listing extends NodeCommand {
        @Override int run(Client node, Output out) {
            var spaces = node.get("/api/v1/spaces");
            out.answer(spaces, () -> {
                if (spaces.array("spaces").isEmpty()) out.line("No spaces yet. `waggle track FILE` makes one, `waggle join TICKET FILE` joins one.");
                else {
                    var rows = new ArrayList<>(List.of(List.of("NAME", "SPACE", "ROLE", "MEMBERS", "EVENTS", "CONFLICTS", "FILE", "STATE")));
                    for (var each : spaces.array("spaces")) {
                        var space = each.asObject();
                        rows.add(List.of(space.text("name"), brief(space.text("id")), text(space, "role"), text(space, "members_count"), text(space, "events"),
                            text(space, "conflicts"), text(space, "file"), text(space, "state")));
                    }
                    out.table(rows);
                }
            });
            return Exit.OK;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one space: members, log, file, counters.")
    static final class Show extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "SPACE", description = "Name or id. May be left out when there is one.")
        String space = "";

        @Override int run(Client node, Output out) {
            var shown = node.get("/api/v1/spaces/" + (space.isEmpty() ? "-" : encode(space)));
            out.answer(shown, () -> {
                for (var member : shown.members().entrySet()) {
                    if (member.getKey().equals("members")) {
                        out.line("members");
                        for (var each : member.getValue().asArray()) {
                            Json.Obj one = each.asObject();
                            out.line("  " + one.text("node") + "  " + one.text("role") + (one.get("self").filter(Json.TRUE::equals).isPresent() ? "  (this node)" : ""));
                        }
                    } else out.line(member.getKey().replace('_', ' ') + ": " + shown(member.getValue()));
                }
            });
            return Exit.OK;
        }
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "space", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "What this node shares: a space is a log with its members and the file it fills.",
    subcommands = {SpaceCommand.Listing.class, SpaceCommand.Show.class, SpaceCommand.Policies.class})
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

    @Command(name = "policy", mixinStandardHelpOptions = true, description = {"Show, or change, the policy of each table: what is shown where two nodes changed one row without knowing of each other.",
        "An owner or moderator changes it, for all nodes: union (only its author and moderators edit a row), last-write (the latest whole row) or merge (the latest value of each field)."})
    static final class Policies extends NodeCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "SPACE", description = "Name or id. May be left out when there is one.")
        String space = "-";

        @Parameters(index = "1", arity = "0..1", paramLabel = "POLICY", description = "union, last-write or merge; without it the policies are shown.")
        String policy;

        @Option(names = "--table", paramLabel = "TABLE", description = "Of this table alone. Default: of all tables that have none of their own.")
        String table;

        @Override int run(Client node, Output out) {
            var path = "/api/v1/spaces/" + encode(space) + "/policies";
            if (policy != null) {
                var done = node.post(path, Json.object("table", table, "policy", policy));
                out.answer(done, () -> out.line((table == null ? "All other tables follow" : "The table " + table + " follows") + " the policy " + policy + " now. Event " + brief(done.text("event")) + "."));
                return Exit.OK;
            }
            var shown = node.get(path);
            out.answer(shown, () -> {
                shown.array("rules").forEach(rule -> out.line(rule.asText()));
                var rows = new ArrayList<>(List.of(List.of("TABLE", "POLICY")));
                for (var each : shown.array("tables")) rows.add(List.of(each.asObject().text("table"), each.asObject().text("policy")));
                shown.textIfPresent("others").ifPresent(others -> rows.add(List.of("(all others)", others)));
                if (rows.size() > 1) out.table(rows);
            });
            return Exit.OK;
        }
    }
}

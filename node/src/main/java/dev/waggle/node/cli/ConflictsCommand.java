package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "conflicts", mixinStandardHelpOptions = true,
    description = {"What two machines changed differently. A rule decided what is shown, the same on every machine; the rest is kept until you say.", ""},
    subcommands = {ConflictsCommand.Show.class, ConflictsCommand.Resolve.class})
final class ConflictsCommand extends NodeCommand {
    enum Keep { shown, other, restore }

    @Option(names = "--space", paramLabel = "SPACE", description = "Name or id of the space. Default: all.")
    String space;

    @Override int run(Client node, Output out) {
        var found = node.get("/api/v1/conflicts" + (space == null ? "" : "?space=" + encode(space)));
        out.answer(found, () -> {
            if (found.array("conflicts").isEmpty()) out.line("No conflicts.");
            else {
                var rows = new ArrayList<>(List.of(List.of("ID", "SPACE", "TABLE", "KEY", "WHAT", "FIELDS")));
                for (var each : found.array("conflicts")) {
                    Json.Obj conflict = each.asObject();
                    rows.add(List.of(conflict.text("id"), conflict.text("space_name"), conflict.text("table"), text(conflict, "key"),
                        conflict.text("kind").replace('_', ' '), text(conflict, "fields")));
                }
                out.table(rows);
                out.note("`waggle sync conflicts show ID` compares the versions, `… resolve ID --keep shown|other|restore` settles one.");
            }
        });
        return Exit.OK;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The same as without a word: list them.")
    int list() {
        return call();
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show the versions of one conflict.")
    static final class Show extends NodeCommand {
        @Parameters(paramLabel = "ID", description = "The conflict's id, or its beginning.")
        String id;

        @Override int run(Client node, Output out) {
            var conflict = node.get("/api/v1/conflicts/" + encode(id));
            out.answer(conflict, () -> {
                out.line("conflict " + conflict.text("id") + ": " + conflict.text("kind").replace('_', ' ') + " in " + conflict.text("table") + " " + text(conflict, "key"));
                print(out, "shown", conflict);
                print(out, "other", conflict);
                out.line(text(conflict, "says"));
            });
            return Exit.OK;
        }

        private static void print(Output out, String side, Json.Obj conflict) {
            switch (conflict.get(side).orElse(Json.NULL)) {
                case Json.Obj row -> {
                    out.line(side + ":");
                    row.members().forEach((column, value) -> out.line("  " + column + " = " + shown(value)));
                }
                case Json.Arr(var versions) -> {
                    for (var each : versions) print(out, side, Json.object(side, each));
                }
                default -> out.line(side + ": (deleted)");
            }
        }
    }

    @Command(name = "resolve", mixinStandardHelpOptions = true,
        description = {"Settle a conflict on all machines: keep what is shown, take the other version, or restore what was kept out (under a new key, with what belongs to it).", ""})
    static final class Resolve extends NodeCommand {
        @Parameters(paramLabel = "ID", description = "The conflict's id, or its beginning.")
        String id;

        @Option(names = "--keep", required = true, paramLabel = "shown|other|restore", description = "shown: leave it as it is. other: take the other version. restore: bring back the row that lost its key.")
        Keep keep;

        @Option(names = "--key", split = ",", paramLabel = "VALUE", description = "The new key for --keep restore. Default: the next free one.")
        List<String> key = List.of();

        @Override int run(Client node, Output out) {
            var asked = Json.object("keep", keep.name(), "key", key.isEmpty() ? null : Json.array(key.stream().map(Json::of).toList()));
            var done = node.post("/api/v1/conflicts/" + encode(id) + "/resolve", asked);
            out.answer(done, () -> out.line("Conflict " + done.text("id") + " is settled."));
            return Exit.OK;
        }
    }
}

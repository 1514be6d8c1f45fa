package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.core.record.Value;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

@Command(name = "conflicts", mixinStandardHelpOptions = true,
    description = {"What two machines changed differently. A rule decided what is shown, the same on every machine; the rest is kept until you say.", ""},
    subcommands = {ConflictsCommand.Listing.class, ConflictsCommand.Show.class, ConflictsCommand.Resolve.class})
final class ConflictsCommand extends ConflictListing {
    enum Keep { shown, other, restore }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The same as without a word: list them.")
    static final class Listing extends ConflictListing {}

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show the versions of one conflict.")
    static final class Show extends NodeCommand {
        @Parameters(paramLabel = "ID", description = "The conflict's id, or its beginning.")
        String id;

        @Override int run(Client node, Output out) {
            var conflict = node.get("/api/v1/conflicts/" + encode(id));
            out.answer(conflict, () -> {
                out.line("conflict " + conflict.text("id") + ": " + conflict.text("kind").replace('_', ' ') + " in " + conflict.text("table") + " " + text(conflict, "key"));
                print(out, "shown", conflict.get("shown").orElse(Json.NULL));
                print(out, "other", conflict.get("other").orElse(Json.NULL));
                out.line(text(conflict, "says"));
            });
            return Exit.OK;
        }

        private static void print(Output out, String side, Json versions) {
            switch (versions) {
                case Json.Arr(var items) -> items.forEach(each -> print(out, side, each));
                case Json.Obj version -> {
                    var deleted = version.get("deleted").filter(Json.TRUE::equals).isPresent();
                    out.line(side + ", by node " + brief(version.text("node")) + (deleted ? ": deleted" : ":"));
                    if (!deleted) version.object("values").members().forEach((column, value) -> out.line("  " + column + " = " + shown(value)));
                }
                default -> out.line(side + ": nothing");
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

        @Option(names = "--set", paramLabel = "COLUMN=VALUE", description = "For restore: a new value where the old one collides. Default: the next free integer key.")
        Map<String, String> set = Map.of();

        @Override int run(Client node, Output out) {
            var asked = Json.object("keep", keep.name(), "set", set.isEmpty() ? null : Json.object(typed()));
            var done = node.post("/api/v1/conflicts/" + encode(id) + "/resolve", asked);
            out.answer(done, () -> out.line("Conflict " + done.text("id") + " is settled."));
            return Exit.OK;
        }

        /// A whole number is an integer, anything else is text.
        private Map<String, Json> typed() {
            var typed = new TreeMap<String, Json>();
            set.forEach((column, value) -> typed.put(column, (value.matches("-?[0-9]{1,18}") ? new Value.Int(Long.parseLong(value)) : Value.Text.of(value)).toJson()));
            return typed;
        }
    }
}

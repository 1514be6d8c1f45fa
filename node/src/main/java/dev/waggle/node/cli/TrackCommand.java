package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.Plural;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;

@Command(name = "track", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Share a SQLite database: what any program writes to it reaches the other machines.",
        "Puts small triggers and the table sync_queue into the file; existing rows become the first events. `untrack` takes all of it out again.", ""})
final class TrackCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The SQLite database.")
    Path file;

    @Parameters(index = "1..*", paramLabel = "TABLE", description = "The tables to share. Default: all.")
    List<String> tables = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "What to call the space. Default: the file's name.")
    String name;

    @Override int run(Client node, Output out) {
        var asked = Json.object("file", absolute(file), "tables", Json.array(tables.stream().map(Json::of).toList()), "name", name);
        var done = JobWatch.result(node, out, node.post("/api/v1/track", asked));
        out.answer(done, () -> {
            out.line("Tracking " + file + " as \"" + done.text("name") + "\" (space " + brief(done.text("id")) + "): "
                + Plural.of(done.array("tables").size(), "table") + ", " + count(done, "rows", "row") + ".");
            done.arrayOrEmpty("notes").forEach(note -> out.line("- " + note.asText()));
            out.line("Next: `waggle invite` prints a ticket for another machine.");
        });
        return Exit.OK;
    }
}

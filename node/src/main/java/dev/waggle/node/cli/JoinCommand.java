package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.Plural;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

@Command(name = "join", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Join a space with a ticket and keep FILE in sync with it.",
        "A new file is created; an existing one is filled: rows that are equal are taken as one, and rows that differ are shown as --adopt says (the other version is kept as a conflict).", ""})
final class JoinCommand extends NodeCommand {
    enum Adopt { mine, theirs }

    @Parameters(index = "0", paramLabel = "TICKET", description = "What `waggle invite` printed on the other machine.")
    String ticket;

    @Parameters(index = "1", paramLabel = "FILE", description = "The SQLite database to create or to fill.")
    Path file;

    @Option(names = "--adopt", paramLabel = "mine|theirs", description = "Which side is shown where an existing row differs.")
    Adopt adopt;

    @Option(names = "--name", paramLabel = "NAME", description = "What to call the space here. Default: as there.")
    String name;

    @Override int run(Client node, Output out) {
        var asked = Json.object("ticket", ticket, "file", absolute(file), "adopt", adopt == null ? null : adopt.name(), "name", name);
        var done = JobWatch.result(node, out, node.post("/api/v1/join", asked));
        out.answer(done, () -> {
            out.line("Joined \"" + done.text("name") + "\" (space " + brief(done.text("id")) + "); " + file + " follows it.");
            if (done.array("created").isEmpty()) out.line("Rows: " + done.integer("equal") + " equal, " + done.integer("from_space") + " from the space, "
                + done.integer("from_file") + " from the file, " + done.integer("different") + " different.");
            else out.line("Created " + Plural.of(done.array("created").size(), "table") + ".");
            done.arrayOrEmpty("notes").forEach(note -> out.line("- " + note.asText()));
        });
        return Exit.OK;
    }
}

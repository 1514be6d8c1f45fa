package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

@Command(name = "untrack", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Stop following a file and take triggers and queue out of it. Its rows, and the space and its log, stay.", ""})
final class UntrackCommand extends NodeCommand {
    @Parameters(paramLabel = "FILE", description = "The tracked database.")
    Path file;

    @Override int run(Client node, Output out) {
        var done = node.post("/api/v1/untrack", Json.object("file", absolute(file)));
        out.answer(done, () -> out.line("No longer tracking " + file + "; the space \"" + done.text("name") + "\" stays."));
        return Exit.OK;
    }
}

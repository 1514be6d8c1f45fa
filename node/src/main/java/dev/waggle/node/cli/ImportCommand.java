package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

@Command(name = "import", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Load content from a file.", 
    subcommands = {ImportCommand.Hive.class, ImportCommand.Board.class})
final class ImportCommand extends Group {
    @Command(name = "hive", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Load posts, comments, votes and settings into a hive from a file of JSON lines (docs/hive.md).",
            "What was loaded before is passed over, so a load that was stopped can be repeated. Exit 1 when lines were refused.", ""})
    static final class Hive extends NodeCommand {
        @Parameters(paramLabel = "FILE", description = "One JSON object a line.")
        Path file;

        @Option(names = "--hive", paramLabel = "HIVE", defaultValue = "-", description = "Name or id. May be left out when there is one.")
        String hive;

        @Override int run(Client node, Output out) {
            var done = JobWatch.result(node, out, node.post("/api/v1/hives/" + encode(hive) + "/import", Json.object("file", absolute(file))));
            out.answer(done, () -> {
                out.line("Loaded " + count(done, "posts", "post") + ", " + count(done, "comments", "comment") + ", " + count(done, "votes", "vote") + ", " + count(done, "settings", "setting") + "; "
                    + "here already: " + text(done, "known") + ", lines of other kinds: " + text(done, "ignored") + ", refused: " + text(done, "refused") + ".");
                done.array("reasons").forEach(reason -> out.line("- " + reason.asText()));
            });
            return done.integer("refused") == 0 ? Exit.OK : Exit.DIFFERENCE;
        }
    }

    @Command(name = "board", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Load the tasks of another tracker into a project from a file of JSON lines (docs/board.md).",
            "What was loaded before is passed over, so a load that was stopped can be repeated. Exit 1 when lines were refused.", ""})
    static final class Board extends NodeCommand {
        @Parameters(paramLabel = "FILE", description = "One JSON object a line.")
        Path file;

        @Option(names = "--project", paramLabel = "PROJECT", defaultValue = "-", description = "Name or id. May be left out when there is one.")
        String project;

        @Override int run(Client node, Output out) {
            var done = JobWatch.result(node, out, node.post("/api/projects/" + encode(project) + "/import", Json.object("file", absolute(file))).object("data"));
            out.answer(done, () -> {
                out.line("Loaded " + count(done, "tasks", "task") + "; here already: " + text(done, "known") + ", lines refused: " + text(done, "refused") + ".");
                done.array("reasons").forEach(reason -> out.line("- " + reason.asText()));
            });
            return done.integer("refused") == 0 ? Exit.OK : Exit.DIFFERENCE;
        }
    }
}

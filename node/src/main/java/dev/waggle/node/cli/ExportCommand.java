package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.Plural;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

@Command(name = "export", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Write content to a file.", subcommands = ExportCommand.Hive.class)
final class ExportCommand extends Group {
    @Command(name = "hive", mixinStandardHelpOptions = true, sortOptions = false, description = {"Write what a hive shows as JSON lines that `waggle import hive` takes (docs/hive.md).", ""})
    static final class Hive extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "HIVE", description = "Name or id. May be left out when there is one.")
        String hive = "-";

        @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to. Default: standard output.")
        Path file;

        @Override int run(Client node, Output out) {
            if (file == null) {
                write(node, line -> out.raw(line + "\n"));
                return Exit.OK;
            }
            try (var lines = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
                var count = write(node, lines::println);
                if (lines.checkError()) throw new IOException("the disk may be full");
                out.answer(Json.object("file", file.toString(), "lines", count), () -> out.line(Plural.of(count, "line") + " written to " + file + "."));
            } catch (IOException e) {
                throw new Problem(ErrorCode.STORAGE, file + " cannot be written: " + e.getMessage() + ".", "Choose another file.", e);
            }
            return Exit.OK;
        }

        private long write(Client node, Consumer<String> line) {
            long count = 0;
            for (var after = "";;) {
                var page = node.get("/api/v1/hives/" + encode(hive) + "/export?limit=200&after=" + encode(after));
                for (var each : page.array("lines")) {
                    line.accept(Canonical.text(each));
                    count++;
                }
                if (page.get("has_more").filter(Json.TRUE::equals).isEmpty()) return count;
                after = page.text("cursor");
            }
        }
    }
}

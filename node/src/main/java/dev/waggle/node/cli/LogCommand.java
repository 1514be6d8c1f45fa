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

@Command(name = "log", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "The signed events of a space.",
    subcommands = {LogCommand.Show.class, LogCommand.Verify.class, LogCommand.Export.class, LogCommand.Compact.class, LogCommand.Coordinator.class, LogCommand.Check.class})
final class LogCommand extends Group {
    private static final int PAGE = 200;

    abstract static class OfSpace extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "SPACE", description = "Name or id. May be left out when there is one.")
        String space = "-";
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "List events, newest last.")
    static final class Show extends OfSpace {
        @Option(names = "--after", paramLabel = "OFFSET", defaultValue = "-1", description = "Begin after this position. Default: the last ones.")
        long after;

        @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "20", description = "How many. Default: 20.")
        int limit;

        @Override int run(Client node, Output out) {
            var page = node.get(path(space) + "?limit=" + limit + (after >= 0 ? "&after=" + after : ""));
            out.answer(page, () -> {
                for (var each : page.array("entries")) {
                    Json.Obj entry = each.asObject();
                    out.line(entry.integer("offset") + "  " + text(entry, "time") + "  " + brief(text(entry, "id")) + "  " + brief(text(entry, "origin")) + "#"
                        + text(entry, "seq") + "  " + text(entry, "type") + "  " + text(entry, "verdict") + "  " + text(entry, "says"));
                }
            });
            return Exit.OK;
        }
    }

    @Command(name = "verify", mixinStandardHelpOptions = true, description = "Check every hash, signature and chain of a log. Exit 1 when something is wrong.")
    static final class Verify extends OfSpace {
        @Override int run(Client node, Output out) {
            var done = JobWatch.result(node, out, node.post("/api/v1/spaces/" + encode(space) + "/log/verify", Json.object()));
            out.answer(done, () -> {
                out.line(count(done, "events", "event") + " in " + count(done, "chains", "chain") + ", " + count(done, "signatures", "signature") + " checked: "
                    + (done.array("damages").isEmpty() ? "all good." : done.array("damages").size() + " DAMAGED"));
                done.array("damages").forEach(damage -> out.line("- " + damage.asText()));
            });
            return done.array("damages").isEmpty() ? Exit.OK : Exit.DIFFERENCE;
        }
    }

    @Command(name = "export", mixinStandardHelpOptions = true,
        description = {"Write a log as JSON lines {\"payload\", \"signature\"}: all that another program needs to verify it.", ""})
    static final class Export extends OfSpace {
        @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to. Default: standard output.")
        Path file;

        @Override int run(Client node, Output out) {
            if (file == null) {
                write(node, line -> out.raw(line + "\n"));
                return Exit.OK;
            }
            try (var lines = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
                var events = write(node, lines::println);
                if (lines.checkError()) throw new IOException("the disk may be full");
                var answer = Json.object("file", file.toString(), "events", events);
                out.answer(answer, () -> out.line(Plural.of(events, "event") + " written to " + file + "."));
            } catch (IOException e) {
                throw new Problem(ErrorCode.STORAGE, file + " cannot be written: " + e.getMessage() + ".", "Choose another file.", e);
            }
            return Exit.OK;
        }

        private long write(Client node, Consumer<String> line) {
            var events = 0L;
            for (long after = 0;;) {
                var page = node.get(path(space) + "?payloads=true&limit=" + PAGE + "&after=" + after);
                if (page.array("entries").isEmpty()) return events;
                for (var each : page.array("entries")) {
                    Json.Obj entry = each.asObject();
                    after = entry.integer("offset");
                    if (entry.get("payload").isEmpty()) continue;
                    line.accept(Canonical.text(Json.object("payload", entry.text("payload"), "signature", entry.get("signature").orElse(Json.NULL))));
                    events++;
                }
            }
        }
    }

    @Command(name = "compact", mixinStandardHelpOptions = true,
        description = {"Make a log small: the owner's node, or the one named with `log coordinator`, writes a checkpoint, and what lies below the last one is kept without what repeats in every event.",
            "Nothing that can be read changes, and the log can still be verified and exported. By itself a node does this with what is older than 90 days.", ""})
    static final class Compact extends OfSpace {
        @Override int run(Client node, Output out) {
            var done = JobWatch.result(node, out, node.post("/api/v1/spaces/" + encode(space) + "/log/compact", Json.object()));
            out.answer(done, () -> {
                if (Json.TRUE.equals(done.get("written").orElse(null))) out.line("Wrote a checkpoint: the other members can condense their logs, too.");
                var checkpoint = brief(text(done, "checkpoint"));
                out.line(Json.TRUE.equals(done.get("condensed").orElse(null)) ? "Condensed up to checkpoint " + checkpoint + ". The file shrinks when the node starts next."
                    : "Condensed up to checkpoint " + checkpoint + " before: nothing to do.");
            });
            return Exit.OK;
        }
    }

    @Command(name = "coordinator", mixinStandardHelpOptions = true,
        description = {"Name the member whose node writes the space's checkpoints from now on, for an owner's node that is seldom up. Only the owner may.",
            "With the owner's own id, or \"me\", the owner's node does it again. One node at a time: what another writes without having heard of it has no effect.", ""})
    static final class Coordinator extends NodeCommand {
        @Parameters(index = "0", paramLabel = "SPACE", description = "Name or id; - for the only one.")
        String space;

        @Parameters(index = "1", paramLabel = "NODE", description = "The beginning of the member's node id, or \"me\".")
        String member;

        @Override int run(Client node, Output out) {
            var done = node.post(path(space) + "/coordinator", Json.object("node", member));
            out.answer(done, () -> out.line("Node " + brief(done.text("node")) + " writes the checkpoints now. Event " + brief(done.text("event")) + "."));
            return Exit.OK;
        }
    }

    @Command(name = "check", mixinStandardHelpOptions = true,
        description = {"Check log files on disk (sync.sqlite of a copy or a backup), without a node. Exit 1 when one is damaged.",
            "A file that is not damaged is shown with a fingerprint of all that it says: equal fingerprints, equal logs.", ""})
    static final class Check implements java.util.concurrent.Callable<Integer> {
        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Log files.")
        java.util.List<Path> files;

        @Option(names = "--json", description = "Print one JSON document.")
        boolean json;

        @Override public Integer call() {
            var out = new Output(Main.out(), Main.err(), json);
            var checked = files.stream().map(dev.waggle.node.check.FileCheck::of).toList();
            out.answer(Json.object("files", Json.array(checked.stream().map(dev.waggle.node.check.FileCheck::toJson).toList())), () ->
                checked.forEach(each -> out.line(each.file() + ": " + (each.damages().isEmpty() ? "good, " + each.says()
                    : "DAMAGED, " + each.damages().size() + ": " + each.damages().getFirst()))));
            return checked.stream().allMatch(each -> each.damages().isEmpty()) ? Exit.OK : Exit.DIFFERENCE;
        }
    }

    private static String path(String space) {
        return "/api/v1/spaces/" + NodeCommand.encode(space) + "/log";
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.Plural;
import dev.waggle.node.backup.Contents;
import dev.waggle.node.backup.Restore;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Command(name = "restore", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Make a data folder of a backup. Every byte of the backup is checked first, and nothing that exists is overwritten.",
        "The node that starts in it goes on under new epochs and takes from its peers what came after the backup. Exit 4 when the backup is damaged.", ""})
final class RestoreCommand extends NodeCommand {
    private static final long STEP_BYTES = 1 << 20;

    @Parameters(paramLabel = "BACKUP", description = "A folder that `waggle backup` has made.")
    Path backup;

    @Option(names = "--files", paramLabel = "DIR", description = "Tracked files are to be in this folder from now on. Default: where they were. One that is not there is made anew.")
    Path files;

    @Option(names = "--verify", description = "Only check the backup: every byte, and every hash, link and signature of its logs. Nothing is restored.")
    boolean verify;

    @Override public Integer call() {
        return run(null, output());
    }

    @Override int run(Client nobody, Output out) {
        var contents = Contents.read(backup);
        return verify ? verify(contents, out) : restore(contents, out);
    }

    private int verify(Contents contents, Output out) {
        var damages = Restore.verify(contents, backup);
        out.answer(Json.object("good", damages.isEmpty(), "damages", Json.array(damages.stream().map(Json::of).toList()), "node", contents.node().hex(), "made_ms", contents.madeMs(),
            "spaces", contents.logs(), "bytes", contents.bytes(), "with_key", contents.withKey()), () -> {
                if (damages.isEmpty()) out.line("Good: " + Plural.of(contents.logs(), "space") + " of node " + contents.node().brief() + ", " + size(contents.bytes()) + ", made "
                    + Instant.ofEpochMilli(contents.madeMs()) + (contents.withKey() ? ", with its key." : ", without its key."));
                else damages.forEach(out::line);
            });
        return damages.isEmpty() ? Exit.OK : Exit.DIFFERENCE;
    }

    private int restore(Contents contents, Output out) {
        var settings = NodeSettings.read(NodeSettings.Flags.NONE.withData(dataFolder()), Main.environment());
        Restore.Report report;
        try (var progress = new Progress(out, "restoring, MB", 2 * contents.bytes() / STEP_BYTES)) {
            var moved = new long[1];
            report = Restore.restore(backup, settings.data(), settings.stateRoot(), Optional.ofNullable(files).map(place -> Path.of(absolute(place))), bytes -> {
                for (moved[0] += bytes; moved[0] >= STEP_BYTES; moved[0] -= STEP_BYTES) progress.step();
            });
        }
        out.answer(json(report), () -> lines(report, out));
        return Exit.OK;
    }

    private static Json.Obj json(Restore.Report report) {
        return Json.object("node", report.contents().node().hex(), "data", report.data().toString(), "made_ms", report.contents().madeMs(), "spaces", report.contents().logs(), "database", report.contents().database().orElse(null),
            "key", report.key().name().toLowerCase(java.util.Locale.ROOT), "key_file", report.keyFile().toString(),
            "files", Json.array(files(report.files())));
    }

    private static List<Json> files(List<Restore.Tracked> files) {
        return files.stream().map(file -> (Json) Json.object("space", file.space(), "file", file.file().toString(), "there", file.there())).toList();
    }

    private static void lines(Restore.Report report, Output out) {
        out.line("Restored " + report.contents().database().map(_ -> "what was beside the logs").orElseGet(() -> Plural.of(report.contents().logs(), "space")) + " of node " + report.contents().node().brief() + " to " + report.data() + ", as of "
            + Instant.ofEpochMilli(report.contents().madeMs()) + ".");
        for (var file : report.files())
            out.line("  " + file.space() + ": " + file.file() + (file.there() ? " is there; it follows when peers have sent what came after the backup." : " is not there; `waggle up` makes it anew."));
        switch (report.key()) {
            case RESTORED -> out.line("The node's key came with the backup: see that the old machine never starts it again.");
            case HERE -> out.line("The node's key is on this machine.");
            case MISSING -> out.line("The node's key is neither in the backup nor on this machine. Bring it to " + report.keyFile()
                + ", or run `waggle up --new-identity`: then it is a node of its own, which has to be invited again.");
        }
        if (report.key() != Restore.Key.MISSING) out.line(report.contents().database().map(where -> "Next: restore the dump of the logs, which were in " + where + ", and `waggle up --database URL`.").orElse("Next: `waggle up`."));
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

@Command(name = "backup", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Copy the node's data folder into a new folder as it stands at this moment, while the node works on: logs, peers, settings.",
        "Rows of tracked files are in the logs; the files themselves, and tables in them that are not tracked, are not copied. `waggle restore` makes a data folder of it (docs/backup.md).", ""})
final class BackupCommand extends NodeCommand {
    @Parameters(paramLabel = "FOLDER", description = "Where to: a folder that does not exist yet.")
    Path folder;

    @Option(names = "--with-key", description = "Put the node's secret key into the backup, too: it can be restored on another machine, and whoever gets it can be this node.")
    boolean withKey;

    @Override int run(Client node, Output out) {
        var done = JobWatch.result(node, out, node.post("/api/v1/backup", Json.object("to", absolute(folder), "with_key", withKey)));
        out.answer(done, () -> {
            var database = done.textIfPresent("database");
            if (database.isPresent()) {
                out.line("Copied " + size(done.integer("bytes")) + " to " + done.text("folder") + ": what the node keeps beside its logs.");
                out.line("The logs are in " + database.get() + " and not in it: back them up with pg_dump -Fc, before or after this (docs/backup.md).");
            } else out.line("Copied " + count(done, "spaces", "space") + ", " + size(done.integer("bytes")) + ", to " + done.text("folder") + ".");
            out.line(withKey ? "It holds the node's secret key: keep it where nobody else reads it."
                : "It holds no key: restore it on this machine, or keep the folder with the key apart (`waggle backup --help`).");
        });
        return Exit.OK;
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "sync", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "How far the spaces are in sync, and what could not be decided without you.",
    subcommands = {SyncCommand.Now.class, SyncCommand.Status.class, ConflictsCommand.class, SyncCommand.Reset.class})
final class SyncCommand extends Group {
    @Command(name = "now", mixinStandardHelpOptions = true, description = "Exchange with every peer now, and wait until files and logs are up to date. Exit 3 when no peer answered.")
    static final class Now extends NodeCommand {
        @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", description = "How long to wait. Default: 60.")
        int timeoutSeconds;

        @Override int run(Client node, Output out) {
            var done = JobWatch.result(node, out, node.post("/api/v1/sync/now", Json.object("timeout_ms", timeoutSeconds * 1_000L)));
            out.answer(done, () -> out.line(done.text("summary")));
            return done.integer("peers") > 0 && done.integer("reached") == 0 ? Exit.NOT_REACHABLE : Exit.OK;
        }
    }

    @Command(name = "status", mixinStandardHelpOptions = true, description = "Show how far every space and peer is, and whether the node runs. Exit 1 when progress has stopped.")
    static final class Status extends NodeCommand {
        @Override int run(Client node, Output out) {
            var status = node.get("/api/v1/sync/status").with("running", Json.of(node.isRunning()));
            var ready = status.get("ready").filter(Json.TRUE::equals).isPresent();
            out.answer(status, () -> {
                out.line("node " + brief(status.text("node")) + ": " + (ready ? "ready" : "NOT READY: " + shown(Json.array(status.array("reasons")))));
                var rows = new ArrayList<>(List.of(List.of("SPACE", "LOG", "APPLIED", "QUEUE", "WAITING", "HELD", "REJECTED", "CONFLICTS", "STATE")));
                for (var each : status.array("spaces")) {
                    Json.Obj space = each.asObject();
                    rows.add(List.of(space.text("name"), text(space, "log_offset"), text(space, "applied_offset"), text(space, "queue"), text(space, "waiting"),
                        text(space, "held"), text(space, "rejected"), text(space, "conflicts"), text(space, "state")));
                }
                out.table(rows);
                for (var each : status.array("peers")) {
                    Json.Obj peer = each.asObject();
                    out.line("peer " + brief(peer.text("node")) + ": " + text(peer, "state") + (text(peer, "remark").isEmpty() ? "" : " (" + text(peer, "remark") + ")"));
                }
            });
            if (!node.isRunning()) out.note("No node is running in " + dataFolder() + ": this is what it would begin with, and nothing is followed. `waggle up` starts it.");
            return ready ? Exit.OK : Exit.DIFFERENCE;
        }
    }

    @Command(name = "reset", mixinStandardHelpOptions = true,
        description = {"Forget how far a peer is and compare everything with it again. Costs some traffic, loses nothing.", ""})
    static final class Reset extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "NODE", description = "The beginning of the peer's node id. Default: all peers.")
        String peer;

        @Override int run(Client node, Output out) {
            var done = node.post("/api/v1/sync/reset", Json.object("peer", peer));
            out.answer(done, () -> out.line("Cursors of " + count(done, "peers", "peer") + " are reset; they are compared at the next exchange."));
            return Exit.OK;
        }
    }
}

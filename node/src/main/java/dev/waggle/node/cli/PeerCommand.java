package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "peer", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "The other nodes that this one talks to.",
    subcommands = {PeerCommand.Listing.class, PeerCommand.Add.class, PeerCommand.Remove.class, PeerCommand.Test.class})
final class PeerCommand extends Group {
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the peers, whether they are connected, and what they still lack.")
    static final class Listing extends NodeCommand {
        @Override int run(Client node, Output out) {
            var peers = node.get("/api/v1/peers");
            out.answer(peers, () -> {
                if (peers.array("peers").isEmpty()) out.line("No peers yet. They come with `waggle join` and when somebody redeems your ticket.");
                else {
                    var rows = new ArrayList<>(List.of(List.of("NODE", "STATE", "ADDRESS", "SOURCE", "LAST SEEN", "REMARK")));
                    for (var each : peers.array("peers")) {
                        Json.Obj peer = each.asObject();
                        rows.add(List.of(brief(peer.text("node")), text(peer, "state"), text(peer, "addresses"), text(peer, "source"), text(peer, "last_seen"),
                            text(peer, "remark")));
                    }
                    out.table(rows);
                }
            });
            return Exit.OK;
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Tell this node where a peer can be reached.")
    static final class Add extends NodeCommand {
        @Parameters(index = "0", paramLabel = "NODE", description = "The peer's node id (64 digits), or the beginning of a known one.")
        String peer;

        @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Its address.")
        String address;

        @Override int run(Client node, Output out) {
            var done = node.post("/api/v1/peers", Json.object("node", peer, "address", address));
            out.answer(done, () -> out.line("Peer " + brief(done.text("node")) + " is dialled at " + address + "."));
            return Exit.OK;
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Forget a peer and its addresses. Its membership in spaces stays.")
    static final class Remove extends NodeCommand {
        @Parameters(paramLabel = "NODE", description = "The beginning of its node id.")
        String peer;

        @Override int run(Client node, Output out) {
            var done = node.post("/api/v1/peers/" + encode(peer) + "/remove", Json.object());
            out.answer(done, () -> out.line("Peer " + brief(done.text("node")) + " is forgotten."));
            return Exit.OK;
        }
    }

    @Command(name = "test", mixinStandardHelpOptions = true, description = "Dial a peer now and say whether it answered. Exit 1 when it did not.")
    static final class Test extends NodeCommand {
        @Parameters(paramLabel = "NODE", description = "The beginning of its node id.")
        String peer;

        @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10", description = "How long to wait. Default: 10.")
        int timeoutSeconds;

        @Override int run(Client node, Output out) {
            var done = node.post("/api/v1/peers/" + encode(peer) + "/test", Json.object("timeout_ms", timeoutSeconds * 1_000L));
            var reached = done.get("reached").filter(Json.TRUE::equals).isPresent();
            out.answer(done, () -> out.line("Peer " + brief(done.text("node")) + (reached ? " answered in " + done.integer("ms") + " ms."
                : " did not answer: " + text(done, "why") + ".")));
            return reached ? Exit.OK : Exit.DIFFERENCE;
        }
    }
}

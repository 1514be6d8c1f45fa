package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;

@Command(name = "invite", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Print a ticket with which one other machine may join a space, once. Whoever has it can use it: send it as you would a password.", ""})
final class InviteCommand extends NodeCommand {
    @Option(names = "--space", paramLabel = "SPACE", description = "Name or id of the space. May be left out when there is one.")
    String space;

    @Option(names = "--address", paramLabel = "HOST:PORT", description = "Where the other machine reaches this node. May be repeated.")
    List<String> addresses = List.of();

    @Option(names = "--role", paramLabel = "ROLE", defaultValue = "writer", description = "moderator, writer or reader. Default: writer.")
    String role;

    @Option(names = "--expires", paramLabel = "TIME", defaultValue = "15m", description = "How long it is good: 30s, 15m, 24h, 7d at most. Default: 15m.")
    String expires;

    @Override int run(Client node, Output out) {
        var asked = Json.object("space", space, "addresses", Json.array(addresses.stream().map(Json::of).toList()), "role", role, "expires", expires);
        var done = node.post("/api/v1/invite", asked);
        out.answer(done, () -> {
            out.line(done.text("ticket"));
            out.note("Good once, for " + expires + ", at " + shown(done.array("addresses").isEmpty() ? Json.of("no address") : Json.array(done.array("addresses")))
                + ". On the other machine: waggle join TICKET FILE");
            done.arrayOrEmpty("notes").forEach(note -> out.note(note.asText()));
        });
        return Exit.OK;
    }
}

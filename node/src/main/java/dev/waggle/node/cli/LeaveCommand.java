package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "leave", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Leave a space: this node tells the others, stops following the file and forgets the space. The file keeps its rows.", ""})
final class LeaveCommand extends NodeCommand {
    @Option(names = "--space", paramLabel = "SPACE", description = "Name or id of the space. May be left out when there is one.")
    String space;

    @Override int run(Client node, Output out) {
        var done = node.post("/api/v1/leave", Json.object("space", space));
        out.answer(done, () -> out.line("Left \"" + done.text("name") + "\"."));
        return Exit.OK;
    }
}

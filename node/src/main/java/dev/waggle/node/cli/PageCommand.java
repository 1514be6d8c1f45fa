package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;

@Command(name = "page", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Print a link to the page of the running node. It works once, within 15 minutes, in one browser, which is let in for 30 days.", ""})
final class PageCommand extends NodeCommand {
    @Override int run(Client node, Output out) {
        var made = node.post("/api/v1/page/links", Json.object());
        out.answer(made, () -> out.line(made.text("link")));
        return Exit.OK;
    }
}

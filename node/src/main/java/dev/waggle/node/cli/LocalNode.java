package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.rest.NodeService;
import dev.waggle.node.rest.Reply;

import java.nio.file.Path;
import java.util.function.BiConsumer;

/// A node in this process, for the length of one command. It follows files and dials peers, but listens to nobody.
final class LocalNode implements Client {
    private final NodeService service;

    private LocalNode(NodeService service) {
        this.service = service;
    }

    static LocalNode start(Path data) {
        var settings = NodeSettings.read(NodeSettings.Flags.NONE.withData(data), Main.environment()).unreachable();
        return new LocalNode(NodeService.start(settings, bug -> bug.printStackTrace(Main.err())));
    }

    @Override public boolean isRunning() {
        return false;
    }

    @Override public Json.Obj call(String method, String target, Json.Obj body) {
        return switch (service.call(method, target, body)) {
            case Reply.Document(var status, var json) -> HttpNode.answered(status, json.asObject());
            case Reply other -> throw new IllegalStateException(target + " answers " + other.getClass().getSimpleName());
        };
    }

    @Override public void follow(String target, BiConsumer<String, Json.Obj> heard) {
        throw new Problem(ErrorCode.NODE_UNREACHABLE, "The node is not running: nothing is written that could be followed.", "Start it: `waggle up`.");
    }

    @Override public void close() {
        service.close();
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Problem;

import java.util.function.BiConsumer;

/// A node to talk to: running elsewhere or in this process.
interface Client extends AutoCloseable {
    /// Whether it runs by itself; else it is there for this command only.
    boolean isRunning();

    /// @param target path and query
    /// @throws Problem for every "no"
    Json.Obj call(String method, String target, Json.Obj body);

    default Json.Obj get(String target) {
        return call("GET", target, Json.object());
    }

    default Json.Obj post(String target, Json.Obj body) {
        return call("POST", target, body);
    }

    /// Follows what is told as server-sent events.
    ///
    /// @param heard told the type and the content of each
    /// @throws Problem for every "no", and when it breaks off
    void follow(String target, BiConsumer<String, Json.Obj> heard);

    @Override void close();
}

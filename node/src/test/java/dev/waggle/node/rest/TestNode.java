package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// A real node with its routes, for the length of a test. It is asked as the REST server asks it, without the server: a test of what only
/// HTTP has takes a node that is [#served], and is its own client.
public final class TestNode implements AutoCloseable {
    private final NodeService service;

    private TestNode(NodeService service) {
        this.service = service;
    }

    /// A node that serves no REST.
    ///
    /// @param folder where it finds or makes its data and its state
    static TestNode unserved(Path folder) {
        return start(settings(folder).withoutRest());
    }

    /// A node that serves REST at a port of its own choice.
    static TestNode served(Path folder) {
        return start(settings(folder));
    }

    public static TestNode start(NodeSettings settings) {
        return new TestNode(NodeService.start(settings, bug -> {
            throw new AssertionError(bug);
        }));
    }

    public static NodeSettings settings(Path folder) {
        return settings(folder, flags(folder.resolve("data")));
    }

    /// @param folder where nodes keep their state, each its own
    static NodeSettings settings(Path folder, NodeSettings.Flags flags) {
        return NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString()));
    }

    /// @param addresses as flags name them; without one, those of its settings file
    static NodeSettings.Flags flags(Path data, String... addresses) {
        return new NodeSettings.Flags(Optional.of(data), Optional.empty(), List.of(addresses), Optional.empty(), false);
    }

    NodeService service() {
        return service;
    }

    public Node node() {
        return service.node();
    }

    /// Whatever the operator is answered.
    public Reply ask(String method, String target, Json.Obj body) {
        return service.call(method, target, body);
    }

    /// The document that the operator is answered.
    public Json.Obj call(String method, String target, Json.Obj body) {
        return ((Reply.Document) ask(method, target, body)).json().asObject();
    }

    public Json.Obj get(String target) {
        return call("GET", target, Json.object());
    }

    /// Waits until a job is done.
    ///
    /// @param job what the route answered that began it
    void completes(Json.Obj job) {
        var ended = get("/api/v1/jobs/" + job.text("id") + "?wait_ms=20000");
        assertThat(ended.text("state")).as(ended.toString()).isEqualTo("done");
    }

    @Override public void close() {
        service.close();
    }
}

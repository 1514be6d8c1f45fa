package dev.waggle.apps.board;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.util.Optional;

/// Which node a task is for.
///
/// @param alone no other may claim it; otherwise it is the first choice: any may, and the others leave it to the node while it is here
public record AssignedTo(NodeId node, boolean alone) {
    private static final String FIRST = "first:";

    /// A node's id in hex; with `first:` before it where others may claim it, too.
    ///
    /// @throws MalformedPayload it is neither
    static AssignedTo of(String wire) {
        return wire.startsWith(FIRST) ? new AssignedTo(BoardLimits.node(wire.substring(FIRST.length())), false) : new AssignedTo(BoardLimits.node(wire), true);
    }

    public String wire() {
        return alone ? node.hex() : FIRST + node.hex();
    }

    /// As the value of the field.
    public static Json json(Optional<AssignedTo> assigned) {
        return assigned.<Json>map(each -> Json.of(each.wire())).orElse(Json.NULL);
    }
}

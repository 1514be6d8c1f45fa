package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.List;

/// What the store kept of former runs of this node.
///
/// @param removed peers that a person removed: what others say does not bring them back
public record Remembered(List<Peer> peers, List<Relationship> relationships, List<Cursor> cursors, List<NodeId> removed) {
    public static Remembered nothing() {
        return new Remembered(List.of(), List.of(), List.of(), List.of());
    }
}

package dev.waggle.sync.protocol;

import java.util.List;

/// What the store kept of former runs of this node.
public record Remembered(List<Peer> peers, List<Relationship> relationships, List<Cursor> cursors) {
    public static Remembered nothing() {
        return new Remembered(List.of(), List.of(), List.of());
    }
}

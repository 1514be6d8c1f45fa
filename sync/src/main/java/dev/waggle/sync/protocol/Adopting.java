package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChunkId;

import java.util.List;

/// A checkpoint of one peer on its way into the log: one piece of work or one question at a time. What it is about the log itself knows.
final class Adopting {
    private boolean open;
    private boolean asked;
    private List<ChunkId> wanted = List.of();

    /// @return false when one is under way: whoever offers another offers it again later
    boolean begin() {
        if (open) return false;
        open = true;
        return true;
    }

    boolean open() {
        return open;
    }

    /// The log says what it needs next.
    void needs(List<ChunkId> chunks) {
        wanted = chunks.stream().limit(Frame.WANT_MAX).toList();
    }

    /// The question to ask now; empty when there is none, or one is open.
    List<ChunkId> question() {
        if (!open || asked || wanted.isEmpty()) return List.of();
        asked = true;
        return wanted;
    }

    /// Whether chunks that come now answer a question of this adoption.
    boolean asked() {
        return asked;
    }

    void answered() {
        asked = false;
        wanted = List.of();
    }

    void end() {
        open = false;
        answered();
    }
}

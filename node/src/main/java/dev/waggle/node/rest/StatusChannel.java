package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Node;

import java.util.List;
import java.util.Optional;

/// The node's status: at once, then whenever it changed, looked at every [#LOOK_MS].
final class StatusChannel implements Channel {
    static final String NAME = "status";
    static final long LOOK_MS = 250;
    private final Node node;
    private Json.Obj last = Json.object();
    private boolean over;                                                 // guarded by this

    StatusChannel(Node node) {
        this.node = node;
    }

    @Override public Optional<List<Message>> next() throws InterruptedException {
        for (long looks = 0; looks * LOOK_MS < SILENCE_MS_MAX; looks++) {
            if (rested()) return Optional.empty();
            var status = StatusJson.status(node);
            if (status.equals(last)) continue;
            last = status;
            return Optional.of(List.of(new Message(NAME, status)));
        }
        return Optional.of(List.of());
    }

    /// @return whether it is over
    private synchronized boolean rested() throws InterruptedException {
        if (!over && !last.members().isEmpty()) wait(LOOK_MS);
        return over;
    }

    @Override public synchronized void end() {
        over = true;
        notifyAll();
    }

    @Override public void close() {
        end();
    }
}

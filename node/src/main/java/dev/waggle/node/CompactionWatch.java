package dev.waggle.node;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/// Condenses the logs of a node by itself: what is due is looked for once an hour, on a thread of its own, since reading a whole log takes minutes.
final class CompactionWatch implements AutoCloseable {
    private static final long PAUSE_MS = 3_600_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final Node node;
    private final Supplier<Collection<SpaceRuntime>> spaces;
    private long nextMs;                         // these are guarded by this
    private Thread running;
    private boolean closed;

    CompactionWatch(Node node, Supplier<Collection<SpaceRuntime>> spaces) {
        this.node = node;
        this.spaces = spaces;
    }

    /// Cheap: called every few seconds.
    synchronized void look() {
        long now = node.settings().clock().monotonicMs();
        if (closed || now < nextMs || running != null && running.isAlive()) return;
        nextMs = now + PAUSE_MS;
        running = Thread.ofVirtual().name("waggle-compaction").start(() -> {
            for (var space : spaces.get()) if (!Thread.currentThread().isInterrupted()) space.compaction().due(node.settings().compaction(), node.nowMs());
        });
    }

    /// Stops what runs at its next read of the log. It goes on where it was after the next start.
    @Override public void close() throws InterruptedException {
        Thread last;
        synchronized (this) {
            closed = true;
            last = running;
        }
        if (last == null) return;
        last.interrupt();
        last.join(PATIENCE);
    }
}

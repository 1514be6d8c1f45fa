package dev.waggle.sync.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The one virtual thread that owns a node's sync state. It turns the engine whenever something came or an alarm is due, and sleeps in between.
/// An exception in a step is a bug in this node, and the state may be half changed: the loop ends and says so, and the node must stop.
final class SyncLoop implements AutoCloseable {
    private final LongSupplier turn;
    private final Clock clock;
    private final Consumer<Throwable> broken;
    private volatile boolean running = true;
    private volatile Thread thread;

    /// @param turn answers when to be called again, monotonic ms
    SyncLoop(LongSupplier turn, Clock clock, Consumer<Throwable> broken) {
        this.turn = turn;
        this.clock = clock;
        this.broken = broken;
    }

    void start() {
        thread = Thread.ofVirtual().name("sync-loop").start(this::run);
    }

    /// From any thread, and before [#start] too: something came.
    void wake() {
        var sleeper = thread;
        if (sleeper != null) LockSupport.unpark(sleeper);
    }

    private void run() {
        try {
            while (running) {
                long sleepMs = turn.getAsLong() - clock.monotonicMs();
                if (sleepMs > 0 && running) LockSupport.parkNanos(this, Math.min(sleepMs, 60_000) * 1_000_000);
            }
        } catch (RuntimeException | Error bug) {
            broken.accept(bug);
        }
    }

    /// Ends the loop after the input it is at.
    @Override public void close() {
        running = false;
        wake();
        var ending = thread;
        if (ending == null || ending == Thread.currentThread()) return;
        try {
            ending.join(5_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

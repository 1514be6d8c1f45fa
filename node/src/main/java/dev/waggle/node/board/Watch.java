package dev.waggle.node.board;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Does something again and again on a thread of its own, with a rest after each time.
final class Watch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.board");
    private static final int END_S = 5;
    private final ScheduledExecutorService thread;

    Watch(String name) {
        thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name(name).daemon().factory());
    }

    /// At once, and then again each time after `ms` of rest, also when it failed: the executor would never call it again.
    void every(long ms, Runnable look) {
        thread.scheduleWithFixedDelay(() -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, Thread.currentThread().getName() + " looks again: " + e);
            }
        }, 0, ms, TimeUnit.MILLISECONDS);
    }

    /// Lets what runs finish, for a while.
    @Override public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(END_S, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

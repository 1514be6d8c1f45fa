package dev.waggle.store.follow;

import dev.waggle.core.log.EventLog;
import dev.waggle.store.sqlite.Resting;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps a view behind its log: one thread folds whatever was appended, in pieces of bounded size, and ends when nothing came for long. What fails is tried again for ever, and said in
/// [#status] meanwhile. Thread-safe.
public final class LogFollower implements AutoCloseable {
    private static final int PIECE_ENTRIES = 1_000;
    private static final int PIECE_BYTES = 1 << 20;
    private static final long RETRY_MS_FIRST = 100;
    private static final long RETRY_MS_MAX = 5_000;

    private final EventLog log;
    private final FoldedView view;
    private final String name;
    private final AutoCloseable subscription;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean appended = true;       // these are guarded by `lock`
    private boolean started;
    private boolean closed;
    private Thread thread;                 // null while nothing came for long
    private long folded;
    private String trouble = "";

    /// @param folded  all entries up to here are in the view
    /// @param trouble why it does not move; empty when it does
    public record Status(long folded, String trouble) {}

    public LogFollower(String name, EventLog log, FoldedView view) {
        this.log = log;
        this.view = view;
        this.folded = view.cursor();
        this.name = name;
        this.subscription = log.onAppend(() -> {
            lock.lock();
            try {
                appended = true;
                changed.signalAll();
                if (started && thread == null && !closed) begin();
            } finally {
                lock.unlock();
            }
        });
    }

    public LogFollower start() {
        lock.lock();
        try {
            started = true;
            begin();
        } finally {
            lock.unlock();
        }
        return this;
    }

    private void begin() {
        thread = Thread.ofPlatform().daemon().name("waggle-view-" + name).start(() -> {
            Resting.awake(1);
            try {
                run();
            } finally {
                Resting.awake(-1);
            }
        });
    }

    private void run() {
        long retryMs = RETRY_MS_FIRST;
        try {
            while (awaitAppended()) {
                try {
                    foldAll();
                    retryMs = RETRY_MS_FIRST;
                } catch (RuntimeException e) {
                    say(status().folded(), e.getMessage() == null ? e.toString() : e.getMessage());
                    pause(retryMs);
                    retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();                           // close() asked us to end
        }
    }

    private boolean awaitAppended() throws InterruptedException {
        lock.lock();
        try {
            for (long ns = Duration.ofMillis(Resting.afterMs()).toNanos(); !appended && !closed; ns = changed.awaitNanos(ns)) {
                if (ns > 0) continue;
                thread = null;                                            // the next append begins another
                rest();
                return false;
            }
            appended = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void rest() {
        try {
            view.rest();
        } catch (RuntimeException e) {                                    // it is opened anew, and then that fails
            System.getLogger("waggle.view").log(System.Logger.Level.DEBUG, "the view of " + name + " could not be closed", e);
        }
    }

    private void foldAll() {
        for (var at = view.cursor();;) {
            if (isClosed()) return;
            var entries = log.read(at, PIECE_ENTRIES, PIECE_BYTES);
            if (entries.isEmpty()) break;
            if (entries.size() < PIECE_ENTRIES) view.fold(entries);
            else view.fold(entries, offset -> log.read(offset, PIECE_ENTRIES, PIECE_BYTES));
            at = view.cursor();
            say(at, "");
        }
        say(view.cursor(), "");
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void say(long offset, String problem) {
        lock.lock();
        try {
            folded = offset;
            trouble = problem;
            if (!problem.isEmpty()) appended = true;                      // there is still something to fold
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause(long ms) throws InterruptedException {
        lock.lock();
        try {
            for (long ns = Duration.ofMillis(ms).toNanos(); ns > 0 && !closed; ) ns = changed.awaitNanos(ns);
        } finally {
            lock.unlock();
        }
    }

    public Status status() {
        lock.lock();
        try {
            return new Status(folded, trouble);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all entries up to `offset` are in the view.
    ///
    /// @return false when they are not after `msMax`
    public boolean await(long offset, long msMax) throws InterruptedException {
        lock.lock();
        try {
            for (long ns = Duration.ofMillis(msMax).toNanos(); folded < offset; ns = changed.awaitNanos(ns)) if (ns <= 0 || closed) return false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the piece that is being folded end, and closes the view.
    @Override public void close() {
        Thread last;
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            last = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            subscription.close();
            if (last != null) last.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the subscription could not be closed", e);
        } finally {
            view.close();
        }
    }
}

package dev.waggle.store.view;

import dev.waggle.store.sqlite.Resting;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/// What people ask of a view, beside the one that writes it: on a few connections, opened when needed; each question sees one state and fails with [TooSlow] when it
/// takes longer than it may. Thread-safe.
///
/// @param <R> what reads rows, on a connection of its own
public final class Snapshots<R> implements Resting, AutoCloseable {
    public static final int READERS_MAX = 4;
    public static final long QUERY_MS_MAX = 5_000;

    private final Supplier<R> open;
    private final Function<R, ViewConnection> connection;
    private final long msMax;
    private final Semaphore room = new Semaphore(READERS_MAX);
    private final Deque<Idle<R>> idle = new ArrayDeque<>();               // guarded by itself; the one that was used last comes first
    private boolean closed;                                               // as this

    private record Idle<R>(R reading, long sinceNs) {}

    public Snapshots(Supplier<R> open, Function<R, ViewConnection> connection) {
        this(open, connection, QUERY_MS_MAX);
    }

    Snapshots(Supplier<R> open, Function<R, ViewConnection> connection, long msMax) {
        this.msMax = msMax;
        this.open = open;
        this.connection = connection;
        Resting.watch(this);
    }

    /// Waits while all readers are busy.
    public <T> T ask(Function<R, T> question) {
        room.acquireUninterruptibly();
        try {
            var reading = reader();
            var db = connection.apply(reading);
            try {
                db.limit(msMax);
                db.execute("BEGIN");
                var answer = question.apply(reading);
                db.limit(msMax);
                db.execute("COMMIT");
                giveBack(reading);
                return answer;
            } catch (RuntimeException e) {
                db.close();                                               // with its transaction
                throw e;
            }
        } finally {
            room.release();
        }
    }

    private R reader() {
        synchronized (idle) {
            if (closed) throw new IllegalStateException("the view is closed");
            if (!idle.isEmpty()) {
                Resting.awake(-1);
                return idle.pop().reading();
            }
        }
        return open.get();
    }

    private void giveBack(R reading) {
        synchronized (idle) {
            if (!closed) {
                idle.push(new Idle<>(reading, System.nanoTime()));
                Resting.awake(1);
                return;
            }
        }
        connection.apply(reading).close();
    }

    @Override public void rest(long beforeNs) {
        synchronized (idle) {
            while (!idle.isEmpty() && idle.peekLast().sinceNs() - beforeNs < 0) closeLast();
        }
    }

    @Override public void close() {
        Resting.forget(this);
        synchronized (idle) {
            closed = true;
            while (!idle.isEmpty()) closeLast();
        }
    }

    private void closeLast() {
        Resting.awake(-1);
        connection.apply(idle.removeLast().reading()).close();
    }
}

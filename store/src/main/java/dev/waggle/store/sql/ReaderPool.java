package dev.waggle.store.sql;

import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.sqlite.Resting;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A few reading connections, opened when needed. A reader that finds none free within [#WAIT_MS] gives up: reads are short, so the disk
/// hangs.
final class ReaderPool implements Resting, AutoCloseable {
    static final int CONNECTIONS_MAX = 4;
    static final int WAIT_MS = 10_000;

    interface Query<T> {
        T on(LogConnection connection) throws SQLException;
    }

    private final Database database;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX, true);
    private final Deque<Idle> idle = new ArrayDeque<>();                 // guarded by this; the one that was used last comes first
    private boolean closed;                                              // guarded by this

    private record Idle(LogConnection connection, long sinceNs) {}

    ReaderPool(Database database) {
        this.database = database;
        Resting.watch(this);
    }

    /// @throws LogUnavailable when the database failed or all connections stay busy
    <T> T read(String doing, Query<T> query) {
        try {
            if (!free.tryAcquire(WAIT_MS, TimeUnit.MILLISECONDS))
                throw new LogUnavailable(doing, new IllegalStateException("all readers are busy"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable(doing, e);
        }
        LogConnection connection = null;
        try {
            connection = take();
            var answer = query.on(connection);
            giveBack(connection);
            return answer;
        } catch (SQLException e) {
            close(connection, e);
            throw new LogUnavailable(doing, e);
        } catch (RuntimeException e) {
            close(connection, e);
            throw e;
        } finally {
            free.release();
        }
    }

    private LogConnection take() throws SQLException {
        synchronized (this) {
            if (closed) throw new SQLException("the log is closed");
            if (!idle.isEmpty()) {
                Resting.awake(-1);
                return idle.pop().connection();
            }
        }
        return database.reader();
    }

    private void giveBack(LogConnection connection) throws SQLException {
        connection.rest();
        synchronized (this) {
            if (!closed) {
                idle.push(new Idle(connection, System.nanoTime()));
                Resting.awake(1);
                return;
            }
        }
        connection.close();
    }

    private static void close(LogConnection connection, Exception reason) {
        if (connection == null) return;
        try {
            connection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    @Override public synchronized void rest(long beforeNs) {
        while (!idle.isEmpty() && idle.peekLast().sinceNs() - beforeNs < 0) closeLast();
    }

    @Override public synchronized void close() {
        Resting.forget(this);
        closed = true;
        while (!idle.isEmpty()) closeLast();
    }

    private void closeLast() {
        Resting.awake(-1);
        try {
            idle.removeLast().connection().close();
        } catch (SQLException _) {
            // a reading connection holds nothing that could be lost
        }
    }
}

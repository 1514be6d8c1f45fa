package dev.waggle.lab.soak;

import dev.waggle.lab.bench.Tasks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// One program beside one node: so many transactions a second, each of one statement and so one event. It fills its part of the table, then changes
/// rows of all, deletes rows of its own and writes them again, so that the table stays as large as it is while the log grows.
final class Load {
    /// Rows that each program adds before it only changes.
    static final int ROWS = 20_000;
    private static final int PARTS = 3;
    private static final String[] CHANGES = {"UPDATE task SET status = ? WHERE id = ?", "UPDATE task SET title = ? WHERE id = ?", "UPDATE task SET assignee = ? WHERE id = ?"};

    private final Path file;
    private final int part;
    private final double perSecond;
    private final Random random;
    private final Thread thread;
    private final AtomicLong done = new AtomicLong();
    private volatile boolean closed;
    private volatile Exception failure;

    /// @param part which of the three programs: its rows begin at `part` million
    Load(Path file, int part, double perSecond) {
        this.file = file;
        this.part = part;
        this.perSecond = perSecond;
        this.random = new Random(part);
        this.thread = Thread.ofPlatform().name("load-" + part).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Transactions that were committed.
    long done() {
        return done.get();
    }

    private void run() {
        try (var connection = Tasks.open(file)) {
            var changes = new PreparedStatement[CHANGES.length];
            for (int i = 0; i < changes.length; i++) changes[i] = connection.prepareStatement(CHANGES[i]);
            long began = System.nanoTime();
            int filled = 0;
            for (long n = 0; !closed; n++) {
                long due = began + (long) (n * 1e9 / perSecond);
                for (long early = due - System.nanoTime(); early > 0 && !closed; early = due - System.nanoTime()) LockSupport.parkNanos(early);
                if (filled < ROWS) insert(connection, filled++);
                else if (n % 20 == 0) again(connection, random.nextInt(ROWS));
                else change(changes[random.nextInt(changes.length)], n);
                done.incrementAndGet();
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    private static int id(int part, int row) {
        return part * 1_000_000 + row;
    }

    private void insert(Connection connection, int row) throws SQLException {
        Tasks.insert(connection, "INTEGER", id(part, row), id(part, row) + 1, 1);
    }

    private void again(Connection connection, int row) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM task WHERE id = ?")) {
            delete.setInt(1, id(part, row));
            delete.executeUpdate();
        }
        insert(connection, row);
        done.incrementAndGet();
    }

    private void change(PreparedStatement change, long n) throws SQLException {
        change.setString(1, "by " + part + " for the " + n + "th time");
        change.setInt(2, id(random.nextInt(PARTS) + 1, random.nextInt(ROWS)));
        change.executeUpdate();
    }

    /// Ends it.
    ///
    /// @param ending gets a sentence when a commit failed: a program beside Waggle must never notice it
    /// @return false when one failed
    boolean close(List<String> ending) throws InterruptedException {
        closed = true;
        LockSupport.unpark(thread);
        thread.join();
        if (failure != null) ending.add("The program beside " + "ABC".charAt(part - 1) + ": a write FAILED after " + done + " transactions: " + failure.getMessage());
        return failure == null;
    }
}

package dev.waggle.lab.soak;

import dev.waggle.lab.bench.Tasks;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Once a second a number is written on the first machine and looked for on another: from before the commit to after the read, in ms.
final class Probe implements AutoCloseable {
    private static final long LOOK_NS = 1_000_000;
    private static final double MS_MAX = 60_000;

    private final Path from;
    private final Path to;
    private final Thread thread;
    private final List<Double> seen = new ArrayList<>();
    private volatile boolean closed;
    private volatile Exception failure;

    Probe(Path from, Path to) {
        this.from = from;
        this.to = to;
        this.thread = Thread.ofPlatform().name("probe").unstarted(this::run);
    }

    /// The table it needs, made before the file is tracked.
    static void prepare(Path file) throws SQLException {
        try (var connection = Tasks.open(file); var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE probe (id INTEGER PRIMARY KEY, number INTEGER)");
            statement.execute("INSERT INTO probe VALUES (1, 0)");
        }
    }

    void start() {
        thread.start();
    }

    /// What was seen since the last call.
    ///
    /// @throws IllegalStateException when it could not go on
    synchronized List<Double> take() {
        if (failure != null) throw new IllegalStateException("the probe failed", failure);
        var all = List.copyOf(seen);
        seen.clear();
        return all;
    }

    private synchronized void add(double ms) {
        seen.add(ms);
    }

    private void run() {
        try (var writer = Tasks.open(from); var reader = DriverManager.getConnection("jdbc:sqlite:" + to);
             var write = writer.prepareStatement("UPDATE probe SET number = ? WHERE id = 1"); var read = reader.prepareStatement("SELECT number FROM probe WHERE id = 1")) {
            for (long number = 1; !closed; number++) {
                long began = System.nanoTime();
                write.setLong(1, number);
                write.executeUpdate();
                double ms = 0;
                while (!closed && ms < MS_MAX && !isThere(read, number)) {
                    TimeUnit.NANOSECONDS.sleep(LOOK_NS);
                    ms = (System.nanoTime() - began) / 1e6;
                }
                if (!closed) add((System.nanoTime() - began) / 1e6);
                TimeUnit.MILLISECONDS.sleep(1_000);
            }
        } catch (SQLException | InterruptedException e) {
            if (!closed) failure = e;
        }
    }

    private static boolean isThere(java.sql.PreparedStatement read, long number) throws SQLException {
        try (var row = read.executeQuery()) {
            return row.next() && row.getLong(1) >= number;
        }
    }

    @Override public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        thread.join();
    }
}

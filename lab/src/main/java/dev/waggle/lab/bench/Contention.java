package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Programs that write into B's file as fast as they can, while rows arrive from A: does the node get its turn between two of them, and does a program
/// with a busy timeout of 5 s and `BEGIN IMMEDIATE` ever fail beside 45 applied transactions a second? Beside the first, the same two programs alone:
/// how long one of them waits for the other.
final class Contention implements Question {
    private static final int ARRIVALS = 100;
    private static final int ARRIVALS_A_SECOND = 45;
    private static final long PATIENCE_NS = 30_000_000_000L;

    @Override public String name() {
        return "contention";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        try (var pair = Pair.open(setting, folder, 1_000)) {
            try (var program = Tasks.open(pair.fileB); var statement = program.createStatement()) {
                statement.execute("CREATE TABLE busy (name TEXT PRIMARY KEY, n INTEGER NOT NULL)");
                statement.execute("INSERT INTO busy VALUES ('one', 0), ('two', 0)");
            }
            var turns = new ArrayList<Double>();
            var alone = new ArrayList<Double>();
            arrive(pair, 1_000_000, 50, new ArrayList<>(), 10);                // the code gets warm
            try (var one = new Writer(pair.fileB, "one", 0); var two = new Writer(pair.fileB, "two", 0)) {
                arrive(pair, 2_000_000, ARRIVALS * setting.rounds(), turns, 5);
                alone.addAll(one.end());
                alone.addAll(two.end());
            }
            long failed;
            long done;
            double worst;
            try (var program = new Writer(pair.fileB, "one", 2)) {
                arrive(pair, 3_000_000, ARRIVALS * setting.rounds(), new ArrayList<>(), ARRIVALS_A_SECOND);
                var waits = program.end();
                failed = program.failed.get();
                done = waits.size();
                worst = Measure.percentile(waits, 100);
            }
            return List.of(
                new Measure("a row from A until read on B, two programs writing into B's file without pause, 99 of 100", "ms", "150", "200",
                    List.of(Measure.percentile(turns, 99)), "a transaction of these programs, 99 of 100", List.of(Measure.percentile(alone, 99))),
                Measure.once("transactions of a program that failed beside 45 arrivals a second, of " + done, "failures", "0", "0", failed),
                Measure.once("the longest of these transactions", "ms", "100", "5,000", worst));
        }
    }

    /// Writes rows on A, so many a second at most, and waits for each on B.
    private static void arrive(Pair pair, int from, int rows, List<Double> waits, int aSecond) throws Exception {
        try (var a = Tasks.open(pair.fileA); var b = DriverManager.getConnection("jdbc:sqlite:" + pair.fileB);
             var look = b.prepareStatement("SELECT 1 FROM task WHERE id = ?")) {
            for (int i = 0; i < rows; i++) {
                long began = System.nanoTime();
                Tasks.insert(a, "INTEGER", from + i, from + i + 1, 1);
                look.setInt(1, from + i);
                while (!isThere(look)) {
                    if (System.nanoTime() - began > PATIENCE_NS) throw new TimeoutException("row " + (from + i) + " did not arrive");
                    TimeUnit.NANOSECONDS.sleep(200_000);
                }
                long took = System.nanoTime() - began;
                waits.add(took / 1e6);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, 1_000_000_000L / aSecond - took));
            }
        }
    }

    private static boolean isThere(java.sql.PreparedStatement look) throws SQLException {
        try (var row = look.executeQuery()) {
            return row.next();
        }
    }

    /// One program: the same small transaction again and again, with a pause in between or without one.
    private static final class Writer implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong failed = new AtomicLong();
        private final List<Double> waitsMs = new ArrayList<>();
        private final Connection connection;
        private final Thread thread;

        Writer(Path file, String name, long pauseMs) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
            }
            thread = Thread.ofPlatform().name("program-" + name).start(() -> write(name, pauseMs));
        }

        private void write(String name, long pauseMs) {
            try (var statement = connection.createStatement()) {
                while (!over.get()) {
                    long began = System.nanoTime();
                    try {
                        statement.execute("BEGIN IMMEDIATE");
                        statement.execute("UPDATE busy SET n = n + 1 WHERE name = '" + name + "'");
                        statement.execute("COMMIT");
                    } catch (SQLException e) {
                        failed.incrementAndGet();
                    }
                    waitsMs.add((System.nanoTime() - began) / 1e6);
                    if (pauseMs > 0) TimeUnit.MILLISECONDS.sleep(pauseMs);
                }
            } catch (SQLException e) {
                failed.incrementAndGet();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        /// @return how long each transaction took
        List<Double> end() throws InterruptedException {
            over.set(true);
            thread.join();
            return waitsMs;
        }

        @Override public void close() throws SQLException, InterruptedException {
            end();
            connection.close();
        }
    }
}

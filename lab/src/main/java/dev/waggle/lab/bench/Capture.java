package dev.waggle.lab.bench;

import dev.waggle.Waggle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What tracking costs the program that writes: the same statements on a tracked and an untracked copy of a file, in turns, no node running.
final class Capture implements Question {
    private static final int SINGLE_COMMITS = 200;
    private static final int ROWS_A_TRANSACTION = 1_000;
    private static final String INSERTS = "inserts, 1,000 a transaction";
    private static final String UPDATE = "update of the whole table";
    private static final String DELETE = "delete of the whole table";
    private static final String SINGLE = "single commits";
    private static final Map<String, String> GOALS = Map.of(INSERTS, "ratio 2", UPDATE, "ratio 2.5", DELETE, "ratio 2.5", SINGLE, "ratio 1.25");
    private static final Map<String, String> GUESSES = Map.of(INSERTS, "1.2 (text) to 1.85 (integer)", UPDATE, "2.1", DELETE, "2.1", SINGLE, "1.0");

    @Override public String name() {
        return "capture";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var measures = new ArrayList<Measure>();
        for (var key : List.of("INTEGER", "TEXT")) {
            var plain = folder.resolve("plain-" + key + ".sqlite");
            var tracked = folder.resolve("tracked-" + key + ".sqlite");
            for (var file : List.of(plain, tracked)) try (var connection = Tasks.open(file)) {
                Tasks.create(connection, key);
            }
            try (var node = Waggle.open(folder.resolve("node-" + key), "127.0.0.1:0", NodeProcess.environment(folder))) {
                node.track(tracked);
            }
            var with = new LinkedHashMap<String, List<Double>>();
            var without = new LinkedHashMap<String, List<Double>>();
            round(plain, key, setting.rows() / 4, new LinkedHashMap<>());          // the driver's code gets warm
            for (int i = 0; i < setting.rounds(); i++) {
                round(plain, key, setting.rows(), without);
                round(tracked, key, setting.rows(), with);
            }
            with.forEach((what, samples) -> measures.add(new Measure(what + ", " + key + " key", "us/row", GUESSES.get(what), GOALS.get(what), samples,
                "the untracked copy", without.get(what))));
            Files.delete(plain);
        }
        return measures;
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private static void round(Path file, String key, int rows, Map<String, List<Double>> samples) throws SQLException {
        try (var connection = Tasks.open(file)) {
            time(samples, INSERTS, rows, connection, on -> Tasks.insert(on, key, 1, rows + 1, ROWS_A_TRANSACTION));
            time(samples, UPDATE, rows, connection, on -> run(on, "UPDATE task SET status = 'done', priority = priority + 1"));
            time(samples, SINGLE, SINGLE_COMMITS, connection, on -> Tasks.insert(on, key, rows + 1, rows + 1 + SINGLE_COMMITS, 1));
            time(samples, DELETE, rows + SINGLE_COMMITS, connection, on -> run(on, "DELETE FROM task WHERE id IS NOT NULL"));
            run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void time(Map<String, List<Double>> samples, String what, int rows, Connection connection, Work work) throws SQLException {
        long began = System.nanoTime();
        work.on(connection);
        samples.computeIfAbsent(what, _ -> new ArrayList<>()).add((System.nanoTime() - began) / 1e3 / rows);
    }
}

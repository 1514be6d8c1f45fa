package dev.waggle.lab.bench;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.store.sql.SqlEventLog;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Durable local writes into a log: one writer that waits for each, 64 that wait at the same time, and 500 records in one go. Beside them, plain SQLite with
/// rows of the same bytes and the same commits.
final class LogWrite implements Question {
    private static final int SINGLE = 1_000;
    private static final int WRITERS = 64;
    private static final int RECORDS = 500;

    @Override public String name() {
        return "log";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var single = new ArrayList<Double>();
        var plainSingle = new ArrayList<Double>();
        var many = new ArrayList<Double>();
        var plainMany = new ArrayList<Double>();
        var large = new ArrayList<Double>();
        var plainLarge = new ArrayList<Double>();
        int events = setting.events();
        var keys = new Ed25519();
        var author = new Author(Ed25519.signer(new byte[32]), epoch());
        var genesis = Genesis.write(author, "bench", "table", Json.object(), new byte[Genesis.SALT_BYTES], System.currentTimeMillis());
        try (var log = SqlEventLog.create(folder.resolve("log.sqlite"), genesis, keys, LogWrite::epoch, System.currentTimeMillis());
             var plain = plain(folder.resolve("plain.sqlite"))) {
            concurrently(log, author, events / 2);                 // warm
            for (int round = 0; round < setting.rounds(); round++) {
                plainSingle.add(plain(plain, SINGLE, 1));
                single.add(rate(SINGLE, () -> {
                    for (int i = 0; i < SINGLE; i++) log.write(author, Tasks.drafts(i, i + 1), List.of(), Map.of(), System.currentTimeMillis());
                }));
                plainMany.add(plain(plain, events, WRITERS));
                many.add(concurrently(log, author, events));
                plainLarge.add(plain(plain, events, RECORDS));
                large.add(rate(events, () -> {
                    for (int i = 0; i < events; i += RECORDS) log.write(author, Tasks.drafts(i, i + RECORDS), List.of(), Map.of(), System.currentTimeMillis());
                }));
            }
        }
        return List.of(
            new Measure("log write, each waited for", "events/s", "0.6 of plain", "ratio 0.6", single, "plain SQLite, a commit each", plainSingle),
            new Measure("log write, 64 writers that each wait", "events/s", "20,000", "20,000", many, "plain SQLite, 64 rows a commit", plainMany),
            new Measure("log write, 500 separate events at once", "events/s", "30,000", "-", large, "plain SQLite, 500 rows a commit", plainLarge));
    }

    private static Epoch epoch() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return Epoch.of(bytes);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double rate(int events, Work work) throws Exception {
        long began = System.nanoTime();
        work.run();
        return events / ((System.nanoTime() - began) / 1e9);
    }

    private static double concurrently(EventLog log, Author author, int events) throws Exception {
        return rate(events, () -> {
            try (var writers = Executors.newFixedThreadPool(WRITERS)) {
                var done = new ArrayList<Future<?>>();
                for (int w = 0; w < WRITERS; w++) {
                    int writer = w;
                    done.add(writers.submit(() -> {
                        for (int i = writer; i < events; i += WRITERS) {
                            List<Draft> draft = Tasks.drafts(i, i + 1);
                            log.write(author, draft, List.of(), Map.of(), System.currentTimeMillis());
                        }
                    }));
                }
                for (var each : done) each.get();
            }
        });
    }

    private static Connection plain(Path file) throws SQLException {
        var connection = Tasks.open(file);
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, payload BLOB)");
        }
        return connection;
    }

    private static double plain(Connection connection, int rows, int rowsACommit) throws Exception {
        var payload = new byte[700];                               // an event of such a row, with its envelope
        return rate(rows, () -> {
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("INSERT INTO event (payload) VALUES (?)")) {
                for (int i = 1; i <= rows; i++) {
                    insert.setBytes(1, payload);
                    insert.addBatch();
                    if (i % rowsACommit != 0 && i != rows) continue;
                    insert.executeBatch();
                    connection.commit();
                }
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }
}

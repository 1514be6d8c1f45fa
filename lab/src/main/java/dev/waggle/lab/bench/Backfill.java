package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An empty node joins a space of many separate events: how long until all are in its log, and until all rows are in its file. Beside it, the same
/// rows written into a plain SQLite file, 500 a transaction. Most rounds are with a node that has just begun, whose code is still being compiled; the last ones with one that
/// received as much before, as nodes have that run for days.
final class Backfill implements Question {
    private static final long PATIENCE_S = 3_600;

    @Override public String name() {
        return "backfill";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var logged = new ArrayList<Double>();
        var readable = new ArrayList<Double>();
        var plain = new ArrayList<Double>();
        var perCpu = new ArrayList<Double>();
        var warm = new ArrayList<Double>();
        var warmPerCpu = new ArrayList<Double>();
        int rounds = Math.min(setting.rounds(), 3);
        try (var a = new NodeProcess(setting.launcher(), folder, "a")) {
            for (int log = 0; log <= rounds; log++) LongLog.make(a, folder, setting.events(), "log" + log);
            a.up();
            for (int round = 0; round < rounds; round++) {
                plain.add(plain(folder.resolve("plain-" + round + ".sqlite"), setting.events()));
                try (var b = new NodeProcess(setting.launcher(), folder, "b" + round)) {
                    b.up();
                    var arrived = new AtomicLong();
                    var watch = Thread.ofPlatform().daemon().start(() -> arrived.set(logComplete(b.data(), setting.events())));
                    var joined = join(a, b, "log0", setting.events());
                    watch.join();
                    logged.add(setting.events() / ((arrived.get() - joined.began()) / 1e9));
                    readable.add(joined.rate());
                    perCpu.add(joined.ratePerCpu());
                    b.stop();
                }
            }
            try (var b = new NodeProcess(setting.launcher(), folder, "warm")) {
                b.up();
                join(a, b, "log0", setting.events());
                for (int log = 1; log <= rounds; log++) {
                    var joined = join(a, b, "log" + log, setting.events());
                    warm.add(joined.rate());
                    warmPerCpu.add(joined.ratePerCpu());
                }
                b.stop();
            }
        }
        var reference = "plain SQLite, 500 rows a transaction, FULL";
        return List.of(
            new Measure("backfill of " + setting.events() + " events: durable in B's log", "events/s", "60,000", "-", logged, reference, plain),
            new Measure("backfill of " + setting.events() + " events: rows in B's file, by the command `join`", "rows/s", "20,000", "20,000", readable, reference, plain),
            Measure.alone("the same per CPU-second of both nodes", "rows/CPU-s", "15,000", "-", perCpu),
            new Measure("the same by nodes that did it before: rows in B's file", "rows/s", "15,000", "20,000", warm, reference, plain),
            Measure.alone("the same per CPU-second of both nodes that did it before", "rows/CPU-s", "12,000", "-", warmPerCpu));
    }

    /// @param began by [System#nanoTime]
    private record Joined(long began, double rate, double ratePerCpu) {}

    private static Joined join(NodeProcess a, NodeProcess b, String space, int events) throws Exception {
        var file = b.data().resolveSibling(b.data().getFileName() + "-" + space + ".sqlite");
        var ticket = a.ticket("--space", space);
        double cpu = a.cpuSeconds() + b.cpuSeconds();
        long began = System.nanoTime();
        b.run("join", ticket, file.toString());
        long ended = System.nanoTime();
        if (Rows.count(file, "task") != events) throw new IllegalStateException("not all rows arrived: " + Rows.count(file, "task"));
        return new Joined(began, events / ((ended - began) / 1e9), events / (a.cpuSeconds() + b.cpuSeconds() - cpu));
    }

    private static long logComplete(Path data, int events) {
        try {
            Rows.await("all events in the log", PATIENCE_S, () -> Rows.logged(data) >= events);
            return System.nanoTime();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static double plain(Path file, int rows) throws Exception {
        try (var connection = Tasks.open(file)) {
            Tasks.create(connection, "INTEGER");
            long began = System.nanoTime();
            Tasks.insert(connection, "INTEGER", 1, rows + 1, 500);
            double rate = rows / ((System.nanoTime() - began) / 1e9);
            TimeUnit.MILLISECONDS.sleep(50);                     // let the disk's own work end before ours is measured
            return rate;
        }
    }
}

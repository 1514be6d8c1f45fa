package dev.waggle.lab.growth;

import dev.waggle.lab.bench.LongLog;
import dev.waggle.lab.bench.Measure;
import dev.waggle.lab.bench.NodeProcess;
import dev.waggle.lab.bench.Rows;
import dev.waggle.lab.bench.Tasks;
import dev.waggle.lab.forwarder.Forwarder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.function.Consumer;

/// Measures one size: A has a log of so many events, B joins it into a file.
final class Sizes {
    static final String BACKFILL = "backfill, ms";
    static final String RECONNECT = "reconnect with ten new on each side, ms";
    static final String RECONNECT_BYTES = "reconnect with ten new on each side, bytes";
    static final String START = "start of the node that serves, ms";
    static final String START_FILE = "start of the node with the file, ms";
    static final String STATUS = "`waggle sync status`, ms";
    static final String REBUILD = "start with the view lost, until in sync, ms";
    static final String RESCAN = "start with a trigger lost, until in sync, ms";
    static final String MEMORY = "memory of the node with the file after a start, MiB";
    private static final int NEW = 10;
    private static final int STARTS = 3;

    private final Path launcher;
    private final String along;
    private final int size;
    private final Consumer<Point> found;

    /// @param along what `size` counts
    Sizes(Path launcher, String along, int size, Consumer<Point> found) {
        this.launcher = launcher;
        this.along = along;
        this.size = size;
        this.found = found;
    }

    private void found(String what, double value) {
        found.accept(new Point(along, size, what, value));
    }

    void measure(Path folder, int events, int chains) throws Exception {
        Files.createDirectories(folder);
        var file = folder.resolve("b.sqlite");
        try (var a = new NodeProcess(launcher, folder, "a"); var b = new NodeProcess(launcher, folder, "b")) {
            LongLog.make(a, folder, events, "bench", chains);
            found(START, starts(a));
            var port = Integer.parseInt(a.listen().substring(a.listen().lastIndexOf(':') + 1));
            try (var forwarder = Forwarder.start(0, "127.0.0.1", port)) {
                b.up();
                long began = System.nanoTime();
                b.run("join", a.ticket("--address", forwarder.address()), file.toString());
                found(BACKFILL, since(began));
                require(file, events);
                reconnect(folder, a, b, forwarder, file, events);
                again(b, file);
            }
            a.stop();
        }
    }

    /// A was away and wrote, B was alone and wrote: from when they can reach one another until both have all.
    private void reconnect(Path folder, NodeProcess a, NodeProcess b, Forwarder forwarder, Path file, int events) throws Exception {
        forwarder.stop();
        a.stop();
        LongLog.more(a, folder, events + 1, events + NEW);
        try (var connection = Tasks.open(file)) {
            for (int i = 1; i <= NEW; i++) Tasks.insert(connection, "INTEGER", 100_000_000 + i, 100_000_001 + i, 1);
        }
        a.up();
        forwarder.target("127.0.0.1", Integer.parseInt(a.listen().substring(a.listen().lastIndexOf(':') + 1)));
        b.run("sync", "status");                                     // what its program wrote is in the log
        double before = bytes(forwarder);
        forwarder.start();
        long began = System.nanoTime();
        b.run("sync", "now");
        Rows.await("all events on both sides", 600, () -> Rows.logged(a.data()) == Rows.logged(b.data()) && Rows.count(file, "task") == events + 2 * NEW);
        found(RECONNECT, since(began));
        found(RECONNECT_BYTES, bytes(forwarder) - before);
    }

    private static double bytes(Forwarder forwarder) {
        return forwarder.bytes(Forwarder.Direction.TO_TARGET) + forwarder.bytes(Forwarder.Direction.TO_CLIENT);
    }

    /// The node with the file, started again and again.
    private void again(NodeProcess b, Path file) throws Exception {
        b.stop();
        found(START_FILE, starts(b));
        found(MEMORY, b.residentMiB());
        found(STATUS, median(() -> b.run("sync", "status")));
        b.stop();
        try (var all = Files.walk(b.data())) {
            for (var view : all.filter(path -> path.getFileName().toString().startsWith("view.sqlite")).toList()) Files.delete(view);
        }
        found(REBUILD, untilInSync(b));
        b.stop();
        dropTrigger(file);
        found(RESCAN, untilInSync(b));
        b.stop();
    }

    /// As a table that was made anew by a migration: what the queue may have missed is compared row by row.
    private static void dropTrigger(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            String name;
            try (var rows = statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'waggle%' LIMIT 1")) {
                name = rows.next() ? rows.getString(1) : null;
            }
            if (name == null) throw new IllegalStateException("no trigger in " + file);
            statement.execute("DROP TRIGGER \"" + name + "\"");
        }
    }

    private static double untilInSync(NodeProcess node) throws Exception {
        long began = System.nanoTime();
        node.up();
        node.run("sync", "now");
        return since(began);
    }

    private static double starts(NodeProcess node) throws Exception {
        var times = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            if (i > 0) node.stop();
            times.add(node.up());
        }
        return Measure.percentile(times, 50);
    }

    private interface Doing {
        void run() throws Exception;
    }

    private static double median(Doing doing) throws Exception {
        var times = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            long began = System.nanoTime();
            doing.run();
            times.add(since(began));
        }
        return Measure.percentile(times, 50);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    private static void require(Path file, int rows) throws SQLException, IOException {
        if (Rows.count(file, "task") != rows) throw new IOException("not all rows arrived: " + Rows.count(file, "task") + " of " + rows);
    }

    /// A node with so many spaces, each with a small file that it follows.
    void spaces(Path folder, int spaces) throws Exception {
        Files.createDirectories(folder);
        try (var a = new NodeProcess(launcher, folder, "a")) {
            a.up();
            for (int i = 1; i <= spaces; i++) {
                var file = folder.resolve("s" + i + ".sqlite");
                try (var connection = Tasks.open(file)) {
                    Tasks.create(connection, "INTEGER");
                    Tasks.insert(connection, "INTEGER", 1, 11, 10);
                }
                a.run("track", file.toString());
            }
            a.stop();
            found(START_FILE, starts(a));
            found(STATUS, median(() -> a.run("sync", "status")));
            found(MEMORY, a.residentMiB());
            a.stop();
        }
    }
}

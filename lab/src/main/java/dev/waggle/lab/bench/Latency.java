package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program writes one row on A; a program on B reads its file until the row is there. From before the commit to after the read. Beside it, one
/// commit of plain SQLite: such a write needs three, one after the other (A's file, A's log, B's log), and B's file.
final class Latency implements Question {
    private static final int WARM = 50;
    private static final int GAP_MS_MAX = 40;
    private static final long PATIENCE_NS = 10_000_000_000L;

    @Override public String name() {
        return "latency";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        int writes = 100 * setting.rounds();
        var seen = new ArrayList<Double>();
        var commits = new ArrayList<Double>();
        var random = new Random(1);
        try (var pair = Pair.open(setting, folder, 1_000); var plain = Tasks.open(folder.resolve("plain.sqlite")); var a = Tasks.open(pair.fileA);
             var b = DriverManager.getConnection("jdbc:sqlite:" + pair.fileB); var look = b.prepareStatement("SELECT 1 FROM task WHERE id = ?")) {
            Tasks.create(plain, "INTEGER");
            for (int i = 0; i < WARM + writes; i++) {
                int id = 1_000_000 + i;
                long began = System.nanoTime();
                Tasks.insert(plain, "INTEGER", id, id + 1, 1);
                double commit = (System.nanoTime() - began) / 1e6;
                TimeUnit.MILLISECONDS.sleep(random.nextInt(GAP_MS_MAX));
                began = System.nanoTime();
                Tasks.insert(a, "INTEGER", id, id + 1, 1);
                look.setInt(1, id);
                while (!isThere(look)) {
                    if (System.nanoTime() - began > PATIENCE_NS) throw new TimeoutException("row " + id + " did not arrive");
                    TimeUnit.NANOSECONDS.sleep(200_000);
                }
                double ms = (System.nanoTime() - began) / 1e6;
                if (i >= WARM) {
                    seen.add(ms);
                    commits.add(commit);
                }
            }
        }
        return List.of(
            new Measure("one write on A until read on B, median of " + writes, "ms", "8", "10", seen, "one commit of plain SQLite", commits),
            new Measure("one write on A until read on B, 99 of 100", "ms", "30", "50", List.of(Measure.percentile(seen, 99)), "one commit of plain SQLite, 99 of 100",
                List.of(Measure.percentile(commits, 99))));
    }

    private static boolean isThere(java.sql.PreparedStatement look) throws SQLException {
        try (var row = look.executeQuery()) {
            return row.next();
        }
    }
}

package dev.waggle.lab.process;

import dev.waggle.core.Property;
import dev.waggle.store.compare.FileCompare;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// S01: nodes are killed with -9 at random moments, their start included, while programs write into both files. Every write that a program committed is in both
/// files in the end, and the logs verify. `-Dkills=1000` runs longer; `-Dseed=…` replays.
class KillTest {
    /// A long run that is ended early has proved something, too.
    private static final int KILLS_A_CHECK = 50;
    @TempDir Path folder;

    @Tag("S01") @Test void no_committed_write_is_lost_when_nodes_are_killed_at_random_moments() throws Exception {
        int kills = Integer.getInteger("kills", 50);
        var random = Property.random(Long.getLong("seed", 1));
        var left = folder.resolve("left.sqlite");
        var right = folder.resolve("right.sqlite");
        var written = new ArrayList<String>();
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"));
             var onLeft = program(left, true)) {
            insert(onLeft, "first", written);
            a.up();
            b.up();
            a.run("track", left.toString()).ok();
            var ticket = a.ask("invite").text("ticket");
            b.run("join", ticket, right.toString()).ok();
            try (var onRight = program(right, false)) {
                for (int kill = 0; kill < kills; kill++) {
                    var victim = random.nextBoolean() ? a : b;
                    burst(random, kill, onLeft, onRight, written);
                    victim.kill();
                    burst(random, kill + 10_000, onLeft, onRight, written);
                    victim.begin();
                    // Half of them finish their start; the others are killed on the way when the next dice say so.
                    if (random.nextBoolean()) victim.awaitUp();
                    else during(random.nextInt(1_200));
                    if ((kill + 1) % KILLS_A_CHECK == 0 || kill + 1 == kills) {
                        check(a, b, left, right, onLeft, written);
                        if (kills > KILLS_A_CHECK) System.out.println(kill + 1 + " kills, " + written.size() + " writes, nothing lost");
                    }
                }
            }
        }
    }

    private static void check(NodeProcess a, NodeProcess b, Path left, Path right, Connection onLeft, List<String> written) throws Exception {
        a.awaitUp();
        b.awaitUp();
        NodeProcess.await("both files are equal", () -> equal(left, right));
        assertThat(ids(onLeft)).containsExactlyInAnyOrderElementsOf(written);
        a.run("log", "verify").ok();
        b.run("log", "verify").ok();
    }

    /// A moment of the node's start that nobody chose.
    private static void during(int ms) throws Exception {
        long until = System.nanoTime() + ms * 1_000_000L;
        NodeProcess.await("a random moment", () -> System.nanoTime() > until);
    }

    private static void burst(RandomGenerator random, int round, Connection onLeft, Connection onRight, List<String> written) throws SQLException {
        int writes = random.nextInt(1, 12);
        for (int i = 0; i < writes; i++) {
            var left = random.nextBoolean();
            insert(left ? onLeft : onRight, (left ? "L" : "R") + round + "-" + i, written);
        }
    }

    private static Connection program(Path file, boolean create) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            if (create) statement.execute("CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY, text TEXT, number INTEGER)");
        }
        return connection;
    }

    private static void insert(Connection connection, String id, List<String> written) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO note VALUES ('" + id + "', 'written by a program', " + written.size() + ")");
            statement.execute("COMMIT");
        }
        written.add(id);
    }

    private static List<String> ids(Connection connection) throws SQLException {
        var ids = new ArrayList<String>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery("SELECT id FROM note")) {
            while (rows.next()) ids.add(rows.getString(1));
        }
        return ids;
    }

    private static boolean equal(Path left, Path right) {
        return FileCompare.compare(left, right, 1).isEqual();
    }
}

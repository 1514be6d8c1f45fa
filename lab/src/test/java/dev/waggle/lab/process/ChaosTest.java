package dev.waggle.lab.process;

import dev.waggle.core.Property;
import dev.waggle.lab.forwarder.Chaos;
import dev.waggle.lab.forwarder.Forwarder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// N01, N02, N10: three real nodes, each connected to the others through forwarders that are slow, cut, stalled one way and down, while programs write into all
/// three files. Once the links heal all files are equal and have every row that a program committed. `-Dseconds=3600` goes on for an hour; `-Dseed=…` draws
/// other faults.
class ChaosTest {
    private static final int SHARED_ROWS = 20;
    @TempDir Path folder;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Set<String> written = new ConcurrentSkipListSet<>();

    @Tag("N01") @Tag("N02") @Tag("N10") @Test void three_nodes_under_chaos_agree_when_it_is_over_and_no_committed_write_is_lost() throws Exception {
        long seed = Long.getLong("seed", 1);
        var random = Property.random(seed);
        var time = Duration.ofSeconds(Integer.getInteger("seconds", 25));
        var notes = List.of(Notes.create(folder.resolve("a.sqlite")), new Notes(folder.resolve("b.sqlite")), new Notes(folder.resolve("c.sqlite")));
        for (int i = 0; i < SHARED_ROWS; i++) notes.getFirst().add("shared " + i);
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b")); var c = new NodeProcess(folder.resolve("c"))) {
            var nodes = List.of(a, b, c);
            for (var node : nodes) {
                node.up();
                NodeProcess.await("it says where it listens (it prints after it answers)", () -> node.printed().contains("status page"));
            }
            try (var ba = to(a); var ca = to(a); var cb = to(b)) {
                a.ask("track", notes.get(0).file());
                b.ask("join", a.ask("invite", "--address", ba.address()).text("ticket"), notes.get(1).file());
                c.ask("join", a.ask("invite", "--address", ca.address()).text("ticket"), notes.get(2).file());
                c.run("peer", "add", b.status().text("node"), cb.address()).ok();
                var links = List.of(ba, ca, cb);
                chaos(Chaos.draw(random, links.size(), time), links, notes, random);
                NodeProcess.await("seed " + seed + ": all are equal (replay with -Dseed=" + seed + ")", () -> notes.get(0).equals(notes.get(1)) && notes.get(0).equals(notes.get(2)));
                assertThat(notes.getFirst().ids()).as("rows that no program deleted").containsAll(written);
                assertThat(links).as("every link carried something").allMatch(link -> link.bytes(Forwarder.Direction.TO_TARGET) > 1_000);
                for (var node : nodes) {
                    node.run("log", "verify").ok();
                    assertThat(node.ask("space", "show").integer("forks")).isZero();
                }
            }
        }
    }

    private static Forwarder to(NodeProcess node) {
        var listening = Pattern.compile("peers reach it at +127\\.0\\.0\\.1:([0-9]+)").matcher(node.printed());
        assertThat(listening.find()).as(node.printed()).isTrue();
        return Forwarder.start(0, "127.0.0.1", Integer.parseInt(listening.group(1)));
    }

    private void chaos(List<Chaos.Step> steps, List<Forwarder> links, List<Notes> notes, RandomGenerator random) throws Exception {
        try (var programs = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var running = new ArrayList<>(notes.stream().map(each -> {
                var dice = Property.random(random.nextLong());
                return programs.submit((Callable<Void>) () -> program(each, dice));
            }).toList());
            try {
                Chaos.play(steps, links);
            } finally {
                over.set(true);
            }
            for (var each : running) each.get();
        }
    }

    /// Inserts rows of its own, and changes or deletes rows that others change, too.
    private Void program(Notes notes, RandomGenerator dice) throws Exception {
        try (var connection = notes.open()) {
            for (int i = 0; !over.get(); i++) {
                var own = notes.file().getFileName() + " " + i;
                var shared = "shared " + dice.nextInt(SHARED_ROWS);
                switch (dice.nextInt(6)) {
                    case 0 -> run(connection, "DELETE FROM note WHERE id = ?", shared);
                    case 1 -> run(connection, "INSERT OR IGNORE INTO note VALUES (?, 'again')", shared);
                    case 2, 3 -> run(connection, "UPDATE note SET text = text || '" + i % 10 + "' WHERE id = ?", shared);
                    default -> {
                        run(connection, "INSERT INTO note VALUES (?, '')", own);
                        written.add(own);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(dice.nextInt(1, 60));      // people and programs think between writes
            }
        }
        return null;
    }

    private static void run(Connection connection, String sql, String id) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }
}

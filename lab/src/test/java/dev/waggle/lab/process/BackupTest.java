package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import dev.waggle.node.check.FileCheck;
import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// Backups that are made while programs write, and restored after everybody went on. `-Dbackups=100` makes more of them.
@Timeout(300)
class BackupTest {
    private static final int BACKUPS = Integer.getInteger("backups", 3);
    @TempDir Path folder;
    private NodeProcess a;
    private NodeProcess b;
    private Notes left;
    private Notes right;

    @BeforeEach void two_nodes_are_in_sync() throws Exception {
        a = new NodeProcess(folder.resolve("a"));
        b = new NodeProcess(folder.resolve("b"));
        left = Notes.create(folder.resolve("left.sqlite"));
        left.sql("CREATE TABLE sale (id INTEGER PRIMARY KEY, sum REAL)");
        left.add("n1");
        left.add("deleted later");
        a.up();
        b.up();
        a.ask("track", left.file());
        right = new Notes(folder.resolve("right.sqlite"));
        b.ask("join", a.ask("invite").text("ticket"), right.file());
        NodeProcess.await("both are equal", () -> left.equals(right));
    }

    @AfterEach void stop() throws Exception {
        a.close();
        b.close();
    }

    /// The disk is gone with the data folder, the key and the file: all that is left is a backup from before the last writes.
    @Tag("S12") @Tag("S09") @Tag("N05") @Test void an_older_backup_on_a_new_disk_gets_everything_back_from_peers_and_forks_nothing() throws Exception {
        right.sql("INSERT INTO sale (sum) VALUES (1.5), (2.5)");
        NodeProcess.await("the sales arrived", () -> left.equals(right));
        b.ask("backup", folder.resolve("backup"), "--with-key");
        writeOn();
        int before = epochs();
        b.kill();
        remove(folder.resolve("b"));
        Files.delete(right.file());

        b = new NodeProcess(folder.resolve("new disk"));
        assertThat(b.ask("restore", folder.resolve("backup")).text("key")).isEqualTo("restored");
        left.add("before it is up");
        b.up();
        right.add("after the restore");
        assertConverged(before);
    }

    /// Only the data folder was lost: the file is newer than the log, and holds rows under integer keys that peers have events of.
    @Tag("S12") @Tag("S09") @Test void a_file_that_is_newer_than_the_restored_log_is_neither_doubled_nor_lost() throws Exception {
        right.sql("INSERT INTO sale (sum) VALUES (1.5), (2.5)");
        NodeProcess.await("the sales arrived", () -> left.equals(right));
        b.ask("backup", folder.resolve("backup"));
        writeOn();
        int before = epochs();
        b.stop();
        right.add("while nobody followed");
        right.sql("INSERT INTO sale (sum) VALUES (7)");
        remove(b.data());
        assertThat(b.ask("restore", folder.resolve("backup")).text("key")).isEqualTo("here");
        b.up();
        right.add("after the restore");
        NodeProcess.await("what only the file had is known", () -> left.has("while nobody followed"));
        assertConverged(before);
    }

    private void writeOn() throws Exception {
        right.add("after the backup");
        right.sql("INSERT INTO sale (sum) VALUES (3.5), (4.5)");
        right.sql("UPDATE note SET text = 'edited after the backup' WHERE id = 'n1'");
        right.sql("DELETE FROM note WHERE id = 'deleted later'");
        NodeProcess.await("it arrived", () -> left.equals(right) && !left.has("deleted later"));     // or both would give out the next number
        left.add("from the other side");
        left.sql("INSERT INTO sale (sum) VALUES (5.5)");
        NodeProcess.await("both are equal", () -> left.equals(right));
    }

    private void assertConverged(int epochsBefore) throws Exception {
        NodeProcess.await("nothing is lost", () -> left.has("after the backup", "from the other side", "after the restore") && left.equals(right));
        assertThat(right.has("deleted later")).as("a restored backup brings no deleted rows back").isFalse();
        assertThat(a.ask("sync", "conflicts").array("conflicts")).as("nothing was written twice").isEmpty();
        assertThat(a.ask("space", "show").integer("forks")).isZero();
        assertThat(b.ask("sync", "now").integer("agreed")).isEqualTo(1);
        assertThat(epochs()).as("it writes under a new epoch").isGreaterThan(epochsBefore);
        a.run("log", "verify").ok();
        b.run("log", "verify").ok();
        assertThat(b.ask("doctor").get("healthy")).contains(Json.TRUE);
    }

    private int epochs() {
        return (int) a.ask("log", "verify").integer("chains");
    }

    /// With nobody to ask, a restored log is all there is, and the file follows it after a while.
    @Tag("S12") @Test void a_node_that_is_alone_goes_on_with_what_its_backup_and_its_file_have() throws Exception {
        a.ask("backup", folder.resolve("backup"));
        left.add("after the backup");
        a.stop();
        b.stop();
        remove(a.data());
        a.ask("restore", folder.resolve("backup"));
        a.up();
        left.add("after the restore");
        assertThat(a.status().toString()).contains("restored from a backup");
        NodeProcess.await("it follows", () -> a.run("sync", "status").exit() == Exit.OK);
        b.up();
        NodeProcess.await("nothing is lost", () -> right.has("after the backup", "after the restore") && left.equals(right));
        assertThat(a.ask("space", "show").integer("forks")).isZero();
    }

    @Tag("S12") @Test void every_backup_that_was_made_while_programs_wrote_is_whole() throws Exception {
        var stop = new AtomicBoolean();
        var written = new AtomicLong();
        var program = Thread.ofPlatform().start(() -> {
            try {
                while (!stop.get()) left.sql("INSERT INTO sale (sum) VALUES (" + written.incrementAndGet() + ".5), (0.5)");
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            for (int i = 1; i <= BACKUPS; i++) {
                long before = written.get();
                NodeProcess.await("the program writes", () -> written.get() > before + 5);
                var backup = folder.resolve("backup " + i);
                a.ask("backup", backup);
                assertThat(a.ask("restore", backup, "--verify").get("good")).contains(Json.TRUE);
                var restored = folder.resolve("restored " + i);
                a.run("restore", backup, "--data", restored).ok();
                try (var logs = Files.list(restored.resolve("spaces"))) {
                    for (var space : (Iterable<Path>) logs::iterator) assertThat(FileCheck.of(space.resolve("sync.sqlite")).damages()).isEmpty();
                }
                remove(backup);
                remove(restored);
            }
        } finally {
            stop.set(true);
            program.join();
        }
        NodeProcess.await("nobody was held up", () -> left.equals(right));
    }

    @Tag("S12") @Tag("S04") @Test void a_full_disk_refuses_a_backup_and_a_restore_and_leaves_nothing_behind() throws Exception {
        left.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) INSERT INTO note SELECT 'big ' || i, hex(randomblob(30000)) FROM n");
        NodeProcess.await("both are equal", () -> left.equals(right));
        try (var disk = SmallDisk.mount(folder.resolve("disk"), 1)) {
            Assumptions.assumeTrue(disk.isMounted(), "no tmpfs here");
            TwoSentences.in(refused(a.run("backup", disk.path().resolve("backup")))).containsAnyOf("does not fit", "the disk is full");
            a.ask("backup", folder.resolve("backup"));
            TwoSentences.in(refused(a.run("restore", folder.resolve("backup"), "--data", disk.path().resolve("data")))).contains("does not fit");
            try (var there = Files.list(disk.path())) {
                assertThat(there).isEmpty();
            }
        }
        left.add("the node works on");
        NodeProcess.await("it does", () -> right.has("the node works on"));
    }

    private static NodeProcess.Ended refused(NodeProcess.Ended said) {
        assertThat(said.exit()).as(said.toString()).isEqualTo(Exit.REFUSED);
        return said;
    }

    /// A backup that is killed half-way leaves no folder that looks like one, and the next one is made in its place.
    @Tag("S12") @Test void a_backup_that_was_killed_is_no_backup_and_is_in_nobodys_way() throws Exception {
        var part = Files.createDirectories(folder.resolve("backup.part").resolve("spaces"));
        Files.writeString(part.resolve("half"), "half");
        a.ask("backup", folder.resolve("backup"));
        assertThat(folder.resolve("backup.part")).doesNotExist();
        assertThat(a.ask("restore", folder.resolve("backup"), "--verify").get("good")).contains(Json.TRUE);
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (var each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) Files.delete(each);
        }
    }
}

package dev.waggle.store.capture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/// Followers that were started: nobody calls them, they notice.
class FollowingTest {
    @TempDir Path folder;
    private Machines machines;

    @BeforeEach void start() throws SQLException {
        machines = new Machines(folder);
        machines.a.program().run("PRAGMA journal_mode = WAL");
        machines.shared("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT)", "CREATE TABLE busy (id INTEGER PRIMARY KEY, n)", "INSERT INTO busy VALUES (1, 0)");
        machines.a.follower.start();
        machines.b.follower.start();
    }

    @AfterEach void close() throws SQLException {
        machines.close();
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("waited too long until " + what);
            LockSupport.parkNanos(200_000);
        }
    }

    private long count(Machines.Machine machine) {
        return count(machine, "true");
    }

    private long count(Machines.Machine machine, String which) {
        try {
            return machine.number("SELECT count(*) FROM task WHERE " + which);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test void a_file_in_whose_place_is_none_that_can_be_followed_has_failed_within_seconds_says_why_and_is_taken_up_when_it_is_back() throws Exception {
        var file = machines.b.file;
        var kept = folder.resolve("kept.sqlite");
        machines.b.program().run("PRAGMA wal_checkpoint(TRUNCATE)");
        machines.b.stopProgram();
        for (var way : List.of(new Replacing("is not an SQLite database", () -> Files.writeString(folder.resolve("other"), "no database at all. ".repeat(500))),
            new Replacing("was replaced by a file that is not tracked", () -> new Program(folder.resolve("other")).run("CREATE TABLE other (id)")),
            new Replacing("is not there any more", () -> { }))) {
            await("it is in sync", () -> machines.b.follower.status().state() == FollowStatus.State.IN_SYNC);
            Files.move(file, kept);
            way.make().run();
            if (way.says().contains("not tracked")) for (var journal : List.of("-wal", "-shm")) Files.deleteIfExists(Path.of(file + journal));   // else SQLite itself reads one through the other
            if (Files.exists(folder.resolve("other"))) Files.move(folder.resolve("other"), file);
            long began = System.nanoTime();
            await(way.says(), () -> machines.b.follower.status().state() == FollowStatus.State.FAILED && machines.b.follower.status().sentence().contains(way.says()));
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).as(way.says()).isLessThan(8);
            assertThat(machines.b.follower.status().sentence()).as("the way out").containsPattern("; .*put .* back");
            for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1); System.nanoTime() < until; LockSupport.parkNanos(1_000_000))
                assertThat(machines.b.follower.status().state()).as("it stays so: " + way.says()).isEqualTo(FollowStatus.State.FAILED);
            Files.move(kept, file, StandardCopyOption.REPLACE_EXISTING);
            await("it is taken up again", () -> machines.b.follower.status().state() == FollowStatus.State.IN_SYNC);
        }
        long before = machines.b.log.state().lastOffset();
        machines.b.program().run("INSERT INTO task VALUES (99, 'after all that')");
        await("what is written is in the log", () -> machines.b.log.state().lastOffset() > before);
    }

    private record Replacing(String says, Machines.Machine.Deed make) {}

    /// The inode stays, and through its journal the file looks as it did: nothing but the file's own bytes tells.
    @Test void a_file_that_is_written_over_in_place_while_its_journal_is_in_use_has_failed_within_seconds_and_is_taken_up_when_it_is_back() throws Exception {
        var machine = machines.a;
        var kept = folder.resolve("kept.sqlite");
        var older = folder.resolve("older.sqlite");
        var untracked = folder.resolve("untracked.sqlite");
        var letter = Files.writeString(folder.resolve("letter.txt"), "no database at all. ".repeat(500));
        var empty = Files.createFile(folder.resolve("empty"));
        try (var other = new Program(untracked)) {
            other.run("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT)", "INSERT INTO task VALUES (1, 'from elsewhere')");
        }
        machine.program().run("INSERT INTO task VALUES (1, 'first')", "PRAGMA wal_checkpoint");
        await("it is in sync", () -> isInSync(machine) && machine.log.state().lastOffset() > 2);
        copy(machine.file, older);
        machine.program().run("INSERT INTO task VALUES (2, 'second')", "PRAGMA wal_checkpoint");
        for (var over : List.of(letter, untracked, older, empty)) {
            await("it is in sync", () -> isInSync(machine));
            copy(machine.file, kept);
            copy(over, machine.file);
            long began = System.nanoTime();
            await("it has failed: " + over.getFileName(), () -> machine.follower.status().state() == FollowStatus.State.FAILED);
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).as(over.toString()).isLessThan(5);
            assertThat(machine.follower.status().sentence()).contains(over.equals(letter) ? "is not an SQLite database" : "was written over").containsPattern("; .*put .* back");
            copy(kept, machine.file);
            await("it is taken up again", () -> isInSync(machine));
        }
        long before = machine.log.state().lastOffset();
        machine.program().run("INSERT INTO task VALUES (99, 'after all that')");
        await("what is written is in the log", () -> machine.log.state().lastOffset() > before);
        copy(untracked, machine.file);
        await("it has failed", () -> machine.follower.status().state() == FollowStatus.State.FAILED);
        machine.follower.untrack();
    }

    private static boolean isInSync(Machines.Machine machine) {
        return machine.follower.status().state() == FollowStatus.State.IN_SYNC;
    }

    /// By another program: this one would drop SQLite's locks on a file that it closes.
    private static void copy(Path from, Path to) throws Exception {
        assertThat(new ProcessBuilder("cp", from.toString(), to.toString()).inheritIO().start().waitFor()).isZero();
    }

    /// What programs, the node and checkpoints write there themselves is no such thing.
    @Test void checkpoints_and_everything_that_programs_do_to_a_file_with_a_journal_never_look_like_something_else_in_its_place() throws Exception {
        var machine = machines.a;
        try (var second = new Program(machine.file)) {
            second.run("PRAGMA wal_autocheckpoint = 3");
            for (int i = 0; i < 150; i++) {
                second.run("INSERT INTO task VALUES (" + i + ", '" + "x".repeat(3_000) + "')");
                if (i % 10 == 0) machine.program().run("PRAGMA wal_checkpoint(TRUNCATE)", "UPDATE busy SET n = n + 1");
                if (i == 50) second.run("VACUUM");
                if (i == 100) second.run("CREATE TABLE late (id INTEGER PRIMARY KEY)", "ALTER TABLE busy ADD COLUMN more");
                assertThat(machine.follower.status().state()).isIn(FollowStatus.State.IN_SYNC, FollowStatus.State.WORKING);
            }
            second.run("DELETE FROM task", "DELETE FROM sync_queue", "PRAGMA wal_checkpoint(TRUNCATE)");
            for (int i = 0; i < 20; i++) {
                second.run("INSERT INTO task VALUES (" + (200 + i) + ", 'again')");
                assertThat(machine.follower.status().lastError()).isEmpty();
            }
        }
        await("it is in sync", () -> isInSync(machine));
        assertThat(machine.follower.status().lastError()).isEmpty();
        await("the other machine has what was written after the queue was emptied", () -> {
            machines.exchangeWhatIsThere();
            return count(machines.b, "title = 'again'") == 20;
        });
    }

    @Test void a_file_that_is_missing_at_the_start_is_said_to_be_missing_and_can_be_untracked() throws Exception {
        machines.b.stop();
        Files.move(machines.b.file, folder.resolve("kept.sqlite"));
        machines.b.open().start();
        await("it is missing", () -> machines.b.follower.status().state() == FollowStatus.State.FAILED && machines.b.follower.status().sentence().contains("is not there any more"));
        Files.move(folder.resolve("kept.sqlite"), machines.b.file);
        await("it is followed", () -> machines.b.follower.status().state() == FollowStatus.State.IN_SYNC);
        Files.move(machines.b.file, folder.resolve("kept.sqlite"));
        await("it is missing", () -> machines.b.follower.status().state() == FollowStatus.State.FAILED);
        machines.b.follower.untrack();
    }

    @Test void a_write_is_noticed_within_milliseconds() throws SQLException {
        var waits = new ArrayList<Long>();
        for (int i = 1; i <= 30; i++) {
            long before = machines.a.log.state().lastOffset();
            machines.a.program().run("INSERT INTO task VALUES (" + i + ", 'x')");
            long began = System.nanoTime();
            await("the write is in the log", () -> machines.a.log.state().lastOffset() > before);
            waits.add((System.nanoTime() - began) / 1_000);
        }
        waits.sort(null);
        assertThat(waits.get(15)).isLessThan(20_000);
    }

    /// Through names in another folder, of which a watch hears nothing; as on file systems whose folders tell nothing.
    @Test void a_write_that_no_watch_tells_of_is_noticed_all_the_same() throws Exception {
        await("b is followed", () -> machines.b.follower.status().state() == FollowStatus.State.IN_SYNC);
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("another-name");
        for (var part : List.of("", "-wal", "-shm")) Files.createLink(Path.of(elsewhere + part), Path.of(machines.b.file + part));
        try (var program = new Program(elsewhere)) {
            long before = machines.b.log.state().lastOffset();
            program.run("INSERT INTO task VALUES (7, 'unheard')");
            await("the write is in the log", () -> machines.b.log.state().lastOffset() > before);
        }
    }

    @Test void entries_are_applied_as_they_come() throws SQLException {
        machines.a.program().run("INSERT INTO task VALUES (1, 'x')");
        long before = machines.a.log.state().lastOffset();
        await("a drained", () -> machines.a.follower.status().state() == FollowStatus.State.IN_SYNC && machines.a.log.state().lastOffset() >= before);
        await("b has the row", () -> {
            machines.exchange();
            return count(machines.b) == 1;
        });
    }

    @Test void a_program_under_load_never_fails_beside_applies() throws Exception {
        var python = new Thread(() -> { });
        var output = new StringBuilder();
        python = Thread.ofPlatform().start(() -> {
            try {
                output.append(Program.python(machines.b.file, """
                    import sqlite3, sys, time
                    db = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
                    end, n, worst = time.time() + 4, 0, 0
                    while time.time() < end:
                        began = time.time()
                        db.execute("BEGIN IMMEDIATE")
                        db.execute("UPDATE busy SET n = n + 1")
                        db.execute("COMMIT")
                        worst = max(worst, time.time() - began)
                        n += 1
                    print(n, "transactions, worst", round(worst * 1000), "ms")
                    """));
            } catch (Exception | AssertionError e) {
                output.append("failed: ").append(e);
            }
        });
        int written = 0;
        while (python.isAlive()) {
            written++;
            machines.a.program().run("INSERT INTO task VALUES (" + written + ", 'x')");
            machines.exchangeWhatIsThere();
            LockSupport.parkNanos(15_000_000);
        }
        assertThat(output.toString()).contains("transactions").doesNotContain("failed");
        int expected = written;
        await("b has all rows", () -> {
            machines.exchangeWhatIsThere();
            return count(machines.b) == expected;
        });
        await("a has the program's last count", () -> {
            machines.exchangeWhatIsThere();
            try {
                return machines.a.number("SELECT n FROM busy") == machines.b.number("SELECT n FROM busy");
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test void a_locked_file_shows_in_the_status_and_goes_on_by_itself() throws SQLException {
        long before = machines.b.log.state().lastOffset();
        machines.b.program().run("BEGIN EXCLUSIVE");
        machines.a.program().run("INSERT INTO task VALUES (1, 'x')");
        await("b got the event", () -> {
            machines.exchangeWhatIsThere();
            return machines.b.log.state().lastOffset() > before;
        });
        assertThat(machines.b.follower.status().state()).isNotEqualTo(FollowStatus.State.IN_SYNC);
        machines.b.program().run("COMMIT");
        await("b applied", () -> count(machines.b) == 1);
    }
}

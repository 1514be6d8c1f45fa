package dev.waggle.store.capture;

import dev.waggle.core.log.LogUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Crashes, restored and replaced files, and files of somebody else.
class FaultsTest {
    @TempDir Path folder;
    private Machines machines;
    private static final String TASK = "CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT, state TEXT)";

    @BeforeEach void start() throws SQLException {
        machines = new Machines(folder);
        machines.shared(TASK, "INSERT INTO task VALUES (1, 'one', ''), (2, 'two', '')");
    }

    @AfterEach void close() throws SQLException {
        machines.close();
    }

    @Test void what_was_written_while_nobody_followed_is_drained_at_the_next_start() throws SQLException {
        machines.b.stop();
        machines.b.program().run("UPDATE task SET title = 'away' WHERE id = 1", "INSERT INTO task VALUES (3, 'three', '')", "DELETE FROM task WHERE id = 2");
        machines.a.does("UPDATE task SET state = 'here' WHERE id = 1");
        machines.exchange();
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(id || title || state) FROM task")).isEqualTo("1awayhere,3three");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Tag("S01") @Tag("N03") @Tag("T08") @Tag("lesson-applied-twice") @Test void a_crash_between_the_files_commit_and_the_views_repeats_harmlessly() throws Exception {
        machines.b.stop();
        copyView("before");
        machines.b.open();
        machines.a.does("UPDATE task SET title = 'applied' WHERE id = 1", "INSERT INTO task VALUES (9, 'nine', '')");
        machines.settle();
        machines.b.does("UPDATE task SET title = 'own' WHERE id = 2");
        machines.b.stop();
        restoreView("before");                                        // as if the view's commits had not happened
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(title) FROM task")).isEqualTo("applied,own,nine");
        assertThat(machines.a.conflicts()).isEmpty();
        machines.b.does("UPDATE task SET title = 'again' WHERE id = 9");
        machines.assertEqual();
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void a_crash_after_the_log_took_a_write_and_before_the_file_took_others_bases_later_writes_on_it() throws Exception {
        var crashed = folder.resolve("crashed.sqlite");
        machines.b.stop();
        machines.a.does("UPDATE task SET state = 'from a' WHERE id = 1");
        machines.exchange();
        machines.b.program().run("UPDATE task SET title = 'first' WHERE id = 1");
        Machines.backup(machines.b.file, crashed);
        copyView("crashed");
        machines.b.open().syncNow();
        putInPlace(crashed);
        restoreView("crashed");
        machines.b.program().run("UPDATE task SET title = 'second' WHERE id = 1");
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title || ' ' || state FROM task WHERE id = 1")).isEqualTo("second from a");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Tag("T12") @Test void a_lost_view_is_made_again_from_the_log() throws Exception {
        machines.a.does("UPDATE task SET title = 'x' WHERE id = 1");
        machines.settle();
        machines.b.stop();
        copyView("kept");
        for (var file : viewFiles()) Files.deleteIfExists(file);
        machines.b.program().run("UPDATE task SET state = 'while away' WHERE id = 1");
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title || state FROM task WHERE id = 1")).isEqualTo("xwhile away");
    }

    @Tag("S09") @Test void a_restored_backup_is_compared_and_catches_up() throws Exception {
        var backup = folder.resolve("backup.sqlite");
        machines.b.does("INSERT INTO task VALUES (5, 'before the backup', '')");
        machines.settle();
        Machines.backup(machines.b.file, backup);
        machines.b.does("INSERT INTO task VALUES (6, 'after the backup', '')", "UPDATE task SET title = 'after' WHERE id = 1");
        machines.a.does("DELETE FROM task WHERE id = 2");
        machines.settle();
        putInPlace(backup);
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(title) FROM task")).isEqualTo("after,before the backup,after the backup");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void a_backup_with_rows_that_were_drained_but_not_marked_makes_no_second_record() throws Exception {
        machines.b.does("INSERT INTO task VALUES (5, 'drained', '')");       // in the log; the file's cursor still stands before it
        var backup = folder.resolve("backup.sqlite");
        Machines.backup(machines.b.file, backup);
        machines.b.does("INSERT INTO task VALUES (6, 'later', '')");
        machines.settle();
        putInPlace(backup);
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(id) FROM task")).isEqualTo("1,2,5,6");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Tag("lesson-base-that-nobody-saw") @Test void edits_made_in_a_restored_backup_are_based_on_what_it_showed() throws Exception {
        var backup = folder.resolve("backup.sqlite");
        Machines.backup(machines.b.file, backup);
        machines.a.does("UPDATE task SET title = 'newer' WHERE id = 1");
        machines.settle();
        putInPlace(backup);
        machines.b.program().run("UPDATE task SET title = 'in the backup' WHERE id = 1", "UPDATE task SET state = 'in the backup' WHERE id = 2");
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.a.conflicts()).containsExactly("SAME_FIELD task");
        assertThat(machines.a.text("SELECT state FROM task WHERE id = 2")).isEqualTo("in the backup");
    }

    @Test void a_file_replaced_while_followed_is_taken_up_anew() throws Exception {
        var backup = folder.resolve("backup.sqlite");
        Machines.backup(machines.b.file, backup);
        machines.a.does("UPDATE task SET title = 'newer' WHERE id = 1");
        machines.settle();
        machines.b.stopProgram();
        Files.move(backup, machines.b.file, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(Path.of(machines.b.file + "-wal"));
        Files.deleteIfExists(Path.of(machines.b.file + "-shm"));
        machines.assertEqual();
        assertThat(machines.b.text("SELECT title FROM task WHERE id = 1")).isEqualTo("newer");
    }

    /// By SQLite itself, as its shell's `.restore` does: the file stays the same file, and no connection to it is closed.
    @Tag("S09") @Test void a_backup_restored_through_sqlite_while_followed_is_compared_and_catches_up() throws Exception {
        var backup = folder.resolve("backup.sqlite");
        Machines.backup(machines.b.file, backup);
        machines.b.does("INSERT INTO task VALUES (6, 'after the backup', '')", "UPDATE task SET title = 'after' WHERE id = 1");
        machines.a.does("DELETE FROM task WHERE id = 2");
        machines.settle();
        Program.python(machines.b.file, """
            import sqlite3, sys
            sqlite3.connect("%s").backup(sqlite3.connect(sys.argv[1], timeout=5))
            """.formatted(backup));
        machines.a.does("UPDATE task SET state = 'from a' WHERE id = 1");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(title || state) FROM task")).isEqualTo("afterfrom a,after the backup");
        machines.b.restart();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(title || state) FROM task")).isEqualTo("afterfrom a,after the backup");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void what_is_written_after_the_queue_was_emptied_is_no_less_than_other_writes() throws SQLException {
        machines.b.does("UPDATE task SET title = 'before' WHERE id = 1", "UPDATE task SET title = 'before' WHERE id = 2");
        machines.settle();
        machines.a.does("UPDATE task SET state = 'a' WHERE id = 2");          // so that the file's cursor passes what b wrote
        machines.settle();
        machines.b.program().run("DELETE FROM sync_queue", "UPDATE task SET title = 'mine' WHERE id = 1");
        machines.a.does("UPDATE task SET state = 'from a' WHERE id = 1");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT title || ' ' || state FROM task WHERE id = 1")).isEqualTo("mine from a");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    /// Each connection counts commits on its own: that of the new file may have come to the number at which the old one was left.
    @Test void what_is_written_right_after_a_file_was_taken_up_anew_is_noticed() throws Exception {
        machines.b.close();
        var followed = new FollowedFile(machines.b.file, machines.b.log, () -> machines.b.author, machines.clockMs::incrementAndGet, new FileViews(machines.b.view, machines.b.log));
        followed.open(false);
        try {
            machines.b.program().run("UPDATE task SET title = 'before' WHERE id = 1");
            followed.syncNow();
            var backup = folder.resolve("backup.sqlite");
            Machines.backup(machines.b.file, backup);
            long seen = followed.dataVersion();
            machines.b.stopProgram();
            Files.move(backup, machines.b.file, StandardCopyOption.REPLACE_EXISTING);
            for (var journal : List.of("-wal", "-shm")) Files.deleteIfExists(Path.of(machines.b.file + journal));
            followed.syncNow();
            for (int i = 0; i < 5; i++) {
                assertThat(followed.changedOnDisk(seen)).as("after " + i + " commits").isTrue();
                machines.b.program().run("UPDATE task SET title = 'after %d' WHERE id = 1".formatted(i));
            }
        } finally {
            followed.close();
        }
    }

    @Test void a_copy_of_another_machines_tracked_file_joins_as_its_own() throws Exception {
        machines.b.close();
        for (var file : viewFiles()) Files.deleteIfExists(file);
        for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(machines.b.file + suffix));
        Machines.backup(machines.a.file, machines.b.file);
        machines.b.program().run("UPDATE task SET title = 'in the copy' WHERE id = 2");
        machines.b.open();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title FROM task WHERE id = 2")).isEqualTo("in the copy");
        assertThat(machines.a.number("SELECT count(*) FROM task")).isEqualTo(2);
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Tag("S11") @Test void a_file_of_another_space_and_of_a_newer_waggle_are_refused() throws SQLException {
        machines.b.stop();
        machines.b.program().run("UPDATE waggle_state SET space = 'other'");
        assertThatThrownBy(() -> machines.b.open()).isInstanceOf(FileRefused.class).hasMessageContaining("follows another space");
        machines.b.program().run("UPDATE waggle_state SET format = 2");
        assertThatThrownBy(() -> machines.b.open()).isInstanceOf(FileRefused.class).hasMessageContaining("newer Waggle");
    }

    @Test void rows_with_null_in_the_key_are_counted_and_stop_nothing() throws SQLException {
        machines.a.does("CREATE TABLE k (k TEXT PRIMARY KEY, v)");
        machines.b.does("CREATE TABLE k (k TEXT PRIMARY KEY, v)");
        machines.a.does("INSERT INTO k VALUES (NULL, 1), ('x', 2)");
        machines.settle();
        assertThat(machines.b.text("SELECT group_concat(coalesce(k, 'NULL') || v) FROM k")).isEqualTo("x2");
        assertThat(machines.a.follower.status().keylessRows()).isEqualTo(1);
    }

    @Tag("S05") @Test void a_log_that_fails_loses_nothing() throws SQLException {
        machines.b.program().run("UPDATE task SET title = 'kept' WHERE id = 1");
        machines.b.failWrites(1);
        assertThatThrownBy(() -> machines.b.follower.syncNow()).isInstanceOf(LogUnavailable.class);
        machines.b.follower.syncNow();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title FROM task WHERE id = 1")).isEqualTo("kept");
    }

    /// POSIX drops all locks that a process has on a file when it closes any handle of it. The file is in rollback mode here: its locks lie on itself.
    /// Found by the soak: a node drained until nothing was left, and beside a program that writes while the log is written something always is.
    @Test void a_program_that_never_pauses_does_not_keep_out_what_others_wrote() throws SQLException {
        machines.b.does("INSERT INTO task (id, title) VALUES (1000000, 'theirs')");
        machines.exchange();
        int[] written = {0};
        try (var busy = new Program(machines.a.file).run("PRAGMA busy_timeout = 0")) {
            machines.a.wheneverWritten(() -> {
                try {
                    if (written[0] < 300) busy.run("INSERT INTO task (id, title) VALUES (" + (1000 + written[0]) + ", 'ours')");
                    written[0]++;
                } catch (SQLException e) {
                    assertThat(e.getMessage()).as("only because the node has the lock").contains("SQLITE_BUSY");
                }
            });
            machines.a.does("INSERT INTO task (id, title) VALUES (-1, 'ours')");
            assertThat(machines.a.text("SELECT title FROM task WHERE id = 1000000")).isEqualTo("theirs");
            assertThat(written[0]).as("writes in the time").isBetween(1, 30);
            machines.a.wheneverWritten(() -> { });
        }
        machines.settle();
        machines.assertEqual();
    }

    /// Found by reading: a drain takes a part of a long queue, and few rows may stand for very many writes. What is left then is no little.
    @Test void a_long_queue_is_not_drained_under_the_files_lock() throws SQLException {
        machines.b.does("INSERT INTO task (id, title) VALUES (1000000, 'theirs')");
        machines.exchange();
        try (var update = machines.a.program().run("BEGIN").connection().prepareStatement("UPDATE task SET title = ? WHERE id = ?")) {
            for (int i = 0; i < 140_000; i++) {
                update.setInt(1, i);
                update.setInt(2, i < 70_000 ? 1 : 2);
                update.executeUpdate();
            }
        }
        machines.a.program().run("COMMIT");
        int[] written = new int[2];
        try (var other = new Program(machines.a.file).run("PRAGMA busy_timeout = 0")) {
            machines.a.wheneverWritten(() -> {
                written[0]++;
                try {
                    other.run("BEGIN IMMEDIATE", "ROLLBACK");
                } catch (SQLException e) {
                    written[1]++;
                }
            });
            machines.a.follower.syncNow();
            machines.a.wheneverWritten(() -> { });
        }
        assertThat(written[0]).as("events of the queue").isPositive();
        assertThat(written[1]).as("events written while the file was locked").isZero();
        assertThat(machines.a.text("SELECT title FROM task WHERE id = 1000000")).isEqualTo("theirs");
        machines.settle();
        machines.assertEqual();
    }

    @Tag("lesson-locks-dropped") @Test void nothing_that_looks_at_a_tracked_file_drops_the_locks_on_it() throws Exception {
        var script = """
            import sqlite3, sys
            try:
                sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute("BEGIN IMMEDIATE")
                print("free")
            except sqlite3.OperationalError as e:
                print(e)
            """;
        assertThat(Program.python(machines.a.file, script).strip()).isEqualTo("free");
        try (var held = UserFile.open(machines.a.file, 1_000)) {
            Rows.run(held.connection(), "BEGIN IMMEDIATE");
            Rows.run(held.connection(), "INSERT INTO task VALUES (9, 'not yet committed', '')");
            assertThat(dev.waggle.store.compare.FileCompare.compare(machines.a.file, machines.b.file, 5).isEqual()).isTrue();
            assertThat(machines.a.follower.status()).isNotNull();
            assertThat(Machines.dump(machines.a.file)).hasSize(1);
            assertThat(Machines.schemaOf(machines.a.file)).isNotEmpty();
            try (var other = UserFile.open(machines.a.file, 0)) {
                assertThat(FileSchema.read(other.connection()).tables()).containsOnlyKeys("task");
            }
            assertThatThrownBy(() -> TableFollower.open(machines.a.file, folder.resolve("another.view"), machines.a.log, () -> machines.a.author, () -> 1).syncNow()).isNotNull();
            assertThat(Program.python(machines.a.file, script).strip()).isEqualTo("database is locked");
            Rows.run(held.connection(), "ROLLBACK");
        }
        assertThat(Program.python(machines.a.file, script).strip()).isEqualTo("free");
    }

    private List<Path> viewFiles() {
        return List.of(machines.b.view, Path.of(machines.b.view + "-wal"), Path.of(machines.b.view + "-shm"));
    }

    private void copyView(String name) throws Exception {
        for (var file : viewFiles()) if (Files.exists(file)) Files.copy(file, folder.resolve(name + file.getFileName()));
    }

    private void restoreView(String name) throws Exception {
        for (var file : viewFiles()) {
            Files.deleteIfExists(file);
            if (Files.exists(folder.resolve(name + file.getFileName()))) Files.copy(folder.resolve(name + file.getFileName()), file);
        }
    }

    private void putInPlace(Path backup) throws Exception {
        machines.b.stop();
        machines.b.stopProgram();
        for (var suffix : List.of("-wal", "-shm")) Files.deleteIfExists(Path.of(machines.b.file + suffix));
        Files.copy(backup, machines.b.file, StandardCopyOption.REPLACE_EXISTING);
    }
}

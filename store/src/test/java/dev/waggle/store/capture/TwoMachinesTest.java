package dev.waggle.store.capture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Two files in one space hold the same rows, whatever programs do to them.
class TwoMachinesTest {
    @TempDir Path folder;
    private Machines machines;

    @BeforeEach void start() throws SQLException {
        machines = new Machines(folder);
    }

    @AfterEach void close() throws SQLException {
        machines.close();
    }

    private static final String TASK = "CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT, state TEXT DEFAULT 'open')";

    /// Found by fuzzing a file: `track` wrote '1' over a program's 1.
    @Test void a_foreign_key_that_is_spelt_in_another_type_than_its_parent_stays_as_it_was_written() throws Exception {
        try (var machines = new Machines(folder).shared("CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, v)", "CREATE TABLE c (id INTEGER PRIMARY KEY, x REFERENCES p)",
            "INSERT INTO p VALUES ('1', 'a')", "INSERT INTO c VALUES (1, 1)")) {
            assertThat(machines.a.text("SELECT typeof(x) FROM c")).isEqualTo("integer");
            assertThat(machines.b.text("SELECT typeof(x) FROM c")).isEqualTo("integer");
        }
    }

    @Tag("lesson-deletions-never-synced") @Test void existing_rows_travel_and_edits_go_both_ways() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one'), (2, 'two')");
        assertThat(machines.b.number("SELECT count(*) FROM task")).isEqualTo(2);
        machines.b.does("UPDATE task SET title = 'zwei' WHERE id = 2", "DELETE FROM task WHERE id = 1");
        machines.a.does("INSERT INTO task (id, title) VALUES (3, 'three')");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(id || title, ' ') FROM task")).isEqualTo("2zwei 3three");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void every_kind_of_value_arrives_with_its_type_and_bytes() throws SQLException {
        machines.shared("CREATE TABLE v (k TEXT PRIMARY KEY, v)");
        try (var file = UserFile.open(machines.a.file, 1_000); var table = new TableSql(file, FileSchema.read(file.connection()).tables().get("v"))) {
            int number = 0;
            for (var value : ValuesTest.VALUES) {
                var row = new java.util.TreeMap<String, dev.waggle.core.record.Value>();
                row.put("k", dev.waggle.core.record.Value.Text.of("k" + number++));
                row.put("v", value);
                table.insert(row);
            }
        }
        machines.a.does("INSERT INTO v VALUES ('bad', CAST(x'61ff00' AS TEXT))");
        machines.assertEqual();
        assertThat(machines.b.number("SELECT count(*) FROM v")).isEqualTo(ValuesTest.VALUES.size() + 1);
    }

    @Test void edits_of_different_columns_both_survive() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one')");
        machines.a.does("UPDATE task SET title = 'eins'");
        machines.b.does("UPDATE task SET state = 'done'");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title || state FROM task")).isEqualTo("einsdone");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void of_one_column_the_same_edit_wins_on_both_sides_and_the_other_is_kept() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one')");
        machines.a.does("UPDATE task SET title = 'from a'");
        machines.b.does("UPDATE task SET title = 'from b'");
        machines.assertEqual();
        assertThat(machines.a.conflicts()).containsExactly("SAME_FIELD task").isEqualTo(machines.b.conflicts());
    }

    @Test void a_live_edit_beats_a_concurrent_delete() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one')");
        machines.a.does("DELETE FROM task");
        machines.b.does("UPDATE task SET title = 'kept'");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title FROM task")).isEqualTo("kept");
        assertThat(machines.b.conflicts()).containsExactly("DELETE_AGAINST_EDIT task");
    }

    @Test void one_integer_key_handed_out_twice_keeps_both_rows() throws SQLException {
        machines.shared(TASK, "CREATE TABLE note (id INTEGER PRIMARY KEY, task INTEGER REFERENCES task, text)");
        machines.a.does("INSERT INTO task (id, title) VALUES (7, 'a')", "INSERT INTO note VALUES (1, 7, 'note of a')");
        machines.b.does("INSERT INTO task (id, title) VALUES (7, 'b')", "INSERT INTO note VALUES (2, 7, 'note of b')");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title FROM task")).isEqualTo("a");
        assertThat(machines.a.text("SELECT group_concat(text) FROM note")).isEqualTo("note of a");
        assertThat(machines.a.conflicts()).containsExactly("SAME_KEY task").isEqualTo(machines.b.conflicts());
    }

    /// Found by a review: SQLite counts foreign keys from the newest on, so one more gives all of them other numbers.
    @Test void a_new_foreign_key_leaves_the_old_ones_what_they_were() throws SQLException {
        machines.shared("CREATE TABLE person (id INTEGER PRIMARY KEY, name)",
            "CREATE TABLE task (id INTEGER PRIMARY KEY, maker INTEGER REFERENCES person ON UPDATE CASCADE, doer INTEGER REFERENCES person ON UPDATE CASCADE)",
            "INSERT INTO person VALUES (1, 'ann'), (2, 'bob')");
        machines.b.does("INSERT INTO task VALUES (11, 1, 2)");
        machines.a.does("ALTER TABLE task ADD COLUMN checker INTEGER REFERENCES person ON UPDATE CASCADE");
        machines.settle();
        assertThat(machines.b.text("SELECT maker || doer FROM task WHERE id = 11")).isEqualTo("12");
        machines.b.does("ALTER TABLE task ADD COLUMN checker INTEGER REFERENCES person ON UPDATE CASCADE");
        machines.a.does("UPDATE task SET checker = 1");
        machines.settle();
        machines.b.does("UPDATE person SET id = 9 WHERE id = 2");
        machines.a.does("INSERT INTO task VALUES (12, 2, 1, 2)");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(maker || doer || checker, ' ') FROM task")).as("each follows its own").isEqualTo("191 919");
    }

    /// Two machines get the next version of one program: each adds the same columns before it hears of the other.
    @Test void foreign_keys_that_both_machines_add_are_the_same_ones() throws SQLException {
        machines.shared("CREATE TABLE person (id INTEGER PRIMARY KEY)", "CREATE TABLE task (id INTEGER PRIMARY KEY, maker INTEGER REFERENCES person ON UPDATE CASCADE)",
            "INSERT INTO person VALUES (1), (2)");
        var checker = "ALTER TABLE task ADD COLUMN checker INTEGER REFERENCES person ON UPDATE CASCADE";
        var editor = "ALTER TABLE task ADD COLUMN editor INTEGER REFERENCES person ON UPDATE CASCADE";
        machines.a.does(checker, editor, "INSERT INTO task (id, maker, checker, editor) VALUES (1, 1, 2, 1)");
        machines.b.does(editor, checker, "INSERT INTO task (id, maker, checker, editor) VALUES (2, 2, 2, 1)");
        machines.settle();
        machines.a.does("INSERT INTO task (id, maker, checker, editor) VALUES (3, 1, 2, 1)");
        machines.b.does("UPDATE person SET id = 9 WHERE id = 2");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(maker || checker || editor, ' ') FROM task")).isEqualTo("191 991 191");
    }

    @Test void a_foreign_key_that_spells_its_parents_column_otherwise_is_in_force() throws SQLException {
        machines.shared(TASK, "CREATE TABLE note (id INTEGER PRIMARY KEY, task INTEGER REFERENCES task(ID), text)");
        machines.a.does("INSERT INTO task (id, title) VALUES (7, 'a')", "INSERT INTO note VALUES (1, 7, 'note of a')");
        machines.b.does("INSERT INTO task (id, title) VALUES (7, 'b')", "INSERT INTO note VALUES (2, 7, 'note of b')");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(text) FROM note")).isEqualTo("note of a");
    }

    @Tag("lesson-base-that-nobody-saw") @Tag("lesson-overwritten-unsent-edits") @Test void a_local_write_between_reading_and_applying_is_a_concurrent_edit() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one')");
        machines.a.does("UPDATE task SET title = 'from a'");
        machines.exchange();
        machines.b.program().run("UPDATE task SET title = 'from b'");        // it has not seen a's edit
        machines.b.follower.syncNow();
        machines.assertEqual();
        assertThat(machines.b.conflicts()).containsExactly("SAME_FIELD task");
    }

    /// The file was drained, what the log has next is in memory, and the file is not locked yet.
    @Test void a_local_write_at_the_last_moment_before_the_file_is_locked_is_a_concurrent_edit() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one')");
        machines.a.does("UPDATE task SET title = 'from a'");
        machines.exchange();
        var program = machines.b.program();
        machines.b.whenRead(() -> program.run("UPDATE task SET title = 'from b'"));
        machines.b.follower.syncNow();
        machines.assertEqual();
        assertThat(machines.b.text("SELECT title FROM task")).isEqualTo("from b");
        assertThat(machines.b.conflicts()).containsExactly("SAME_FIELD task");
    }

    /// Found by a review: `track` deleted them from the file. Only a key that is the rowid takes integers alone.
    @Test void a_key_that_is_declared_as_an_integer_and_holds_something_else_stays_in_the_file() throws SQLException {
        machines.shared("CREATE TABLE sample (at INT PRIMARY KEY, v)", "CREATE TABLE fallen (at INTEGER PRIMARY KEY DESC, v)",
            "INSERT INTO sample VALUES (1700000000.5, 'x'), ('abc', 'y')", "INSERT INTO fallen VALUES ('abc', 'y')");
        assertThat(machines.a.number("SELECT count(*) FROM sample")).isEqualTo(2);
        assertThat(machines.b.text("SELECT group_concat(typeof(at) || v, ' ') FROM (SELECT at, v FROM sample ORDER BY at)")).isEqualTo("realx texty");
        assertThat(machines.b.number("SELECT count(*) FROM fallen")).isEqualTo(1);
        machines.b.does("INSERT INTO sample VALUES (x'00', 'z')", "UPDATE sample SET at = 'def' WHERE at = 'abc'");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(v) FROM (SELECT v FROM sample ORDER BY at)")).isEqualTo("x,y,z");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void unique_values_swap_between_rows() throws SQLException {
        machines.shared("CREATE TABLE u (id INTEGER PRIMARY KEY, place INTEGER UNIQUE)", "INSERT INTO u VALUES (1, 10), (2, 20), (3, 30)");
        machines.a.does("BEGIN", "UPDATE u SET place = -1 WHERE id = 1", "UPDATE u SET place = 10 WHERE id = 3", "UPDATE u SET place = 30 WHERE id = 2",
            "UPDATE u SET place = 20 WHERE id = 1", "COMMIT");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(place) FROM (SELECT place FROM u ORDER BY id)")).isEqualTo("20,30,10");
    }

    /// Found by a review: a table may say that a row which is in the way goes, or that the new one does. The node's writes must not lose rows so.
    @ParameterizedTest @ValueSource(strings = {"REPLACE", "IGNORE", "FAIL", "ROLLBACK"})
    void unique_values_swap_between_rows_of_a_table_that_says_what_to_do_on_conflict(String what) throws SQLException {
        machines.shared("CREATE TABLE u (id INTEGER PRIMARY KEY, place INTEGER UNIQUE ON CONFLICT " + what + ")", "INSERT INTO u VALUES (1, 10), (2, 20), (3, 30)");
        machines.a.does("BEGIN", "UPDATE u SET place = -1 WHERE id = 1", "UPDATE u SET place = 10 WHERE id = 3", "UPDATE u SET place = 30 WHERE id = 2",
            "UPDATE u SET place = 20 WHERE id = 1", "COMMIT");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(place) FROM (SELECT place FROM u ORDER BY id)")).isEqualTo("20,30,10");
    }

    @Tag("lesson-deletions-never-synced") @Test void keys_swap_and_cascades_follow() throws SQLException {
        machines.shared("CREATE TABLE p (id INTEGER PRIMARY KEY, n)", "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE)",
            "INSERT INTO p VALUES (1, 'one'), (2, 'two')", "INSERT INTO c VALUES (10, 1), (20, 2)");
        machines.a.does("BEGIN", "UPDATE p SET id = 99 WHERE id = 1", "UPDATE p SET id = 1 WHERE id = 2", "UPDATE p SET id = 2 WHERE id = 99", "COMMIT");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(id || n) FROM p")).isEqualTo("1two,2one");
        assertThat(machines.b.text("SELECT group_concat(id || '-' || p) FROM c")).isEqualTo("10-2,20-1");
        machines.b.does("DELETE FROM p WHERE id = 1");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(id || '-' || p) FROM c")).isEqualTo("10-2");
    }

    @Test void replace_and_upsert_travel_as_what_they_did() throws SQLException {
        machines.shared("CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, n)", "INSERT INTO u VALUES (1, 'a', 0), (2, 'b', 0)");
        machines.a.does("REPLACE INTO u VALUES (3, 'a', 1)", "INSERT INTO u VALUES (4, 'b', 5) ON CONFLICT (mail) DO UPDATE SET n = 9", "REPLACE INTO u VALUES (2, 'c', 1)");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(id || mail || n) FROM u")).isEqualTo("2c1,3a1");
    }

    @Test void composite_nocase_and_without_rowid_keys_travel() throws SQLException {
        machines.shared("CREATE TABLE n (name TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID", "CREATE TABLE m (a, b, v, PRIMARY KEY (b, a)) WITHOUT ROWID",
            "CREATE TABLE x (code TEXT NOT NULL UNIQUE, v)");
        machines.a.does("INSERT INTO n VALUES ('Ann', 1), ('bob', 2)", "INSERT INTO m VALUES (1, 'x', 1), (1, 'y', 2)", "INSERT INTO x VALUES ('c', 1)");
        machines.assertEqual();
        machines.b.does("UPDATE n SET name = 'ANN', v = 3 WHERE name = 'ann'", "UPDATE m SET a = 2 WHERE b = 'x'", "DELETE FROM x");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT name || v FROM n WHERE name = 'ann'")).isEqualTo("ANN3");
    }

    @Test void utf16_files_exchange_text_with_utf8_files() throws SQLException {
        machines.b.program().run("PRAGMA encoding = 'UTF-16le'", TASK);
        machines.a.program().run(TASK, "INSERT INTO task (id, title) VALUES (1, 'naïve 𝄞')", "INSERT INTO task (id, title) VALUES (2, CAST(x'ff61' AS TEXT))");
        machines.a.open().track(List.of(), Progress.NONE);
        machines.exchange();
        machines.b.open().join(Adopt.ASK, Progress.NONE);
        machines.settle();
        assertThat(machines.b.text("SELECT hex(CAST(title AS BLOB)) FROM task WHERE id = 1")).isEqualTo("6E006100EF0076006500200034D81EDD");
        machines.b.does("UPDATE task SET state = 'x'", "INSERT INTO task (id, title) VALUES (3, 'drei 𝄞')");
        machines.settle();
        assertThat(machines.a.text("SELECT hex(title) FROM task WHERE id = 2")).as("what a UTF-16 file cannot hold is not an edit").isEqualTo("FF61");
        assertThat(machines.a.text("SELECT title FROM task WHERE id = 3")).isEqualTo("drei 𝄞");
    }

    @Tag("T08") @Tag("lesson-trigger-runs-again") @Test void a_users_trigger_that_writes_a_tracked_table_counts_once() throws SQLException {
        machines.shared("CREATE TABLE stock (item TEXT PRIMARY KEY, n INTEGER)", "CREATE TABLE sale (id INTEGER PRIMARY KEY, item TEXT, n INTEGER)",
            "CREATE TRIGGER sold AFTER INSERT ON sale BEGIN UPDATE stock SET n = n - NEW.n WHERE item = NEW.item; END", "INSERT INTO stock VALUES ('tea', 10)");
        machines.a.does("INSERT INTO sale VALUES (1, 'tea', 3)");
        machines.assertEqual();
        assertThat(machines.b.number("SELECT n FROM stock")).isEqualTo(7);
        machines.b.does("INSERT INTO sale VALUES (2, 'tea', 2)");
        machines.assertEqual();
        assertThat(machines.a.number("SELECT n FROM stock")).isEqualTo(5);
    }

    @Test void a_users_trigger_that_writes_an_untracked_table_runs_on_apply() throws SQLException {
        machines.shared(TASK);
        for (var machine : List.of(machines.a, machines.b))
            machine.does("CREATE VIRTUAL TABLE task_text USING fts5(title)",
                "CREATE TRIGGER index_task AFTER INSERT ON task BEGIN INSERT INTO task_text (rowid, title) VALUES (NEW.id, NEW.title); END");
        machines.a.does("INSERT INTO task (id, title) VALUES (1, 'find me')");
        machines.assertEqual();
        assertThat(machines.b.number("SELECT count(*) FROM task_text WHERE task_text MATCH 'find'")).isEqualTo(1);
    }

    /// One needs a function that only its program has, the other a view whose own trigger stands aside.
    @Test void a_users_trigger_that_cannot_run_on_apply_stands_aside_and_stops_nothing() throws SQLException {
        machines.shared(TASK);
        machines.b.does("CREATE TABLE seen (what)", "CREATE TRIGGER embed_task AFTER INSERT ON task BEGIN INSERT INTO seen VALUES (embed(NEW.title)); END",
            "CREATE VIEW titles AS SELECT id, title FROM task",
            "CREATE TRIGGER title_set INSTEAD OF INSERT ON titles BEGIN UPDATE task SET title = NEW.title WHERE id = NEW.id; END",
            "CREATE TRIGGER task_named AFTER UPDATE OF state ON task BEGIN INSERT INTO titles VALUES (NEW.id, 'by the view'); END",
            "CREATE VIRTUAL TABLE task_text USING fts5(title)",
            "CREATE TRIGGER index_task AFTER INSERT ON task BEGIN INSERT INTO task_text (rowid, title) VALUES (NEW.id, NEW.title); END");
        machines.a.does("INSERT INTO task (id, title) VALUES (1, 'find me')");
        machines.settle();
        machines.a.does("UPDATE task SET state = 'done'");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT title || ' ' || state FROM task")).isEqualTo("find me done");
        assertThat(machines.b.number("SELECT count(*) FROM task_text WHERE task_text MATCH 'find'")).as("what can run does").isEqualTo(1);
        assertThat(machines.b.number("SELECT count(*) FROM sqlite_schema WHERE name IN ('embed_task', 'title_set', 'task_named', 'index_task')")).isEqualTo(4);
    }

    @Tag("lesson-triggers-gone") @Test void a_table_rebuilt_by_an_orm_is_noticed_and_compared() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one'), (2, 'two')");
        machines.a.does("BEGIN", "CREATE TABLE new_task (id INTEGER PRIMARY KEY, title TEXT, state TEXT DEFAULT 'open')", "INSERT INTO new_task SELECT * FROM task",
            "DROP TABLE task", "ALTER TABLE new_task RENAME TO task", "UPDATE task SET title = 'unseen' WHERE id = 2", "COMMIT");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT title FROM task WHERE id = 2")).isEqualTo("unseen");
        machines.a.does("UPDATE task SET title = 'seen' WHERE id = 2");
        machines.assertEqual();
    }

    @Test void a_new_column_travels_and_waits_until_the_other_file_has_it() throws SQLException {
        machines.shared(TASK, "INSERT INTO task (id, title) VALUES (1, 'one')");
        machines.a.does("ALTER TABLE task ADD COLUMN owner TEXT", "UPDATE task SET owner = 'ann'");
        machines.settle();
        assertThat(machines.b.text("SELECT sql FROM sqlite_schema WHERE name = 'task'")).doesNotContain("owner");
        machines.b.does("UPDATE task SET title = 'eins'");
        machines.settle();
        assertThat(machines.a.text("SELECT title || owner FROM task")).isEqualTo("einsann");
        machines.b.does("ALTER TABLE task ADD COLUMN owner TEXT");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT owner FROM task")).isEqualTo("ann");
    }

    /// docs/decisions.md: a trigger has to name the columns of a unique index, and SQLite drops no column that a trigger names.
    @Test void a_unique_index_and_its_column_are_dropped_one_after_the_other_and_never_half() throws SQLException {
        machines.shared("CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT, n INTEGER)", "CREATE UNIQUE INDEX u_mail ON u (mail)", "INSERT INTO u VALUES (1, 'a', 0)");
        machines.a.program().run("BEGIN", "UPDATE u SET n = 1", "DROP INDEX u_mail");
        assertThatThrownBy(() -> machines.a.program().run("ALTER TABLE u DROP COLUMN mail")).isInstanceOf(SQLException.class).hasMessageContaining("waggle_");
        machines.a.program().run("ROLLBACK");
        machines.a.does("UPDATE u SET n = 2");
        machines.assertEqual();
        machines.a.does("DROP INDEX u_mail");
        machines.a.does("ALTER TABLE u DROP COLUMN mail", "UPDATE u SET n = 3");
        machines.settle();
        assertThat(machines.b.text("SELECT mail || n FROM u")).as("the other file keeps its column until somebody drops it there").isEqualTo("a3");
        machines.b.does("UPDATE u SET n = 4, mail = 'b'");
        machines.settle();
        assertThat(machines.a.number("SELECT n FROM u")).isEqualTo(4);
        machines.b.does("DROP INDEX u_mail");
        machines.b.does("ALTER TABLE u DROP COLUMN mail");
        machines.assertEqual();
    }

    @Test void a_new_table_is_tracked_when_all_are() throws SQLException {
        machines.shared(TASK);
        machines.a.does("CREATE TABLE tag (name TEXT PRIMARY KEY)", "INSERT INTO tag VALUES ('red')");
        machines.settle();
        machines.b.does("CREATE TABLE tag (name TEXT PRIMARY KEY)", "INSERT INTO tag VALUES ('blue')");
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(name) FROM (SELECT name FROM tag ORDER BY name)")).isEqualTo("blue,red");
    }

    @Test void a_file_that_an_older_program_followed_gets_the_triggers_of_now() throws SQLException {
        machines.shared("CREATE TABLE g (id INTEGER PRIMARY KEY, email TEXT, low TEXT AS (lower(email)) UNIQUE)", "INSERT INTO g (id, email) VALUES (1, 'Ann'), (2, 'Bob')");
        machines.a.stop();
        var trigger = "waggle_replace_by_update_1_g";
        var now = Machines.schemaOf(machines.a.file).get(trigger);
        machines.a.program().run("DROP TRIGGER " + trigger, now.replace("BEFORE UPDATE", "BEFORE UPDATE OF low"));
        machines.a.open();
        machines.settle();
        assertThat(Machines.schemaOf(machines.a.file)).containsEntry(trigger, now);
        machines.a.does("UPDATE OR REPLACE g SET email = 'ANN' WHERE id = 2");
        machines.assertEqual();
        assertThat(machines.b.text("SELECT group_concat(id || email) FROM g")).isEqualTo("2ANN");
    }

    @Test void a_dropped_table_asks_and_deletes_nothing_elsewhere() throws SQLException {
        machines.shared(TASK, "CREATE TABLE tag (name TEXT PRIMARY KEY)", "INSERT INTO tag VALUES ('red')");
        machines.a.does("DROP TABLE tag");
        machines.settle();
        assertThat(machines.b.text("SELECT name FROM tag")).isEqualTo("red");
        assertThat(machines.a.follower.status().missingTables()).containsExactly("tag");
    }

    @Tag("lesson-bulk-without-content") @Test void five_thousand_rows_and_a_megabyte_in_one_transaction_arrive_whole() throws SQLException {
        machines.shared("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
        machines.a.does("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, 'row ' || i FROM n",
            "INSERT INTO t VALUES (0, randomblob(1048576))");
        machines.assertEqual();
        assertThat(machines.b.number("SELECT length(v) FROM t WHERE id = 0")).isEqualTo(1_048_576);
        assertThat(machines.b.number("SELECT count(*) FROM t")).isEqualTo(5_001);
    }

    @Test void a_row_that_did_not_change_is_not_touched() throws SQLException {
        machines.shared(TASK, "CREATE TABLE seen (id INTEGER PRIMARY KEY, n INTEGER)", "INSERT INTO task (id, title) VALUES (1, 'one'), (2, 'two')");
        machines.b.follower.untrack();
        machines.b.program().run("DROP TABLE seen", "CREATE TABLE seen (n INTEGER)", "CREATE TRIGGER watch AFTER UPDATE ON task BEGIN INSERT INTO seen VALUES (NEW.id); END");
        machines.b.follower.track(List.of("task"), Progress.NONE);
        machines.a.does("UPDATE task SET title = title WHERE id = 1", "UPDATE task SET title = 'zwei' WHERE id = 2");
        machines.settle();
        assertThat(machines.b.text("SELECT group_concat(n) FROM seen")).isEqualTo("2");
    }

    @Test void untrack_leaves_schema_and_journal_mode_as_before() throws SQLException {
        machines.a.program().run("PRAGMA journal_mode = DELETE", TASK, "CREATE TABLE u (id INTEGER PRIMARY KEY, mail UNIQUE)", "INSERT INTO task (id) VALUES (1)");
        var before = Machines.schemaOf(machines.a.file);
        var follower = machines.a.open();
        follower.track(List.of(), Progress.NONE);
        assertThat(Machines.schemaOf(machines.a.file)).containsKeys("sync_queue", "waggle_state");
        follower.untrack();
        assertThat(Machines.schemaOf(machines.a.file)).isEqualTo(before);
        assertThat(machines.a.text("PRAGMA journal_mode")).isEqualTo("delete");
        assertThat(follower.status().state()).isEqualTo(FollowStatus.State.NOT_TRACKED);
    }

    @Test void what_cannot_be_tracked_is_refused_by_name_and_nothing_is_changed() throws SQLException {
        machines.a.program().run("CREATE TABLE good (id INTEGER PRIMARY KEY)", "CREATE TABLE bad (x)");
        var before = Machines.schemaOf(machines.a.file);
        assertThatThrownBy(() -> machines.a.open().track(List.of("good", "bad", "none"), Progress.NONE)).isInstanceOf(FileRefused.class)
            .hasMessageContaining("table bad cannot be tracked: it has no key").hasMessageContaining("table none");
        assertThat(Machines.schemaOf(machines.a.file)).isEqualTo(before);
        var report = machines.a.open().track(List.of(), Progress.NONE);
        assertThat(report.tables()).containsExactly("good");
        assertThat(report.refused()).extracting(Refusal::table).containsExactly("bad");
    }
}

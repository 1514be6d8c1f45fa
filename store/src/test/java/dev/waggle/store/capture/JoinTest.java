package dev.waggle.store.capture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class JoinTest {
    @TempDir Path folder;
    private Machines machines;
    private static final String TASK = "CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT)";

    @BeforeEach void start() throws SQLException {
        machines = new Machines(folder);
        machines.a.program().run(TASK, "INSERT INTO task VALUES (1, 'one'), (2, 'two'), (3, 'three')");
        machines.a.open().track(List.of(), Progress.NONE);
        machines.exchange();
    }

    @AfterEach void close() throws SQLException {
        machines.close();
    }

    @Test void planning_makes_no_file() {
        assertThat(machines.b.open().plan().create()).containsExactly("task");
        assertThat(Files.exists(machines.b.file)).isFalse();
    }

    @Test void equal_rows_are_adopted_and_rows_of_one_side_go_to_the_other() throws SQLException {
        machines.b.program().run(TASK, "INSERT INTO task VALUES (1, 'one'), (9, 'nine')");
        var plan = machines.b.open().plan();
        assertThat(plan.tables()).containsExactly(new JoinPlan.TablePlan("task", 1, 0, 1, 2));
        assertThat(machines.b.open().join(Adopt.ASK, Progress.NONE).joined()).isTrue();
        machines.assertEqual();
        assertThat(machines.a.text("SELECT group_concat(id) FROM task")).isEqualTo("1,2,3,9");
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Test void different_rows_ask_and_change_nothing() throws SQLException {
        machines.b.program().run(TASK, "INSERT INTO task VALUES (1, 'eins')");
        var before = Machines.schemaOf(machines.b.file);
        var report = machines.b.open().join(Adopt.ASK, Progress.NONE);
        assertThat(report.joined()).isFalse();
        assertThat(report.plan().different()).containsExactly(new JoinPlan.Different("task", "task[1]", "title", "eins", "one"));
        assertThat(Machines.schemaOf(machines.b.file)).isEqualTo(before);
    }

    @Test void mine_makes_the_files_row_an_edit() throws SQLException {
        machines.b.program().run(TASK, "INSERT INTO task VALUES (1, 'eins')");
        machines.b.open().join(Adopt.MINE, Progress.NONE);
        machines.assertEqual();
        assertThat(machines.a.text("SELECT title FROM task WHERE id = 1")).isEqualTo("eins");
    }

    @Test void theirs_overwrites_the_files_row() throws SQLException {
        machines.b.program().run(TASK, "INSERT INTO task VALUES (1, 'eins')");
        machines.b.open().join(Adopt.THEIRS, Progress.NONE);
        machines.assertEqual();
        assertThat(machines.b.text("SELECT title FROM task WHERE id = 1")).isEqualTo("one");
    }

    @Test void indexes_and_triggers_are_made_and_what_cannot_work_is_left_out() throws SQLException {
        machines.a.does("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)", "CREATE INDEX note_text ON note (text)", "CREATE VIRTUAL TABLE note_fts USING fts5(text)",
            "CREATE TRIGGER note_index AFTER INSERT ON note BEGIN INSERT INTO note_fts (rowid, text) VALUES (NEW.id, NEW.text); END");
        machines.a.does("INSERT INTO note VALUES (1, 'x')");
        machines.a.follower.close();
        machines.a.follower = null;
        machines.a.open().syncNow();
        machines.exchange();
        var report = machines.b.open().join(Adopt.ASK, Progress.NONE);
        machines.settle();
        assertThat(Machines.schemaOf(machines.b.file)).containsKeys("note", "task");
        assertThat(Machines.schemaOf(machines.b.file)).doesNotContainKey("note_index");
        assertThat(report.notes()).allMatch(note -> note.contains("note_index"));
        assertThat(machines.b.text("SELECT text FROM note")).isEqualTo("x");
    }
}

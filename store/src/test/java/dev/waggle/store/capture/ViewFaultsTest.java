package dev.waggle.store.capture;

import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.log.Entry;
import dev.waggle.store.view.ViewUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A view that cannot be written for a while: its file is on a full disk.
class ViewFaultsTest {
    @TempDir Path folder;
    private Machines machines;
    private FollowedFile followed;
    private String failing = "";                          // what the view fails to do next, once

    @BeforeEach void start() throws SQLException {
        machines = new Machines(folder);
        machines.shared("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT, state TEXT)", "INSERT INTO task VALUES (1, 'one', '')");
        machines.b.stop();
        followed = new FollowedFile(machines.b.file, machines.b.log, () -> machines.b.author, machines.clockMs::incrementAndGet, new FailingViews());
        followed.open(false);
        followed.expect();
    }

    @AfterEach void close() throws SQLException {
        followed.close();
        machines.close();
    }

    private final class FailingViews implements FileView.Opener {
        private final FileView.Opener views = new FileViews(machines.b.view, machines.b.log);

        @Override public FileView open() {
            return new FailingView(views.open());
        }

        @Override public FileView reset(FileView old) {
            return new FailingView(views.reset(((FailingView) old).real));
        }

        @Override public FileView scratch() {
            return views.scratch();
        }

        @Override public Path scratchFile(String name) {
            return views.scratchFile(name);
        }
    }

    private final class FailingView implements FileView {
        private final FileView real;

        private FailingView(FileView real) {
            this.real = real;
        }

        /// SQLite has taken the transaction back when it says that the disk is full.
        private void mayFail(String doing) {
            if (!doing.equals(failing)) return;
            failing = "";
            real.rollback();
            throw new ViewUnavailable(doing, new IOException("no space left"));
        }

        @Override public TableView table() {
            return real.table();
        }

        @Override public void fold(Entry entry, List<RowChange> written) {
            mayFail("fold");
            real.fold(entry, written);
        }

        @Override public void commit(long offset) {
            mayFail("commit");
            real.commit(offset);
        }

        @Override public long committed() {
            return real.committed();
        }

        @Override public void rollback() {
            real.rollback();
        }

        @Override public void close() {
            real.close();
        }
    }

    private void assertEqual() throws SQLException {
        for (int round = 0; round < 3; round++) {
            followed.syncNow();
            machines.exchange();
            machines.a.follower.syncNow();
        }
        assertThat(Machines.dump(machines.b.file)).isEqualTo(Machines.dump(machines.a.file));
        assertThat(machines.a.conflicts()).isEmpty();
    }

    @Tag("S05") @Test void a_view_that_kept_nothing_of_what_the_file_got_is_taken_up_anew() throws SQLException {
        machines.a.does("INSERT INTO task VALUES (5, 'five', '')", "UPDATE task SET title = 'a' WHERE id = 1");
        machines.exchange();
        failing = "commit";
        assertThatThrownBy(followed::syncNow).isInstanceOf(ViewUnavailable.class);
        machines.b.program().run("UPDATE task SET state = 'b'");
        assertEqual();
        assertThat(machines.a.text("SELECT group_concat(id || title || state) FROM task")).isEqualTo("1ab,5fiveb");
    }

    @Tag("S05") @Test void what_a_program_wrote_is_in_the_log_once_however_often_the_view_fails() throws SQLException {
        long before = machines.b.log.state().lastOffset();
        machines.b.program().run("UPDATE task SET state = 'b' WHERE id = 1");
        for (int i = 0; i < 3; i++) {
            failing = i == 0 ? "fold" : "commit";
            assertThatThrownBy(followed::syncNow).isInstanceOf(ViewUnavailable.class);
            machines.b.program().run("UPDATE task SET title = '%d' WHERE id = 1".formatted(i));
        }
        assertEqual();
        assertThat(machines.b.log.state().lastOffset() - before).isEqualTo(4);
    }
}

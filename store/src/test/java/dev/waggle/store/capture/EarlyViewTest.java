package dev.waggle.store.capture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

class EarlyViewTest {
    @TempDir Path folder;
    private Machines machines;

    @BeforeEach void start() throws SQLException {
        machines = new Machines(folder);
        machines.a.program().run("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT)", "CREATE TABLE note (task REFERENCES task, text PRIMARY KEY)");
        machines.a.open().track(List.of(), Progress.NONE);
    }

    @AfterEach void close() throws SQLException {
        machines.close();
    }

    private void someMore(int round) throws SQLException {
        machines.a.does("INSERT INTO task SELECT 1000 * " + round + " + value, 'title ' || value FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 300)"
            + " SELECT value FROM n)", "INSERT INTO note SELECT id, 'note ' || id FROM task WHERE id / 1000 = " + round, "UPDATE task SET title = 'changed' WHERE id % 7 = 0");
        machines.exchange();
    }

    @Test void a_log_is_folded_as_it_arrives_and_a_file_takes_up_from_there() throws SQLException {
        try (var early = EarlyView.start(machines.b.view, machines.b.log)) {
            for (int round = 1; round <= 5; round++) {
                someMore(round);
                await(early, machines.b.log.state().lastOffset());
            }
        }
        try (var view = new FileViews(machines.b.view, machines.b.log).open()) {
            assertThat(view.committed()).isEqualTo(machines.b.log.state().lastOffset());
        }
        someMore(6);
        machines.b.open().join(Adopt.ASK, Progress.NONE);
        machines.assertEqual();
    }

    @Test void it_ends_at_once_wherever_it_is() throws SQLException {
        for (int round = 1; round <= 5; round++) {
            someMore(round);
            EarlyView.start(machines.b.view, machines.b.log).close();
        }
        machines.b.open().join(Adopt.ASK, Progress.NONE);
        machines.assertEqual();
    }

    private static void await(EarlyView early, long offset) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (early.folded() < offset) {
            if (System.nanoTime() > until) throw new AssertionError("folded " + early.folded() + " of " + offset);
            LockSupport.parkNanos(200_000);
        }
    }
}

package dev.waggle.node.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;

import static org.assertj.core.api.Assertions.assertThat;

/// A file that a node follows is followed until somebody says otherwise: not a lost log, a command that was refused or a damaged view ends that without a word.
@Timeout(120)
class NothingForgottenTest {
    @TempDir Path folder;
    private Shell anna;
    private Shell bert;
    private Path a;
    private Path b;

    @BeforeEach void two_nodes_share_a_file() throws Exception {
        anna = new Shell(folder.resolve("anna"), folder.resolve("state"));
        bert = new Shell(folder.resolve("bert"), folder.resolve("state"));
        a = folder.resolve("a.sqlite");
        b = folder.resolve("b.sqlite");
        sql(a, "CREATE TABLE task (id TEXT PRIMARY KEY, title TEXT)");
        sql(a, "INSERT INTO task VALUES ('t1', 'one')");
        anna.up();
        bert.up();
        anna.ask("track", a);
        bert.ask("join", anna.ask("invite").text("ticket"), b);
        awaitEqual(1);
    }

    @AfterEach void stop() throws InterruptedException {
        anna.close();
        bert.close();
    }

    @Tag("S10") @Test void a_space_whose_log_is_lost_is_there_after_any_number_of_starts_and_filled_when_somebody_has_it() throws Exception {
        anna.down();
        bert.down();
        delete(bert.data().resolve("spaces"));
        for (int start = 0; start < 2; start++) assertThat(bert.ask("space", "list").array("spaces")).as("start " + start).hasSize(1);
        sql(b, "INSERT INTO task VALUES ('t2', 'two')");
        bert.up();
        anna.up();
        awaitEqual(2);
    }

    @Tag("S10") @Test void a_file_that_was_lost_with_the_log_is_made_again() throws Exception {
        anna.down();
        bert.down();
        delete(bert.data().resolve("spaces"));
        for (var end : new String[] {"", "-wal", "-shm"}) Files.deleteIfExists(Path.of(b + end));
        bert.up();
        assertThat(b).as("nobody has said what is in it").doesNotExist();
        anna.up();
        awaitEqual(1);
        sql(b, "INSERT INTO task VALUES ('t2', 'two')");
        awaitEqual(2);
    }

    @Test void a_leaving_that_is_refused_changes_nothing() throws Exception {
        var log = bert.data().resolve("spaces").resolve(bert.ask("space", "show").text("id")).resolve("sync.sqlite");
        try (var db = open(log); var run = db.createStatement()) {
            run.execute("BEGIN IMMEDIATE");
            assertThat(bert.run("leave").exit()).isNotZero();
            run.execute("ROLLBACK");
        }
        sql(b, "INSERT INTO task VALUES ('t2', 'two')");
        awaitEqual(2);
    }

    /// It can be made again from the log, so it stops nobody.
    @Test void a_view_that_cannot_be_read_ends_no_node() throws Exception {
        var id = bert.ask("space", "show").text("id");
        bert.down();
        sql(bert.data().resolve("spaces").resolve(id).resolve("view.sqlite"), "DROP TABLE conflicted");
        bert.up();
        assertThat(bert.run("sync", "status").out()).contains("conflicted");
        assertThat(bert.ask("space", "list").array("spaces")).hasSize(1);
    }

    private void awaitEqual(int rows) throws InterruptedException {
        for (long until = System.nanoTime() + 60_000_000_000L;; Thread.sleep(20)) {
            var said = anna.run("compare", a, b, "--json");
            if (said.exit() == 0 && said.json().integer("left_rows") == rows) return;
            if (System.nanoTime() > until) throw new AssertionError(said.out() + said.err() + anna.run("sync", "status").out() + bert.run("sync", "status").out());
        }
    }

    private static void sql(Path file, String statement) throws SQLException {
        try (var db = open(file); var each = db.createStatement()) {
            each.execute(statement);
        }
    }

    private static Connection open(Path file) throws SQLException {
        var db = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var each = db.createStatement()) {
            each.execute("PRAGMA busy_timeout = 5000");
        }
        return db;
    }

    private static void delete(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;

/// A machine whose battery is empty begins with an old time while the network is away.
@Timeout(300)
class ClockFellBackTest {
    @TempDir private Path folder;

    private static String query(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            if (!statement.execute(sql)) return "";
            try (var rows = statement.getResultSet()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }
    }

    private static String items(Path file) throws SQLException {
        return query(file, "SELECT group_concat(id || ' ' || text, ', ') FROM (SELECT * FROM item ORDER BY id)");
    }

    private static String reasons(Shell node) {
        return String.join(" ", node.run("sync", "status", "--json").json().array("reasons").stream().map(Json::asText).toList());
    }

    private static long space(Shell node, String what) {
        return node.run("sync", "status", "--json").json().array("spaces").getFirst().asObject().integer(what);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        for (long until = System.nanoTime() + 60_000_000_000L; !condition.call(); Thread.sleep(20))
            if (System.nanoTime() > until) throw new AssertionError("not within a minute: " + what);
    }

    /// Its own events are no events of the future then: were they written anew, every edit that others made of these rows would be an edit of rows that
    /// never were.
    @Tag("T02") @Tag("T04") @Test void a_machine_whose_clock_fell_back_takes_nothing_back() throws Exception {
        var a = folder.resolve("a.sqlite");
        var b = folder.resolve("b.sqlite");
        query(a, "CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT)");
        try (var anna = new Shell(folder.resolve("anna"), folder.resolve("state")); var bert = new Shell(folder.resolve("bert"), folder.resolve("state"))) {
            for (var node : List.of(anna, bert)) node.clock(Duration.ofDays(-30)).up();       // an old space
            anna.ask("track", a);
            bert.ask("join", anna.ask("invite").text("ticket"), b);
            anna.down();
            bert.down();

            for (var node : List.of(anna, bert)) node.clock(Duration.ZERO).up();
            query(b, "INSERT INTO item VALUES (1, 'from b')");
            await("it arrives", () -> items(a).equals("1 from b"));
            await("both are ready", () -> reasons(anna).isEmpty() && reasons(bert).isEmpty());
            bert.down();
            query(a, "UPDATE item SET text = 'edited by a'");
            await("the edit is in a's log", () -> space(anna, "queue") == 0);
            anna.down();

            bert.clock(Duration.ofDays(-10)).up();
            query(b, "INSERT INTO item VALUES (2, 'ten days back')");
            await("b says why it writes nothing", () -> reasons(bert).contains("nothing is written until then"));
            assertThat(reasons(bert)).contains("clock went back");
            bert.down();

            anna.up();
            bert.clock(Duration.ZERO).up();
            await("all is there", () -> items(a).equals("1 edited by a, 2 ten days back"));
            await("both files are equal", () -> items(b).equals(items(a)));
            await("both are ready", () -> reasons(anna).isEmpty() && reasons(bert).isEmpty());
            assertThat(space(anna, "conflicts")).isZero();
        }
    }
}

package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;
import dev.waggle.store.compare.FileCompare;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// S14: nodes in Turkey, Egypt and Newfoundland. How a machine writes numbers, dates and capital letters changes no byte of a log or a row.
@Timeout(240)
class PlacesTest {
    private static final List<String[]> PLACES = List.of(
        new String[] {"-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Pacific/Kiritimati"},
        new String[] {"-Duser.language=ar", "-Duser.country=EG", "-Duser.extensions=nu-arab", "-Duser.timezone=Africa/Cairo", "-Dfile.encoding=ISO-8859-1"},
        new String[] {"-Duser.language=fr", "-Duser.country=CA", "-Duser.timezone=America/St_Johns"});
    @TempDir Path folder;

    @Tag("S14") @Test void three_nodes_in_three_places_have_equal_rows_and_equal_logs() throws Exception {
        var files = List.of(folder.resolve("tr.sqlite"), folder.resolve("ar.sqlite"), folder.resolve("fr.sqlite"));
        sql(files.getFirst(), """
            CREATE TABLE "ITEM list" (ID TEXT NOT NULL PRIMARY KEY COLLATE NOCASE, Title TEXT UNIQUE, PRICE REAL, "İndirim" NUMERIC, WHEN_AT TEXT, raw BLOB)""");
        insert(files.getFirst(), "I1", "title ı İ i I", 1234567.891);
        var nodes = new ArrayList<NodeProcess>();
        try {
            for (int i = 0; i < 3; i++) nodes.add(new NodeProcess(folder.resolve("n" + i)).options(PLACES.get(i)).environment("TZ", List.of("Asia/Tokyo", "UTC", "America/St_Johns").get(i)).begin());
            for (var node : nodes) node.awaitUp();
            nodes.getFirst().ask("track", files.getFirst());
            for (int i = 1; i < 3; i++) nodes.get(i).ask("join", nodes.getFirst().ask("invite").text("ticket"), files.get(i));
            for (int i = 0; i < 3; i++) insert(files.get(i), "Iı" + i, "TITLE " + i, -0.1 / (i + 3));
            NodeProcess.await("all are there", () -> files.stream().allMatch(file -> count(file) == 4));
            for (int i = 0; i < 3; i++) sql(files.get(i), "UPDATE \"ITEM list\" SET PRICE = PRICE * " + (i + 2) + ", Title = Title || '" + i + "'");
            NodeProcess.await("all are equal", () -> files.stream().allMatch(file -> FileCompare.compare(files.getFirst(), file, 1).isEqual()));
            NodeProcess.await("the logs are equal", () -> nodes.stream().map(PlacesTest::log).distinct().count() == 1);
            assertThat(log(nodes.getFirst())).hasSizeGreaterThan(7);
            for (var node : nodes) node.run("log", "verify").ok();
        } finally {
            for (var node : nodes) node.close();
        }
    }

    /// Payloads alone: which events inside a run carry a signature of their own depends on how they arrived.
    private static List<String> log(NodeProcess node) {
        return node.run("log", "export").ok().out().lines().map(line -> Canonical.parseObject(line.getBytes(StandardCharsets.UTF_8)).text("payload")).sorted().toList();
    }

    private static void insert(Path file, String id, String title, double price) throws SQLException {
        sql(file, "INSERT INTO \"ITEM list\" VALUES ('" + id + "', '" + title + "', " + price + ", 1e3, datetime('now', 'localtime'), x'00ff')");
    }

    private static void sql(Path file, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var each = connection.createStatement()) {
            each.execute("PRAGMA busy_timeout = 10000");
            each.execute(statement);
        }
    }

    private static int count(Path file) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var each = connection.createStatement();
             var rows = each.executeQuery("SELECT count(*) FROM \"ITEM list\"")) {
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

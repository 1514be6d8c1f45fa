package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Progress;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Rows of tracked tables, page by page.
@Timeout(60)
class TableRoutesTest {
    @TempDir Path folder;
    @AutoClose private TestNode node;

    @BeforeEach void start() {
        node = TestNode.unserved(folder);
    }

    private void track(String... statements) throws SQLException {
        var file = folder.resolve("a.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var run = db.createStatement()) {
            for (var statement : statements) run.execute(statement);
        }
        node.node().track(file, List.of(), Optional.empty(), Progress.NONE);
    }

    private static String numbers(int last) {
        return "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < " + last + ") SELECT value FROM n)";
    }

    private Json.Obj rows(String query) {
        return node.get("/api/v1/spaces/a/rows?" + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<String> keys(Json.Obj page) {
        return page.array("rows").stream().map(row -> row.asObject().array("key").stream().map(Json::asText).collect(Collectors.joining("/"))).toList();
    }

    /// Page after page, by what each says of the next.
    private List<String> all(String query, int limit) {
        var keys = new ArrayList<String>();
        var after = "";
        for (int pages = 0; pages < 1_000; pages++) {
            var page = rows(query + "&limit=" + limit + "&after=" + after);
            assertThat(page.array("rows")).hasSizeLessThanOrEqualTo(limit);
            keys.addAll(keys(page));
            if (page.textIfPresent("next").isEmpty()) return keys;
            after = page.text("next");
        }
        throw new AssertionError("it does not end: " + keys.size());
    }

    @Test void pages_follow_each_other_in_the_order_of_the_key() throws Exception {
        track("CREATE TABLE one (id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO one SELECT value * 3, 'v' || value FROM " + numbers(250),
            "CREATE TABLE two (a TEXT COLLATE NOCASE, b, v, PRIMARY KEY (a, b)) WITHOUT ROWID", "INSERT INTO two SELECT 'k' || (value / 10), value, NULL FROM " + numbers(95));
        var first = rows("table=one&limit=100");
        assertThat(first.integer("rows_count")).isEqualTo(250);
        assertThat(first.array("columns")).containsExactly(Json.of("id"), Json.of("v"));
        assertThat(first.array("key")).containsExactly(Json.of("id"));
        assertThat(first.array("rows").getFirst().asObject().array("cells")).containsExactly(Json.of(3), Json.of("v1"));
        var every = IntStream.rangeClosed(1, 250).mapToObj(i -> Integer.toString(3 * i)).toList();
        assertThat(all("table=one", 100)).isEqualTo(every);
        assertThat(all("table=one", 1)).isEqualTo(every);
        assertThat(all("table=one", 250)).isEqualTo(every);
        assertThat(keys(rows("table=one&skip=248&limit=10"))).containsExactly("747", "750");
        assertThat(rows("table=one&skip=248").get("rows_count")).isEmpty();
        assertThat(keys(rows("table=one&limit=2&after=" + first.text("next") + "&skip=5"))).containsExactly("318", "321");
        assertThat(rows("table=one&skip=1000").array("rows")).isEmpty();
        assertThat(all("table=two", 7)).hasSize(95).doesNotHaveDuplicates().startsWith("k0/1", "k0/2").endsWith("k9/94", "k9/95");
    }

    @Test void long_values_are_cut_and_blobs_told_by_their_size() throws Exception {
        track("CREATE TABLE one (id INTEGER PRIMARY KEY, v)", "INSERT INTO one VALUES (1, printf('%.*c', 5000000, 'x')), (2, zeroblob(3000000)), (3, x''), (4, 9223372036854775807), (5, 1.5), (6, NULL), (7, '~tilde'), "
            + "(8, 'x' || replace(printf('%.*c', 900, 'x'), 'x', 'ä')), (9, char(60) || 'b' || char(62))");
        var cells = rows("table=one").array("rows").stream().map(row -> row.asObject().array("cells").getLast()).toList();
        assertThat(cells.get(0)).isEqualTo(Json.object("text", "x".repeat(800), "bytes", 5_000_000));
        assertThat(cells.get(1)).isEqualTo(Json.object("blob", 3_000_000));
        assertThat(cells.subList(2, 7)).containsExactly(Json.object("blob", 0), Json.of("~i:9223372036854775807"), new Json.Num(1.5), Json.NULL, Json.of("~s:~tilde"));
        assertThat(cells.get(7)).as("not cut through a character").isEqualTo(Json.object("text", "x" + "ä".repeat(399), "bytes", 1_801));
        assertThat(cells.get(8)).isEqualTo(Json.of("<b>"));
    }

    @Test void a_page_of_large_rows_ends_early() throws Exception {
        track("CREATE TABLE wide (id INTEGER PRIMARY KEY, " + IntStream.range(0, 20).mapToObj(i -> "c" + i + " TEXT DEFAULT (printf('%.*c', 790, 'x'))").collect(Collectors.joining(", ")) + ")",
            "INSERT INTO wide (id) SELECT value FROM " + numbers(300));
        assertThat(rows("table=wide&limit=500").array("rows").size()).isBetween(30, 100);
        assertThat(all("table=wide", 500)).hasSize(300).doesNotHaveDuplicates();
    }

    @Test void a_table_of_very_many_columns_is_cut() throws Exception {
        track("CREATE TABLE wide (id INTEGER PRIMARY KEY, " + IntStream.range(0, 1_200).mapToObj(i -> "c" + i).collect(Collectors.joining(", ")) + ")", "INSERT INTO wide (id, c1199) VALUES (1, 'last')");
        var page = rows("table=wide");
        assertThat(page.array("columns")).hasSize(500);
        assertThat(page.integer("more_columns")).isEqualTo(701);
        assertThat(page.array("rows").getFirst().asObject().array("cells")).hasSize(500);
    }

    @Test void keys_that_are_long_or_no_text_are_passed_and_lead_nowhere() throws Exception {
        track("CREATE TABLE odd (id PRIMARY KEY NOT NULL, v)", "INSERT INTO odd SELECT printf('%.*c', 5000, 'x') || value, value FROM " + numbers(20), "INSERT INTO odd VALUES (x'00ff', 'blob'), (CAST(x'ff' AS TEXT), 'no UTF-8'), (2.5, 'real'), (7, 'int')");
        var page = rows("table=odd&limit=3");
        assertThat(page.array("rows").stream().map(row -> row.asObject().get("key").orElseThrow())).containsExactly(Json.array(List.of(Json.of("2.5"))), Json.array(List.of(Json.of("7"))), Json.NULL);
        var seen = new ArrayList<Json>();
        var after = "";
        for (int pages = 0; pages < 10; pages++) {
            var each = rows("table=odd&limit=3&after=" + after);
            each.array("rows").forEach(row -> seen.add(row.asObject().array("cells").getLast()));
            if (each.textIfPresent("next").isEmpty()) break;
            after = each.text("next");
            assertThat(after.length()).isLessThan(1_500);
        }
        assertThat(seen).hasSize(24).doesNotHaveDuplicates().contains(Json.of("blob"), Json.of("no UTF-8"));
    }

    @Test void hostile_names_are_names() throws Exception {
        var table = "x\"; DROP TABLE one; -- <script>";
        var column = "c\" AS \"d', <b>";
        track("CREATE TABLE one (id INTEGER PRIMARY KEY)", "CREATE TABLE \"" + table.replace("\"", "\"\"") + "\" (\"" + column.replace("\"", "\"\"") + "\" TEXT PRIMARY KEY, \"..\" TEXT)",
            "INSERT INTO \"" + table.replace("\"", "\"\"") + "\" VALUES ('[\"a\"]', 'b')");
        var page = rows("table=" + encoded(table));
        assertThat(page.array("columns")).containsExactly(Json.of(column), Json.of(".."));
        assertThat(keys(page)).containsExactly("[\"a\"]");
        assertThat(rows("table=one").array("rows")).isEmpty();
    }

    @Test void what_is_wrong_is_refused() throws Exception {
        track("CREATE TABLE one (id INTEGER PRIMARY KEY, v TEXT)", "CREATE TABLE two (a, b, PRIMARY KEY (a, b))", "INSERT INTO one SELECT value, '' FROM " + numbers(3));
        var next = rows("table=one&limit=1").text("next");
        node.ask("POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
        node.ask("POST", "/api/v1/hives", Json.object("name", "bees"));
        refused(ErrorCode.NOT_FOUND, "/api/v1/spaces/a/rows?table=three", "has no table of the name three");
        refused(ErrorCode.NOT_FOUND, "/api/v1/spaces/bees/rows?table=one", "No file here shows the tables");
        refused(ErrorCode.NOT_FOUND, "/api/v1/spaces/nowhere/rows?table=one", "");
        refused(ErrorCode.BAD_REQUEST, "/api/v1/spaces/a/rows", "of which table");
        for (var limit : List.of("0", "501", "x", "-1")) refused(ErrorCode.BAD_REQUEST, "/api/v1/spaces/a/rows?table=one&limit=" + limit, "limit");
        for (var skip : List.of("-1", "1000001")) refused(ErrorCode.BAD_REQUEST, "/api/v1/spaces/a/rows?table=one&skip=" + skip, "skip");
        for (var after : List.of("!", "AAAA", Cursors.of("{}"), Cursors.of("{\"key\":[[\"t\",1,\"" + "0".repeat(64) + "\"]],\"skip\":0}"), Cursors.of("{\"skip\":-1}")))
            refused(ErrorCode.BAD_REQUEST, "/api/v1/spaces/a/rows?table=one&after=" + after, "That is no");
        refused(ErrorCode.BAD_REQUEST, "/api/v1/spaces/a/rows?table=two&after=" + next, "another table");
        refused(ErrorCode.BAD_REQUEST, "/api/v1/spaces/a/rows?table=one&skip=10&after=" + Cursors.of("{\"skip\":1000000}"), "too far");
        node.ask("POST", "/api/v1/untrack", Json.object("file", folder.resolve("a.sqlite").toString()));
        refused(ErrorCode.NOT_FOUND, "/api/v1/spaces/a/rows?table=one", "");
    }

    private void refused(ErrorCode code, String target, String says) {
        assertThatThrownBy(() -> node.ask("GET", target, Json.object())).as(target).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).as(target).isEqualTo(code)).hasMessageContaining(says);
    }
}

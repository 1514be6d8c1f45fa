package dev.waggle.store.view;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

class ScratchRulesTest {
    private final ScratchRules rules = new ScratchRules();

    @AfterEach void close() {
        rules.close();
    }

    private static TableSchema table(String name, String... sql) {
        return new TableSchema(name, List.of(), List.of("id"), TableSchema.Identity.EVENT,
            List.of(new TableSchema.Unique("", List.of("id"), List.of("BINARY"), Optional.empty())), List.of(), false, List.of(sql));
    }

    private static TreeMap<String, Value> row(long id, Value v) {
        return new TreeMap<>(Map.of("id", new Value.Int(id), "v", v));
    }

    @Test void check_and_strict_are_judged_by_sqlite_and_a_rejected_row_leaves_nothing() {
        var check = table("a \"b\"", "CREATE TABLE \"a \"\"b\"\"\" (id INTEGER PRIMARY KEY, v INTEGER DEFAULT 3 CHECK (v > 2))");
        assertThat(rules.judged(check)).isNotEmpty();
        assertThat(rules.violation(check, row(1, new Value.Int(3)))).isEmpty();
        assertThat(rules.violation(check, row(1, new Value.Int(2))).orElseThrow()).contains("CHECK");
        assertThat(rules.violation(check, row(1, new Value.Int(3)))).as("again, under the same key").isEmpty();
        assertThat(rules.violation(check, new TreeMap<>(Map.of("id", new Value.Int(1))))).as("the default").isEmpty();
        var strict = table("s", "CREATE TABLE s (id INTEGER PRIMARY KEY, v INTEGER) STRICT");
        assertThat(rules.violation(strict, row(1, Value.Text.of("x"))).orElseThrow()).contains("cannot store TEXT");
        assertThat(rules.judged(table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v DEFAULT 'CHECK')"))).as("a string is no word").isEmpty();
    }

    @Test void columns_that_every_row_has_to_bring_are_those_that_must_not_be_null_and_have_no_default() {
        var table = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, a NOT NULL, b NOT NULL DEFAULT 'b', c, d TEXT NOT NULL, e AS (a) NOT NULL)");
        assertThat(rules.needed(table)).containsExactly("a", "d");
        assertThat(rules.needed(table("f", "CREATE TABLE f (id INTEGER PRIMARY KEY, v NOT NULL COLLATE nowhere)"))).as("a table that cannot be made here is judged nowhere").isEmpty();
        assertThat(rules.judged(table)).as("no row has to be tried for that").isEmpty();
    }

    @Test void keys_of_partial_and_expression_indexes_are_computed_by_sqlite() {
        var schema = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v)", "CREATE UNIQUE INDEX e ON t (lower(v), coalesce(v, 'a,(b') COLLATE NOCASE DESC)",
            "CREATE UNIQUE INDEX p ON t (v) WHERE v <> 'gone'");
        var expression = new TableSchema.Unique("e", List.of(), List.of(), Optional.empty());
        assertThat(rules.key(schema, expression, row(1, Value.Text.of("AbC")))).contains(List.of(Value.Text.of("abc"), Value.Text.of("AbC")));
        assertThat(rules.key(schema, expression, row(1, Value.NULL))).contains(List.of(Value.NULL, Value.Text.of("a,(b")));
        var partial = new TableSchema.Unique("p", List.of("v"), List.of("BINARY"), Optional.of("v <> 'gone'"));
        assertThat(rules.key(schema, partial, row(1, Value.Text.of("x")))).contains(List.of(Value.Text.of("x")));
        assertThat(rules.key(schema, partial, row(1, Value.Text.of("gone")))).isEmpty();
        var odd = new Value.Text(new byte[] {'a', 0, -1});
        assertThat(rules.key(schema, partial, row(1, odd))).as("text that is no Unicode").contains(List.of(odd));
        assertThat(rules.key(schema, partial, row(1, new Value.Int(Long.MIN_VALUE)))).contains(List.of(new Value.Int(Long.MIN_VALUE)));
    }

    /// A schema comes from another member, who may be hostile: found by fuzzing.
    @Test @Timeout(20) void what_sqlite_would_not_take_as_an_index_is_never_asked() {
        var schema = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v)", "CREATE UNIQUE INDEX e ON t ((SELECT count(*) FROM t))");
        for (var where : List.of("(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c) > 0", "random() > 0", "1 UNION SELECT 7",
            "1 ORDER BY v", "", "nosuch(v)"))
            assertThat(rules.key(schema, new TableSchema.Unique("p", List.of("v"), List.of("BINARY"), Optional.of(where)), row(1, new Value.Int(2)))).as(where).isEmpty();
        assertThat(rules.key(schema, new TableSchema.Unique("e", List.of(), List.of(), Optional.empty()), row(1, new Value.Int(2)))).isEmpty();
    }

    @Test @Timeout(20) void a_rule_builds_nothing_far_larger_than_the_row() {
        var huge = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v, CHECK (length(hex(zeroblob(400000000))) > id))");
        assertThat(rules.violation(huge, row(1, Value.NULL)).orElseThrow()).contains("too big");
        var twice = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v, CHECK (length(hex(v)) > id))");
        assertThat(rules.violation(twice, row(1, new Value.Blob(new byte[1 << 20])))).isEmpty();
        assertThat(rules.violation(twice, row(1, new Value.Int(3)))).as("a small row after a large one").isEmpty();
    }

    @Test void a_check_that_draws_lots_is_not_judged() {
        for (var check : List.of("random() > id", "\"RandomBlob\"(4) > v", "v > (0 + (changes()))"))
            assertThat(rules.judged(table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v, CHECK (" + check + "))"))).as(check).isEmpty();
        assertThat(rules.judged(table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v DEFAULT (random()), CHECK (v > id))"))).as("a default is no rule").isNotEmpty();
    }

    @Test void a_changed_schema_is_judged_by_its_new_rules() {
        var old = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v CHECK (v > 2))");
        var changed = table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, v CHECK (v < 2))");
        assertThat(rules.violation(old, row(1, new Value.Int(5)))).isEmpty();
        assertThat(rules.violation(changed, row(1, new Value.Int(5)))).isPresent();
        assertThat(rules.violation(old, row(1, new Value.Int(5)))).isEmpty();
    }

    @Tag("W05") @Test void only_one_create_table_statement_is_ever_run() {
        for (var sql : List.of("CREATE TABLE t (id CHECK (id > 2)); DROP TABLE x", "ATTACH 'file' AS x", "CREATE VIRTUAL TABLE t USING fts5(id, \"CHECK\")",
            "CREATE TABLE t AS SELECT 1 AS id, 'CHECK' CHECK", "CREATE VIEW t AS SELECT 1 CHECK", "", "CREATE TABLE other (id CHECK (id > 2))"))
            assertThat(rules.judged(table("t", sql))).as(sql).isEmpty();
        assertThat(SchemaSql.creates("-- a note; with a mark\nCREATE /* and ; another */ TABLE t (a);", "TABLE")).isTrue();
    }
}

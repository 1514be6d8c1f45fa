package dev.waggle.store.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;
import dev.waggle.core.record.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

class FileCompareTest {
    @TempDir Path folder;

    /// Each is stored in a column without a type, so nothing converts it on the way in.
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        1            ; 1.0
        0.0          ; -0.0
        '1'          ; 1
        'a'          ; x'61'
        ''           ; x''
        ''           ; NULL
        'a' || char(0) || 'b' ; 'a'
        'a' || char(0) || 'b' ; 'a' || char(0) || 'c'
        CAST(x'ff' AS TEXT)   ; CAST(x'fe' AS TEXT)
        CAST(x'ff' AS TEXT)   ; '\ufffd'
        9007199254740993      ; 9007199254740992
        9223372036854775807   ; 9.2233720368547758e18
        0.1          ; 0.10000000000000002
        9e999        ; -9e999
        'é'          ; CAST(x'65cc81' AS TEXT)
        'a'          ; 'A'
        x'00'        ; x'0000'
        """)
    void values_that_differ_in_type_or_bytes_are_found(String left, String right) throws SQLException {
        for (var value : List.of(left, right)) {
            var same = compare("CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (7, " + value + ")",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (7, " + value + ")");
            assertThat(same.isEqual()).as(value).isTrue();
            assertThat(same.tables()).containsExactly(new Comparison.TableCount("t", 1, 1, 0));
        }
        var comparison = compare("CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (7, " + left + ")",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (7, " + right + ")");
        assertThat(comparison.isEqual()).isFalse();
        assertThat(comparison.tables()).containsExactly(new Comparison.TableCount("t", 1, 1, 1));
        assertThat(comparison.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.table()).isEqualTo("t");
            assertThat(difference.key()).containsExactly(new Value.Int(7));
            assertThat(difference.column()).contains("v");
            assertThat(difference.left()).isNotEqualTo(difference.right());
            assertThat(difference.show()).startsWith("t[7].v: ").contains(" <> ");
        });
        var withoutKey = compare("CREATE TABLE t (v); INSERT INTO t VALUES (" + left + ")", "CREATE TABLE t (v); INSERT INTO t VALUES (" + right + ")");
        assertThat(withoutKey.differenceCount()).as("in a table without a key").isEqualTo(2);
    }

    @Test void rows_of_one_file_only_are_found_at_both_ends_and_in_the_middle() throws SQLException {
        var comparison = compare("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1,'a'),(3,'c'),(4,'d'),(9,'i')",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (2,'b'),(3,'c'),(4,'D'),(10,'j'),(11,'k')");
        assertThat(comparison.tables()).containsExactly(new Comparison.TableCount("t", 4, 5, 6));
        assertThat(comparison.differences().stream().map(Comparison.Difference::show)).containsExactly("t[1]: only in the left file",
            "t[2]: only in the right file", "t[4].v: text 'd' <> text 'D'", "t[9]: only in the left file", "t[10]: only in the right file", "t[11]: only in the right file");
        assertThat(comparison.leftRows()).isEqualTo(4);
        assertThat(comparison.rightRows()).isEqualTo(5);
    }

    @Test void only_the_first_differences_are_kept_and_all_are_counted() throws SQLException {
        var rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO t SELECT i, ";
        var left = make("left", "CREATE TABLE t (id INTEGER PRIMARY KEY, v); " + rows + "0 FROM n");
        var right = make("right", "CREATE TABLE t (id INTEGER PRIMARY KEY, v); " + rows + "i % 2 FROM n");
        var progress = new AtomicLong();
        var comparison = FileCompare.compare(left, right, 3, progress::set);
        assertThat(comparison.differences()).hasSize(3);
        assertThat(comparison.differenceCount()).isEqualTo(5_000);
        assertThat(progress.get()).isBetween(10_000L, 20_000L);
        assertThat(FileCompare.compare(left, right, 0).isEqual()).as("equal is decided by the count").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CREATE TABLE t (k TEXT PRIMARY KEY, v)", "CREATE TABLE t (k TEXT PRIMARY KEY, v) WITHOUT ROWID", "CREATE TABLE t (k PRIMARY KEY, v)",
        "CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID", "CREATE TABLE t (v, k TEXT, PRIMARY KEY (k, v)) WITHOUT ROWID", "CREATE TABLE t (k, v)",
    })
    void keys_of_every_kind_are_walked_in_one_order(String table) throws SQLException {
        var rows = List.of("('b', 1)", "('a', 2)", "('Z', 3)", "('é', 4)", "('zz', 5)", "('', 6)", "('😀', 7)", "('דּ', 8)", "(CAST(x'ff' AS TEXT), 9)",
            "(x'61', 10)", "('10', 11)", "('9', 12)");
        var forwards = make("left", table + "; INSERT INTO t (k, v) VALUES " + String.join(",", rows));
        var backwards = make("right", table + "; INSERT INTO t (k, v) VALUES " + String.join(",", rows.reversed()));
        assertThat(FileCompare.compare(forwards, backwards, 99).differences()).isEmpty();
        for (var missing : rows) {
            var without = new ArrayList<>(rows);
            without.remove(missing);
            var fewer = make("fewer", table + "; INSERT INTO t (k, v) VALUES " + String.join(",", without));
            assertThat(FileCompare.compare(forwards, fewer, 99).differences()).as("without " + missing).singleElement().matches(d -> d.right().isEmpty());
            assertThat(FileCompare.compare(fewer, forwards, 99).differences()).singleElement().matches(d -> d.left().isEmpty());
        }
    }

    @Test void numbers_are_walked_in_one_order_whatever_their_type() throws SQLException {
        var values = List.of("-9e999", "-9223372036854775808", "-1.5", "-1", "-0.0", "0.5", "1", "9007199254740992.0", "9007199254740993", "9223372036854775807",
            "9.3e18", "9e999", "''", "x''");
        var left = make("left", "CREATE TABLE t (k PRIMARY KEY, v); INSERT INTO t (k) VALUES (" + String.join("),(", values) + ")");
        for (var missing : values) {
            var without = new ArrayList<>(values);
            without.remove(missing);
            var right = make("right", "CREATE TABLE t (k PRIMARY KEY, v); INSERT INTO t (k) VALUES (" + String.join("),(", without.reversed()) + ")");
            assertThat(FileCompare.compare(left, right, 99).differences()).as(missing).singleElement().matches(d -> d.right().isEmpty());
        }
    }

    @Test void a_key_of_another_type_is_a_difference_of_its_column() throws SQLException {
        var comparison = compare("CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (1)", "CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (1.0)");
        assertThat(comparison.differences()).singleElement().satisfies(d -> assertThat(d.show()).isEqualTo("t[1].k: integer 1 <> real 1.0"));
    }

    @Test void the_two_zeros_sort_alike_and_are_told_apart() throws SQLException {
        var key = compare("CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (0.0)", "CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (-0.0)");
        assertThat(key.differences()).singleElement().satisfies(d -> assertThat(d.show()).isEqualTo("t[0.0].k: real 0.0 <> real -0.0"));
        var rows = compare("CREATE TABLE t (a, b); INSERT INTO t VALUES (0.0, 'a'), (-0.0, 'b')", "CREATE TABLE t (a, b); INSERT INTO t VALUES (-0.0, 'b')");
        assertThat(rows.differences()).singleElement().satisfies(d -> assertThat(d.show()).isEqualTo("t[0.0, a]: only in the left file"));
    }

    @Test void a_table_without_a_key_is_a_multiset() throws SQLException {
        var table = "CREATE TABLE t (a, b); INSERT INTO t VALUES ";
        assertThat(compare(table + "(1,'x'),(2,NULL),(1,'x')", table + "(2,NULL),(1,'x'),(1,'x')").isEqual()).isTrue();
        var fewer = compare(table + "(1,'x'),(1,'x'),(1,'x')", table + "(1,'x')");
        assertThat(fewer.tables()).containsExactly(new Comparison.TableCount("t", 3, 1, 2));
        assertThat(fewer.differences()).allMatch(d -> d.right().isEmpty() && d.key().equals(List.of(new Value.Int(1), Value.Text.of("x"))));
        assertThat(compare(table + "(1,'x'),(1.0,'x')", table + "(1,'x'),(1,'x')").differenceCount()).isEqualTo(2);
        assertThat(compare(table + "(1,'x'),(1.0,'x')", table + "(1.0,'x'),(1,'x')").isEqual()).isTrue();
    }

    @Test void null_in_a_key_is_allowed_by_sqlite_and_compared() throws SQLException {
        var table = "CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ";
        assertThat(compare(table + "(NULL,1),(NULL,2)", table + "(NULL,2),(NULL,1)").isEqual()).isTrue();
        assertThat(compare(table + "(NULL,1),(NULL,2)", table + "(NULL,1),(NULL,3)").differenceCount()).isEqualTo(2);
    }

    @Test void tables_and_columns_that_differ_are_named() throws SQLException {
        var comparison = compare("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT, y TEXT NOT NULL, z); INSERT INTO b VALUES (1,'x','y','z')",
            "CREATE TABLE c (id INTEGER PRIMARY KEY); CREATE TABLE B (ID integer PRIMARY KEY, y TEXT DEFAULT 'q', w, Z); INSERT INTO b VALUES (1,'y','w','zz')");
        assertThat(comparison.schema().stream().map(s -> s.table() + "." + s.column().orElse("") + ": " + s.left() + " | " + s.right())).containsExactly(
            "a.: table | absent", "b.w: absent | no type", "b.x: TEXT | absent", "b.y: TEXT NOT NULL | TEXT DEFAULT 'q'", "c.: absent | table");
        assertThat(comparison.differences().stream().map(Comparison.Difference::show)).as("the shared columns are compared").containsExactly("b[1].z: text 'z' <> text 'zz'");
        assertThat(comparison.isEqual()).isFalse();
    }

    @Test void a_key_declared_differently_makes_the_rows_a_multiset() throws SQLException {
        var comparison = compare("CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1,2),(2,3)", "CREATE TABLE t (a INTEGER, b PRIMARY KEY); INSERT INTO t VALUES (1,2),(2,4)");
        assertThat(comparison.schema()).hasSize(2);
        assertThat(comparison.differenceCount()).isEqualTo(2);
    }

    @Test void local_tables_views_and_indexes_are_left_out() throws SQLException {
        var comparison = compare("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (1); CREATE TABLE sync_queue (id INTEGER PRIMARY KEY);"
            + "CREATE TABLE waggle_cursor (n); INSERT INTO waggle_cursor VALUES (5); CREATE VIEW v AS SELECT 1; CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('a')",
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (5); DELETE FROM t; INSERT INTO t VALUES (1); CREATE TABLE Waggle_Other (n); CREATE INDEX i ON t (id); ANALYZE");
        assertThat(comparison.isEqual()).isTrue();
        assertThat(comparison.tables()).extracting(Comparison.TableCount::table).containsExactly("t");
    }

    @Test void generated_columns_are_compared_too() throws SQLException {
        var comparison = compare("CREATE TABLE t (id INTEGER PRIMARY KEY, g AS (id * 2)); INSERT INTO t VALUES (1)", "CREATE TABLE t (id INTEGER PRIMARY KEY, g AS (id * 3)); INSERT INTO t VALUES (1)");
        assertThat(comparison.differences().stream().map(Comparison.Difference::show)).containsExactly("t[1].g: integer 2 <> integer 3");
    }

    @Test void names_that_need_quotes_are_quoted() throws SQLException {
        var sql = "CREATE TABLE \"a\"\"b; DROP TABLE c\" (\"select\" INTEGER PRIMARY KEY, \"x y\", \"'\", \"[\"); INSERT INTO \"a\"\"b; DROP TABLE c\" VALUES (1, 2, 3, ";
        assertThat(compare(sql + "4)", sql + "4)").isEqual()).isTrue();
        assertThat(compare(sql + "4)", sql + "5)").differences()).singleElement().matches(d -> d.column().orElseThrow().equals("["));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16le", "UTF-16be"})
    void a_utf16_file_equals_a_utf8_file_with_the_same_text(String encoding) throws SQLException {
        for (var table : List.of("CREATE TABLE t (k TEXT PRIMARY KEY, v)", "CREATE TABLE t (k, v)", "CREATE TABLE t (k TEXT PRIMARY KEY, v) WITHOUT ROWID")) {
            var sql = table + "; INSERT INTO t VALUES ('a', 1), ('é', 'a' || char(0)), ('😀', -0.0), ('דּ', x'00ff'), ('', NULL), ('ā', 9223372036854775807), ('ÿ', 1.0), ('b', '')";
            var left = make("left", "PRAGMA encoding = '" + encoding + "'; " + sql);
            var right = make("right", sql);
            assertThat(FileCompare.compare(left, right, 9).differences()).isEmpty();
            assertThat(FileCompare.compare(left, right, 9).leftRows()).isEqualTo(8);
            try (var db = open(right); var statement = db.createStatement()) {
                statement.executeUpdate("UPDATE t SET v = '😁' WHERE k = '😀'");
            }
            assertThat(FileCompare.compare(left, right, 9).differenceCount()).isPositive();
        }
    }

    @Test void utf16_text_with_half_a_character_stays_different_text() throws SQLException {
        var table = "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, CAST(";
        assertThat(compare(table + "x'00d8' AS TEXT))", table + "x'01d8' AS TEXT))").differenceCount()).isEqualTo(1);
        assertThat(compare(table + "x'00d8' AS TEXT))", table + "x'00d8' AS TEXT))").isEqual()).isTrue();
    }

    @Test void a_file_that_is_being_written_is_seen_at_one_moment_and_left_alone() throws Exception {
        var sql = "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 'a')";
        var left = make("left", sql);
        var right = make("right", sql);
        try (var writer = open(left); var statement = writer.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.executeUpdate("INSERT INTO t VALUES (2, 'committed, in the WAL only')");
            writer.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO t VALUES (3, 'not committed')");
            var before = Files.size(left);
            var comparison = FileCompare.compare(left, right, 9);
            assertThat(comparison.differences().stream().map(Comparison.Difference::show)).containsExactly("t[2]: only in the left file");
            assertThat(Files.size(left)).as("no checkpoint").isEqualTo(before);
            writer.commit();
            assertThat(FileCompare.compare(left, right, 9).differenceCount()).isEqualTo(2);
        }
    }

    @Test void a_path_may_hold_any_character() throws SQLException {
        var strange = folder.resolve("a b#c%20d?mode=rwc&é;.sqlite");
        make("right", "CREATE TABLE t (v); INSERT INTO t VALUES (1)");
        var plain = make("left", "CREATE TABLE t (v); INSERT INTO t VALUES (1)");
        plain.toFile().renameTo(strange.toFile());
        assertThat(FileCompare.compare(strange, folder.resolve("right"), 9).isEqual()).isTrue();
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("right", strange.getFileName().toString());
    }

    @Test void what_is_no_database_is_refused_by_name_and_nothing_is_created() throws Exception {
        var good = make("good", "CREATE TABLE t (v)");
        var text = Files.writeString(folder.resolve("text"), "this is no database ".repeat(100));
        assertThatThrownBy(() -> FileCompare.compare(good, text, 9)).isInstanceOf(CannotCompare.class).hasMessageContaining("text: not a SQLite database, or an encrypted one");
        assertThatThrownBy(() -> FileCompare.compare(folder.resolve("missing"), good, 9)).isInstanceOf(CannotCompare.class).hasMessageContaining("missing: there is no such file");
        assertThatThrownBy(() -> FileCompare.compare(folder, good, 9)).isInstanceOf(CannotCompare.class).hasMessageContaining("folder");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("good", "text");
        var empty = Files.createFile(folder.resolve("empty"));
        assertThat(FileCompare.compare(empty, good, 9).schema()).as("an empty file is an empty database").hasSize(1);
    }

    /// Against a comparison that is slow and obvious: all rows in a map.
    @Test void random_files_are_compared_like_the_obvious_way() {
        var values = List.of("NULL", "0", "1", "1.0", "0.0", "-0.0", "2.5", "-3", "''", "'a'", "'A'", "'b'", "x''", "x'61'", "'a' || char(0)", "CAST(x'ff' AS TEXT)");
        Property.check(60, random -> {
            boolean keyed = random.nextBoolean();
            var table = keyed ? "CREATE TABLE t (k PRIMARY KEY, v) WITHOUT ROWID" : "CREATE TABLE t (k, v)";
            var sides = new ArrayList<Path>();
            var rows = new ArrayList<TreeMap<String, Integer>>();
            for (int side = 0; side < 2; side++) {
                var mine = new TreeMap<String, Integer>();
                var file = make("side" + side, (random.nextInt(4) == 0 ? "PRAGMA encoding = 'UTF-16le'; " : "") + table);
                try (var db = open(file); var statement = db.createStatement()) {
                    for (int i = random.nextInt(12); i > 0; i--)
                        statement.executeUpdate("INSERT OR IGNORE INTO t VALUES (" + values.get(random.nextInt(keyed ? 1 : 0, values.size())) + ", " + values.get(random.nextInt(4)) + ")");
                    try (var all = statement.executeQuery("SELECT typeof(k) || ' ' || hex(k) || ' ' || typeof(v) || ' ' || quote(v), k FROM t")) {
                        while (all.next())           // SQLite prints both zeros alike
                            mine.merge(all.getString(1) + (all.getString(1).startsWith("real") ? Double.doubleToRawLongBits(all.getDouble(2)) : ""), 1, Integer::sum);
                    }
                    try (var encoding = statement.executeQuery("PRAGMA encoding")) {
                        if (!encoding.getString(1).equals("UTF-8")) return;          // hex() shows UTF-16 there: another test's business
                    }
                }
                sides.add(file);
                rows.add(mine);
            }
            assertThat(FileCompare.compare(sides.get(0), sides.get(1), 99).isEqual()).isEqualTo(rows.get(0).equals(rows.get(1)));
            assertThat(FileCompare.compare(sides.get(0), sides.get(0), 99).isEqual()).isTrue();
            if (!keyed) {
                var surplus = new TreeMap<>(rows.get(0));
                rows.get(1).forEach((row, count) -> surplus.merge(row, -count, Integer::sum));
                assertThat(FileCompare.compare(sides.get(0), sides.get(1), 99).differenceCount()).isEqualTo(surplus.values().stream().mapToInt(Math::abs).sum());
            }
        });
    }

    private Comparison compare(String leftSql, String rightSql) throws SQLException {
        return FileCompare.compare(make("left", leftSql), make("right", rightSql), 99);
    }

    private Path make(String name, String sql) throws SQLException {
        var file = folder.resolve(name);
        for (var leftover : List.of("", "-wal", "-shm")) folder.resolve(name + leftover).toFile().delete();
        try (var db = open(file); var statement = db.createStatement()) {
            statement.executeUpdate(sql);
        }
        return file;
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}

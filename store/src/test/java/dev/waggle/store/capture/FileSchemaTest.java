package dev.waggle.store.capture;

import dev.waggle.apps.table.TableSchema.Identity;
import dev.waggle.apps.table.TableSchema.Unique;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileSchemaTest {
    @TempDir Path folder;

    private FileSchema read(String... statements) throws SQLException {
        var path = folder.resolve("app.sqlite");
        try (var program = new Program(path)) {
            program.run(statements);
        }
        try (var file = UserFile.open(path, 1_000)) {
            return FileSchema.read(file.connection());
        }
    }

    @Test void an_integer_primary_key_is_the_rowid_and_identified_by_event() throws SQLException {
        var table = read("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT NOT NULL)").tables().get("task");
        assertThat(table.rowidKey()).isTrue();
        assertThat(table.schema().identity()).isEqualTo(Identity.EVENT);
        assertThat(table.schema().key()).containsExactly("id");
    }

    @Test void other_keys_identify_by_themselves_in_their_declared_order_and_collation() throws SQLException {
        var schema = read("CREATE TABLE place (city TEXT COLLATE NOCASE, country TEXT, n, PRIMARY KEY (country, city)) WITHOUT ROWID",
            "CREATE TABLE tag (name TEXT PRIMARY KEY)");
        var place = schema.tables().get("place").schema();
        assertThat(place.key()).containsExactly("country", "city");
        assertThat(place.uniques()).containsExactly(new Unique("", List.of("country", "city"), List.of("BINARY", "NOCASE"), Optional.empty()));
        assertThat(place.identity()).isEqualTo(Identity.KEY);
        assertThat(place.withoutRowid()).isTrue();
        assertThat(place.columns().getFirst().collation()).isEqualTo("NOCASE");
        assertThat(schema.tables().get("tag").schema().identity()).isEqualTo(Identity.KEY);
    }

    @Test void a_unique_index_over_not_null_columns_serves_as_key() throws SQLException {
        var schema = read("CREATE TABLE a (x TEXT NOT NULL, y)", "CREATE UNIQUE INDEX a_x ON a (x)",
            "CREATE TABLE b (x TEXT, y)", "CREATE UNIQUE INDEX b_x ON b (x)",
            "CREATE TABLE c (x TEXT NOT NULL, y)", "CREATE UNIQUE INDEX c_x ON c (x) WHERE y > 0");
        assertThat(schema.tables()).containsOnlyKeys("a");
        assertThat(schema.tables().get("a").schema().key()).containsExactly("x");
        assertThat(schema.refused()).extracting(Refusal::reason).containsOnly(Refusal.Reason.NO_KEY);
        assertThat(schema.refused().getFirst().sentence()).contains("table b", "no key", "PRIMARY KEY");
    }

    @Test void a_table_whose_declaration_is_too_long_for_an_event_is_refused_and_the_others_are_not() throws SQLException {
        var long_ = new StringBuilder("CREATE TABLE wide (id TEXT PRIMARY KEY");
        for (int i = 0; i < 400; i++) long_.append(", ").append("measured_on_the_second_floor_".repeat(3)).append(i).append(" REAL");
        var schema = read(long_.append(")").toString(), "CREATE TABLE narrow (id TEXT PRIMARY KEY)");
        assertThat(schema.tables()).containsOnlyKeys("narrow");
        assertThat(schema.refused()).extracting(Refusal::reason).containsExactly(Refusal.Reason.LONG);
        assertThat(schema.refused().getFirst().sentence()).contains("table wide", "64 KiB", "split the table");
    }

    @Test void secondary_unique_indexes_partial_ones_and_expressions_are_known() throws SQLException {
        var table = read("CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE UNIQUE, nick TEXT, live INTEGER)",
            "CREATE UNIQUE INDEX u_nick ON u (nick) WHERE live = 1 AND nick <> 'where'", "CREATE UNIQUE INDEX u_lower ON u (lower(nick))").tables().get("u").schema();
        assertThat(table.uniques()).containsExactly(
            new Unique("", List.of("id"), List.of("BINARY"), Optional.empty()),
            new Unique("sqlite_autoindex_u_1", List.of("mail"), List.of("NOCASE"), Optional.empty()),
            new Unique("u_lower", List.of(), List.of(), Optional.empty()),
            new Unique("u_nick", List.of("nick"), List.of("BINARY"), Optional.of("live = 1 AND nick <> 'where'")));
    }

    @Test void generated_columns_are_known_and_not_stored() throws SQLException {
        var table = read("CREATE TABLE g (id INTEGER PRIMARY KEY, a INTEGER, b AS (a * 2), c AS (a * 3) STORED)").tables().get("g");
        assertThat(table.stored()).containsExactly("id", "a");
        assertThat(table.schema().columns()).hasSize(4);
    }

    @Test void foreign_keys_name_parent_columns_even_when_the_schema_does_not() throws SQLException {
        var schema = read("CREATE TABLE Parent (id INTEGER PRIMARY KEY)", "CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent)");
        var key = schema.tables().get("child").schema().foreignKeys().getFirst();
        assertThat(key.parent()).isEqualTo("Parent");
        assertThat(key.parentColumns()).containsExactly("id");
        assertThat(FileSchema.parentsFirst(schema.tables())).extracting(TrackedTable::name).containsExactly("Parent", "child");
    }

    @Test void virtual_tables_and_their_shadows_are_refused_by_name_and_views_are_skipped() throws SQLException {
        var schema = read("CREATE TABLE t (id INTEGER PRIMARY KEY, x)", "CREATE VIRTUAL TABLE f USING fts5(x)", "CREATE VIEW v AS SELECT * FROM t");
        assertThat(schema.tables()).containsOnlyKeys("t");
        assertThat(schema.refused()).filteredOn(refusal -> refusal.reason() == Refusal.Reason.VIRTUAL).extracting(Refusal::table).containsExactly("f");
        assertThat(schema.refused()).filteredOn(refusal -> refusal.reason() == Refusal.Reason.SHADOW).isNotEmpty();
    }

    @Test void names_of_every_kind_are_quoted() throws SQLException {
        var schema = read("CREATE TABLE \"or\"\"der by'\" (\"se lect\" INTEGER PRIMARY KEY, \"gr\"\"oup\" TEXT UNIQUE)");
        assertThat(schema.tables()).containsOnlyKeys("or\"der by'");
        assertThat(schema.tables().get("or\"der by'").schema().key()).containsExactly("se lect");
    }

    @Test void rows_without_a_whole_key_are_refused_by_name() throws SQLException {
        var path = folder.resolve("null.sqlite");
        try (var program = new Program(path)) {
            program.run("CREATE TABLE t (k TEXT PRIMARY KEY)", "INSERT INTO t VALUES (NULL)");
        }
        try (var file = UserFile.open(path, 1_000)) {
            var table = FileSchema.read(file.connection()).tables().get("t");
            assertThat(FileSchema.nullKey(file.connection(), table)).get().extracting(Refusal::reason).isEqualTo(Refusal.Reason.NULL_KEY);
        }
    }

    @Test void a_file_that_is_no_database_is_refused_with_one_message() throws Exception {
        var path = folder.resolve("text.sqlite");
        Files.writeString(path, "this is no database at all, and it is longer than a header. ".repeat(20));
        assertThatThrownBy(() -> UserFile.open(path, 1_000)).isInstanceOf(FileRefused.class).hasMessageContaining("not an SQLite database, or it is encrypted");
        assertThatThrownBy(() -> UserFile.open(folder.resolve("none"), 1_000)).isInstanceOf(FileRefused.class).hasMessageContaining("there is no file");
    }

    @Test void a_file_that_stays_locked_is_a_matter_of_time_not_of_failure() throws SQLException {
        var path = folder.resolve("locked.sqlite");
        try (var program = new Program(path)) {
            program.run("CREATE TABLE t (id INTEGER PRIMARY KEY)", "BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> UserFile.open(path, 30)).isInstanceOf(FileUnavailable.class).hasMessageContaining("locked by another program");
            program.run("ROLLBACK");
        }
        UserFile.open(path, 30).close();
    }
}

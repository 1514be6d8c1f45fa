package dev.waggle.store.sqlite;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqliteFileTest {
    @TempDir Path folder;

    private SqliteFile open() throws SQLException {
        return SqliteFile.open(folder.resolve("a.sqlite"), 7, "CREATE TABLE t (a INTEGER) STRICT; CREATE TABLE u (b TEXT) STRICT", 1);
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    @Tag("S02") @Tag("S06") @Test void a_writer_syncs_every_commit_and_the_wal_is_bounded() throws Exception {
        try (var writer = open().writer()) {
            assertThat(query(writer, "PRAGMA synchronous")).isEqualTo("2");
            assertThat(query(writer, "PRAGMA journal_mode")).isEqualTo("wal");
            assertThat(query(writer, "PRAGMA wal_autocheckpoint")).isEqualTo("20000");
            assertThat(query(writer, "PRAGMA journal_size_limit")).isEqualTo("81920000");
            assertThat(query(writer, "PRAGMA page_size")).isEqualTo("4096");
        }
    }

    @Test void a_reader_cannot_write_and_an_idle_writer_holds_no_lock() throws Exception {
        var file = open();
        try (var idle = file.writer(); var other = file.writer(); var reader = file.reader(); var statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (1)")).isInstanceOf(SQLException.class);
            for (var writer : new Connection[] {idle, other, idle}) {
                writer.setAutoCommit(false);
                try (var insert = writer.createStatement()) {
                    insert.executeUpdate("INSERT INTO t VALUES (1)");
                }
                writer.setAutoCommit(true);
            }
            assertThat(query(reader, "SELECT count(*) FROM t")).isEqualTo("3");
        }
    }

    @Test void an_old_sqlite_is_told_by_its_numbers() {
        assertThat(SqliteFile.isAtLeast("3.51.3", "3.51.3")).isTrue();
        assertThat(SqliteFile.isAtLeast("3.54.1", "3.51.3")).isTrue();
        assertThat(SqliteFile.isAtLeast("3.51.10", "3.51.3")).isTrue();
        assertThat(SqliteFile.isAtLeast("3.51.2", "3.51.3")).isFalse();
        assertThat(SqliteFile.isAtLeast("3.9", "3.51.3")).isFalse();
        assertThat(SqliteFile.isAtLeast("4", "3.51.3")).isTrue();
    }
}

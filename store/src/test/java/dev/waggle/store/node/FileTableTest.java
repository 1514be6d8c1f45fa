package dev.waggle.store.node;

import dev.waggle.core.log.LogUnavailable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileTableTest {
    @TempDir Path folder;
    private FileTable table;

    @BeforeEach void make() throws SQLException {
        var file = folder.resolve("app.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
            statement.execute("CREATE TABLE \"odd \"\"name\" (id INTEGER PRIMARY KEY, \"a b\" TEXT NOT NULL, n REAL, x BLOB)");
        }
        table = new FileTable(file, "odd \"name");
    }

    @Test void a_row_is_put_changed_found_and_removed() {
        table.put(Map.of("id", 1L, "a b", "one", "x", new byte[] {1, 2}));
        table.put(Map.of("id", 1L, "a b", "uno", "n", 1.5));
        table.put(Map.of("a b", "two"));
        var row = table.find(Map.of("id", 1L), 10).getFirst();
        assertThat(row).containsEntry("a b", "uno").containsEntry("n", 1.5).containsEntry("x", new byte[] {1, 2});
        assertThat(table.find(Map.of(), 10)).hasSize(2);
        assertThat(table.remove(Map.of("a b", "two"))).isEqualTo(1);
        assertThat(table.find(Map.of(), 10)).hasSize(1);
    }

    @Test void a_row_that_the_file_refuses_changes_nothing() {
        assertThatThrownBy(() -> table.put(Map.of("id", 1L))).isInstanceOf(LogUnavailable.class).hasMessageContaining("NOT NULL");
        assertThat(table.find(Map.of(), 10)).isEmpty();
    }
}

package dev.waggle.store.capture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;

import static org.assertj.core.api.Assertions.assertThat;

/// What a file says without its journal, held against what it said before and what it says with it.
class BareFileTest {
    @TempDir Path folder;

    private static final String ROW = "INSERT INTO waggle_state VALUES (1, 1, 'f', 's', %d, '', 0, 0, '{}')";

    @Test void only_what_the_file_was_since_the_last_look_is_between() throws SQLException {
        var file = folder.resolve("notes.sqlite");
        try (var program = new Program(file)) {
            program.run("PRAGMA journal_mode = WAL");
            FileState.make(program.connection());
            QueueTable.make(program.connection(), 1);
            program.run(ROW.formatted(1), "INSERT INTO sync_queue (id, operation, table_name, nonce) VALUES (1, 'INSERT', 't', 11)", "PRAGMA wal_checkpoint");
            var first = BareFile.read(file).orElseThrow();
            program.run("INSERT INTO sync_queue (id, operation, table_name, nonce) VALUES (2, 'INSERT', 't', 22)", "UPDATE waggle_state SET applied = 2", "PRAGMA wal_checkpoint");
            var second = BareFile.read(file).orElseThrow();
            program.run("INSERT INTO sync_queue (id, operation, table_name, nonce) VALUES (3, 'INSERT', 't', 33)");
            try (var whole = UserFile.open(file, 1_000)) {
                assertThat(second.isBetween(first, whole)).isTrue();
                assertThat(first.isBetween(first, whole)).isTrue();
                assertThat(first.isBetween(second, whole)).as("an older one").isFalse();
                assertThat(new BareFile("f", 2, 2, 23, second.schema()).isBetween(first, whole)).as("another queue").isFalse();
                assertThat(new BareFile("g", 2, 2, 22, second.schema()).isBetween(first, whole)).as("another file").isFalse();
                program.run("DROP TABLE sync_queue");
                assertThat(second.isBetween(first, whole)).as("a queue that a program took out").isTrue();
            }
        }
    }
}

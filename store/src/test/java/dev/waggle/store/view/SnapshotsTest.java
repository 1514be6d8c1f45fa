package dev.waggle.store.view;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SnapshotsTest {
    @TempDir Path folder;

    private final class Reader extends ViewConnection {
        Reader() {
            super(folder.resolve("view.sqlite"));
            beReader();
        }

        long count(long upTo) {
            return first("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n", row -> row.getLong(1), upTo).orElseThrow();
        }
    }

    @Test void a_question_that_takes_too_long_is_stopped_and_the_next_is_answered() {
        try (var snapshots = new Snapshots<>(Reader::new, reader -> reader, 200)) {
            for (int i = 0; i <= Snapshots.READERS_MAX; i++) assertThatThrownBy(() -> snapshots.ask(reader -> reader.count(30_000_000))).isInstanceOf(TooSlow.class);
            assertThat(snapshots.<Long>ask(reader -> reader.count(3))).as("and no reader was lost to the slow ones").isEqualTo(3);
        }
    }

    @Test void nothing_is_answered_once_it_is_closed() {
        var snapshots = new Snapshots<>(Reader::new, reader -> reader);
        snapshots.ask(reader -> reader.count(1));
        snapshots.close();
        assertThatThrownBy(() -> snapshots.ask(reader -> reader.count(1))).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }
}

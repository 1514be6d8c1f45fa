package dev.waggle.store.view;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ViewConnectionTest {
    private static final String INSERT = "INSERT INTO row (bytes) VALUES (?)";
    @TempDir Path folder;

    private final class Writer extends ViewConnection {
        Writer() {
            super(folder.resolve("view.sqlite"));
            beWriter();
            execute("CREATE TABLE row (bytes BLOB NOT NULL)");
        }

        long number(String sql) {
            return first(sql, row -> row.getLong(1)).orElseThrow();
        }

        void fill() {
            for (int i = 0; i < 100; i++) write(INSERT, new byte[10_000]);
        }
    }

    /// Where the disk is full SQLite takes the whole transaction back by itself: what is written after that would stand at once.
    @Tag("S05") @Test void a_transaction_in_which_a_write_failed_can_only_be_taken_back_and_the_next_one_works() {
        try (var view = new Writer()) {
            view.execute("PRAGMA max_page_count = " + (view.number("PRAGMA page_count") + 5));
            view.begin();
            assertThatThrownBy(view::fill).isInstanceOf(ViewUnavailable.class);
            assertThatThrownBy(() -> view.write(INSERT, new byte[1])).isInstanceOf(ViewUnavailable.class);
            view.rollback();
            view.begin();
            assertThatThrownBy(view::fill).isInstanceOf(ViewUnavailable.class);
            assertThatThrownBy(view::commit).isInstanceOf(ViewUnavailable.class);
            assertThat(view.inTransaction()).isFalse();
            view.begin();
            view.write(INSERT, new byte[1]);
            view.commit();
            assertThat(view.number("SELECT count(*) FROM row")).isEqualTo(1);
        }
    }
}

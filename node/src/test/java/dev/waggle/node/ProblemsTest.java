package dev.waggle.node;

import dev.waggle.core.log.LogUnavailable;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.view.ViewUnavailable;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemsTest {
    @Test void what_a_database_said_is_told_without_its_drivers_codes() {
        var said = new SQLException("[SQLITE_CANTOPEN] Unable to open the database file (unable to open database file)");
        for (var failure : new RuntimeException[] {new LogUnavailable("open sync.sqlite", said), new ViewUnavailable("open view.sqlite", said)})
            assertThat(((Problem) Problems.of(failure)).getMessage()).contains("Unable to open the database file").doesNotContain("SQLITE_").doesNotContain("[");
    }
}

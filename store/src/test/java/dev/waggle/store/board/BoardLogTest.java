package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// The lines that are logged for a task, as people read them and as programs follow them.
class BoardLogTest extends ThreeBoards {
    @Test void lines_that_are_repeated_under_one_id_are_shown_once() {
        for (var each : List.of(a, b))
            each.write(new Draft("task_logged", Json.object("task_id", task, "log_id", TestBoard.id(77), "lines", Json.array(Json.of("copied")))));
        all();
        assertThat(c.logOf(task)).hasSize(1);
        c.does(new BoardCommand.Log(task, List.of("one", "two")));
        assertThat(c.logOf(task).getLast().entry().lines()).containsExactly("one", "two");
    }

    @Tag("N04") @Test void who_follows_a_log_misses_nothing_that_comes_late_with_an_early_stamp() {
        b.does(new BoardCommand.Log(task, List.of("B's, early")));
        a.nowMs += 5_000;
        a.does(new BoardCommand.Log(task, List.of("A's, late")));
        c.take(a);
        long seen = c.asks(board -> board.logAsItCame(task, 0, 10)).getLast().entry().offset();
        c.take(b);
        assertThat(lines(c.asks(board -> board.logAsItCame(task, seen, 10)))).containsExactly("B's, early");
        assertThat(lines(c.logOf(task))).as("for who reads it from the beginning").containsExactly("B's, early", "A's, late");
    }

    @Test void what_one_node_wrote_is_read_by_itself_from_where_one_stopped() {
        for (int i = 0; i < 5; i++) a.does(new BoardCommand.Log(task, List.of("line " + i)));
        b.does(new BoardCommand.Log(task, List.of("B's")));
        all();
        try (var board = new BoardQueries(c.file)) {
            var first = board.logBy(a.node(), task, Optional.empty(), 2);
            assertThat(lines(first)).containsExactly("line 0", "line 1");
            assertThat(lines(board.logBy(a.node(), task, Optional.of(first.getLast().entry().stamp()), 10))).containsExactly("line 2", "line 3", "line 4");
            assertThat(board.lastLogBy(b.node(), task)).isEqualTo(Optional.of(board.logBy(b.node(), task, Optional.empty(), 10).getFirst().entry().stamp()));
            assertThat(board.lastLogBy(c.node(), task)).isEmpty();
            assertThat(board.hasLogOf(first.getFirst().entry().stamp(), task)).isTrue();
            assertThat(board.hasLogOf(first.getFirst().entry().stamp(), TestBoard.id(99))).isFalse();
        }
    }

    private static List<String> lines(List<ShownLog> log) {
        return log.stream().flatMap(shown -> shown.entry().lines().stream()).toList();
    }
}

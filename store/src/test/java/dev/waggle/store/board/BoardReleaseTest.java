package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.TaskStatus;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.OptionalLong;

import static dev.waggle.store.board.TestBoard.set;
import static org.assertj.core.api.Assertions.assertThat;

/// What a task is after who had claimed it gave it back.
class BoardReleaseTest extends ThreeBoards {
    @Test void a_task_that_was_given_back_is_claimed_at_once() {
        var claim = a.claims(task);
        long version = a.task(task).version();
        long touchedMs = a.task(task).updatedMs();
        a.does(new BoardCommand.Release(task, claim, Optional.of("no time")));
        all();
        assertThat(b.task(task).holder()).isEmpty();
        assertThat(b.task(task).status()).as("nobody works on it").isEqualTo(TaskStatus.TODO);
        assertThat(b.task(task).version()).as("a version never comes twice").isEqualTo(version);
        assertThat(b.task(task).updatedMs()).isEqualTo(touchedMs);
        assertThat(b.offered(new BoardQueries.Wanted(java.util.Set.of(), "run:", true))).as("workers are offered it").contains(b.task(task).title());
        assertThat(b.claims(task).token()).isEqualTo(2);
        assertThat(b.offered(new BoardQueries.Wanted(java.util.Set.of(), "run:", true))).as("until one has it").doesNotContain(b.task(task).title());
    }

    @Test void a_task_that_is_given_back_by_who_took_it_over_is_what_it_was_before_anybody_began() {
        a.claims(task);
        all();
        b.nowMs += 20_000;                                               // a's lease is over
        var second = b.claims(task);
        b.does(new BoardCommand.Release(task, second, Optional.empty()));
        all();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.TODO);
        c.nowMs = b.nowMs;
        assertThat(c.offered(new BoardQueries.Wanted(java.util.Set.of(), "run:", true))).contains(c.task(task).title());
    }

    @Test void what_people_made_of_a_task_meanwhile_stays_when_it_is_given_back() {
        var claim = a.claims(task);
        all();
        b.nowMs += 5;
        b.does(new BoardCommand.Edit(task, set(Field.STATUS, "inreview"), OptionalLong.empty()));
        all();
        a.nowMs += 10;
        a.does(new BoardCommand.Release(task, claim, Optional.empty()));
        all();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.INREVIEW);
        assertThat(c.conflicts()).isEmpty();
    }
}

package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Effect;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.TaskStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Which result of a task counts, of those that were late and those of claims that did not know each other.
class BoardResultsTest extends ThreeBoards {
    @Tag("L02") @Tag("lesson-lease-of-the-living") @Test void the_late_result_of_a_worker_that_was_stopped_beyond_its_lease_is_refused_and_shown() {
        var first = a.claims(task);
        a.does(new BoardCommand.Work(task, first, List.of("in time")));
        b.take(a);
        later(10_000);
        var second = b.claims(task);
        a.does(new BoardCommand.Work(task, first, List.of("too late")));              // it has not heard of the second claim
        a.finishes(task, first, TaskStatus.DONE, 0);
        assertThat(a.task(task).status()).as("as far as A knows").isEqualTo(TaskStatus.DONE);
        all();
        for (var each : open) {
            assertThat(each.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
            assertThat(each.task(task).holder()).contains(b.node());
            assertThat(each.refused(task).stream().map(Effect::kind)).containsExactly(Effect.Kind.FINISHED, Effect.Kind.LOGGED);
            assertThat(each.logOf(task).stream().map(shown -> shown.entry().lines().getFirst() + " " + shown.refused()))
                .containsExactly("in time false", "too late true");
            assertThat(each.asks(BoardQueries::summary).refused()).isEqualTo(2);
        }
        assertThat(b.news).contains(new News(News.Kind.REFUSED, task));
        b.finishes(task, second, TaskStatus.INREVIEW, 3);
        all();
        assertThat(a.task(task).status()).isEqualTo(TaskStatus.INREVIEW);
        assertThat(a.task(task).holder()).isEmpty();
        assertThat(a.asks(board -> board.claims(task, 10)).stream().map(shown -> shown.claim().token() + " " + shown.stands() + " " + shown.end().isPresent()))
            .containsExactly("2 true true", "1 true false");
    }

    /// A slow clock does not help: what counts is what the following claim knew, not who says he was earlier.
    @Tag("L02") @Test void a_late_result_with_an_early_stamp_is_refused_too() {
        var first = a.claims(task);
        b.take(a);
        b.nowMs += 10_000;
        b.claims(task);
        a.nowMs += 5;
        a.finishes(task, first, TaskStatus.DONE, 0);
        all();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
        assertThat(c.refused(task)).hasSize(1);
    }

    @Test void a_result_that_the_next_claim_knew_counts() {
        var first = a.claims(task);
        a.finishes(task, first, TaskStatus.DONE, 0);
        all();
        assertThat(b.refuses(new BoardCommand.Claim(task, 10_000))).isEqualTo("The task is done: move it to todo first.");
        b.edits(task, Field.STATUS, "todo");
        assertThat(b.claims(task).token()).isEqualTo(2);
        all();
        assertThat(c.refused(task)).isEmpty();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
    }

    @Tag("L02") @Test void of_several_claims_at_once_the_one_with_the_first_result_counts_and_nothing_that_the_others_do() {
        var ofA = a.claims(task);
        var ofB = b.claims(task);
        b.nowMs += 10;
        b.finishes(task, ofB, TaskStatus.INREVIEW, 0);
        a.nowMs += 20;
        a.finishes(task, ofA, TaskStatus.DONE, 0);
        all();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.INREVIEW);
        assertThat(c.refused(task)).singleElement().satisfies(effect -> assertThat(effect.claim()).isEqualTo(ofA));
    }

    /// Ids are chance: of many claims some have the smaller one.
    @Tag("L02") @Test void a_claim_that_was_made_offline_does_not_undo_a_result_whatever_its_id() {
        int smaller = 0;
        for (int i = 10; i < 20; i++) {
            var one = a.adds(i, "task");
            b.take(a);
            var offline = b.claims(one);
            a.nowMs += 10;
            var claim = a.claims(one);
            a.finishes(one, claim, TaskStatus.DONE, 0);
            if (offline.id().compareTo(claim.id()) < 0) smaller++;
            all();
            assertThat(c.task(one).status()).isEqualTo(TaskStatus.DONE);
            assertThat(c.task(one).holder()).isEmpty();
            b.finishes(one, offline, TaskStatus.INREVIEW, 1);
            all();
            assertThat(c.task(one).status()).as("its late result is refused").isEqualTo(TaskStatus.DONE);
            assertThat(c.refused(one)).singleElement().satisfies(effect -> assertThat(effect.claim()).isEqualTo(offline));
        }
        assertThat(smaller).isBetween(1, 9);
    }

    @Tag("L02") @Test void nor_a_result_of_who_took_the_task_over_or_did_it_again() {
        int smaller = 0;
        for (int i = 10; i < 20; i++) {
            var one = a.adds(i, "task");
            all();
            var offline = b.claims(one);
            var claim = a.claims(one);
            if (offline.id().compareTo(claim.id()) < 0) smaller++;
            c.take(a);
            c.nowMs = a.nowMs + 10_000;
            c.finishes(one, c.claims(one), TaskStatus.INREVIEW, 3);
            c.edits(one, Field.STATUS, "todo");
            c.finishes(one, c.claims(one), TaskStatus.DONE, 0);
            open.forEach(board -> board.nowMs = c.nowMs);
            all();
            assertThat(b.task(one).status()).isEqualTo(TaskStatus.DONE);
            assertThat(b.refused(one)).isEmpty();
        }
        assertThat(smaller).isBetween(1, 9);
    }
}

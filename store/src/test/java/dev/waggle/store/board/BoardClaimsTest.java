package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.WriteRefused;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Whose a task is: what makes a claim count, and for how long, whatever clocks and authors say.
class BoardClaimsTest extends ThreeBoards {
    private static final long YEAR_MS = 365L * 24 * 3_600_000;

    @Test void a_claim_makes_the_task_the_nodes_own_while_its_lease_runs() {
        var claim = a.claims(task);
        all();
        assertThat(b.task(task)).satisfies(row -> {
            assertThat(row.holder()).contains(a.node());
            assertThat(row.claim()).contains(claim);
            assertThat(row.status()).isEqualTo(TaskStatus.INPROGRESS);
            assertThat(row.leaseEndMs()).isEqualTo(TestBoard.NOW + 10_000);
        });
        assertThat(claim.token()).isEqualTo(1);
        assertThat(b.refuses(new BoardCommand.Claim(task, 10_000))).isEqualTo("Node " + a.node().brief() + " works on the task; its lease ends in 10 s unless it renews it.");
        later(8_000);
        a.does(new BoardCommand.Renew(task, claim, 10_000));
        all();
        later(3_000);
        assertThat(b.refuses(new BoardCommand.Claim(task, 10_000))).contains("ends in 7 s");
        later(7_000);
        assertThat(b.claims(task).token()).isEqualTo(2);
        all();
        assertThat(a.task(task).holder()).contains(b.node());
    }

    @Test void how_far_the_work_is_and_what_is_said_of_it_is_news_also_where_nothing_else_of_the_task_changes() {
        var claim = b.claims(task);
        all();
        a.news.clear();
        b.does(new BoardCommand.Report(task, claim, Optional.empty(), OptionalInt.of(40), Optional.empty()));
        all();
        assertThat(a.news).containsExactly(new News(News.Kind.CHANGED, task));
        b.does(new BoardCommand.Report(task, claim, Optional.of(TaskStatus.INREVIEW), OptionalInt.empty(), Optional.of("look")));
        all();
        assertThat(a.news).as("told once").containsExactly(new News(News.Kind.CHANGED, task), new News(News.Kind.CHANGED, task));
    }

    @Test void of_several_claims_at_once_without_a_result_the_smallest_id_counts() {
        var ofA = a.claims(task);
        var ofB = b.claims(task);
        all();
        assertThat(c.task(task).claim()).contains(ofA.id().compareTo(ofB.id()) < 0 ? ofA : ofB);
    }

    @Test void a_claim_before_the_lease_was_over_does_not_count_whatever_its_author_says() {
        var first = a.claims(task);
        all();
        b.nowMs += 9_999;
        b.write(new Draft("task_claimed", Json.object("task_id", task, "token", 2, "lease_ms", 10_000, "before", first.id().hex(), "last", first.id().hex())));
        all();
        assertThat(c.task(task).holder()).contains(a.node());
        b.nowMs += 1;
        b.write(new Draft("task_claimed", Json.object("task_id", task, "token", 2, "lease_ms", 10_000, "before", first.id().hex(), "last", first.id().hex())));
        all();
        assertThat(c.task(task).holder()).contains(b.node());
    }

    @Test void a_token_that_does_not_follow_does_not_count_and_neither_does_one_that_is_not_the_claims() {
        var first = a.claims(task);
        all();
        later(10_000);
        b.write(new Draft("task_claimed", Json.object("task_id", task, "token", 3, "lease_ms", 10_000, "before", first.id().hex(), "last", first.id().hex())));
        a.does(new BoardCommand.Finish(task, new dev.waggle.apps.board.ClaimRef(first.id(), 2), TaskStatus.DONE, OptionalInt.empty(), Optional.empty()));
        all();
        assertThat(c.task(task).holder()).contains(a.node());
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
        assertThat(c.refused(task)).hasSize(1);
    }

    @Test void nobody_reports_under_anothers_claim() {
        var claim = a.claims(task);
        all();
        b.finishes(task, claim, TaskStatus.DONE, 0);
        b.does(new BoardCommand.Renew(task, claim, 3_600_000));
        all();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
        assertThat(c.task(task).leaseEndMs()).isEqualTo(TestBoard.NOW + 10_000);
        assertThat(c.refused(task)).hasSize(2);
    }

    // Clocks

    /// Its lease would last for years, too.
    @Tag("T02") @Tag("L02") @Test void a_claim_by_a_clock_that_is_years_ahead_holds_nobody_up() {
        a.nowMs = TestBoard.NOW + 5 * YEAR_MS;
        a.does(new BoardCommand.Work(task, a.claims(task), List.of("in five years")));
        b.take(a);
        assertThat(b.task(task).holder()).as("what is from the future waits").isEmpty();
        b.finishes(task, b.claims(task), TaskStatus.DONE, 0);
        c.take(b);
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.DONE);

        open.forEach(board -> board.nowMs = TestBoard.NOW + 60_000);      // A's clock is right again, and what it wrote is written anew
        a.take(b);
        a.adds(2, "another");
        all();
        later(10_000);
        for (var each : open) {
            assertThat(each.task(task).leaseEndMs()).as("nobody has it for years").isLessThan(each.nowMs + 10_000);
            assertThat(each.asks(board -> board.claims(task, 10)).stream().filter(ShownClaim::stands)).as("one of the two claims counts").hasSize(1);
        }
        if (c.task(task).status() != TaskStatus.DONE) c.finishes(task, c.claims(task), TaskStatus.DONE, 0);
        all();
        assertThat(a.task(task).status()).isEqualTo(TaskStatus.DONE);
    }

    @Tag("T04") @Tag("L02") @Test void a_worker_whose_clock_is_behind_takes_nobodys_task_and_keeps_none_beyond_its_lease() {
        b.nowMs = TestBoard.NOW - 5 * YEAR_MS;
        assertThatThrownBy(() -> b.claims(task)).as("years behind, it stamps nothing").isInstanceOf(WriteRefused.class);
        b.nowMs = TestBoard.NOW - 240_000;
        var late = b.claims(task);
        all();
        assertThat(c.task(task).leaseEndMs()).as("by the stamps of what it knew").isBetween(TestBoard.NOW, TestBoard.NOW + 10_000);
        assertThat(c.refuses(new BoardCommand.Claim(task, 10_000))).contains("works on the task");
        c.nowMs += 10_001;
        c.claims(task);
        b.finishes(task, late, TaskStatus.DONE, 0);
        all();
        assertThat(a.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
        assertThat(a.task(task).holder()).contains(c.node());
        assertThat(a.refused(task)).hasSize(1);
        assertThat(b.refuses(new BoardCommand.Claim(task, 10_000))).as("it does not take it while others' leases run, long as they seem").contains("works on the task");
    }
}

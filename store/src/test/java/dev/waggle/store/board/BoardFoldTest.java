package dev.waggle.store.board;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardCodec;
import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Effect;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.WriteRefused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

import static dev.waggle.store.board.TestBoard.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What becomes of each kind of event, on an owner's node A and members' nodes B and C.
class BoardFoldTest {
    private static final long YEAR_MS = 365L * 24 * 3_600_000;
    @TempDir Path folder;
    private final List<TestBoard> open = new ArrayList<>();
    private TestBoard a;
    private TestBoard b;
    private TestBoard c;
    private String task;

    @BeforeEach void three_nodes_with_one_task() {
        a = opened(TestBoard.create(folder, "anna"));
        b = opened(a.invite(folder, "bert", Role.WRITER));
        c = opened(a.invite(folder, "cora", Role.WRITER));
        task = a.adds(1, "Build the hive");
        all();
    }

    @AfterEach void close() {
        open.forEach(TestBoard::close);
    }

    private TestBoard opened(TestBoard board) {
        open.add(board);
        return board;
    }

    private void all() {
        for (int round = 0; round < 2; round++) for (var to : open) for (var from : open) if (to != from) to.take(from);
        for (var each : open) assertThat(each.rows()).as(each.name).isEqualTo(a.rows());
    }

    private void later(long ms) {
        open.forEach(board -> board.nowMs += ms);
    }

    @Tag("W06") @Test void nobody_else_may_read_a_view() throws IOException {
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.toString().contains(".sqlite")).toList()).isNotEmpty()
                .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    // Fields

    @Test void fields_that_two_nodes_change_at_once_are_merged_one_by_one() {
        a.edits(task, Field.TITLE, "Build two hives");
        b.edits(task, Field.PRIORITY, Json.of(0), Field.LABELS, Json.array(Json.of("wood")));
        all();
        assertThat(c.task(task)).satisfies(row -> {
            assertThat(row.title()).isEqualTo("Build two hives");
            assertThat(row.priority()).isZero();
            assertThat(row.labels()).containsExactly("wood");
            assertThat(row.conflicts()).isZero();
            assertThat(row.version()).isEqualTo(3);
        });
    }

    @Tag("lesson-overwritten-unsent-edits") @Test void of_two_values_of_one_field_the_later_is_shown_and_the_other_is_kept_until_somebody_decides() {
        a.edits(task, Field.TITLE, "A's");
        a.edits(task, Field.DESCRIPTION, "and more of A");                // a later edit of another field hides nothing
        b.nowMs += 10;
        b.edits(task, Field.TITLE, "B's");
        all();
        assertThat(c.task(task).title()).isEqualTo("B's");
        assertThat(c.task(task).conflicts()).isEqualTo(1);
        assertThat(c.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.value()).isEqualTo(Json.of("A's"));
            assertThat(conflict.stamp().origin()).isEqualTo(a.node());
        });
        assertThat(c.news).contains(new News(News.Kind.CONFLICT, task));

        c.does(new BoardCommand.Settle(task, Field.TITLE, Json.of("A's and B's")));
        all();
        assertThat(a.task(task).title()).isEqualTo("A's and B's");
        assertThat(b.task(task).conflicts()).isZero();
    }

    @Tag("T01") @Test void equal_stamps_are_told_apart_the_same_way_everywhere() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        all();
        var wins = a.node().compareTo(b.node()) > 0 ? "A's" : "B's";
        assertThat(a.task(task).title()).isEqualTo(wins);
    }

    @Test void a_node_is_never_in_conflict_with_what_it_wrote_itself_whatever_it_names() {
        var task = a.adds(77, "first");
        for (var title : List.of("second", "third")) a.write(BoardCodec.draft(new BoardChange.Updated(task, TestBoard.set(Field.TITLE, title)), new TreeMap<>()));
        assertThat(a.task(task).title()).isEqualTo("third");
        assertThat(a.task(task).conflicts()).isZero();
        assertThat(a.conflicts()).isEmpty();
    }

    @Test void an_edit_that_saw_another_version_is_refused() {
        a.edits(task, Field.TITLE, "Other");
        assertThat(a.refuses(new BoardCommand.Edit(task, set(Field.TITLE, "Mine"), OptionalLong.of(1)))).contains("version 2");
        a.does(new BoardCommand.Edit(task, set(Field.TITLE, "Mine"), OptionalLong.of(2)));
    }

    // Deletion

    @Tag("lesson-two-kinds-of-delete") @Test void a_deleted_task_stays_deleted_and_one_edit_that_the_deletion_did_not_know_brings_it_back() {
        a.does(new BoardCommand.Delete(task));
        all();
        assertThat(b.task(task).deleted()).isTrue();
        assertThat(b.refuses(new BoardCommand.Edit(task, set(Field.TITLE, "x"), OptionalLong.empty()))).contains("restore it first");
        b.does(new BoardCommand.Restore(task));
        all();
        assertThat(c.task(task).deleted()).isFalse();

        a.does(new BoardCommand.Delete(task));
        b.edits(task, Field.ASSIGNEE, "Bert");
        all();
        assertThat(c.task(task).deleted()).as("a live edit beats the deletion").isFalse();
        c.does(new BoardCommand.Delete(task));
        all();
        assertThat(a.task(task).deleted()).isTrue();
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

    @Test void a_workers_report_does_not_bring_a_deleted_task_back() {
        var claim = b.claims(task);
        all();
        a.does(new BoardCommand.Delete(task));
        b.finishes(task, claim, TaskStatus.DONE, 0);
        all();
        assertThat(a.task(task).deleted()).isTrue();
    }

    // Status

    @Tag("lesson-two-spellings") @Test void the_status_has_one_spelling_and_goes_only_where_it_may() {
        assertThat(java.util.Arrays.stream(TaskStatus.values()).map(TaskStatus::wire)).containsExactly("todo", "inprogress", "inreview", "done", "cancelled");
        a.edits(task, Field.STATUS, "cancelled");
        assertThat(a.refuses(new BoardCommand.Edit(task, set(Field.STATUS, "done"), OptionalLong.empty()))).isEqualTo("A task that is cancelled becomes todo, not done.");
        assertThat(a.refuses(new BoardCommand.Edit(task, set(Field.STATUS, "in_progress"), OptionalLong.empty()))).contains("one of todo, inprogress");
        a.write(new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("status", "in_progress"))));
        all();
        assertThat(b.asks(BoardQueries::summary).quarantined()).isEqualTo(1);
        assertThat(b.task(task).status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test void a_change_of_the_status_that_its_base_does_not_allow_has_no_effect_anywhere() {
        a.edits(task, Field.STATUS, "done");
        var base = a.events().getLast().id().hex();
        a.write(new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("status", "cancelled", "title", "Renamed"), "ids",
            Json.object("status", Json.array(Json.of(base))))));
        all();
        assertThat(b.task(task).status()).isEqualTo(TaskStatus.DONE);
        assertThat(b.task(task).title()).as("the other fields are their own").isEqualTo("Renamed");
    }

    // Claims

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

    @Test void of_several_claims_at_once_without_a_result_the_smallest_id_counts() {
        var ofA = a.claims(task);
        var ofB = b.claims(task);
        all();
        assertThat(c.task(task).claim()).contains(ofA.id().compareTo(ofB.id()) < 0 ? ofA : ofB);
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

    @Test void a_task_that_is_assigned_to_one_node_is_claimed_by_that_node_alone() {
        a.does(new BoardCommand.Edit(task, BoardCommand.assigned(Optional.of(new AssignedTo(b.node(), true))), OptionalLong.empty()));
        all();
        assertThat(c.refuses(new BoardCommand.Claim(task, 10_000))).isEqualTo("The task is assigned to node " + b.node().brief() + ".");
        c.write(new Draft("task_claimed", Json.object("task_id", task, "token", 1, "lease_ms", 10_000)));
        all();
        assertThat(a.task(task).holder()).isEmpty();
        b.claims(task);
        all();
        assertThat(a.task(task).holder()).contains(b.node());
    }

    @Test void what_is_one_nodes_first_is_left_to_it_while_it_is_here_and_may_be_claimed_by_others() {
        a.does(new BoardCommand.Edit(task, BoardCommand.assigned(Optional.of(new AssignedTo(b.node(), false))), OptionalLong.empty()));
        all();
        var any = new BoardQueries.Wanted(java.util.Set.of(), "run:", true);
        assertThat(c.firsts()).containsExactly(b.node());
        assertThat(b.firsts()).as("its own").isEmpty();
        assertThat(b.offered(any)).contains(c.task(task).title());
        assertThat(c.offered(any, b.node())).doesNotContain(c.task(task).title());
        assertThat(c.offered(any)).as("it is away").contains(c.task(task).title());
        var first = b.claims(task);
        all();
        later(10_000);
        c.claims(task);
        all();
        assertThat(a.task(task).holder()).as("its lease was over, and it is not asked").contains(c.node());
        b.finishes(task, first, TaskStatus.DONE, 0);
        all();
        assertThat(a.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
        assertThat(a.refused(task)).as("what comes too late is shown").hasSize(1);
        assertThat(a.task(task).assigned()).as("it goes on being its first").contains(new AssignedTo(b.node(), false));
    }

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

    @Test void a_member_that_is_removed_leaves_its_claims_without_effect() {
        b.nowMs += 5;
        var claim = b.claims(task);
        b.finishes(task, claim, TaskStatus.DONE, 0);
        a.log.write(a.author, List.of(new Draft("member_removed", Json.object("subject", b.node().hex(), "cuts", Json.array()))), List.of(), java.util.Map.of(), a.nowMs);
        a.follow();
        a.take(b);
        c.take(a);
        c.take(b);
        assertThat(a.rows()).isEqualTo(c.rows());
        assertThat(c.task(task).holder()).isEmpty();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.TODO);
    }

    // The log, and the board

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

    @Test void nodes_say_whether_they_take_part_and_the_owner_alone_closes_the_board() {
        a.does(new BoardCommand.Link("anna's", Optional.of("https://192.0.2.1:4747"), true));
        b.does(new BoardCommand.Link("bert's", Optional.empty(), false));
        a.claims(task);
        all();
        assertThat(c.asks(board -> board.participants(TestBoard.NOW)).stream().map(node -> node.name() + " " + node.executes() + " " + node.held())).containsExactlyInAnyOrder("anna's true 1", "bert's false 0");
        b.does(new BoardCommand.Unlink());
        all();
        assertThat(c.asks(board -> board.participants(TestBoard.NOW)).stream().map(Participant::name)).containsExactly("anna's");
        assertThat(b.refuses(new BoardCommand.Close())).isEqualTo("Only the owner's node closes a swarm project.");
        b.write(new Draft("project_closed", Json.object()));
        all();
        assertThat(c.asks(BoardQueries::summary).closed()).isFalse();
        a.does(new BoardCommand.Close());
        all();
        assertThat(c.asks(BoardQueries::summary).closed()).isTrue();
        assertThat(b.refuses(new BoardCommand.Log(task, List.of("too late")))).isEqualTo("The owner closed this swarm project.");
    }

    @Test void what_waits_for_a_node_alone_is_counted_until_it_is_claimed_or_done() {
        for (var each : List.of(a, b)) each.does(new BoardCommand.Link(each.name, Optional.empty(), true));
        for (int i = 10; i < 14; i++) {
            a.adds(i, "task " + i);
            a.does(new BoardCommand.Edit(TestBoard.id(i), BoardCommand.assigned(Optional.of(new AssignedTo(b.node(), true))), OptionalLong.empty()));
        }
        all();
        assertThat(load(b)).isEqualTo("0 held, 4 waiting");
        assertThat(load(a)).isEqualTo("0 held, 0 waiting");
        b.claims(TestBoard.id(10));
        a.edits(TestBoard.id(11), Field.STATUS, "done");
        a.does(new BoardCommand.Delete(TestBoard.id(12)));
        all();
        assertThat(load(b)).isEqualTo("1 held, 1 waiting");
        later(10_000);
        assertThat(load(b)).as("its lease is over, and it is still its own").isEqualTo("0 held, 2 waiting");
    }

    private String load(TestBoard of) {
        return c.asks(board -> board.participants(c.nowMs)).stream().filter(node -> node.node().equals(of.node())).map(node -> node.held() + " held, " + node.waiting() + " waiting").findFirst().orElse("nobody");
    }

    @Test void readers_write_nothing() {
        var d = opened(a.invite(folder, "dora", Role.READER));
        assertThat(d.refuses(new BoardCommand.Claim(task, 10_000))).isEqualTo("This node may read the board and not write to it.");
    }

    @Tag("N07") @Test void an_event_that_is_not_what_it_should_be_is_set_aside_the_same_way_everywhere() {
        var bad = List.of(
            new Draft("task_created", Json.object("task_id", TestBoard.id(9), "fields", Json.object())),
            new Draft("task_created", Json.object("task_id", "nine", "fields", Json.object("title", "x"))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("colour", "red"))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("title", "x".repeat(501)))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("assigned_node", "first:somebody"))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("assigned_node", "second:" + a.node().hex()))),
            new Draft("task_claimed", Json.object("task_id", task, "token", 1, "lease_ms", 3_600_001)),
            new Draft("task_claimed", Json.object("task_id", task, "token", 2, "lease_ms", 10_000)),
            new Draft("task_claimed", Json.object("task_id", task, "token", 10_001, "lease_ms", 10_000, "before", "0".repeat(64), "last", "0".repeat(64))),
            new Draft("task_logged", Json.object("task_id", task, "lines", Json.array())),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("depends_on", Json.array(Json.of("bd-1"))))));
        bad.forEach(b::write);
        all();
        assertThat(c.rows().get("quarantine")).hasSize(bad.size());
        assertThat(c.task(task).version()).isEqualTo(1);
    }

    // What workers choose from

    @Test void a_worker_is_offered_what_it_wants_and_may_claim_and_nothing_hides_it() {
        for (int i = 10; i < 40; i++) a.adds(i, "not for workers");
        var needed = a.adds(50, "first");
        a.does(new BoardCommand.Add(TestBoard.id(51), set(Field.TITLE, "blocked", Field.LABELS, Json.array(Json.of("run:it")), Field.DEPENDS_ON, Json.array(Json.of(needed))), OptionalLong.empty()));
        a.does(new BoardCommand.Add(TestBoard.id(52), set(Field.TITLE, "wanted", Field.LABELS, Json.array(Json.of("run:it"))), OptionalLong.empty()));
        a.does(new BoardCommand.Add(TestBoard.id(53), set(Field.TITLE, "unknown", Field.LABELS, Json.array(Json.of("run:that"))), OptionalLong.empty()));
        all();
        var wanted = new BoardQueries.Wanted(java.util.Set.of("run:it"), "run:", false);
        assertThat(b.offered(wanted)).containsExactly("wanted");
        a.edits(needed, Field.STATUS, "done");
        a.does(new BoardCommand.Edit(TestBoard.id(52), BoardCommand.assigned(Optional.of(new AssignedTo(c.node(), true))), OptionalLong.empty()));
        all();
        assertThat(b.offered(wanted)).containsExactly("blocked");
        a.claims(TestBoard.id(51));
        all();
        assertThat(b.offered(wanted)).isEmpty();
        later(10_000);
        assertThat(b.offered(wanted)).as("its lease is over").containsExactly("blocked");
        assertThat(b.offered(new BoardQueries.Wanted(java.util.Set.of(), "run:", true))).contains("not for workers", "Build the hive").doesNotContain("wanted", "unknown", "first");
    }
}

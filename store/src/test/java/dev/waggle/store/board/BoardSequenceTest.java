package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.ConflictRow;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// A board whose changes a hub's node H sequences, the owner's node A, and a member's node B. A's stamps are the greater ones.
class BoardSequenceTest {
    @TempDir Path folder;
    private final List<TestBoard> open = new ArrayList<>();
    private TestBoard a;
    private TestBoard b;
    private TestBoard h;
    private String task;

    @BeforeEach void three_nodes_with_one_task() {
        a = opened(TestBoard.create(folder, "anna"));
        b = opened(a.invite(folder, "bert", Role.WRITER));
        h = opened(a.invite(folder, "hub", Role.MODERATOR));
        a.does(new BoardCommand.NameSequencer(Optional.of(h.node())));
        task = a.adds(1, "Build the hive");
        all();
        h.stamps();
        all();
        a.nowMs += 1_000;
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
        for (var each : open) {
            assertThat(each.rows()).as(each.name).isEqualTo(a.rows());
            assertThat(BoardOracle.shown(each)).isEqualTo(new BoardOracle(each.log).lines());
        }
    }

    private void reaches(TestBoard node, TestBoard from) {
        node.take(from);
        node.stamps();
    }

    private List<Event> stamps() {
        return a.events().stream().filter(event -> event.type().equals("changes_sequenced")).toList();
    }

    private Draft stamp(long term, long first, Event... events) {
        return new Draft("changes_sequenced", Json.object("term", term, "first", first, "events", Json.array(List.of(events).stream().map(event -> Json.of(event.id().hex())).toList())));
    }

    private static Event last(TestBoard node) {
        return node.events().getLast();
    }

    @Test void what_reaches_the_hub_last_is_shown_whatever_its_stamp_and_the_other_is_kept_until_somebody_decides() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        reaches(h, a);
        reaches(h, b);
        all();
        for (var node : open) assertThat(node.task(task).title()).as(node.name).isEqualTo("B's");
        assertThat(a.conflicts()).singleElement().extracting(ConflictRow::value).isEqualTo(Json.of("A's"));
        assertThat(a.news).contains(new News(News.Kind.CONFLICT, task));
        a.does(new BoardCommand.Settle(task, Field.TITLE, Json.of("both")));
        all();
        assertThat(b.task(task).title()).as("known to all that was live, and not yet at the hub").isEqualTo("both");
        assertThat(b.conflicts()).isEmpty();
    }

    @Test void what_did_not_reach_the_hub_yet_is_shown_only_where_nothing_else_contends_that_did() {
        b.edits(task, Field.TITLE, "B's");
        reaches(h, b);
        a.edits(task, Field.TITLE, "A's");
        assertThat(a.task(task).title()).as("alone").isEqualTo("A's");
        a.take(h);
        assertThat(a.task(task).title()).isEqualTo("B's");
        reaches(h, a);
        a.take(h);
        assertThat(a.task(task).title()).isEqualTo("A's");
        all();
    }

    @Test void of_states_and_assignees_that_did_not_reach_the_hub_the_first_is_shown_and_of_other_fields_the_last() {
        a.edits(task, Field.STATUS, "done", Field.ASSIGNEE, "Anna", Field.TITLE, "A's");
        b.edits(task, Field.STATUS, "inreview", Field.ASSIGNEE, "Bert", Field.TITLE, "B's");
        all();
        assertThat(h.task(task)).satisfies(row -> {
            assertThat(row.status()).isEqualTo(TaskStatus.INREVIEW);
            assertThat(row.assignee()).contains("Bert");
            assertThat(row.title()).isEqualTo("A's");
        });
        a.does(new BoardCommand.NameSequencer(Optional.empty()));
        all();
        assertThat(h.task(task).status()).as("without a sequencer, as ever").isEqualTo(TaskStatus.DONE);
    }

    @Test void of_states_that_reached_the_hub_the_last_is_shown() {
        a.edits(task, Field.STATUS, "done");
        b.edits(task, Field.STATUS, "inreview");
        reaches(h, b);
        reaches(h, a);
        all();
        assertThat(b.task(task).status()).isEqualTo(TaskStatus.DONE);
    }

    @Tag("L02") @Test void of_claims_at_once_the_one_that_reached_the_hub_first_counts_and_a_result_that_is_there_stays() {
        int smaller = 0;
        for (int i = 10; i < 20; i++) {
            var one = a.adds(i, "task");
            all();
            var late = a.claims(one);
            var first = b.claims(one);
            if (late.id().compareTo(first.id()) < 0) smaller++;
            reaches(h, b);
            reaches(h, a);
            all();
            assertThat(h.task(one).claim()).contains(first);
            b.nowMs = a.nowMs + 500;
            b.finishes(one, first, TaskStatus.DONE, 0);
            reaches(h, b);
            a.finishes(one, late, TaskStatus.INREVIEW, 1);                // an earlier stamp does not help
            reaches(h, a);
            a.nowMs = b.nowMs;
            all();
            assertThat(a.task(one).status()).isEqualTo(TaskStatus.DONE);
            assertThat(a.refused(one)).singleElement().satisfies(effect -> assertThat(effect.claim()).isEqualTo(late));
        }
        assertThat(smaller).isBetween(1, 9);
    }

    @Test void nobody_stamps_but_whom_the_owner_named() {
        a.edits(task, Field.TITLE, "A's");
        var changed = last(a);
        b.edits(task, Field.TITLE, "B's");
        var other = last(b);
        b.write(stamp(1, 1_000, other));
        b.write(new Draft("sequencer_named", Json.object("term", 1, "node", b.node().hex())));
        b.write(stamp(2, 1_000, other));
        h.write(stamp(2, 1_000, other));
        h.write(new Draft("sequencer_named", Json.object("term", 2, "before", changed.id().hex(), "node", h.node().hex())));
        assertThat(b.refuses(new BoardCommand.NameSequencer(Optional.of(b.node())))).contains("Only the owner");
        b.stamps();
        all();
        assertThat(a.task(task).title()).isEqualTo("A's");
        assertThat(a.asks(BoardQueries::sequencer)).contains(h.node());
    }

    @Test void a_stamp_that_comes_before_what_it_speaks_of_counts_when_that_comes() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        reaches(h, a);
        h.write(stamp(1, 500, last(b)));
        a.take(h);
        a.take(b);
        assertThat(a.task(task).title()).isEqualTo("B's");
        all();
    }

    @Test void arrivals_are_stamped_together_and_stamps_are_not() {
        int before = stamps().size();
        for (int i = 0; i < 1_100; i++) b.adds(100 + i, "task");
        b.write(new Draft("task_logged", Json.object("task_id", task, "lines", Json.array(Json.of("no field is changed")))));
        h.take(b);
        h.stamps();
        h.stamps();
        a.take(h);
        assertThat(stamps().stream().skip(before).map(event -> event.body().array("events").size())).containsExactly(500, 500, 100);
        assertThat(new BoardOracle(a.log).unsequenced()).isEmpty();
    }

    @Test void a_new_term_keeps_what_it_knew_of_the_old_one_and_what_was_stamped_beyond_is_stamped_again() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        reaches(h, a);
        a.take(h);
        a.does(new BoardCommand.NameSequencer(Optional.of(b.node())));
        reaches(h, b);                                                    // it has not heard of its end
        h.write(stamp(1, 900, a.events().get(a.events().size() - 1)));
        a.take(h);
        b.take(a);
        assertThat(b.task(task).title()).as("the late stamps are void").isEqualTo("A's");
        b.stamps();
        all();
        assertThat(a.task(task).title()).as("and what they named is stamped in the new term").isEqualTo("B's");
        assertThat(new BoardOracle(a.log).unsequenced()).isEmpty();
    }

    @Test void a_change_keeps_its_first_place_when_it_is_stamped_again() {
        a.edits(task, Field.TITLE, "A's");
        var first = last(a);
        b.edits(task, Field.TITLE, "B's");
        reaches(h, a);
        reaches(h, b);
        h.write(stamp(1, 900, first));                                    // a hub whose database was replaced by an older copy
        all();
        assertThat(a.task(task).title()).isEqualTo("B's");
        a.does(new BoardCommand.NameSequencer(Optional.of(b.node())));
        b.take(a);
        b.write(stamp(2, 1, first));
        all();
        assertThat(a.task(task).title()).as("in a later term, too").isEqualTo("B's");
    }

    @Test void a_number_that_was_given_twice_is_told_apart_by_the_stamp_of_who_gave_it() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        h.take(a);
        h.take(b);
        h.nowMs += 5_000;
        h.write(stamp(1, 700, last(b)));
        h.write(stamp(1, 700, last(a)));
        all();
        assertThat(b.task(task).title()).isEqualTo("A's");
    }

    @Test void a_hub_that_is_removed_leaves_the_order_that_counts_and_stamps_no_more() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        reaches(h, a);
        reaches(h, b);
        a.take(h);
        var counts = a.log.state().tips().stream().filter(tip -> tip.chain().origin().equals(h.node())).findFirst().orElseThrow();
        h.edits(task, Field.PRIORITY, Json.of(0));
        h.stamps();
        a.write(new Draft("member_removed", Json.object("subject", h.node().hex(), "cuts",
            Json.array(Json.object("epoch", counts.chain().epoch().hex(), "seq", counts.seq(), "id", counts.id().hex())))));
        all();
        assertThat(a.task(task).title()).as("what it stamped before").isEqualTo("B's");
        a.edits(task, Field.TITLE, "A's again");
        b.take(a);
        assertThat(b.task(task).title()).as("people go on").isEqualTo("A's again");
    }

    @Test void a_hub_that_has_the_project_no_more_says_so_and_orders_nothing_from_then_on() {
        h.does(new BoardCommand.AtHub(false));
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        reaches(h, b);
        reaches(h, a);
        all();
        for (var node : open) {
            assertThat(node.asks(BoardQueries::sequencer)).as(node.name).isEmpty();
            assertThat(node.asks(BoardQueries::isRemoved)).as(node.name).isTrue();
        }
        assertThat(stamps()).as("the task that was there before").hasSize(1);
        assertThat(b.task(task).title()).as("the latest, as without a hub").isEqualTo("A's");
        int said = h.events().size();
        h.does(new BoardCommand.AtHub(false));
        assertThat(h.events()).as("said once").hasSize(said);

        h.does(new BoardCommand.AtHub(true));
        a.take(h);
        a.does(new BoardCommand.NameSequencer(Optional.of(h.node())));
        reaches(h, a);
        all();
        assertThat(b.asks(BoardQueries::isRemoved)).isFalse();
        assertThat(new BoardOracle(a.log).unsequenced()).isEmpty();
    }

    @Test void a_naming_by_the_owner_counts_before_a_hubs_word_that_did_not_know_it_and_nobody_gives_up_for_another() {
        h.does(new BoardCommand.AtHub(false));
        a.does(new BoardCommand.NameSequencer(Optional.of(b.node())));
        all();
        assertThat(h.asks(BoardQueries::sequencer)).contains(b.node());
        var naming = last(a);
        h.write(new Draft("sequencer_named", Json.object("term", 3, "before", naming.id().hex())));
        h.write(new Draft("sequencer_named", Json.object("term", 3, "before", naming.id().hex(), "node", h.node().hex())));
        b.write(new Draft("sequencer_named", Json.object("term", 3, "before", naming.id().hex(), "node", h.node().hex())));
        all();
        assertThat(a.asks(BoardQueries::sequencer)).contains(b.node());
        assertThat(b.refuses(new BoardCommand.AtHub(false))).contains("moderator");
        b.write(new Draft("project_at_hub", Json.object("listed", false)));
        h.does(new BoardCommand.AtHub(true));
        all();
        assertThat(a.asks(BoardQueries::isRemoved)).as("a writer's word is none").isFalse();
        b.does(new BoardCommand.NameSequencer(Optional.empty()));
        all();
        assertThat(a.asks(BoardQueries::sequencer)).as("whoever orders may give it up").isEmpty();
    }

    @Test void rows_that_are_made_again_from_a_condensed_log_are_the_same() throws Exception {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        reaches(h, a);
        reaches(h, b);
        all();
        var before = a.rows();
        new Compaction(a.log, _ -> { }).write(a.author, a.nowMs);
        assertThat(new Compaction(a.log, _ -> { }).condense(a.log.state().checkpoint().orElseThrow())).isEqualTo(Compaction.Outcome.DONE);
        a.close();
        for (var suffix : List.of("", "-wal", "-shm")) java.nio.file.Files.deleteIfExists(Path.of(a.file + suffix));
        a.open();
        a.follow();
        assertThat(a.rows()).isEqualTo(before);
        assertThat(a.task(task).title()).isEqualTo("B's");
    }
}

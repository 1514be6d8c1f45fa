package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static dev.waggle.apps.table.TestNode.gone;
import static dev.waggle.apps.table.TestNode.moved;
import static dev.waggle.apps.table.TestNode.put;
import static dev.waggle.apps.table.TestNode.table;
import static dev.waggle.apps.table.TestTables.key;
import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What two nodes show of changes that did not know each other.
class TableViewTest extends TwoTables {
    @Test void concurrent_edits_of_different_columns_both_survive() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(20, put("person", key(1), person(1, "Anna", null, 30)));
        b.program(21, put("person", key(1), person(1, "Ann", null, 31)));
        exchange();
        assertThat(table(a.view, "person")).containsExactly(person(1, "Anna", null, 31));
        assertThat(a.view.conflicts()).isEmpty();
    }

    @Tag("A12") @Tag("lesson-overwritten-unsent-edits") @Test void of_one_column_the_later_wins_and_the_other_is_kept_until_somebody_who_knows_both_sets_it() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(20, put("person", key(1), person(1, "Ann", null, 31)));
        b.program(21, put("person", key(1), person(1, "Ann", null, 32)));
        exchange();
        var conflict = a.view.conflicts().getFirst();
        assertThat(conflict.kind()).isEqualTo(Conflict.Kind.SAME_FIELD);
        assertThat(conflict.fields()).containsExactly("age");
        assertThat(conflict.key()).isEqualTo(key(1));
        assertThat(conflict.shown().orElseThrow().author()).isEqualTo(b.id);
        assertThat(conflict.shown().orElseThrow().values()).isEqualTo(row("age", 32));
        assertThat(conflict.others()).extracting(Conflict.Version::author, Conflict.Version::values).containsExactly(org.assertj.core.groups.Tuple.tuple(a.id, row("age", 31)));
        a.program(30, put("person", key(1), person(1, "Anna", null, 32)));
        exchange();
        assertThat(a.view.conflicts()).as("another column was edited: the loss must stay visible").hasSize(1);
        a.write(a.view.resolve(conflict.id(), new Resolution.TakeOther(Optional.empty())), 40);
        a.view.settle();
        exchange();
        assertThat(table(b.view, "person")).containsExactly(person(1, "Anna", null, 31));
        assertThat(b.view.conflicts()).isEmpty();
    }

    @Test void pages_of_conflicts_hold_every_one_once_whatever_their_size_and_ids_are_found_by_what_they_begin_with() {
        tables(Map.of());
        for (int i = 1; i <= 7; i++) bothHave(person(i, "Ann", null, 30));
        for (int i = 1; i <= 6; i++) {
            a.program(20, put("person", key(i), person(i, "Ann", null, 31)));
            b.program(21, put("person", key(i), person(i, "Ann", null, 32)));
        }
        exchange();
        var all = a.view.conflicts().stream().map(Conflict::id).toList();
        assertThat(all).hasSizeGreaterThan(5);
        for (int limit = 1; limit <= all.size() + 1; limit++) {
            var ids = new ArrayList<String>();
            var page = a.view.conflicts(0, limit);
            for (ids.addAll(ids(page)); page.next().isPresent(); ids.addAll(ids(page))) {
                assertThat(page.conflicts()).hasSize(limit);
                page = a.view.conflicts(page.next().getAsLong(), limit);
            }
            assertThat(ids).as("limit " + limit).containsExactlyInAnyOrderElementsOf(all);
        }
        for (var id : all) assertThat(a.view.conflictsNamed(id)).extracting(Conflict::id).containsExactly(id);
        assertThat(a.view.conflictsNamed("")).hasSameSizeAs(all);
        assertThat(a.view.conflictsNamed("x")).isEmpty();
    }

    private static List<String> ids(ConflictPage page) {
        return page.conflicts().stream().map(Conflict::id).toList();
    }

    @Test void equal_edits_are_no_conflict() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(20, put("person", key(1), person(1, "Ann", null, 31)));
        b.program(21, put("person", key(1), person(1, "Ann", null, 31)));
        exchange();
        assertThat(a.view.conflicts()).isEmpty();
    }

    @Test void last_write_keeps_whole_rows_and_a_changed_policy_judges_them_again() {
        tables(Map.of("person", "last-write"));
        bothHave(person(1, "Ann", null, 30));
        a.program(20, put("person", key(1), person(1, "Anna", null, 30)));
        b.program(21, put("person", key(1), person(1, "Ann", null, 31)));
        exchange();
        assertThat(table(a.view, "person")).containsExactly(person(1, "Ann", null, 31));
        assertThat(a.view.conflicts()).extracting(Conflict::fields).containsExactly(List.of("age", "name"));
        a.write(new Draft("policy_changed", Json.object("table", "person", "policy", "merge")), 30);
        a.view.settle();
        exchange();
        assertThat(table(a.view, "person")).containsExactly(person(1, "Anna", null, 31));
        assertThat(b.view.conflicts()).isEmpty();
    }

    @Test void what_is_said_of_checkpoints_changes_no_row() {
        tables(Map.of("person", "union"));
        bothHave(person(1, "Ann", null, 30));
        a.write(new Draft("coordinator_named", Json.object("subject", a.id.hex())), 20);
        a.view.settle();
        exchange();
        assertThat(table(b.view, "person")).containsExactly(person(1, "Ann", null, 30));
    }

    @Test void under_union_only_the_author_and_moderators_edit() {
        tables(Map.of("*", "union"));                           // a is the owner
        b.program(10, put("person", key(1), person(1, "Bob", null, 30)));
        exchange();
        a.program(20, put("person", key(1), person(1, "Bobby", null, 30)));
        exchange();
        assertThat(table(b.view, "person")).as("the owner may").containsExactly(person(1, "Bobby", null, 30));
        a.program(30, put("person", key(2), person(2, "Ann", null, 40)));
        exchange();
        b.program(40, put("person", key(2), person(2, "Hacked", null, 40)));
        exchange();
        assertThat(table(a.view, "person")).contains(person(2, "Ann", null, 40));
        a.write(new Draft("member_added", Json.object("subject", b.id.hex(), "role", "moderator")), 50);
        a.view.settle();
        exchange();
        assertThat(table(a.view, "person")).as("a moderator's edit counts").contains(person(2, "Hacked", null, 40));
    }

    @Test void a_live_edit_beats_a_delete_that_did_not_know_it() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(20, gone("person", key(1)));
        b.program(19, put("person", key(1), person(1, "Ann", null, 31)));
        exchange();
        assertThat(table(a.view, "person")).containsExactly(person(1, "Ann", null, 31));
        var conflict = a.view.conflicts().getFirst();
        assertThat(conflict.kind()).isEqualTo(Conflict.Kind.DELETE_AGAINST_EDIT);
        assertThat(conflict.others()).extracting(Conflict.Version::deleted, Conflict.Version::author).containsExactly(org.assertj.core.groups.Tuple.tuple(true, a.id));
        b.write(b.view.resolve(conflict.id(), new Resolution.TakeOther(Optional.empty())), 30);
        b.view.settle();
        exchange();
        assertThat(table(a.view, "person")).isEmpty();
        assertThat(a.view.conflicts()).isEmpty();
    }

    @Test void a_row_that_others_refer_to_comes_back() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(20, gone("person", key(1)));
        b.program(21, put("task", key(9), task(9, 1, "x", 1)));
        exchange();
        assertThat(table(a.view, "person")).containsExactly(person(1, "Ann", null, 30));
        assertThat(table(a.view, "task")).containsExactly(task(9, 1, "x", 1));
        var conflict = a.view.conflicts().getFirst();
        assertThat(conflict.kind()).isEqualTo(Conflict.Kind.DELETE_AGAINST_EDIT);
        a.write(a.view.resolve(conflict.id(), new Resolution.KeepShown()), 30);
        a.view.settle();
        exchange();
        assertThat(a.view.conflicts()).isEmpty();
        b.program(40, gone("task", key(9)));
        exchange();
        assertThat(table(a.view, "person")).as("kept: it does not go with its last child").hasSize(1);
    }

    @Test void a_delete_with_its_children_stays_a_delete() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(15, put("task", key(9), task(9, 1, "x", 1)));
        exchange();
        a.program(20, gone("person", key(1)), gone("task", key(9)));
        exchange();
        assertThat(TestNode.rows(b.view)).isEmpty();
        assertThat(a.view.conflicts()).isEmpty();
    }

    @Test void a_program_without_foreign_keys_may_delete_a_parent_alone() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.program(15, put("task", key(9), task(9, 1, "x", 1)));
        exchange();
        a.program(20, gone("person", key(1)));
        exchange();
        assertThat(table(a.view, "person")).isEmpty();
        assertThat(table(b.view, "task")).containsExactly(task(9, 1, "x", 1));
    }

    @Tag("lesson-constraint-on-one-side") @Test void a_merged_row_that_breaks_a_check_gives_way_to_a_whole_row() {
        tables(Map.of());
        a.program(10, put("range", key("m"), row("name", "m", "low", 1, "high", 5)));
        exchange();
        a.program(20, put("range", key("m"), row("name", "m", "low", 4, "high", 5)));
        b.program(21, put("range", key("m"), row("name", "m", "low", 1, "high", 2)));
        exchange();
        assertThat(table(a.view, "range")).containsExactly(row("name", "m", "low", 1, "high", 2));
        assertThat(a.view.conflicts()).extracting(Conflict::fields).containsExactly(List.of("low"));
    }

    @Test void a_row_that_no_file_takes_is_kept_out_and_can_be_restored() {
        tables(Map.of());
        var broken = new RowChange(RowChange.Kind.INSERT, "range", Optional.of(new RowChange.Ref.Known(RecordId.ofKey("range", key("m")))), List.of(),
            row("name", "m", "low", 5, "high", 1), new TreeMap<>());
        b.write(List.of(broken), 10);
        b.view.settle();
        exchange();
        assertThat(table(a.view, "range")).isEmpty();
        assertThat(a.view.conflicts()).extracting(Conflict::kind, Conflict::rule).containsExactly(org.assertj.core.groups.Tuple.tuple(Conflict.Kind.CONSTRAINT, "CHECK (low <= high)"));
        a.write(a.view.resolve(a.view.conflicts().getFirst().id(), new Resolution.Restore(row("high", 9))), 20);
        a.view.settle();
        exchange();
        assertThat(table(b.view, "range")).containsExactly(row("name", "m", "low", 5, "high", 9));
    }

    @Test void equal_values_of_other_types_are_changes() {
        tables(Map.of());
        bothHave(person(1, "1", null, 30));
        assertThat(a.view.capture(List.of(put("person", key(1), person(1, "1", null, 30))))).isEmpty();
        var real = person(1, "1", null, 30);
        real.put("age", new Value.Real(30));
        assertThat(a.view.capture(List.of(put("person", key(1), real)))).extracting(RowChange::set).containsExactly(row("age", 30.0));
    }

    @Tag("T11") @Test void a_void_event_has_no_effect_and_hands_its_bases_on() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        var voided = a.program(20, put("person", key(1), person(1, "Wrong", null, 99))).orElseThrow();
        b.pull(a);
        b.program(30, put("person", key(1), person(1, "Wrong", null, 31)));
        exchange();
        for (var node : List.of(a, b)) {
            node.judge(a.chain, 0, voided.seq(), voided.seq(), Verdict.VOID);
            node.view.settle();
            assertThat(table(node.view, "person")).containsExactly(person(1, "Ann", null, 31));
            node.judge(a.chain, 0, voided.seq(), voided.seq(), Verdict.COUNTS);
            node.view.settle();
            assertThat(table(node.view, "person")).containsExactly(person(1, "Wrong", null, 31));
        }
        assertThat(a.view.conflicts()).isEmpty();
    }

    /// B's edit stood beside A's edit and delete, and was void in the end: what it was based on A had edited since.
    @Tag("T11") @Test void bases_that_a_void_event_hands_on_do_not_outlive_what_was_based_on_them() {
        tables(Map.of("person", "last-write"));
        bothHave(person(1, "Ann", null, 30));
        a.program(20, put("person", key(1), person(1, "Ann", null, 31)));
        a.program(30, gone("person", key(1)));
        var voided = b.program(25, put("person", key(1), person(1, "Void", null, 30))).orElseThrow();
        exchange();
        b.program(40, put("person", key(1), person(1, "Bob", null, 30)));
        exchange();
        for (var node : List.of(a, b)) {
            node.judge(b.chain, 0, voided.seq(), voided.seq(), Verdict.VOID);
            node.view.settle();
            assertThat(table(node.view, "person")).containsExactly(person(1, "Bob", null, 31));
        }
    }

    /// The edit that made room for B's turns void: nobody who knows the rest would have seen a row, so there is none to fall back to.
    @Tag("T11") @Test void what_an_author_saw_is_judged_as_what_is_shown() {
        tables(Map.of());
        a.program(10, put("range", key("m"), row("name", "m", "low", 1, "high", 5)));
        exchange();
        var voided = b.program(20, put("range", key("m"), row("name", "m", "low", 1, "high", 10))).orElseThrow();
        b.program(30, put("range", key("m"), row("name", "m", "low", 8, "high", 10)));
        a.program(25, put("range", key("m"), row("name", "m", "low", 1, "high", 3)));
        exchange();
        assertThat(table(a.view, "range")).containsExactly(row("name", "m", "low", 8, "high", 10));
        a.program(40, put("range", key("m"), row("name", "m", "low", 4, "high", 10)));
        exchange();
        for (var node : List.of(a, b)) {
            node.judge(b.chain, 0, voided.seq(), voided.seq(), Verdict.VOID);
            node.view.settle();
            assertThat(table(node.view, "range")).isEmpty();
            assertThat(node.view.conflicts()).extracting(Conflict::kind).containsExactly(Conflict.Kind.CONSTRAINT);
        }
    }

    @Test void a_verdict_reaches_only_the_branch_it_names() {
        tables(Map.of());
        var twin = new TestNode(1);                             // a copied folder: it goes on in the same chain
        a.events.values().forEach(twin::receive);
        twin.view.settle();
        var own = new TestNode(3);
        own.pull(a);
        var first = fork(a, 20, put("person", key(1), person(1, "One", null, 1)));
        var second = fork(a, 21, put("person", key(2), person(2, "Two", null, 2)));
        own.receive(first);
        own.receive(second);
        own.view.settle();
        assertThat(table(own.view, "person")).hasSize(2);
        own.judge(a.chain, 1, second.seq(), second.seq(), Verdict.VOID);
        own.view.settle();
        assertThat(table(own.view, "person")).containsExactly(person(1, "One", null, 1));
    }

    /// An event that continues A's chain without A knowing.
    private static Event fork(TestNode node, long nowMs, TableView.Observed observed) {
        var tip = node.events.values().stream().reduce((_, last) -> last).orElseThrow();
        var envelope = tip.envelope();
        var draft = ChangeSetCodec.encode(node.view.capture(List.of(observed))).draft();
        return Event.write(new dev.waggle.core.event.Envelope(envelope.space(), envelope.chain(), envelope.seq() + 1, Optional.of(tip.id()), List.of(), envelope.control(),
            envelope.ts().next(nowMs), draft.type()), draft.body());
    }

    @Tag("N07") @Tag("lesson-one-bad-item") @Test void a_malformed_event_is_listed_and_the_view_goes_on() {
        tables(Map.of());
        var event = a.write(new Draft("batch", Json.object("changes", "nonsense")), 20);
        a.write(new Draft("table_schema", Json.object("name", "x")), 20);
        a.write(new Draft("from_the_future", Json.object("x", "y")), 20);
        a.program(30, put("person", key(1), person(1, "Ann", null, 30)));
        assertThat(table(a.view, "person")).hasSize(1);
        assertThat(a.view.quarantinedCount()).isEqualTo(2);
        assertThat(a.view.quarantined()).extracting(TableView.Quarantined::event).contains(event.id());
        a.applyAgain(event, true);
        a.applyAgain(event, false);
        assertThat(a.view.quarantinedCount()).as("counted once, however often it comes").isEqualTo(2);
    }

    /// No honest author does this: what it has seen is stamped before what it writes.
    @Test void a_base_that_is_stamped_later_than_the_change_is_no_base_in_any_order() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        var liar = new TestNode(4);
        liar.pull(a);
        var later = b.program(50, put("person", key(1), person(1, "Ann", null, 50))).orElseThrow();
        var earlier = liar.write(b.view.capture(List.of(put("person", key(1), person(1, "Ann", null, 20)))), 20);
        for (var order : List.of(List.of(later, earlier), List.of(earlier, later))) {
            var node = new TestNode(5);
            node.pull(a);
            for (var event : order) {
                node.receive(event);
                node.view.settle();
            }
            assertThat(table(node.view, "person")).containsExactly(person(1, "Ann", null, 50));
            assertThat(node.view.conflicts()).extracting(Conflict::kind).containsExactly(Conflict.Kind.SAME_FIELD);
        }
    }

    @Tag("N07") @Test void the_same_events_are_set_aside_whatever_the_order_of_arrival() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        a.write(new Draft("batch", Json.object("changes", "nonsense")), 20);
        b.write(new Draft("batch", Json.object("changes", Json.array())), 20);
        a.program(30, put("person", key(1), person(1, "Ann", null, 31)));
        b.write(new Draft("bulk", Json.object("chunks", 1)), 40);
        b.program(50, put("person", key(2), person(2, "Bob", null, 40)));
        exchange();
        assertThat(a.view.quarantined()).hasSize(3).containsExactlyInAnyOrderElementsOf(b.view.quarantined());
        assertThat(TestNode.rows(a.view)).hasSize(2).isEqualTo(TestNode.rows(b.view));
    }

    /// Whatever way a record went: deleted by a program, by a decision about a conflict, or by giving its key away.
    @Tag("lesson-two-kinds-of-delete") @Test void there_is_one_kind_of_delete_and_it_leaves_one_kind_of_tombstone() {
        tables(Map.of());
        a.program(10, put("range", key("by program"), row("name", "by program", "low", 1, "high", 5)), put("range", key("by decision"), row("name", "by decision", "low", 1, "high", 5)),
            put("range", key("by key"), row("name", "by key", "low", 1, "high", 5)));
        exchange();
        a.program(20, gone("range", key("by program")), gone("range", key("by decision")), moved("range", key("by key"), key("moved"), row("name", "moved", "low", 1, "high", 5)));
        b.program(20, put("range", key("by decision"), row("name", "by decision", "low", 2, "high", 5)));
        exchange();
        assertThat(b.view.conflicts()).extracting(Conflict::kind).containsExactly(Conflict.Kind.DELETE_AGAINST_EDIT);
        b.write(b.view.resolve(b.view.conflicts().getFirst().id(), new Resolution.TakeOther(Optional.empty())), 30);
        b.view.settle();
        exchange();
        assertThat(table(b.view, "range")).containsExactly(row("name", "moved", "low", 1, "high", 5));
        for (var name : List.of("by program", "by decision", "by key")) {
            var again = a.view.capture(List.of(put("range", key(name), row("name", name, "low", 0, "high", 0)))).getFirst();
            assertThat(again.kind()).isEqualTo(RowChange.Kind.INSERT);
            assertThat(again.base()).as(name + ": continues the record whose tombstone it knows").hasSize(1);
            a.write(List.of(again), 40);
            a.view.settle();
        }
        exchange();
        assertThat(table(b.view, "range")).hasSize(4);
        assertThat(b.view.conflicts()).isEmpty();
    }

    @Tag("T11") @Test void a_parent_that_turns_void_takes_no_child_with_it_unseen() {
        tables(Map.of());
        var parent = a.program(20, put("person", key(1), person(1, "Ann", null, 30))).orElseThrow();
        exchange();
        b.program(30, put("task", key(5), task(5, 1, "b's work", 1)));
        exchange();
        var before = TestNode.rows(a.view);
        for (var node : List.of(a, b)) {
            node.judge(a.chain, 0, parent.seq(), parent.seq(), Verdict.VOID);
            node.view.settle();
        }
        assertThat(TestNode.rows(a.view)).isEqualTo(TestNode.rows(b.view));
        assertThat(table(a.view, "person")).isEmpty();
        for (var node : List.of(a, b)) {
            var conflict = node.view.conflicts().getFirst();    // no file could hold it; it is another's work and stays in sight
            assertThat(conflict.kind()).isEqualTo(Conflict.Kind.CONSTRAINT);
            assertThat(conflict.others().getFirst().values()).containsEntry("note", Value.Text.of("b's work"));
            assertThat(node.view.resolve(conflict.id(), new Resolution.Restore(row("person_id", null)))).isNotEmpty();
        }
        for (var node : List.of(a, b)) {
            node.judge(a.chain, 0, parent.seq(), parent.seq(), Verdict.COUNTS);
            node.view.settle();
            assertThat(TestNode.rows(node.view)).isEqualTo(before);
        }
    }

    @Test void rows_wait_for_their_schema() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        var late = new TestNode(5);
        a.events.values().stream().filter(event -> !event.type().equals("table_schema")).forEach(late::receive);
        assertThat(late.view.settle()).isEmpty();
        assertThat(late.view.conflicts()).isEmpty();
        a.events.values().stream().filter(event -> event.type().equals("table_schema")).forEach(late::receive);
        assertThat(late.view.settle()).hasSize(1);
        assertThat(TestNode.rows(late.view)).isEqualTo(TestNode.rows(a.view));
    }

    @Test void a_column_that_the_table_does_not_have_yet_waits_in_its_row() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        var wide = person(1, "Ann", null, 30);
        wide.put("mail", Value.Text.of("ann@example.org"));
        a.program(20, put("person", key(1), wide));
        exchange();
        assertThat(b.view.capture(List.of(put("person", key(1), person(1, "Ann", null, 30))))).as("B's file lacks the column: no change").isEmpty();
        assertThat(table(b.view, "person")).containsExactly(wide);
    }

    @Test void large_values_are_compared_and_shown_whole() {
        tables(Map.of());
        var shared = new TreeMap<dev.waggle.core.event.ChunkId, byte[]>();
        var one = new TestNode(8, new MemoryRecordStore(), TestTables.RULES, shared);
        var two = new TestNode(9, new MemoryRecordStore(), TestTables.RULES, shared);
        one.pull(a);
        two.pull(a);
        var blob = new byte[1_000_000];
        blob[5] = 1;
        var large = task(1, null, null, 1);
        large.put("note", new Value.Blob(blob));
        one.program(10, put("task", key(1), large));
        two.pull(one);
        assertThat(table(two.view, "task")).containsExactly(large);
        assertThat(two.view.capture(List.of(put("task", key(1), new TreeMap<>(large))))).isEmpty();
        var other = new TreeMap<>(large);
        other.put("n", new Value.Int(2));
        assertThat(two.view.capture(List.of(put("task", key(1), other)))).extracting(RowChange::set).containsExactly(row("n", 2));
    }

    @Test void children_inserted_with_their_parent_refer_to_it_within_the_set() {
        tables(Map.of());
        var changes = a.view.capture(List.of(put("task", key(1), task(1, 4, "x", 1)), put("person", key(4), person(4, "Ann", 4, 1)), put("task", key(2), task(2, 99, "y", 1)),
            put("tag", key(4, "t"), tag(4, "t", 1)), put("vote", key(4, "t", 1), row("person_id", 4, "tag", "t", "k", 1, "v", 1))));
        assertThat(changes).extracting(RowChange::table).containsExactly("task", "task", "person", "tag", "vote");
        assertThat(changes.get(0).refs()).containsExactly(Map.entry(0, new RowChange.Ref.SameSet(2)));
        assertThat(changes.get(1).refs()).as("no such parent").isEmpty();
        assertThat(changes.get(2).refs()).as("itself").containsExactly(Map.entry(0, new RowChange.Ref.SameSet(2)));
        assertThat(changes.get(4).refs().get(0)).isEqualTo(changes.get(3).record().orElseThrow());
        a.write(changes, 10);
        a.view.settle();
        exchange();
        assertThat(TestNode.rows(b.view)).hasSize(5);
    }

    @Test void asking_between_folding_and_settling_is_a_bug() {
        tables(Map.of());
        a.write(a.view.capture(List.of(put("person", key(1), person(1, "Ann", null, 30)))), 10);
        assertThatThrownBy(() -> a.view.shown("person", key(1))).isInstanceOf(IllegalStateException.class);
        a.view.settle();
        assertThat(a.view.shown("person", key(1.0))).as("1.0 is the key 1").contains(person(1, "Ann", null, 30));
        assertThat(a.view.shown("person", key("1"))).isEmpty();
        assertThat(a.view.shown("nothing", key(1))).isEmpty();
    }
}

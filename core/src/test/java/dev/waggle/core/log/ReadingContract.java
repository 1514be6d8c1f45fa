package dev.waggle.core.log;

import dev.waggle.core.Property;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static dev.waggle.core.log.TestSpace.NOW;
import static org.assertj.core.api.Assertions.assertThat;

/// What every [EventLog] must do: verdicts that change, reading, and serving what others lack.
public abstract class ReadingContract extends WaitingContract {
    private static final int EVENTS_OF_BATCH = 436;

    @Test void a_rebase_voids_what_lies_beyond_it_whichever_comes_first() {
        var chain = space.chain(null, space.writer, 5, List.of(added.id()));
        var renewed = TestSpace.epoch("renewed");
        var rebase = space.after(null, space.writer).control(added).epoch(renewed)
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(chain.getFirst().chain(), Optional.of(chain.get(2).ref())))).event();
        var late = open();
        late.append(chain, NOW);
        late.append(List.of(rebase), NOW);
        assertThat(late.read(7, 10, ALL)).last().isEqualTo(new Entry.VerdictChanged(9, chain.getFirst().chain(), 0, 4, 5, Verdict.VOID));
        var soon = open();
        assertThat(soon.append(List.of(rebase), NOW)).singleElement().as("it waits for the event it names").isInstanceOf(Admission.Waiting.class);
        soon.append(chain.subList(0, 4), NOW);
        soon.append(chain.subList(4, 5), NOW);
        for (var log : List.of(late, soon)) {
            var verdicts = new TreeMap<Long, Verdict>();
            for (long seq = 1; seq <= 5; seq++) verdicts.put(seq, log.at(chain.getFirst().chain(), 0, seq).orElseThrow().verdict());
            assertThat(verdicts.values()).containsExactly(Verdict.COUNTS, Verdict.COUNTS, Verdict.COUNTS, Verdict.VOID, Verdict.VOID);
            assertThat(log.counts().voided()).isEqualTo(2);
            assertThat(log.standing(chain.get(4)).cause()).contains(new Standing.Cause.Rebased(rebase.id()));
            assertThat(log.standing(chain.get(2)).cause()).isEmpty();
        }
    }

    @Test void events_are_found_by_the_beginning_of_their_ids() {
        var log = open();
        var chain = space.chain(null, space.writer, 300, List.of(added.id()));
        log.append(chain, NOW);
        var all = new ArrayList<>(chain);
        all.addAll(List.of(space.genesis, added));
        for (var prefix : List.of("0", "7", "f", chain.get(7).id().hex().substring(0, 5), chain.get(8).id().hex().substring(0, 19), chain.get(9).id().hex())) {
            var wanted = all.stream().map(Event::id).filter(id -> id.hex().startsWith(prefix)).toList();
            assertThat(log.findAll(prefix, 1_000)).as(prefix).extracting(entry -> entry.event().id()).containsExactlyInAnyOrderElementsOf(wanted);
        }
        assertThat(log.findAll(chain.get(7).id().hex().substring(0, 1), 2)).hasSize(2);
    }

    @Test void several_rebases_of_one_epoch_all_apply_in_any_order() {
        var chain = space.chain(null, space.writer, 5, List.of(added.id()));
        var rebases = new ArrayList<Event>();
        for (int last : List.of(1, 3))
            rebases.add(space.after(null, space.writer).control(added).epoch(TestSpace.epoch("renewed " + last)).draft(new Draft(ControlType.REBASE,
                EventRules.Rebase.body(chain.getFirst().chain(), Optional.of(chain.get(last).ref())))).event());
        for (var order : List.of(rebases, rebases.reversed())) {
            var log = open();
            log.append(chain, NOW);
            for (var rebase : order) log.append(List.of(rebase), NOW);
            assertThat(log.counts().voided()).isEqualTo(3);
            assertThat(log.at(chain.getFirst().chain(), 0, 3).orElseThrow().verdict()).isEqualTo(Verdict.VOID);
        }
    }

    @Test void a_rebase_that_is_not_the_first_event_of_another_epoch_is_rejected() {
        var log = open();
        var one = space.after(null, space.writer).control(added).event();
        var second = space.after(one, space.writer).draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(one.chain(), Optional.of(one.ref())))).event();
        assertThat(log.append(List.of(one, second), NOW).getLast()).isEqualTo(new Admission.Rejected(second, Admission.Reason.BAD_CONTROL));
    }

    @Test void a_rebase_of_a_whole_epoch_voids_branches_that_come_later_too() {
        var log = open();
        var renewed = TestSpace.epoch("renewed");
        var chain = space.chain(null, space.writer, 2, List.of(added.id()));
        var other = space.after(null, space.writer).control(added).text("other").event();
        var rebase = space.after(null, space.writer).control(added).epoch(renewed)
            .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(chain.getFirst().chain(), Optional.empty()))).event();
        log.append(List.of(rebase), NOW);
        assertThat(log.append(List.of(chain.get(0), chain.get(1), other), NOW)).allMatch(answer ->
            answer instanceof Admission.Accepted(_, _, var verdict) && verdict == Verdict.VOID);
    }

    @Test void what_somebody_lacks_is_what_lies_above_its_tips() {
        var log = open();
        var chain = space.chain(null, space.writer, 20, List.of(added.id()));
        log.append(chain, NOW);
        var everything = log.readMissing(List.of(), 0, ALL, ALL);
        assertThat(everything.events()).hasSize(22);
        assertThat(everything.end()).isTrue();
        assertThat(everything.upTo()).isEqualTo(22);
        assertThat(log.readMissing(log.state().tips(), 0, ALL, ALL).events()).isEmpty();
        var half = List.of(new Tip(chain.getFirst().chain(), 7, 10, chain.get(9).id(), chain.get(9).envelope().ts()));
        assertThat(log.readMissing(half, 2, ALL, ALL).events()).isEqualTo(chain.subList(10, 20));
        var unknown = List.of(new Tip(chain.getFirst().chain(), 0, 10, chain.get(3).id(), chain.get(9).envelope().ts()));
        assertThat(log.readMissing(unknown, 2, ALL, ALL).events()).as("unknown and not above: nothing is there").isEqualTo(chain);
        var ahead = List.of(new Tip(chain.getFirst().chain(), 0, 21, chain.get(3).id(), chain.get(9).envelope().ts()));
        assertThat(log.readMissing(ahead, 2, ALL, ALL).events()).as("ahead of us: it has all").isEmpty();
    }

    @Test void what_came_after_the_asked_offset_is_not_looked_at() {
        var log = open();
        var chain = space.chain(null, space.writer, 20, List.of(added.id()));
        for (var piece : List.of(chain.subList(0, 5), chain.subList(5, 10), chain.subList(10, 18), chain.subList(18, 20))) log.append(piece, NOW);
        for (long after : new long[] {2, 7, 15}) {                           // much is lacking, and little
            var some = log.readMissing(List.of(), after, 12, ALL, ALL);
            assertThat(some.events()).isEqualTo(chain.subList((int) after - 2, Math.max((int) after - 2, 10)));
            assertThat(some.upTo()).isEqualTo(Math.max(12, after));
            assertThat(some.end()).isTrue();
        }
        assertThat(log.readMissing(List.of(), 2, 30, ALL, ALL).upTo()).as("the log's end").isEqualTo(22);
        var most = List.of(new Tip(chain.getFirst().chain(), 0, 16, chain.get(15).id(), chain.get(15).envelope().ts()), new Tip(added.chain(), 0, added.seq(), added.id(), added.envelope().ts()));
        assertThat(log.readMissing(most, 0, 20, ALL, ALL).events()).isEqualTo(chain.subList(16, 18));
    }

    @Test void unsigned_events_are_served_only_inside_a_run_that_ends_signed() {
        var log = open();
        var chain = new ArrayList<>(space.chain(null, space.writer, 30, List.of(added.id())));
        for (int i = 0; i < 30; i++) if (i % 10 != 9) chain.set(i, chain.get(i).withoutSignature());
        for (int i = 0; i < 30; i += 10) log.append(chain.subList(i, i + 10), NOW);
        var first = log.readMissing(List.of(), 2, 5, ALL);
        assertThat(first.events()).isEqualTo(chain.subList(0, 10));
        assertThat(first.upTo()).isEqualTo(12);
        assertThat(first.end()).isFalse();
        var all = new ArrayList<>(first.events());
        for (var page = first; !page.end(); ) {
            page = log.readMissing(List.of(), page.upTo(), 5, 400);
            all.addAll(page.events());
        }
        assertThat(all).isEqualTo(chain);
        var copy = open();
        assertThat(copy.append(all, NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(copy.state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    /// Each node on the way drops the signatures that it did not need: nine nodes that shared a hive stored ever longer runs, until one fitted no frame and its node stopped.
    @Test void an_unsigned_run_grows_no_longer_from_node_to_node() {
        var first = open();
        var chain = space.chain(null, space.writer, 2_000, List.of(added.id()));
        for (int i = 0; i < chain.size(); i += 100) first.append(chain.subList(i, i + 100), NOW);
        var dice = Property.random(1);
        for (int hop = 0; hop < 8; hop++) {
            var next = open();
            for (var page = first.readMissing(next.state().tips(), 0, 1, ALL); !page.events().isEmpty(); ) {
                next.append(page.events(), NOW);
                page = first.readMissing(next.state().tips(), 0, 1 + dice.nextInt(EVENTS_OF_BATCH), ALL);
                assertThat(page.events().size()).isLessThanOrEqualTo(EVENTS_OF_BATCH + EventLog.UNSIGNED_RUN_EVENTS_MAX);
            }
            assertThat(next.state().fingerprint()).isEqualTo(first.state().fingerprint());
            int unsigned = 0;
            int bytes = 0;
            for (var event : next.readMissing(List.of(), 2, ALL, ALL).events()) {
                unsigned = event.signature().isPresent() ? 0 : unsigned + 1;
                bytes = event.signature().isPresent() ? 0 : bytes + event.payload().length;
                assertThat(unsigned).as("hop " + hop).isLessThanOrEqualTo(EventLog.UNSIGNED_RUN_EVENTS_MAX);
                assertThat(bytes).isLessThanOrEqualTo(EventLog.UNSIGNED_RUN_BYTES_MAX);
            }
            first = next;
        }
    }

    /// As somebody could send it, and as nodes stored it until the 28th of November 2026.
    @Test void a_run_that_is_longer_than_it_should_be_comes_alone() {
        var log = open();
        var chain = new ArrayList<>(space.chain(null, space.writer, 700, List.of(added.id())));
        for (int i = 0; i < 700; i++) if (i != 498 && i != 699) chain.set(i, chain.get(i).withoutSignature());
        log.append(chain.subList(0, 499), NOW);
        log.append(chain.subList(499, 700), NOW);
        var page = log.readMissing(List.of(), 0, EVENTS_OF_BATCH, ALL);
        assertThat(page.events()).as("genesis and the writer's admission").hasSize(2);
        page = log.readMissing(List.of(), page.upTo(), EVENTS_OF_BATCH, ALL);
        assertThat(page.events()).isEqualTo(chain.subList(0, 499));
        page = log.readMissing(List.of(), page.upTo(), EVENTS_OF_BATCH, ALL);
        assertThat(page.events()).isEqualTo(chain.subList(499, 700));
        assertThat(page.end()).isTrue();
    }

    @Test void a_fork_is_sent_from_where_the_other_side_leaves_it() {
        var log = open();
        var trunk = space.chain(null, space.writer, 5, List.of(added.id()));
        var left = space.chain(trunk.getLast(), space.writer, 5, List.of(added.id()));
        var right = new ArrayList<Event>();
        right.add(space.after(trunk.getLast(), space.writer).text("right").event());
        right.addAll(space.chain(right.getFirst(), space.writer, 2, List.of(added.id())));
        log.append(trunk, NOW);
        log.append(left, NOW);
        log.append(right, NOW);
        var chain = trunk.getFirst().chain();
        var hasLeft = List.of(new Tip(chain, 0, 10, left.getLast().id(), left.getLast().envelope().ts()));
        assertThat(log.readMissing(hasLeft, 2, ALL, ALL).events()).isEqualTo(right);
        var hasRight = List.of(new Tip(chain, 0, 7, right.get(1).id(), right.get(1).envelope().ts()));
        var lacks = new ArrayList<>(left);
        lacks.add(right.get(2));
        assertThat(log.readMissing(hasRight, 2, ALL, ALL).events()).isEqualTo(lacks);
    }

    @Tag("N04") @Test void events_of_one_stamp_and_events_that_come_late_are_all_served() {
        var log = open();
        var same = new ArrayList<Event>();
        for (int i = 0; i < 12; i++) same.add(space.after(null, space.writer).epoch(TestSpace.epoch("epoch " + i)).control(added).at(NOW + 5).event());
        log.append(same, NOW);
        for (int size = 1; size <= 5; size++) {
            var served = new ArrayList<Event>();
            var page = log.readMissing(List.of(), 2, size, ALL);
            for (; !page.end(); page = log.readMissing(List.of(), page.upTo(), size, ALL)) served.addAll(page.events());
            served.addAll(page.events());
            assertThat(served).as("pages of " + size).isEqualTo(same);
        }
        long cursor = log.state().lastOffset();
        var late = space.after(null, space.writer).control(added).at(NOW + 1).event();
        log.append(List.of(late), NOW);
        assertThat(log.read(cursor, 10, ALL)).extracting(entry -> ((Entry.Admitted) entry).event()).containsExactly(late);
        assertThat(log.readMissing(List.of(), cursor, 10, ALL).events()).containsExactly(late);
    }

    @Tag("N14") @Test void events_of_a_kind_that_nobody_knows_are_kept_and_served_byte_by_byte() {
        var log = open();
        var body = Json.object("später", Json.array(new Json.Num(1.5), Json.NULL, Json.object("a", true)), "b", "\u0000\ud83d\ude00");
        var strange = space.after(null, space.writer).control(added).draft(new Draft("kind_of_next_year", body)).event();
        var onIt = space.after(added, space.owner).merging(strange).event();
        assertThat(log.append(List.of(strange, onIt), NOW)).allMatch(Admission.Accepted.class::isInstance);
        var served = log.readMissing(List.of(), 2, ALL, ALL).events();
        assertThat(served.getFirst().payload()).isEqualTo(strange.payload());
        var next = open();
        assertThat(next.append(served, NOW)).allMatch(Admission.Accepted.class::isInstance);
        assertThat(next.state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    @Test void entries_are_read_in_order_and_found_by_place_offset_and_id() {
        var log = open();
        var chain = space.chain(null, space.writer, 5, List.of(added.id()));
        log.append(chain, NOW);
        assertThat(log.read(0, 3, ALL)).extracting(Entry::offset).containsExactly(1L, 2L, 3L);
        assertThat(log.read(3, 10, 1)).as("at least one, whatever its size").hasSize(1);
        assertThat(log.read(7, 10, ALL)).isEmpty();
        assertThat(log.atOffset(4)).contains(new Entry.Admitted(4, chain.get(1), Verdict.COUNTS));
        assertThat(log.atOffset(0)).isEmpty();
        assertThat(log.atOffset(8)).isEmpty();
        assertThat(log.find(chain.get(2).id()).orElseThrow().offset()).isEqualTo(5);
        assertThat(log.find(new EventId("12".repeat(32)))).isEmpty();
        log.append(List.of(space.after(chain.getLast(), space.writer).text("later").event()), NOW);
        assertThat(log.find(chain.get(4).id())).isPresent();
        assertThat(log.at(chain.getFirst().chain(), 0, 0)).isEmpty();
        assertThat(log.at(chain.getFirst().chain(), 1, 1)).isEmpty();
    }

    @Test void marks_are_set_replaced_and_removed() {
        var log = open();
        log.marks(Map.of("cursor", new byte[] {1}, "other", new byte[] {2}));
        log.marks(Map.of("cursor", new byte[] {3}));
        var removal = new HashMap<String, byte[]>();
        removal.put("other", null);
        log.marks(removal);
        assertThat(log.mark("cursor")).contains(new byte[] {3});
        assertThat(log.mark("other")).isEmpty();
    }

    @Test void listeners_are_told_of_entries_until_they_close() throws Exception {
        var log = open();
        var told = new ArrayList<String>();
        var subscription = log.onAppend(() -> told.add("new entries"));
        var chain = space.chain(null, space.writer, 2, List.of(added.id()));
        log.append(chain.subList(0, 1), NOW);
        log.append(chain.subList(0, 1), NOW);
        log.marks(Map.of("x", new byte[0]));
        assertThat(told).hasSize(1);
        subscription.close();
        log.append(chain.subList(1, 2), NOW);
        assertThat(told).hasSize(1);
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.time.Hlc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// One side of one exchange: what it says, what it refuses, when its cursor moves.
class ExchangeTest extends OneSide {
    /// The peer lacks everything: the first read is out.
    private void begun() {
        exchange.open(now());
        hear(new Frame.Have(SPACE, new byte[32], 0, 0, List.of()));
        assertThat(of(hear(new Frame.Tips(SPACE, List.of(), false)), ExchangeStep.Read.class)).containsExactly(new ExchangeStep.Read(List.of(), 0, 10));
    }

    private List<ExchangeStep> readDone(long upTo, boolean end) {
        return exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(EVENT), upTo, end), upTo), now());
    }

    private static Frame.Ack ack(long upTo, int rejected, int pushedBack) {
        return new Frame.Ack(SPACE, upTo, 1, 0, 0, 0, rejected, pushedBack);
    }

    @Test void equal_logs_are_agreed_with_one_have_each_way() {
        assertThat(sent(exchange.open(now()), Frame.class)).hasSize(1);
        var out = hear(have(state(10)));
        assertThat(sent(out, Frame.class)).isEmpty();
        assertThat(exchange.agreed()).isTrue();
        assertThat(of(out, ExchangeStep.CursorMoved.class)).containsExactly(new ExchangeStep.CursorMoved(10, 0));
    }

    @Test void a_question_is_answered_once_and_an_answer_is_not() {
        exchange.open(now());
        assertThat(sent(hear(have(state(10))), Frame.Have.class)).as("this was the answer").isEmpty();
        assertThat(sent(hear(have(state(10))), Frame.Have.class)).as("this is a question").hasSize(1);
    }

    @Test void at_most_four_batches_are_unacknowledged() {
        begun();
        for (int i = 1; i <= 3; i++) assertThat(of(readDone(i, false), ExchangeStep.Read.class)).hasSize(1);
        assertThat(of(readDone(4, false), ExchangeStep.Read.class)).isEmpty();
        assertThat(of(hear(ack(1, 0, 0)), ExchangeStep.Read.class)).hasSize(1);
    }

    @Test void the_cursor_does_not_pass_what_is_damaged_here() {
        begun();
        exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(EVENT), 10, true, true, false), 4), now());
        hear(ack(10, 0, 0));
        assertThat(exchange.cursor()).isZero();
    }

    @Tag("N10") @Test void nothing_is_read_for_a_congested_connection() {
        begun();
        exchange.congested(true, now());
        assertThat(of(readDone(1, false), ExchangeStep.Read.class)).isEmpty();
        assertThat(of(exchange.congested(false, now()), ExchangeStep.Read.class)).hasSize(1);
    }

    @Tag("N03") @Tag("lesson-sent-is-not-acknowledged") @Test void the_cursor_moves_with_acknowledgements_only() {
        begun();
        readDone(4, false);
        readDone(10, true);
        assertThat(exchange.cursor()).isZero();
        hear(ack(4, 0, 0));
        assertThat(exchange.cursor()).isEqualTo(4);
        hear(ack(10, 0, 0));
        assertThat(exchange.cursor()).isEqualTo(10);
    }

    @Tag("N03") @Tag("N12") @Test void the_cursor_does_not_pass_what_was_pushed_back_or_rejected_until_the_logs_are_equal() {
        for (int rejected = 0; rejected <= 1; rejected++) {
            var other = new ExchangeTest();
            other.begun();
            other.readDone(4, false);
            other.readDone(10, true);
            other.hear(ack(4, rejected, 1 - rejected));
            other.hear(ack(10, 0, 0));
            assertThat(other.exchange.cursor()).isZero();
            other.hear(have(state(10)));
            assertThat(other.exchange.cursor()).isEqualTo(10);
        }
    }

    /// The link brought only what the peer had: what others write is held back on it from now on.
    private void heldBack() {
        begun();
        readDone(4, false);
        readDone(7, false);
        readDone(10, true);
        for (long upTo : new long[] {4, 7, 10}) hear(new Frame.Ack(SPACE, upTo, 0, 1, 0, 0, 0, 0));
        assertThat(exchange.cursor()).isEqualTo(10);
    }

    /// This node writes at 12 what it knew somebody else's event at 11 for.
    private List<ExchangeStep> bothWrite() {
        var state = state(11);
        var tips = Stream.of(tip(CHAIN, 11), tip(THEIRS, 1)).sorted(Comparator.comparing(Tip::chain)).toList();
        return exchange.logChanged(new LogState(tips, 12, state.members(), List.of(), 0), true, now());
    }

    @Test void on_a_link_that_is_held_back_what_this_node_wrote_is_read_alone_and_moves_no_cursor() {
        heldBack();
        var read = of(bothWrite(), ExchangeStep.Read.class);
        assertThat(read).containsExactly(new ExchangeStep.Read(List.of(tip(THEIRS, 1)), 10, 12));
        var sent = sent(exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(OWN), 12, true), 12), now()), Frame.Events.class);
        assertThat(sent).containsExactly(new Frame.Events(SPACE, List.of(OWN), 12));
        assertThat(of(hear(ack(12, 0, 0)), ExchangeStep.CursorMoved.class)).isEmpty();
        assertThat(exchange.cursor()).as("what is held back is not there").isEqualTo(10);
        assertThat(exchange.lag()).isEqualTo(2);
    }

    @Test void what_this_node_wrote_and_is_on_its_way_hinders_no_comparison_and_is_not_sent_again() {
        heldBack();
        bothWrite();
        exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(OWN), 12, true), 12), now());
        nowMs += 1_000;
        assertThat(sent(exchange.rang(now()), Frame.Have.class)).hasSize(1);
        hear(new Frame.Have(SPACE, new byte[32], 1, 1, List.of()));
        var read = of(hear(new Frame.Tips(SPACE, List.of(tip(THEIRS, 1)), false)), ExchangeStep.Read.class);
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().after()).isZero();
        assertThat(read.getFirst().have()).extracting(Tip::id).containsExactlyInAnyOrder(id(THEIRS, 1), OWN.id());
        exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(), 12, true), 0), now());
        assertThat(exchange.cursor()).as("it is not acknowledged yet").isEqualTo(10);
        hear(ack(12, 0, 0));
        assertThat(exchange.cursor()).isEqualTo(12);
    }

    /// What comes before it is damaged here and was left out: that it is on its way says nothing of that.
    @Test void what_this_node_wrote_and_is_on_its_way_vouches_for_nothing_before_it() {
        var second = Event.write(new Envelope(Optional.of(SPACE), CHAIN, 2, Optional.of(OWN.id()), List.of(), List.of(OWN.id()), new Hlc(5, 0), "x"), Json.object()).signed(Ed25519.signer(HandshakeTest.bytes(1)));
        heldBack();
        bothWrite();
        exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(second), 12, true, true, false), 12), now());
        nowMs += 1_000;
        exchange.rang(now());
        hear(new Frame.Have(SPACE, new byte[32], 1, 1, List.of()));
        var read = of(hear(new Frame.Tips(SPACE, List.of(tip(THEIRS, 1)), false)), ExchangeStep.Read.class);
        assertThat(read.getFirst().have()).extracting(Tip::id).containsExactly(id(THEIRS, 1));
    }

    /// Seed 1217: it followed an event that was held back, which then counted as there.
    @Test void what_another_wrote_while_the_log_was_read_for_what_this_node_wrote_is_held_back_too() {
        heldBack();
        bothWrite();
        var sent = sent(exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(OWN, EVENT), 13, true), 12), now()), Frame.Events.class);
        assertThat(sent).containsExactly(new Frame.Events(SPACE, List.of(OWN), 13));
    }

    @Test void what_waits_there_for_what_is_held_back_brings_the_comparison_forward_that_sends_it() {
        heldBack();
        bothWrite();
        exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(OWN), 12, true), 12), now());
        hear(new Frame.Ack(SPACE, 12, 0, 0, 1, 0, 0, 0));
        nowMs += 125;
        assertThat(sent(exchange.rang(now()), Frame.Have.class)).hasSize(1);
        hear(new Frame.Have(SPACE, new byte[32], 0, 0, List.of()));
        var read = of(hear(new Frame.Tips(SPACE, List.of(), false)), ExchangeStep.Read.class);
        assertThat(read).containsExactly(new ExchangeStep.Read(List.of(), 0, 12));
    }

    @Test void after_a_push_back_the_peer_is_asked_again_what_it_lacks_and_ever_more_slowly() {
        begun();
        readDone(10, true);
        hear(ack(10, 0, 1));
        nowMs += 999;
        assertThat(sent(exchange.rang(now()), Frame.Have.class)).isEmpty();
        nowMs += 1;
        assertThat(sent(exchange.rang(now()), Frame.Have.class)).hasSize(1);
    }

    @Tag("N03") @Test void the_cursor_stands_still_while_the_peer_names_what_is_not_here() {
        exchange.open(now());
        hear(new Frame.Have(SPACE, new byte[32], 0, 0, List.of()));
        hear(new Frame.Tips(SPACE, List.of(tip(CHAIN, 99)), false));
        exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(), 10, true), 0), now());
        assertThat(exchange.cursor()).isZero();
    }

    @Test void what_a_peer_sent_is_named_as_its_own_in_the_next_read() {
        exchange.open(now());
        hear(have(state(10)));
        hear(new Frame.Events(SPACE, List.of(EVENT), 1));
        exchange.appended(1, List.of(new Admission.Accepted(EVENT, 11, Verdict.COUNTS)), now());
        var reads = of(exchange.logChanged(state(11), true, now()), ExchangeStep.Read.class);
        assertThat(reads).hasSize(1);
        assertThat(reads.getFirst().after()).isEqualTo(10);
        assertThat(reads.getFirst().have()).extracting(Tip::id).containsExactly(EVENT.id());
    }

    @Test void nothing_is_served_to_somebody_who_may_not_read() {
        var welcomed = new Exchange(ME, PEER, SPACE, SyncSettings.defaults(), state(10), false, 0);
        welcomed.open(now());
        welcomed.received(new Frame.Have(SPACE, new byte[32], 0, 0, List.of()), now());
        assertThat(of(welcomed.received(new Frame.Tips(SPACE, List.of(), false), now()), ExchangeStep.Read.class)).isEmpty();
        var wanted = welcomed.received(new Frame.Want(SPACE, List.of(id(CHAIN, 1)), List.of(new ChunkId("ab".repeat(32)))), now());
        assertThat(of(wanted, ExchangeStep.Fetch.class)).isEmpty();
        assertThat(sent(wanted, Frame.Events.class)).allMatch(frame -> frame.events().isEmpty());
        assertThat(of(welcomed.received(new Frame.Probe(SPACE, CHAIN, List.of(1L)), now()), ExchangeStep.Look.class)).isEmpty();
    }

    @Tag("P04") @Test void appends_are_one_at_a_time_and_more_than_the_credit_is_a_violation() {
        exchange.open(now());
        assertThat(of(hear(new Frame.Events(SPACE, List.of(EVENT), 1)), ExchangeStep.Append.class)).hasSize(1);
        for (int i = 2; i <= 4; i++) {
            var out = hear(new Frame.Events(SPACE, List.of(EVENT), i));
            assertThat(of(out, ExchangeStep.Append.class)).isEmpty();
            assertThat(violation(out)).isEqualTo("none");
        }
        assertThat(violation(hear(new Frame.Events(SPACE, List.of(EVENT), 5)))).isEqualTo("over_credit");
    }

    @Test void nothing_is_acknowledged_before_the_log_has_it() {
        exchange.open(now());
        assertThat(sent(hear(new Frame.Events(SPACE, List.of(EVENT), 1)), Frame.Ack.class)).isEmpty();
        assertThat(sent(exchange.storeFailed("append", now()), Frame.Ack.class)).isEmpty();
        nowMs += 30_000;
        assertThat(sent(exchange.rang(now()), Frame.Ack.class)).isEmpty();
        assertThat(sent(exchange.appended(1, List.of(new Admission.Accepted(EVENT, 11, Verdict.COUNTS)), now()), Frame.Ack.class)).hasSize(1);
    }

    @Test void an_acknowledgement_says_what_became_of_each_event() {
        exchange.open(now());
        hear(new Frame.Events(SPACE, List.of(EVENT), 7));
        var answers = List.<Admission>of(new Admission.Accepted(EVENT, 11, Verdict.COUNTS), new Admission.Accepted(EVENT, 12, Verdict.VOID), new Admission.Duplicate(EVENT),
            new Admission.Waiting(EVENT, List.of(), List.of(), List.of()), new Admission.Held(EVENT, 1), new Admission.Rejected(EVENT, Admission.Reason.NOT_ALLOWED),
            new Admission.PushedBack(EVENT, List.of()), new Admission.PushedBack(EVENT, List.of()));
        assertThat(sent(exchange.appended(7, answers, now()), Frame.Ack.class)).containsExactly(new Frame.Ack(SPACE, 7, 2, 1, 1, 1, 1, 2));
    }

    @Test void what_the_log_gains_is_read_at_once() {
        begun();
        readDone(10, true);
        hear(ack(10, 0, 0));
        assertThat(of(exchange.logChanged(state(11), true, now()), ExchangeStep.Read.class)).containsExactly(new ExchangeStep.Read(List.of(), 10, 11));
    }

    @Test void a_batch_is_acknowledged_when_its_chunks_are_here_and_the_next_waits() {
        exchange.open(now());
        var chunk = Chunk.of(new byte[] {1});
        hear(new Frame.Events(SPACE, List.of(EVENT), 1));
        hear(new Frame.Events(SPACE, List.of(EVENT), 2));
        var waiting = exchange.appended(1, List.of(new Admission.Waiting(EVENT, List.of(), List.of(), List.of(chunk.id()))), now());
        assertThat(sent(waiting, Frame.Ack.class)).isEmpty();
        assertThat(of(waiting, ExchangeStep.Append.class)).isEmpty();
        assertThat(sent(waiting, Frame.Want.class)).containsExactly(new Frame.Want(SPACE, List.of(), List.of(chunk.id())));
        assertThat(of(hear(new Frame.Chunks(SPACE, List.of(chunk))), ExchangeStep.PutChunks.class)).hasSize(1);
        var put = exchange.chunksPut(new Input.ChunksPut(1, SPACE, List.of(chunk.id()), List.of(new Admission.Accepted(EVENT, 11, Verdict.COUNTS))), now());
        assertThat(sent(put, Frame.Ack.class)).containsExactly(new Frame.Ack(SPACE, 1, 1, 0, 0, 0, 0, 0));
        assertThat(of(put, ExchangeStep.Append.class)).hasSize(1);
    }

    @Test void a_peer_without_the_chunks_or_without_an_answer_holds_nobody_up() {
        exchange.open(now());
        hear(new Frame.Events(SPACE, List.of(EVENT), 1));
        var waiting = List.<Admission>of(new Admission.Waiting(EVENT, List.of(), List.of(), List.of(new ChunkId("ab".repeat(32)))));
        exchange.appended(1, waiting, now());
        assertThat(sent(hear(new Frame.Chunks(SPACE, List.of())), Frame.Ack.class)).hasSize(1);
        hear(new Frame.Events(SPACE, List.of(EVENT), 2));
        exchange.appended(2, waiting, now());
        nowMs += 30_000;
        assertThat(sent(exchange.rang(now()), Frame.Ack.class)).hasSize(1);
    }

    @Tag("N06") @Tag("lesson-waiting-dropped-by-age") @Test void what_events_wait_for_is_asked_for_by_id_after_a_quiet_time() {
        begun();
        readDone(10, true);
        hear(ack(10, 0, 0));
        assertThat(exchange.agreed()).isFalse();
        nowMs += 60_000;
        assertThat(of(exchange.rang(now()), ExchangeStep.ListWaiting.class)).hasSize(1);
        var out = exchange.waitingListed(new Input.WaitingListed(1, SPACE, List.of(id(THEIRS, 4)), List.of(), List.of()), now());
        assertThat(sent(out, Frame.Want.class)).containsExactly(new Frame.Want(SPACE, List.of(id(THEIRS, 4)), List.of()));
        assertThat(of(hear(new Frame.Events(SPACE, List.of(EVENT), 0)), ExchangeStep.Append.class)).containsExactly(new ExchangeStep.Append(List.of(EVENT), 0));
        var asked = hear(new Frame.Want(SPACE, List.of(EVENT.id()), List.of()));
        assertThat(of(asked, ExchangeStep.Fetch.class)).as("and served by id").containsExactly(new ExchangeStep.Fetch(List.of(EVENT.id()), List.of()));
    }

    /// Otherwise two nodes with an event whose parent nobody has would compare, ask and be told nothing without end.
    @Test void an_answer_without_events_is_no_reason_to_compare() {
        exchange.open(now());
        hear(have(state(10)));
        assertThat(exchange.agreed()).isTrue();
        var asked = exchange.waitingListed(new Input.WaitingListed(1, SPACE, List.of(id(THEIRS, 4)), List.of(), List.of()), now());
        assertThat(sent(asked, Frame.Want.class)).hasSize(1);
        hear(new Frame.Events(SPACE, List.of(), 0));
        assertThat(exchange.agreed()).isTrue();
        nowMs += 60_000;
        assertThat(of(exchange.rang(now()), ExchangeStep.ListWaiting.class)).isEmpty();
    }

    /// Both ask at about the same time, so each question meets what is on the way: that it was not finished is no progress.
    @Test void comparisons_that_cross_what_is_held_there_are_made_ever_more_rarely() {
        exchange.open(now());
        var gaps = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) {
            hear(have(state(9)));
            hear(new Frame.Tips(SPACE, List.of(), false));
            readDone(10, true);
            hear(have(state(9)));
            hear(new Frame.Ack(SPACE, 10, 0, 0, 0, 1, 0, 0));
            long from = nowMs;
            do nowMs += 250;
            while (sent(exchange.rang(now()), Frame.Have.class).isEmpty());
            gaps.add(nowMs - from);
        }
        assertThat(gaps.getLast()).as("%s", gaps).isGreaterThan(20 * gaps.getFirst());
        hear(have(state(9)));
        hear(new Frame.Tips(SPACE, List.of(), false));
        readDone(10, true);
        hear(ack(10, 0, 0));
        long from = nowMs;
        do nowMs += 250;
        while (sent(exchange.rang(now()), Frame.Have.class).isEmpty());
        assertThat(nowMs - from).as("once it is taken, soon again").isEqualTo(gaps.getFirst());
    }

    /// Whoever may read now was not answered before; the comparisons until then say nothing of what comes.
    @Test void a_log_that_changed_is_compared_soon_again() {
        exchange.open(now());
        for (int i = 0; i < 8; i++) {
            hear(have(state(9)));
            nowMs += 60_000;
            exchange.rang(now());
        }
        exchange.logChanged(state(11), true, now());
        long from = nowMs;
        do nowMs += 250;
        while (sent(exchange.rang(now()), Frame.Have.class).isEmpty());
        assertThat(nowMs - from).isLessThanOrEqualTo(1_000);
    }

    /// The peer has the three batches that others wrote, and a place for one more is free only then.
    @Test void what_this_node_wrote_goes_out_however_needless_the_rest_was() {
        begun();
        for (long upTo = 1; upTo <= 4; upTo++) readDone(upTo, false);
        var needless = new Frame.Ack(SPACE, 1, 0, 1, 0, 0, 0, 0);
        hear(needless);
        readDone(5, false);
        hear(new Frame.Ack(SPACE, 2, 0, 1, 0, 0, 0, 0));
        readDone(6, false);
        assertThat(of(exchange.logChanged(state(11), true, now()), ExchangeStep.Read.class)).as("no credit").isEmpty();
        assertThat(of(hear(new Frame.Ack(SPACE, 3, 0, 1, 0, 0, 0, 0)), ExchangeStep.Read.class)).hasSize(1);
    }

    @Test void what_nobody_asked_for_ends_the_connection() {
        exchange.open(now());
        assertThat(violation(hear(new Frame.Chunks(SPACE, List.of())))).isEqualTo("not_asked");
        assertThat(violation(hear(new Frame.Events(SPACE, List.of(EVENT), 0)))).isEqualTo("over_credit");
        assertThat(violation(hear(ack(3, 0, 0)))).isEqualTo("unknown_ack");
        assertThat(violation(hear(new Frame.Probe(SPACE, CHAIN, List.of())))).isEqualTo("bad_probe");
        assertThat(violation(hear(new Frame.Want(SPACE, java.util.Collections.nCopies(257, id(CHAIN, 1)), List.of())))).isEqualTo("too_many_wanted");
    }

    /// A script that calls for a sync in a loop is no attack: the peer is asked twice a second, and what was called for meanwhile is asked then.
    @Tag("P04") @Test void whoever_asks_for_a_comparison_in_a_loop_asks_the_peer_no_more_than_it_allows() {
        exchange.open(now());
        hear(have(state(10)));
        long from = nowMs;
        int asked = 0;
        for (; nowMs < from + 10_000; nowMs += 10) {
            if (sent(exchange.compare(now()), Frame.Have.class).isEmpty()) continue;
            asked++;
            assertThat(violation(hear(have(state(10))))).isEqualTo("none");
        }
        assertThat(asked).isBetween(15, 25);
        asked = 0;
        for (; nowMs < from + 11_000; nowMs += 10) asked += sent(exchange.rang(now()), Frame.Have.class).size();
        assertThat(asked).as("the last call is answered, too").isEqualTo(1);
    }

    @Tag("P04") @Test void a_flood_of_questions_or_tips_ends_the_connection() {
        exchange.open(now());
        var last = "none";
        for (int i = 0; i < 101; i++) last = violation(hear(have(state(10))));
        assertThat(last).isEqualTo("too_many_questions");
        var tips = new ArrayList<Tip>();
        for (int i = 1; i <= Frame.TIPS_MAX; i++) tips.add(tip(CHAIN, i));
        var page = new Frame.Tips(SPACE, tips, true);
        for (int i = 0; i < 63; i++) last = violation(hear(page));
        assertThat(last).isEqualTo("too_many_tips");
    }

    @Tag("N08") @Test void a_store_that_fails_is_tried_again_and_nothing_is_skipped() {
        begun();
        exchange.storeFailed("read", now());
        assertThat(of(exchange.logChanged(state(11), true, now()), ExchangeStep.Read.class)).isEmpty();
        nowMs += 30_000;
        assertThat(of(exchange.rang(now()), ExchangeStep.Read.class)).containsExactly(new ExchangeStep.Read(List.of(), 0, 11));
        hear(new Frame.Events(SPACE, List.of(EVENT), 7));
        exchange.storeFailed("append", now());
        nowMs += 30_000;
        assertThat(of(exchange.rang(now()), ExchangeStep.Append.class)).containsExactly(new ExchangeStep.Append(List.of(EVENT), 7));
    }

    @Tag("S05") @Test void one_trouble_of_the_store_that_many_questions_met_is_tried_again_after_one_second() {
        begun();
        for (var what : List.of("look", "locate", "read", "waiting", "look", "locate")) exchange.storeFailed(what, now());
        assertThat(of(exchange.logChanged(state(11), true, now()), ExchangeStep.Read.class)).isEmpty();
        nowMs += 1_000;
        assertThat(of(exchange.rang(now()), ExchangeStep.Read.class)).hasSize(1);
    }

    @Tag("S05") @Test void a_store_that_failed_for_long_is_tried_again_every_eight_seconds() {
        begun();
        for (int i = 0; i < 10; i++) {
            exchange.storeFailed("read", now());
            nowMs += 8_000;
            assertThat(of(exchange.rang(now()), ExchangeStep.Read.class)).hasSize(1);
        }
    }

    @Tag("N10") @Test void a_peer_that_never_acknowledges_is_hung_up_on() {
        begun();
        readDone(4, false);
        nowMs += 300_000;
        assertThat(violation(exchange.rang(now()))).isEqualTo("none");
        nowMs += 300_000;
        assertThat(violation(exchange.rang(now()))).isEqualTo("stalled");
    }

    @Tag("N03") @Tag("L06") @Tag("lesson-green-while-frozen") @Test void logs_that_differ_although_nothing_moves_are_reported_once_and_their_repair_too() {
        exchange.open(now());
        int reported = 0;
        for (int i = 0; i < 6; i++) {
            hear(new Frame.Have(SPACE, new byte[32], 1, 9, List.of()));
            var out = hear(new Frame.Tips(SPACE, List.of(tip(CHAIN, 10), tip(THEIRS, 3)), false));
            reported += of(out, ExchangeStep.Said.class).stream().filter(said -> said.notice() instanceof Notice.Differs).count();
            if (!of(out, ExchangeStep.Read.class).isEmpty())
                exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(), 10, true), 0), now());
        }
        assertThat(reported).isEqualTo(1);
        assertThat(of(hear(have(state(10))), ExchangeStep.Said.class)).extracting(ExchangeStep.Said::notice).contains(new Notice.Repaired(PEER, SPACE));
    }

    @Test void a_million_events_of_a_forked_chain_are_compared_in_a_few_questions() {
        long common = 654_321;
        var repair = new Repair(SPACE);
        var out = repair.begin(List.of(tip(CHAIN, 1_000_000)));
        int questions = 0;
        while (out.getFirst() instanceof Repair.Out.Ask(var probe)) {
            questions++;
            var theirs = probe.seqs().stream().map(seq -> List.of(id(seq <= common ? CHAIN : THEIRS, seq))).toList();
            var here = probe.seqs().stream().map(seq -> List.of(id(CHAIN, seq))).toList();
            assertThat(repair.answered(new Frame.Places(SPACE, CHAIN, probe.seqs(), theirs))).isPresent();
            out = repair.looked(here);
        }
        assertThat(questions).isLessThanOrEqualTo(6);
        assertThat(out.getFirst()).isInstanceOfSatisfying(Repair.Out.Parted.class, parted -> assertThat(parted.common().seq()).isEqualTo(common));
    }

    // checkpoints

    private static final Chunk SEGMENT = Chunk.of(new byte[] {1, 2, 3});

    private List<ExchangeStep> adopted(boolean done, long took, String refused, ChunkId... wanted) {
        return exchange.adopted(new Input.Adopted(1, SPACE, List.of(wanted), done, took, refused), now());
    }

    private void offered() {
        exchange.open(now());
        hear(have(state(20)));
        assertThat(of(hear(new Frame.Checkpoint(SPACE, EVENT)), ExchangeStep.Adopt.class)).containsExactly(new ExchangeStep.Adopt(Optional.of(EVENT), List.of()));
    }

    @Test void who_lacks_what_was_condensed_is_offered_the_checkpoint() {
        begun();
        var out = exchange.readDone(new Input.ReadDone(1, SPACE, new EventLog.Missing(List.of(), 0, false, false, true), 0, Optional.of(EVENT)), now());
        assertThat(sent(out, Frame.Checkpoint.class)).containsExactly(new Frame.Checkpoint(SPACE, EVENT));
        assertThat(of(out, ExchangeStep.Read.class)).as("nothing above it is served before").isEmpty();
        assertThat(of(out, ExchangeStep.CursorMoved.class)).isEmpty();
    }

    @Test void a_checkpoint_is_taken_by_asking_for_what_the_log_needs_and_then_the_logs_are_compared() {
        offered();
        assertThat(of(hear(new Frame.Checkpoint(SPACE, EVENT)), ExchangeStep.Adopt.class)).as("one at a time").isEmpty();
        assertThat(sent(adopted(false, 0, "", SEGMENT.id()), Frame.Want.class)).containsExactly(new Frame.Want(SPACE, List.of(), List.of(SEGMENT.id())));
        assertThat(of(hear(new Frame.Chunks(SPACE, List.of(SEGMENT))), ExchangeStep.Adopt.class)).containsExactly(new ExchangeStep.Adopt(Optional.empty(), List.of(SEGMENT)));
        assertThat(of(adopted(false, 0, ""), ExchangeStep.Adopt.class)).as("it has more to do with what is here").containsExactly(new ExchangeStep.Adopt(Optional.empty(), List.of()));
        assertThat(sent(adopted(true, 5, ""), Frame.Have.class)).hasSize(1);
    }

    @Test void an_adoption_that_brought_nothing_is_no_reason_to_compare_at_once() {
        offered();
        assertThat(sent(adopted(true, 0, ""), Frame.Have.class)).isEmpty();
    }

    @Test void a_checkpoint_that_the_log_refuses_ends_the_connection() {
        offered();
        assertThat(violation(adopted(false, 0, "a checkpoint is not signed by its author"))).isEqualTo("bad_checkpoint");
    }

    @Test void a_peer_that_has_the_chunks_no_more_is_asked_anew_by_the_next_comparison() {
        offered();
        adopted(false, 0, "", SEGMENT.id());
        assertThat(of(hear(new Frame.Chunks(SPACE, List.of())), ExchangeStep.Adopt.class)).isEmpty();
        assertThat(of(hear(new Frame.Checkpoint(SPACE, EVENT)), ExchangeStep.Adopt.class)).hasSize(1);
    }

    @Tag("P04") @Test void checkpoints_without_end_are_a_flood_and_those_of_who_was_removed_are_not_looked_at() {
        exchange.open(now());
        exchange.restrict(PEER);
        assertThat(of(hear(new Frame.Checkpoint(SPACE, EVENT)), ExchangeStep.Adopt.class)).isEmpty();
        String end = "none";
        for (int i = 0; i < 10_000 && end.equals("none"); i++) end = violation(hear(new Frame.Checkpoint(SPACE, EVENT)));
        assertThat(end).isEqualTo("too_many_questions");
    }
}

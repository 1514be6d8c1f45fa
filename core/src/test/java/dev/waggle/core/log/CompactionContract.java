package dev.waggle.core.log;

import dev.waggle.core.Property;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.draft;
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: checkpoints, condensing, and joining from a checkpoint. It extends the other parts, so that one class runs all.
public abstract class CompactionContract extends MembershipContract {
    private static final Author OWNER_AFTER = new Author(TestKeys.signer("owner"), TestSpace.epoch("owner's second"));

    /// What a view reads of a log.
    private record Said(EventId id, String type, Json body, Verdict verdict) {}

    private static List<Said> said(EventLog log) {
        var verdicts = LogChecks.verdicts(log);
        var said = new ArrayList<Said>();
        for (var entry : log.read(0, ALL, ALL))
            if (entry instanceof Entry.Admitted(_, var event, _)) said.add(new Said(event.id(), event.type(), text(event), verdicts.get(event.id())));
        said.sort((a, b) -> a.id.compareTo(b.id));
        return said;
    }

    private static void assertSame(EventLog log, EventLog other) {
        var here = said(log);
        var there = said(other);
        assertThat(here.stream().filter(each -> !there.contains(each)).map(each -> each.type + " " + each.body + " " + each.verdict)).as("said by one alone").isEmpty();
        assertThat(here).hasSameSizeAs(there);
    }

    private static Json text(Event event) {
        var members = new java.util.TreeMap<>(event.body().members());
        members.remove("$");
        return new Json.Obj(members);
    }

    private static Event checkpoint(EventLog log) {
        return checkpoint(log, NOW);
    }

    private static Event checkpoint(EventLog log, long nowMs) {
        return new Compaction(log, _ -> { }).write(OWNER_AFTER, nowMs).orElseThrow().event();
    }

    private static Compaction.Outcome condense(EventLog log, Event checkpoint) {
        return new Compaction(log, _ -> { }).condense(checkpoint.id());
    }

    private static boolean isCondensed(EventLog log) {
        return log.readMissing(List.of(), 0, 100, 1 << 20).condensed();
    }

    /// Takes a checkpoint and its chunks as from a peer.
    private static void give(EventLog from, Event checkpoint, EventLog to) {
        to.putChunks(Checkpoint.of(checkpoint).chunks().stream().map(id -> new Chunk(id, from.chunk(id).orElseThrow())).toList(), NOW);
        to.append(List.of(checkpoint), NOW);
    }

    /// Brings a log what a checkpoint covers, from one that was condensed.
    void adopt(EventLog into, Event checkpoint, Function<ChunkId, Optional<byte[]>> chunks) {
        var adoption = new Adoption(into, keys, checkpoint);
        var came = List.<Chunk>of();
        for (int steps = 0; steps < 10_000; steps++) {
            var step = adoption.step(came, NOW);
            if (step.done()) return;
            came = step.wanted().stream().limit(1).flatMap(id -> chunks.apply(id).stream().map(bytes -> new Chunk(id, bytes))).toList();
            if (!step.wanted().isEmpty()) assertThat(came).as("served: %s", step.wanted()).isNotEmpty();
        }
        throw new AssertionError("it never ends");
    }

    private void tail(EventLog from, EventLog into) {
        for (var page = from.readMissing(into.state().tips(), 0, 100, 1 << 20); ; page = from.readMissing(into.state().tips(), page.upTo(), 100, 1 << 20)) {
            assertThat(page.condensed()).isFalse();
            if (!page.events().isEmpty()) into.append(page.events(), NOW);
            if (page.end()) return;
        }
    }

    private void offer(EventLog log, List<Event> events) {
        for (var event : events) log.append(List.of(event), NOW);
    }

    /// It covers what its author believed while its clock was wrong, and who believes no such stamp has not admitted yet.
    @Tag("T06") @Tag("T02") @Test void a_checkpoint_of_what_is_held_here_condenses_nothing_until_its_time_has_come() {
        long future = NOW + 365L * 24 * 3600 * 1000;
        var log = open();
        var early = space.after(null, space.writer).control(added).at(future).text("a year ahead").event();
        log.append(List.of(early), future);
        var checkpoint = checkpoint(log, future);
        var other = open();
        other.append(List.of(early), NOW);
        give(log, checkpoint, other);
        assertThat(other.counts().held()).as("the checkpoint is held, too").isEqualTo(2);
        assertThat(condense(other, checkpoint)).isEqualTo(Compaction.Outcome.NOT_ALL_HERE);
        assertThat(isCondensed(other)).isFalse();
        other.release(future);
        assertThat(condense(other, checkpoint)).isEqualTo(Compaction.Outcome.DONE);
        assertSame(other, log);
    }

    /// Others hold it, and would take it before its time with the checkpoint.
    @Tag("T06") @Tag("T02") @Test void an_event_that_counts_before_its_time_is_covered_by_no_checkpoint_until_its_author_is_gone() {
        long future = NOW + 365L * 24 * 3600 * 1000;
        var log = open();
        var early = space.after(null, space.writer).control(added).at(future).text("a year ahead").event();
        log.append(List.of(early), future);
        assertThatThrownBy(() -> checkpoint(log)).isInstanceOf(WriteRefused.class).hasMessageContaining(space.writer.signer().node().brief()).hasMessageContaining("ahead of this machine's clock");
        log.write(OWNER_AFTER, List.of(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", space.writer.signer().node().hex()))), List.of(), Map.of(), NOW);
        assertThat(condense(log, checkpoint(log))).isEqualTo(Compaction.Outcome.DONE);
    }

    @Tag("T06") @Test void a_condensed_log_says_what_it_said_and_judges_all_that_comes_later_as_a_whole_one() {
        Property.check(permutations() / 6, random -> {
            var events = new ArrayList<>(history(new Random(random.nextLong())));
            Collections.shuffle(events, new Random(random.nextLong()));
            var whole = open();
            var condensed = open();
            int first = random.nextInt(events.size() + 1);
            offer(condensed, events.subList(0, first));
            var checkpoint = checkpoint(condensed);
            offer(whole, events.subList(0, first));
            give(condensed, checkpoint, whole);
            assertThat(condense(condensed, checkpoint)).isEqualTo(Compaction.Outcome.DONE);
            assertThat(isCondensed(condensed)).isEqualTo(said(condensed).stream().anyMatch(each -> !ControlType.isControl(each.type)));
            assertSame(condensed, whole);
            offer(whole, events.subList(first, events.size()));
            offer(condensed, events.subList(first, events.size()));
            assertSame(condensed, whole);
            assertThat(condensed.state().fingerprint()).isEqualTo(whole.state().fingerprint());
            assertThat(condensed.state().members()).isEqualTo(whole.state().members());
            assertThat(condense(whole, checkpoint)).as("the other computes the same").isEqualTo(Compaction.Outcome.DONE);
            closeAll();
        });
    }

    @Tag("T06") @Tag("N13") @Test void a_joiner_takes_the_segments_and_then_the_tail_and_has_the_same_log() {
        Property.check(permutations() / 6, random -> {
            var events = new ArrayList<>(history(new Random(random.nextLong())));
            var log = open();
            int first = random.nextInt(events.size() + 1);
            offer(log, events.subList(0, first));
            var checkpoint = checkpoint(log);
            condense(log, checkpoint);
            offer(log, events.subList(first, events.size()));
            if (random.nextInt(2) == 0) condense(log, checkpoint = checkpoint(log));
            var joiner = empty();
            adopt(joiner, checkpoint, log::chunk);
            tail(log, joiner);
            assertThat(joiner.state().fingerprint()).isEqualTo(log.state().fingerprint());
            assertThat(joiner.state().members()).isEqualTo(log.state().members());
            assertSame(joiner, log);
            var another = empty();
            adopt(another, checkpoint, joiner::chunk);
            assertThat(another.state().lastOffset()).as("who joined from a checkpoint serves it").isPositive();
            closeAll();
        });
    }

    @Tag("T06") @Tag("lesson-compaction-by-age") @Test void who_was_away_takes_the_checkpoint_and_loses_nothing_that_it_wrote_meanwhile() {
        var log = open();
        var early = space.chain(null, space.writer, 3, List.of(added.id()));
        log.append(early, NOW);
        var away = open();
        away.append(early.subList(0, 2), NOW);
        var unsent = away.write(new Author(space.writer.signer(), TestSpace.epoch("away")), List.of(draft("unsent")), List.of(), Map.of(), NOW).getFirst().event();
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        adopt(away, checkpoint, log::chunk);
        tail(log, away);
        tail(away, log);
        assertThat(log.find(unsent.id())).isPresent();
        assertSame(away, log);
        assertThat(away.state().fingerprint()).isEqualTo(log.state().fingerprint());
    }

    @Test void what_waits_here_and_comes_with_a_segment_is_admitted_once() {
        var log = open();
        var chain = space.chain(null, space.writer, 3, List.of(added.id()));
        log.append(chain, NOW);
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var joiner = empty();
        joiner.append(List.of(chain.get(2)), NOW);
        assertThat(joiner.counts().waiting()).isEqualTo(1);
        adopt(joiner, checkpoint, log::chunk);
        tail(log, joiner);
        assertThat(joiner.counts().waiting()).isZero();
        assertSame(joiner, log);
    }

    @Test void the_values_that_events_name_come_before_the_events() {
        var log = open();
        var value = Chunk.of(new byte[100_000]);
        log.write(space.owner, List.of(new Draft("note_added", Json.object("chunks", Json.array(Json.of(value.id().hex()))))), List.of(value), Map.of(), NOW);
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var joiner = empty();
        adopt(joiner, checkpoint, log::chunk);
        assertThat(joiner.chunk(value.id())).contains(value.bytes());
        assertThat(said(joiner)).hasSize(3);
    }

    /// Its author wrote it again with a clock that was right: void, it is covered like everything else, and whoever takes the checkpoint may not wait for years.
    @Tag("T02") @Test void what_was_rebased_away_comes_with_a_checkpoint_before_its_time() {
        long future = NOW + 365L * 24 * 3600 * 1000;
        var log = open();
        var writer = new Author(space.writer.signer(), TestSpace.epoch("writer's clock"));
        for (long clock : new long[] {future, NOW}) log.write(writer, List.of(new Draft("note_added", Json.object("text", "at " + clock))), List.of(), Map.of(), clock);
        assertThat(log.counts().voided()).isOne();
        var checkpoint = checkpoint(log);
        assertThat(condense(log, checkpoint)).isEqualTo(Compaction.Outcome.DONE);
        var joiner = empty();
        adopt(joiner, checkpoint, log::chunk);
        tail(log, joiner);
        assertThat(joiner.counts().held()).isZero();
        assertSame(joiner, log);
    }

    @Tag("T02") @Test void what_a_checkpoint_covers_is_not_held_by_a_clock_that_is_behind() {
        var log = open();
        log.append(space.chain(null, space.writer, 3, List.of(added.id())), NOW);
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var joiner = empty();
        var slow = NOW - 2 * EventLog.FUTURE_MS_MAX;
        var adoption = new Adoption(joiner, keys, checkpoint);
        var step = adoption.step(List.of(), slow);
        for (int steps = 0; !step.done() && steps < 100; steps++) step = adoption.step(step.wanted().stream().map(id -> new Chunk(id, log.chunk(id).orElseThrow())).toList(), slow);
        assertThat(step.done()).as("whoever wrote the checkpoint believed it").isTrue();
        tail(log, joiner);
        assertSame(joiner, log);
    }

    @Test void checkpoints_follow_one_another_and_a_second_one_covers_only_what_is_new() {
        var log = open();
        log.append(space.chain(null, space.writer, 5, List.of(added.id())), NOW);
        var first = checkpoint(log);
        assertThat(new Compaction(log, _ -> { }).write(OWNER_AFTER, NOW)).as("nothing is new").isEmpty();
        log.append(List.of(space.after(null, space.writer).epoch(TestSpace.epoch("again")).control(first).text("new").event()), NOW);
        var second = checkpoint(log);
        assertThat(Checkpoint.of(second).before()).contains(first.id());
        assertThat(log.state().checkpoint()).contains(second.id());
        assertThat(condense(log, second)).isEqualTo(Compaction.Outcome.DONE);
        assertThat(Compaction.condensed(log)).contains(second.id());
        var joiner = empty();
        adopt(joiner, second, log::chunk);
        tail(log, joiner);
        assertSame(joiner, log);
    }

    @Test void an_adoption_that_was_interrupted_goes_on_where_it_was() {
        var log = open();
        var before = (Event) null;
        for (int i = 0; i < 12; i++) {
            before = space.after(before, space.writer).control(added).text("x".repeat(50_000) + i).event();
            log.append(List.of(before), NOW);
        }
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var joiner = empty();
        var asked = new ArrayList<ChunkId>();
        assertThatThrownBy(() -> adopt(joiner, checkpoint, id -> {
            asked.add(id);
            if (asked.size() == 6) throw new IllegalStateException("the line is cut");
            return log.chunk(id);
        })).hasMessage("the line is cut");
        assertThat(joiner.state().lastOffset()).as("not all of it is proved").isZero();
        var again = new ArrayList<ChunkId>();
        adopt(joiner, checkpoint, id -> {
            again.add(id);
            return log.chunk(id);
        });
        assertThat(again).as("what came before is not asked for again").doesNotContainAnyElementsOf(asked.subList(0, 5));
        tail(log, joiner);
        assertSame(joiner, log);
    }

    @Tag("T06") @Test void a_log_that_admitted_part_of_a_checkpoint_and_got_the_rest_as_events_offers_all_of_it() {
        var log = open();
        var chain = new ArrayList<Event>();
        for (int i = 0; i < 12; i++) {
            chain.add(space.after(chain.isEmpty() ? null : chain.getLast(), space.writer).control(added).text("x".repeat(50_000) + i).event());
            log.append(List.of(chain.getLast()), NOW);
        }
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var partly = empty();
        var adoption = new Adoption(partly, keys, checkpoint);
        for (var step = adoption.step(List.of(), NOW); partly.state().lastOffset() == 0; )
            step = adoption.step(step.wanted().stream().map(id -> new Chunk(id, log.chunk(id).orElseThrow())).toList(), NOW);
        assertThat(partly.find(chain.getLast().id())).as("not all of it is taken").isEmpty();
        for (var event : chain) partly.append(List.of(event), NOW);
        assertThat(Compaction.offered(partly, List.of())).contains(checkpoint);
        var next = empty();
        adopt(next, checkpoint, partly::chunk);
        tail(partly, next);
        assertThat(next.state().tips()).extracting(Tip::id).contains(chain.getLast().id());
    }

    @Test void who_takes_a_checkpoint_of_which_it_has_all_events_can_serve_it() {
        var log = open();
        log.append(space.chain(null, space.writer, 5, List.of(added.id())), NOW);
        var checkpoint = checkpoint(log);
        var other = empty();
        tail(log, other);
        condense(log, checkpoint);
        adopt(other, checkpoint, log::chunk);
        var joiner = empty();
        adopt(joiner, Compaction.offered(other, List.of()).orElseThrow(), other::chunk);
        tail(other, joiner);
        assertSame(joiner, log);
    }

    @Test void an_adoption_that_was_cut_between_two_checkpoints_goes_on() {
        var log = open();
        log.append(space.chain(null, space.writer, 3, List.of(added.id())), NOW);
        var first = checkpoint(log);
        log.append(List.of(space.after(null, space.writer).epoch(TestSpace.epoch("again")).control(first).text("new").event()), NOW);
        var second = checkpoint(log);
        condense(log, second);
        var last = Checkpoint.ids(List.of(log.chunk(Checkpoint.of(second).segments().getFirst()).orElseThrow())).getFirst();
        var joiner = empty();
        assertThatThrownBy(() -> adopt(joiner, second, id -> {
            if (id.equals(last)) throw new IllegalStateException("the line is cut");
            return log.chunk(id);
        })).hasMessage("the line is cut");
        assertThat(Compaction.condensed(joiner)).contains(first.id());
        assertThat(joiner.find(first.id())).as("it lies above what it covers").isEmpty();
        adopt(joiner, second, log::chunk);
        tail(log, joiner);
        assertSame(joiner, log);
    }

    @Test void an_old_checkpoint_that_is_offered_again_takes_nothing_back() {
        var log = open();
        log.append(space.chain(null, space.writer, 5, List.of(added.id())), NOW);
        var first = checkpoint(log);
        log.append(List.of(space.after(null, space.writer).epoch(TestSpace.epoch("again")).control(first).text("new").event()), NOW);
        var second = checkpoint(log);
        condense(log, second);
        adopt(log, first, log::chunk);
        assertThat(Compaction.condensed(log)).contains(second.id());
        assertThat(Compaction.offered(log, List.of())).contains(second);
    }

    @Tag("T06") @Test void nothing_is_condensed_by_a_checkpoint_that_says_something_else() {
        var log = open();
        log.append(space.chain(null, space.writer, 3, List.of(added.id())), NOW);
        var honest = checkpoint(log);
        var other = open();
        other.append(space.chain(null, space.writer, 3, List.of(added.id())), NOW);
        var forged = other.write(OWNER_AFTER, List.of(forged(log, honest)), forgedChunks(log, honest), Map.of(), NOW).getFirst().event();
        assertThat(condense(other, forged)).isEqualTo(Compaction.Outcome.DIFFERS);
        assertThat(isCondensed(other)).isFalse();
    }

    /// The frontier and the control events of an honest one, and segments of which the last is another's.
    private Draft forged(EventLog log, Event honest) {
        var chunks = forgedChunks(log, honest);
        return Checkpoint.draft(Optional.empty(), chunks.subList(0, 1), chunks.subList(1, 2), chunks.subList(2, 3));
    }

    private List<Chunk> forgedChunks(EventLog log, Event honest) {
        var said = Checkpoint.of(honest);
        var ids = new ArrayList<>(Checkpoint.ids(List.of(log.chunk(said.segments().getFirst()).orElseThrow())));
        ids.set(ids.size() - 1, Chunk.of(new byte[] {1}).id());
        return List.of(Chunk.of(log.chunk(said.frontier().getFirst()).orElseThrow()), Chunk.of(log.chunk(said.control().getFirst()).orElseThrow()),
            Checkpoint.ofIds(ids).getFirst());
    }

    /// A checkpoint by the owner that lists these events, whatever they are worth.
    Event listing(EventLog log, List<Event> events, List<Event> ends) {
        var writer = new Segment.Writer();
        for (var event : events) writer.add(event);
        var segment = writer.take();
        var chunks = List.of(Checkpoint.ofTips(ends).getFirst(), Checkpoint.ofControl(List.of(space.genesis, added)).getFirst(),
            Checkpoint.ofIds(events.isEmpty() ? List.of() : List.of(segment.id())).getFirst());
        log.putSegment(segment);
        return log.write(OWNER_AFTER, List.of(Checkpoint.draft(Optional.empty(), chunks.subList(0, 1), chunks.subList(1, 2), chunks.subList(2, 3))), chunks, Map.of(), NOW)
            .getFirst().event();
    }

    @Tag("A05") @Test void an_owner_cannot_make_up_what_others_wrote() {
        var log = open();
        var madeUp = space.after(null, space.writer).control(added).text("made up").unsigned().signed(space.stranger.signer());
        var forged = listing(log, List.of(space.genesis, added, madeUp), List.of(added, madeUp));
        var joiner = empty();
        assertThatThrownBy(() -> adopt(joiner, forged, log::chunk)).isInstanceOf(MalformedPayload.class).hasMessageContaining("their author did not sign");
        assertThat(joiner.find(madeUp.id())).isEmpty();
        assertThat(joiner.state().lastOffset()).as("nor is anything else taken").isZero();
    }

    @Test void a_checkpoint_whose_segments_end_early_is_refused() {
        var log = open();
        var event = space.after(null, space.writer).control(added).text("left out").event();
        var cut = listing(log, List.of(space.genesis, added), List.of(added, event));
        assertThatThrownBy(() -> adopt(empty(), cut, log::chunk)).isInstanceOf(MalformedPayload.class).hasMessageContaining("do not reach its frontier");
    }

    @Test void a_checkpoint_of_a_twin_condenses_nothing_and_what_was_condensed_is_still_served() {
        var log = open();
        var chain = space.chain(null, space.writer, 3, List.of(added.id()));
        log.append(chain, NOW);
        var twin = open();
        twin.append(chain, NOW);
        var own = checkpoint(log);
        condense(log, own);
        var other = new Compaction(twin, _ -> { }).write(new Author(space.owner.signer(), TestSpace.epoch("a twin's")), NOW + 1_000).orElseThrow().event();
        give(twin, other, log);
        assertThat(log.state().checkpoint()).contains(other.id());
        assertThat(condense(log, other)).isEqualTo(Compaction.Outcome.INCOMPARABLE);
        assertThat(Compaction.offered(log, List.of())).contains(own);
        var joiner = empty();
        adopt(joiner, own, log::chunk);
        tail(log, joiner);
        assertSame(joiner, log);
    }

    /// Two machines under the owner's key wrote checkpoints that know nothing of one another. Who took both has events that only one of them covers, and others that only the other does.
    @Tag("T06") @Test void a_log_that_took_the_checkpoints_of_two_machines_serves_what_each_of_them_covers() {
        var chain = space.chain(null, space.writer, 3, List.of(added.id()));
        var moderator = space.chain(null, space.owner, 2, List.of(added.id()));
        var log = open();
        log.append(chain, NOW);
        condense(log, checkpoint(log));
        var twin = open();
        twin.append(chain.subList(0, 1), NOW);
        twin.append(moderator, NOW);
        var other = new Compaction(twin, _ -> { }).write(new Author(space.owner.signer(), TestSpace.epoch("a twin's")), NOW + 1_000).orElseThrow().event();
        condense(twin, other);
        adopt(log, other, twin::chunk);
        tail(twin, log);
        var joiner = empty();
        for (int asked = 0; log.readMissing(joiner.state().tips(), 0, 100, 1 << 20).condensed(); asked++) {
            assertThat(asked).as("it gets everything in the end").isLessThan(4);
            adopt(joiner, Compaction.offered(log, joiner.state().tips()).orElseThrow(), log::chunk);
        }
        tail(log, joiner);
        assertSame(joiner, log);
        var another = empty();
        for (int asked = 0; joiner.readMissing(another.state().tips(), 0, 100, 1 << 20).condensed(); asked++) {
            assertThat(asked).as("and so does who asks that one").isLessThan(4);
            adopt(another, Compaction.offered(joiner, another.state().tips()).orElseThrow(), joiner::chunk);
        }
        tail(joiner, another);
        assertSame(another, log);
    }

    /// Which branch of a fork continues the first one's place is decided by what they are, not by which of them a log got first.
    @Tag("T06") @Test void a_log_that_got_the_branches_of_a_fork_in_another_order_finds_the_same_and_is_condensed() {
        var chain = space.chain(null, space.writer, 3, List.of(added.id()));
        var other = space.after(chain.get(1), space.writer).control(added).text("the other branch").event();
        var one = open();
        var two = open();
        one.append(chain, NOW);
        one.append(List.of(other), NOW);
        two.append(chain.subList(0, 2), NOW);
        two.append(List.of(other), NOW);
        two.append(List.of(chain.get(2)), NOW);
        var checkpoint = checkpoint(one);
        give(one, checkpoint, two);
        assertThat(condense(one, checkpoint)).isEqualTo(Compaction.Outcome.DONE);
        assertThat(condense(two, checkpoint)).isEqualTo(Compaction.Outcome.DONE);
        assertSame(one, two);
        var joiner = empty();
        adopt(joiner, checkpoint, two::chunk);
        tail(two, joiner);
        assertSame(joiner, one);
    }

    @Test void only_the_owner_writes_checkpoints_and_nobody_adopts_anothers() {
        var log = open();
        var honest = checkpoint(log);
        var body = text(honest);
        var usurper = space.after(null, space.writer).control(added).draft(new Draft(ControlType.CHECKPOINT, (Json.Obj) body)).event();
        assertThat(log.append(List.of(usurper), NOW)).containsExactly(new Admission.Rejected(usurper, Admission.Reason.NOT_ALLOWED));
        log.append(List.of(space.after(null, space.writer).control(added).event()), NOW);
        assertThatThrownBy(() -> new Compaction(log, _ -> { }).write(space.writer, NOW)).isInstanceOf(WriteRefused.class);
        var joiner = empty();
        assertThatThrownBy(() -> adopt(joiner, usurper, log::chunk)).isInstanceOf(MalformedPayload.class).hasMessageContaining("was not allowed");
        assertThatThrownBy(() -> adopt(joiner, honest.withoutSignature(), log::chunk)).isInstanceOf(MalformedPayload.class);
        assertThat(joiner.state().lastOffset()).isZero();
    }

    @Test void a_checkpoint_whose_control_events_do_not_lead_back_to_the_genesis_is_refused() {
        var log = open();
        var said = Checkpoint.of(checkpoint(log));
        var cut = Checkpoint.ofControl(List.of(added));
        var chunks = List.of(Chunk.of(log.chunk(said.frontier().getFirst()).orElseThrow()), cut.getFirst(), Chunk.of(log.chunk(said.segments().getFirst()).orElseThrow()));
        var forged = log.write(OWNER_AFTER, List.of(Checkpoint.draft(Optional.empty(), chunks.subList(0, 1), chunks.subList(1, 2), chunks.subList(2, 3))), chunks, Map.of(), NOW)
            .getFirst().event();
        assertThatThrownBy(() -> adopt(empty(), forged, log::chunk)).isInstanceOf(MalformedPayload.class);
    }

    @Test void chunks_that_are_cut_off_or_count_more_than_they_hold_are_refused() {
        var log = open();
        log.append(space.chain(null, space.writer, 3, List.of(added.id())), NOW);
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var id = Checkpoint.ids(List.of(log.chunk(Checkpoint.of(checkpoint).segments().getFirst()).orElseThrow())).getFirst();
        var bytes = log.chunk(id).orElseThrow();
        assertThat(Segment.read(space.id, Chunk.of(bytes)).events()).hasSize(5);
        for (int length = 0; length < bytes.length; length++) {
            var part = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Segment.read(space.id, Chunk.of(part))).isInstanceOf(MalformedPayload.class);
        }
        for (int place = 4; place < bytes.length; place++) {
            var changed = bytes.clone();
            changed[place] ^= (byte) 0x80;
            try {
                Segment.read(space.id, Chunk.of(changed));
            } catch (MalformedPayload _) {
                // refused, or another event: never anything else
            }
        }
    }

    @Tag("A05") @Test void a_removal_reaches_below_a_checkpoint_on_logs_that_are_condensed_and_that_are_not() {
        var log = open();
        var chain = space.chain(null, space.writer, 4, List.of(added.id()));
        log.append(chain, NOW);
        var checkpoint = checkpoint(log);
        var whole = empty();
        tail(log, whole);
        give(log, checkpoint, whole);
        condense(log, checkpoint);
        var joiner = empty();
        adopt(joiner, checkpoint, log::chunk);
        var removal = log.write(OWNER_AFTER, List.of(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", space.writer.signer().node().hex(),
            "cuts", ControlEvent.cut(List.of(chain.get(1).ref()))))), List.of(), Map.of(), NOW).getFirst().event();
        for (var each : List.of(whole, joiner)) {
            each.append(List.of(checkpoint, removal), NOW);
            assertSame(each, log);
        }
        assertThat(LogChecks.verdicts(log)).containsEntry(chain.get(1).id(), Verdict.COUNTS).containsEntry(chain.get(2).id(), Verdict.VOID).containsEntry(chain.get(3).id(), Verdict.VOID);
    }

    @Test void an_event_of_a_member_who_is_added_after_a_checkpoint_is_judged_by_what_was_kept() {
        var log = open();
        var checkpoint = checkpoint(log);
        condense(log, checkpoint);
        var late = TestSpace.author("late");
        var addLate = log.write(OWNER_AFTER, List.of(member(late, Role.WRITER)), List.of(), Map.of(), NOW).getFirst().event();
        var event = space.after(null, late).control(addLate).text("hello").event();
        assertThat(log.append(List.of(event), NOW).getFirst()).isInstanceOf(Admission.Accepted.class);
    }
}

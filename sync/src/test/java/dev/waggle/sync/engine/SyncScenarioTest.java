package dev.waggle.sync.engine;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.Notice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Two and three nodes, one thing at a time.
class SyncScenarioTest extends TwoNodes {
    private List<Frame> frames() {
        var frames = new ArrayList<Frame>();
        net.watchers.add((_, _, frame) -> frames.add(frame));
        return frames;
    }

    @Tag("lesson-black-box") @Test void a_ticket_lets_a_node_in_and_everything_arrives() {
        a.write(id(), 100);
        joined(b);
        assertThat(b.log(id()).state().members()).containsKeys(a.id, b.id);
        var status = a.status();
        assertThat(status.space(id()).orElseThrow().agreeing()).isEqualTo(1);
        assertThat(status.peer(b.id).orElseThrow().agreed()).isTrue();
        assertThat(status.peer(b.id).orElseThrow().lagEvents()).isZero();
        assertThat(b.store.history(a.id, 10)).isNotEmpty().allMatch(run -> run.succeeded());
        assertThat(b.store.metadata(a.id).orElseThrow().events()).isEqualTo(102);
    }

    @Test void new_events_are_pushed_both_ways_at_once_and_never_sent_back() {
        joined(b);
        var frames = frames();
        var fromA = a.write(id(), 1).getFirst();
        var fromB = b.write(id(), 1).getFirst();
        net.run(100);
        assertThat(b.holds(id(), fromA)).isTrue();
        assertThat(a.holds(id(), fromB)).isTrue();
        net.run(10_000);
        assertThat(frames.stream().filter(Frame.Events.class::isInstance)).hasSize(2);
        assertThat(a.log(id()).counts().duplicate() + b.log(id()).counts().duplicate()).isZero();
    }

    @Test void a_quiet_space_costs_a_few_frames_every_five_minutes() {
        joined(b);
        net.run(60_000);
        var frames = frames();
        net.run(300_000);
        assertThat(frames.stream().filter(frame -> !(frame instanceof Frame.Ping || frame instanceof Frame.Pong))).hasSizeBetween(1, 6);
        assertThat(frames.stream().filter(Frame.Have.class::isInstance).map(Frame.Have.class::cast)).isNotEmpty()
            .as("what a peer has of the other's chains is not said twice").allSatisfy(have -> assertThat(have.youHave()).isEmpty());
    }

    @Test void a_comparison_that_finds_nothing_to_do_is_the_last_sync_too() {
        joined(b);
        net.run(60_000);
        long joinedMs = a.status().peer(b.id).orElseThrow().lastSyncMs();
        int runs = a.store.history(b.id, 100).size();
        a.sync.syncWithPeer(b.id);
        net.run(2_000);
        assertThat(a.status().peer(b.id).orElseThrow().lastSyncMs()).isGreaterThan(joinedMs + 30_000);
        assertThat(a.store.history(b.id, 100)).as("history is of what was exchanged").hasSize(runs);
    }

    @Test void ten_thousand_events_arrive_in_batches_within_the_credit() {
        for (int i = 0; i < 20; i++) a.write(id(), 500);
        b.bytesPerMs = 2_000;
        b.workMsMax = 200;
        var credit = new int[2];
        net.watchers.add((_, _, frame) -> {
            if (frame instanceof Frame.Events events && events.upTo() > 0) credit[1] = Math.max(credit[1], ++credit[0]);
            if (frame instanceof Frame.Ack) credit[0]--;
            if (frame instanceof Frame.Events events) assertThat(events.events()).hasSizeLessThanOrEqualTo(Frame.BATCH_EVENTS_MAX);
        });
        join(b);
        net.run(120_000);
        assertEqual(a, b);
        assertThat(b.log(id()).counts().duplicate()).isZero();
        assertThat(credit[1]).isEqualTo(4);
    }

    @Tag("N12") @Test void what_is_written_during_a_backfill_arrives_once_and_the_cursor_covers_all_of_it() {
        for (int i = 0; i < 8; i++) a.write(id(), 500);
        b.bytesPerMs = 100;
        b.workMsMax = 200;
        join(b);
        int during = 0;
        while (b.log(id()).state().lastOffset() < 4_000) {
            a.write(id(), 1);
            if (b.log(id()).state().members().containsKey(b.id)) b.write(id(), 1);
            net.run(300);
            during++;
        }
        assertThat(during).as("writes met the backfill").isGreaterThan(5);
        net.run(60_000);
        assertEqual(a, b);
        assertThat(b.log(id()).counts().duplicate() + space.counts().duplicate()).isZero();
        assertThat(a.status().peer(b.id).orElseThrow().lagEvents()).isZero();
        assertThat(b.status().peer(a.id).orElseThrow().lagEvents()).isZero();
    }

    @Tag("lesson-sent-is-not-acknowledged") @Test void a_write_is_known_to_be_durable_elsewhere() {
        joined(b);
        net.cut(a, b);
        a.write(id(), 3);
        var durable = a.sync.awaitDurable(id(), space.state().lastOffset(), 1);
        net.run(10_000);
        assertThat(durable).isNotDone();
        net.heal();
        net.run(100_000);
        assertThat(durable).isCompleted();
        assertThat(a.sync.awaitDurable(id(), space.state().lastOffset(), 2)).isNotDone();
    }

    @Test void a_full_disk_acknowledges_nothing_and_gets_everything_when_there_is_space() {
        joined(b);
        b.diskFull = true;
        a.write(id(), 3);
        var durable = a.sync.awaitDurable(id(), space.state().lastOffset(), 1);
        net.run(60_000);
        assertThat(durable).isNotDone();
        assertThat(b.heard(Notice.TroubleHere.class)).isNotEmpty();
        b.diskFull = false;
        net.run(60_000);
        assertThat(durable).isCompleted();
        assertEqual(a, b);
    }

    @Test void a_second_member_meets_the_first_through_what_the_log_says() {
        var c = node();
        joined(b);
        join(c);
        net.run(5_000);
        c.sync.addPeer(b.id, "b", List.of(b.address));
        c.turn();
        net.run(3_000);
        net.cut(a, b);
        net.cut(a, c);
        var fromB = b.write(id(), 1).getFirst();
        net.run(1_000);
        assertThat(c.holds(id(), fromB)).isTrue();
        net.heal();
        net.run(70_000);
        assertEqual(a, b);
        assertEqual(a, c);
    }

    @Tag("lesson-bulk-without-content") @Test void chunks_follow_the_events_that_name_them_before_these_are_acknowledged() {
        joined(b);
        var chunks = new ArrayList<Chunk>();
        for (int i = 0; i < 9; i++) chunks.add(Chunk.of(a.bytes(200_000)));
        var bulk = a.writeWithChunks(id(), chunks);
        var durable = a.sync.awaitDurable(id(), space.state().lastOffset(), 1);
        net.watchers.add((from, _, frame) -> {
            if (from == b && frame instanceof Frame.Ack) assertThat(b.log(id()).find(bulk)).isPresent();
        });
        net.run(3_000);
        assertThat(durable).isCompleted();
        for (var chunk : chunks) assertThat(b.log(id()).chunk(chunk.id())).isPresent();
        assertEqual(a, b);
    }

    @Test void a_muted_space_is_not_exchanged_until_it_is_shared_again() {
        joined(b);
        a.sync.removeRelationship(b.id, id());
        a.turn();
        net.run(100);
        var event = a.write(id(), 1).getFirst();
        net.run(5_000);
        assertThat(b.holds(id(), event)).isFalse();
        a.sync.createRelationship(b.id, id());
        a.turn();
        net.run(5_000);
        assertThat(b.holds(id(), event)).isTrue();
    }

    @Test void what_the_other_side_writes_while_a_space_is_muted_arrives_when_it_is_shared_again() {
        joined(b);
        a.sync.removeRelationship(b.id, id());
        a.turn();
        net.run(100);
        var event = b.write(id(), 1).getFirst();
        net.run(60_000);
        assertThat(a.holds(id(), event)).isFalse();
        a.sync.createRelationship(b.id, id());
        a.turn();
        net.run(5_000);
        assertThat(a.holds(id(), event)).isTrue();
    }

    @Tag("A07") @Tag("S08") @Test void both_branches_of_a_fork_reach_everybody_from_the_last_common_event_on() {
        joined(b);
        a.write(id(), 3_000);
        net.run(10_000);
        net.cut(a, b);
        // The folder of a is copied: its twin writes under the same epoch into the log of b.
        var twin = new Author(a.signer, a.epoch);
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < 7; i++) drafts.add(new Draft("row", Json.object("twin", i)));
        b.log(id()).write(twin, drafts, List.of(), Map.of(), b.wallMs());
        a.write(id(), 20);
        var frames = frames();
        net.heal();
        net.run(400_000);
        assertEqual(a, b);
        assertThat(space.state().forks()).isEqualTo(1);
        assertThat(a.log(id()).state().tips()).hasSize(b.log(id()).state().tips().size());
        assertThat(frames.stream().filter(Frame.Events.class::isInstance).mapToInt(frame -> ((Frame.Events) frame).events().size()).sum())
            .isLessThan(200);
        assertThat(a.heard(Notice.BehindOnSelf.class).size() + b.heard(Notice.BehindOnSelf.class).size()).isPositive();
    }

    @Tag("N05") @Tag("S09") @Tag("lesson-reused-identity") @Tag("lesson-empty-reply-moves-watermark") @Test void a_peer_restored_from_an_old_backup_is_filled_again_and_told_that_it_is_behind_on_itself() {
        joined(b);
        b.write(id(), 10);
        net.run(5_000);
        var backup = b.log(id()).read(0, 10_000, Integer.MAX_VALUE).stream()
            .map(entry -> ((dev.waggle.core.log.Entry.Admitted) entry).event()).limit(5).toList();
        a.write(id(), 10);
        b.write(id(), 10);
        net.run(5_000);
        b.crash();
        net.run(2_000);
        var restored = b.emptyLog(id());
        restored.append(backup, b.wallMs());
        b.logs.put(id(), restored);
        b.start();
        net.run(10_000);
        assertThat(b.heard(Notice.BehindOnSelf.class)).isNotEmpty();
        assertThat(a.heard(Notice.CursorReset.class)).isNotEmpty();
        assertEqual(a, b);
    }

    @Tag("lesson-unverified-pull") @Tag("lesson-black-box") @Test void a_changed_event_is_rejected_counted_and_shown() {
        joined(b);
        var honest = b.log(id());
        b.logs.put(id(), new TamperingLog(honest));
        b.crash();
        net.run(1_000);
        b.start();
        net.run(5_000);
        b.write(id(), 1);
        net.run(5_000);
        assertThat(a.heard(Notice.Rejected.class)).isNotEmpty();
        assertThat(space.counts().rejected()).isPositive();
        var share = a.status().peer(b.id).orElseThrow().spaces().getFirst();
        assertThat(share.traffic().rejected()).isPositive();
        assertThat(b.heard(Notice.RejectedThere.class)).isNotEmpty();
        var fromA = a.write(id(), 1).getFirst();
        net.run(2_000);
        assertThat(honest.find(fromA)).isPresent();
        assertThat(b.sync.awaitDurable(id(), honest.state().lastOffset(), 1)).isNotDone();
    }

    @Test void a_removed_member_is_served_no_more_and_its_leaving_is_acknowledged() {
        joined(b);
        b.log(id()).write(b.author(), List.of(new Draft("member_left", Json.object())), List.of(), Map.of(), b.wallMs());
        b.turn();
        net.run(3_000);
        assertThat(space.state().members()).containsOnlyKeys(a.id);
        var secret = a.write(id(), 1).getFirst();
        net.run(400_000);
        assertThat(b.holds(id(), secret)).isFalse();
    }

    @Tag("lesson-full-channel-drops") @Test void a_full_inbox_loses_nothing() {
        a.crash();
        b.crash();
        a.inboxMax = 1;
        b.inboxMax = 1;
        a.start();
        b.start();
        net.run(100);
        join(b);
        for (int i = 0; i < 30; i++) {
            a.write(id(), 30);
            b.write(id(), 30);
        }
        net.run(20_000);
        assertEqual(a, b);
        b.sync.syncAll();
        assertThatThrownBy(() -> b.sync.syncAll()).isInstanceOf(SyncFull.class);
    }

    @Tag("T02") @Test void events_of_a_clock_far_ahead_are_held_there_and_said_so() {
        joined(b);
        b.clockOffsetMs = 3_600_000;
        var early = b.write(id(), 1).getFirst();
        net.run(5_000);
        assertThat(space.find(early)).isEmpty();
        assertThat(b.heard(Notice.HeldThere.class)).isNotEmpty();
        net.run(3_700_000);
        assertThat(space.find(early)).isPresent();
    }

    /// Seed 3090: the logs of both were equal, so nothing was compared, and what the one had lost stayed with the other until 2099.
    @Tag("T02") @Tag("S09") @Test void what_a_node_wrote_with_a_wrong_clock_and_lost_comes_back_from_who_holds_it() {
        joined(b);
        b.write(id(), 3);
        net.run(5_000);
        var backup = b.log(id()).read(0, 10_000, Integer.MAX_VALUE).stream().map(entry -> ((dev.waggle.core.log.Entry.Admitted) entry).event()).toList();
        b.clockOffsetMs = 70L * 365 * 86_400_000;
        var lost = b.write(id(), 700);
        net.run(20_000);
        assertThat(space.counts().held()).isEqualTo(700);
        b.crash();
        net.run(2_000);
        b.clockOffsetMs = 0;
        var restored = b.emptyLog(id());
        restored.append(backup, b.wallMs());
        b.logs.put(id(), restored);
        b.start();
        net.run(60_000);
        assertThat(restored.counts().held()).as("also what fits no single answer").isEqualTo(700);
        assertThat(restored.hasWrongStamps(b.id, b.wallMs())).isTrue();
        restored.write(b.author(), List.of(new Draft("row", Json.object("after", 1))), List.of(), Map.of(), b.wallMs());
        net.run(60_000);
        assertEqual(a, b);
        assertThat(space.counts().held()).as("what was written again is not waited for").isZero();
        assertThat(space.counts().voided()).isGreaterThanOrEqualTo(700);
        assertThat(space.find(lost.getFirst())).isPresent();
        assertThat(space.counts().accepted()).isGreaterThan(700);
    }

    @Test void events_that_are_held_there_are_sent_again_ever_more_rarely() {
        joined(b);
        b.clockOffsetMs = 3_600_000;
        b.write(id(), 1);
        net.run(5_000);
        var frames = frames();
        net.run(600_000);
        assertThat(frames.stream().filter(Frame.Events.class::isInstance).count()).isLessThan(20);
    }

    @Test void a_clock_that_was_set_is_heard_of_on_the_connection_that_is_there() {
        b.clockOffsetMs = 600_000;
        joined(b);
        net.run(60_000);
        assertThat(a.sync.status().peer(b.id).orElseThrow().clockAheadMs()).hasValueSatisfying(ms -> assertThat(ms).isBetween(599_000L, 601_000L));
        b.clockOffsetMs = 0;
        net.run(120_000);
        assertThat(a.sync.status().peer(b.id).orElseThrow().clockAheadMs()).hasValueSatisfying(ms -> assertThat(ms).isBetween(-1_000L, 1_000L));
        assertThat(a.heard(Notice.PeerDown.class)).isEmpty();
    }

    @Test void what_is_damaged_here_is_left_out_of_an_answer() {
        var event = a.write(id(), 1).getFirst();
        var damaged = (EventLog) java.lang.reflect.Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (_, method, arguments) -> {
            if (method.getName().equals("find")) throw new dev.waggle.core.log.DamagedLog("the event is damaged");
            return method.invoke(space, arguments);
        });
        var answer = (Input.Fetched) LogWork.fetch(damaged, new Effect.Fetch(1, id(), b.id, List.of(event), List.of()));
        assertThat(answer.frames()).containsExactly(new Frame.Events(id(), List.of(), 0));
    }

    @Test void syncing_with_a_peer_ends_when_both_are_equal() {
        joined(b);
        net.run(60_000);
        var synced = a.sync.syncWithPeer(b.id);
        a.turn();
        assertThat(synced).isNotDone();
        net.run(1_000);
        assertThat(synced).isCompleted();
    }

    /// Serves what it holds with one member changed after signing.
    private record TamperingLog(EventLog honest) implements EventLog {
        @Override public Missing readMissing(List<dev.waggle.core.log.Tip> have, long after, long until, int eventsMax, int bytesMax) {
            var missing = honest.readMissing(have, after, until, eventsMax, bytesMax);
            var changed = missing.events().stream().map(TamperingLog::changed).toList();
            return new Missing(changed, missing.upTo(), missing.end());
        }

        private static Event changed(Event event) {
            var members = new java.util.TreeMap<>(event.body().members());
            members.put("n", Json.of(666));
            members.remove("$");
            return Event.write(event.envelope(), Json.object(members)).withSignature(event.signature().orElse(null));
        }

        @Override public SpaceId space() {
            return honest.space();
        }

        @Override public boolean hasWrongStamps(NodeId author, long nowMs) {
            return honest.hasWrongStamps(author, nowMs);
        }

        @Override public dev.waggle.core.log.LogState state() {
            return honest.state();
        }

        @Override public dev.waggle.core.log.Counts counts() {
            return honest.counts();
        }

        @Override public List<dev.waggle.core.log.Admission> append(List<Event> batch, long nowMs) {
            return honest.append(batch, nowMs);
        }

        @Override public List<dev.waggle.core.log.Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks,
                                                                        Map<String, byte[]> marks, long nowMs) {
            return honest.write(author, drafts, chunks, marks, nowMs);
        }

        @Override public List<dev.waggle.core.log.Entry> read(long after, int entriesMax, int bytesMax) {
            return honest.read(after, entriesMax, bytesMax);
        }

        @Override public Optional<dev.waggle.core.log.Entry.Admitted> at(dev.waggle.core.event.ChainId chain, int branch, long seq) {
            return honest.at(chain, branch, seq);
        }

        @Override public Optional<dev.waggle.core.log.Entry.Admitted> find(dev.waggle.core.event.EventId id) {
            return honest.find(id);
        }

        @Override public List<dev.waggle.core.log.Entry.Admitted> findAll(String prefix, int eventsMax) {
            return honest.findAll(prefix, eventsMax);
        }

        @Override public dev.waggle.core.log.Standing standing(Event event) {
            return honest.standing(event);
        }

        @Override public Optional<dev.waggle.core.log.Entry> atOffset(long offset) {
            return honest.atOffset(offset);
        }

        @Override public List<dev.waggle.core.log.Admission> putChunks(List<Chunk> chunks, long nowMs) {
            return honest.putChunks(chunks, nowMs);
        }

        @Override public Optional<byte[]> chunk(dev.waggle.core.event.ChunkId id) {
            return honest.chunk(id);
        }

        @Override public List<dev.waggle.core.log.Entry.Admitted> readBranch(dev.waggle.core.log.Branch branch, long fromSeq, long toSeq, int eventsMax, int bytesMax) {
            return honest.readBranch(branch, fromSeq, toSeq, eventsMax, bytesMax);
        }

        @Override public List<dev.waggle.core.log.Branch> branches() {
            return honest.branches();
        }

        @Override public void putSegment(Chunk segment) {
            honest.putSegment(segment);
        }

        @Override public void condense(Chunk segment, java.util.Set<dev.waggle.core.event.EventId> signed) {
            honest.condense(segment, signed);
        }

        @Override public dev.waggle.core.log.Adoption adoption(Event checkpoint) {
            return honest.adoption(checkpoint);
        }

        @Override public List<dev.waggle.core.event.ChunkId> adopt(dev.waggle.core.log.Segment segment, Map<dev.waggle.core.event.EventId, Event> control, long nowMs) {
            return honest.adopt(segment, control, nowMs);
        }

        @Override public List<Event> held(dev.waggle.core.event.NodeId author) {
            return honest.held(author);
        }

        @Override public List<dev.waggle.core.log.Admission> waiting(int eventsMax) {
            return honest.waiting(eventsMax);
        }

        @Override public List<dev.waggle.core.log.Admission> release(long nowMs) {
            return honest.release(nowMs);
        }

        @Override public Optional<List<dev.waggle.core.log.Entry.Admitted>> writeIf(String mark, Optional<byte[]> seen, Author author, List<Draft> drafts,
                                                                Map<String, byte[]> marks, long nowMs) {
            return honest.writeIf(mark, seen, author, drafts, marks, nowMs);
        }

        @Override public Optional<byte[]> mark(String name) {
            return honest.mark(name);
        }

        @Override public void marks(Map<String, byte[]> marks) {
            honest.marks(marks);
        }

        @Override public AutoCloseable onAppend(Runnable listener) {
            return honest.onAppend(listener);
        }

        @Override public void close() {
            honest.close();
        }
    }
}

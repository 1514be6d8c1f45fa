package dev.waggle.core.log;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static dev.waggle.core.log.TestSpace.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What events that decide about a space can say that no honest node writes: an answer comes, never another exception, which would end the node that reads it.
@Tag("N15") class HostileControlTest {
    private static final int DEEP = 2_000;
    private static final int MEMBERS = 600;
    private static final int PAIR_BYTES_MAX = 300;
    private static final long SMALL_STACK_BYTES = 256 * 1024;
    private final TestSpace space = new TestSpace();
    private final TestKeys keys = new TestKeys();

    @Test void a_genesis_whose_number_is_no_integer_is_rejected() {
        var members = new TreeMap<>(space.genesis.body().members());
        members.remove(Envelope.MEMBER);
        members.put(Genesis.OWNER_GONE, Canonical.parse("1.5".getBytes()));
        var odd = Event.write(space.genesis.envelope(), new Json.Obj(members)).signed(space.owner.signer());
        var log = new MemoryEventLog(odd.space(), keys, space::fresh);
        assertThat(log.append(List.of(odd), NOW)).containsExactly(new Admission.Rejected(odd, Admission.Reason.BAD_GENESIS));
    }

    @Test void a_checkpoint_that_names_what_are_no_ids_is_malformed() {
        var id = "ab".repeat(32);
        for (var wrong : List.of(Map.of("before", Json.of("x")), Map.of("frontier", Json.array(List.of(Json.of("x")))), Map.of("segments", Json.array(List.of(Json.TRUE))))) {
            var members = new TreeMap<>(Json.object("before", null, "frontier", Json.array(List.of(Json.of(id))), "control", Json.array(List.of(Json.of(id))),
                "segments", Json.array(List.of(Json.of(id))), ChunkId.MEMBER, Json.array(List.of(Json.of(id)))).members());
            members.putAll(wrong);
            var event = space.after(space.genesis, space.owner).draft(new Draft(ControlType.CHECKPOINT, new Json.Obj(members))).event();
            var log = MemoryEventLog.create(space.genesis, keys, space::fresh, NOW);
            assertThatThrownBy(() -> log.adoption(event)).as(wrong.toString()).isInstanceOf(MalformedPayload.class);
            assertThat(log.append(List.of(event), NOW)).containsExactly(new Admission.Rejected(event, Admission.Reason.BAD_CONTROL));
        }
    }

    @Test void a_checkpoint_that_lists_another_event_among_those_that_decide_is_malformed() {
        var written = space.after(null, space.stranger).event();
        assertThatThrownBy(() -> Checkpoint.control(Checkpoint.ofControl(List.of(space.genesis, written)).stream().map(Chunk::bytes).toList())).isInstanceOf(MalformedPayload.class);
        assertThat(Checkpoint.control(Checkpoint.ofControl(List.of(space.genesis)).stream().map(Chunk::bytes).toList())).containsExactly(space.genesis);
    }

    /// From a removal on every control event looks at all of them again: once, and not once for each member. What that allocates depends on no clock.
    @Tag("A05") @Test void of_a_space_from_which_somebody_was_removed_each_control_event_looks_at_all_once() {
        var log = MemoryEventLog.create(space.genesis, keys, space::fresh, NOW);
        var added = space.after(space.genesis, space.owner).draft(TestSpace.member(space.writer, Role.WRITER)).event();
        var chain = new ArrayList<>(List.of(added, space.after(added, space.owner).draft(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", space.writer.signer().node().hex(), "cuts", Json.array(List.of())))).event()));
        for (int i = 0; i < MEMBERS; i++) chain.add(space.after(chain.getLast(), space.owner).draft(TestSpace.member(TestSpace.author("member " + i), Role.WRITER)).event());
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int from = 0; from < chain.size(); from += 100) log.append(chain.subList(from, Math.min(from + 100, chain.size())), NOW);
        assertThat((thread.getCurrentThreadAllocatedBytes() - before) / MEMBERS / MEMBERS).as("bytes for each pair of control events").isLessThan(PAIR_BYTES_MAX);
        assertThat(log.state().members()).hasSize(MEMBERS + 1);
    }

    /// Each waits for the one before it, so a refusal of the first reaches all.
    @Test void what_waits_in_a_long_row_is_refused_in_little_stack() throws Exception {
        var log = MemoryEventLog.create(space.genesis, keys, space::fresh, NOW);
        var unknown = new EventId("ab".repeat(32));
        var root = space.after(null, space.stranger).event();
        var row = new ArrayList<Event>();
        var before = root;
        for (int i = 0; i < DEEP; i++) {
            before = space.after(null, TestSpace.author("author " + i)).control(List.of(space.genesis.id(), unknown)).merging(before).event();
            row.add(before);
        }
        for (int i = 0; i < DEEP; i += 500) assertThat(log.append(row.subList(i, i + 500), NOW)).allMatch(Admission.Waiting.class::isInstance);
        var answers = new ArrayList<Admission>();
        var failed = new ArrayList<Throwable>();
        var small = new Thread(null, () -> answers.addAll(log.append(List.of(root), NOW)), "small stack", SMALL_STACK_BYTES);
        small.setUncaughtExceptionHandler((_, failure) -> failed.add(failure));
        small.start();
        small.join();
        assertThat(failed).isEmpty();
        assertThat(answers).singleElement().isInstanceOf(Admission.Rejected.class);
        assertThat(log.counts().waiting()).isZero();
    }
}

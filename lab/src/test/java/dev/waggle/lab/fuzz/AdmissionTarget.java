package dev.waggle.lab.fuzz;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogChecks;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Events of all kinds, honest, mutated and made up, offered to a log in any order and any batches ([ScriptedEvents] says which).
///
/// Every answer is a value; chains stay gapless, parents stay before children, every event is in a class (I4, I5, I14); offering everything again
/// changes nothing (I3); a second log that hears the same in another order ends in the same state (I2); and whoever writes here is admitted or
/// refused in words.
final class AdmissionTarget implements Target {
    private static final long LATE = TestSpace.NOW + 20 * 60_000;

    @Override public void run(byte[] input) {
        var script = new Script(input);
        var made = new ScriptedEvents(script);
        var one = log(made.space);
        while (!script.ended() && made.count() < ScriptedEvents.EVENTS_MAX) made.step(events -> offer(one, events, TestSpace.NOW), chunk -> one.putChunks(List.of(chunk), TestSpace.NOW));
        LogChecks.check(one);

        var other = log(made.space);
        var all = new ArrayList<>(made.all());
        for (int i = all.size() - 1; i > 0; i--) all.add(all.remove((int) ((i * 7_919L + input.length) % (i + 1))));     // another order, the same for one input
        other.putChunks(made.chunks(), TestSpace.NOW);
        for (var event : all) offer(other, List.of(event), LATE);
        settle(other, all, made.chunks());
        settle(one, all, made.chunks());
        assertThat(state(one)).as("one state, whatever the order").isEqualTo(state(other));
        assertThat(one.state().fingerprint()).isEqualTo(other.state().fingerprint());

        var before = state(one);
        settle(one, all, made.chunks());
        assertThat(state(one)).as("the same again changes nothing").isEqualTo(before);
        write(one, made);
    }

    private static MemoryEventLog log(TestSpace space) {
        return new MemoryEventLog(space.id, new TestKeys(), space::fresh);
    }

    /// Until nothing moves: what was refused for its signature may have been offered with it since.
    private static void settle(EventLog log, List<Event> events, List<Chunk> chunks) {
        log.putChunks(chunks, LATE);
        log.release(LATE);
        long last = -1;
        for (int round = 0; round < 3 || log.state().lastOffset() != last; round++) {
            last = log.state().lastOffset();
            offer(log, events, LATE);
        }
        LogChecks.check(log);
    }

    private static void offer(EventLog log, List<Event> events, long nowMs) {
        var answers = log.append(events, nowMs);
        assertThat(answers).as("an answer for each").hasSameSizeAs(events);
        for (int i = 0; i < answers.size(); i++) assertThat(answers.get(i).event().id()).isEqualTo(events.get(i).id());
        for (var answer : answers)
            if (answer instanceof Admission.Rejected(var event, var reason)) assertThat(reason.sentence()).as("%s", event).isNotBlank();
    }

    /// What waits and what is held is of the moment and may depend on the order; what is admitted may not.
    private record State(SortedMap<EventId, Verdict> verdicts, Object members, List<EventId> control, int forks) {}

    private static State state(EventLog log) {
        return new State(LogChecks.verdicts(log), log.state().members(), log.state().control(), log.state().forks());
    }

    private static void write(EventLog log, ScriptedEvents made) {
        for (var author : made.authors()) {
            try {
                var written = log.write(author, List.of(new Draft("note_added", Json.object("text", "last")), new Draft("note_added", Json.object())), List.of(), Map.of(), LATE);
                assertThat(written).hasSize(2);
                assertThat(written).allMatch(entry -> entry.verdict() == Verdict.COUNTS);
            } catch (WriteRefused refused) {
                assertThat(refused).message().isNotBlank();
            }
        }
        LogChecks.check(log);
    }

    /// For a payload of any bytes.
    static List<Event> read(byte[] payload, byte[] signature) {
        try {
            return List.of(Event.read(payload, signature));
        } catch (MalformedPayload _) {
            return List.of();
        }
    }
}

package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/// A batch whose signatures were checked, before anything else is known of its events. Needs no log, so callers do it on their own thread.
///
/// An event is vouched for by its own signature or by a vouched-for successor that names it in `prev`. Of a run only those signatures are
/// checked that are needed: the last, one before every event that may be judged apart from its predecessor ([EventRules#beginsRun]), and one
/// in every [EventLog#UNSIGNED_RUN_EVENTS_MAX] or [EventLog#UNSIGNED_RUN_BYTES_MAX], those counted that came without. Signatures that were not checked are not kept.
public final class CheckedBatch {
    /// Events of one chain in a row; all but the last are unsigned, the last has a checked signature. Admitted together or not at all, so
    /// that every stored unsigned event can be served with the signature that vouches for it.
    record Run(List<Event> events) {
        Event first() {
            return events.getFirst();
        }

        Event last() {
            return events.getLast();
        }
    }

    private final List<Event> offered;
    private final List<Run> runs;
    private final List<Event> unvouched;
    private final Admission.Reason[] refused;        // by place in `offered`

    private CheckedBatch(List<Event> offered, List<Run> runs, List<Event> unvouched, Admission.Reason[] refused) {
        this.offered = offered;
        this.runs = runs;
        this.unvouched = unvouched;
        this.refused = refused;
    }

    /// @param nowMs a run is split before the first event that will be held, and before any that leaps: that may be held one day, if this clock is wrong now
    public static CheckedBatch of(SpaceId space, List<Event> offered, Verifier verifier, long nowMs) {
        return new Checking(space, List.copyOf(offered), verifier, nowMs).check();
    }

    /// A batch of our own: signed just now, nothing to check.
    static List<Run> ofOwn(List<Event> chainInOrder) {
        var runs = new ArrayList<Run>();
        var open = new ArrayList<Event>();
        for (var event : chainInOrder) {
            open.add(event);
            if (event.signature().isEmpty()) continue;
            runs.add(new Run(List.copyOf(open)));
            open.clear();
        }
        if (!open.isEmpty()) throw new IllegalStateException("a local run ends with a signature");
        return runs;
    }

    List<Event> offered() {
        return offered;
    }

    /// In the order of their first events.
    List<Run> runs() {
        return runs;
    }

    /// Events that nothing vouches for: duplicates at best.
    List<Event> unvouched() {
        return unvouched;
    }

    /// Null for an event that is in a run or unvouched.
    Admission.Reason refused(int place) {
        return refused[place];
    }

    private static final class Checking {
        private final SpaceId space;
        private final List<Event> events;
        private final Verifier verifier;
        private final long nowMs;
        private final int[] predecessor;             // place of prev in the batch, -1 when it is elsewhere
        private final boolean[] repeated;
        private final Admission.Reason[] refused;
        private final boolean[] checked;
        private final boolean[] vouched;
        private final boolean[] mustCheck;           // a successor asks for a signature here
        private final int[] unsignedEvents;          // in a row after this place, up to the next checked signature
        private final int[] unsignedBytes;
        private final int[] cameUnsigned;            // in a row before this place: whoever sent them kept no signature that could be checked there
        private final int[] bytesUnsigned;

        Checking(SpaceId space, List<Event> events, Verifier verifier, long nowMs) {
            this.space = space;
            this.events = events;
            this.verifier = verifier;
            this.nowMs = nowMs;
            int count = events.size();
            predecessor = new int[count];
            repeated = new boolean[count];
            refused = new Admission.Reason[count];
            checked = new boolean[count];
            vouched = new boolean[count];
            mustCheck = new boolean[count];
            unsignedEvents = new int[count];
            unsignedBytes = new int[count];
            cameUnsigned = new int[count];
            bytesUnsigned = new int[count];
        }

        CheckedBatch check() {
            var bySeq = IntStream.range(0, events.size()).toArray();
            if (!isInOrder()) bySeq = Arrays.stream(bySeq).boxed().sorted(Comparator.comparingLong(place -> events.get(place).seq())).mapToInt(Integer::intValue).toArray();
            link(bySeq);
            for (int i = bySeq.length - 1; i >= 0; i--) vouch(bySeq[i]);
            return new CheckedBatch(events, runs(bySeq), unvouched(), refused);
        }

        private boolean isInOrder() {
            for (int place = 1; place < events.size(); place++) if (events.get(place - 1).seq() > events.get(place).seq()) return false;
            return true;
        }

        private void link(int[] bySeq) {
            var places = new HashMap<EventId, Integer>();
            for (int place = 0; place < events.size(); place++)
                repeated[place] = places.putIfAbsent(events.get(place).id(), place) != null;
            Arrays.fill(predecessor, -1);
            for (int place : bySeq) {
                var event = events.get(place);
                if (repeated[place]) continue;
                refused[place] = EventRules.refusal(event, space, verifier).orElse(null);
                int before = event.envelope().prev().map(places::get).orElse(-1);
                if (before < 0 || refused[place] != null) continue;
                var previous = events.get(before);
                if (!previous.chain().equals(event.chain()) || previous.seq() != event.seq() - 1) refused[place] = Admission.Reason.BROKEN_CHAIN;
                else if (refused[before] != null) refused[place] = refused[before];
                else if (event.envelope().ts().compareTo(previous.envelope().ts()) <= 0) refused[place] = Admission.Reason.STAMP_NOT_AFTER_PARENTS;
                else predecessor[place] = before;
                if (predecessor[place] >= 0 && previous.signature().isEmpty()) {
                    cameUnsigned[place] = cameUnsigned[before] + 1;
                    bytesUnsigned[place] = bytesUnsigned[before] + previous.payload().length;
                }
            }
        }

        /// Successors were vouched for before: they have greater sequence numbers.
        private void vouch(int place) {
            if (repeated[place] || refused[place] != null) return;
            var event = events.get(place);
            boolean needed = !vouched[place] || mustCheck[place] || unsignedEvents[place] + cameUnsigned[place] >= EventLog.UNSIGNED_RUN_EVENTS_MAX
                || unsignedBytes[place] + event.payload().length + bytesUnsigned[place] > EventLog.UNSIGNED_RUN_BYTES_MAX;
            if (needed && event.signature().isPresent())
                checked[place] = verifier.verify(event.chain().origin(), event.payload(), event.signature().get());
            if (checked[place]) vouched[place] = true;
            int before = predecessor[place];
            if (!vouched[place] || before < 0) return;
            var previous = events.get(before);
            mustCheck[before] |= vouched[before] || EventRules.beginsRun(event, previous)
                || EventRules.isEarly(event, nowMs) && !EventRules.isEarly(previous, nowMs) || EventRules.leaps(event, previous);
            vouched[before] = true;
            unsignedEvents[before] = checked[place] ? 1 : unsignedEvents[place] + 1;
            unsignedBytes[before] = (checked[place] ? 0 : unsignedBytes[place]) + event.payload().length;
        }

        private List<Run> runs(int[] bySeq) {
            var open = new HashMap<Integer, List<Event>>();        // by the place of the run's last event so far
            var runs = new java.util.TreeMap<Integer, List<Event>>();
            for (int place : bySeq) {
                if (repeated[place] || refused[place] != null || !vouched[place]) continue;
                var run = open.remove(predecessor[place]);
                if (run == null) runs.put(place, run = new ArrayList<>());
                run.add(checked[place] ? events.get(place) : events.get(place).withoutSignature());
                if (!checked[place]) open.put(place, run);
            }
            return runs.values().stream().map(Run::new).toList();
        }

        private List<Event> unvouched() {
            return IntStream.range(0, events.size()).filter(place -> !repeated[place] && refused[place] == null && !vouched[place])
                .mapToObj(events::get).toList();
        }
    }
}

package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Judges one run against what the log holds. Changes nothing. Whether a run is admitted in the end is a function of the space's events;
/// that it lacks something or is early is an answer of the moment.
final class Admitter {
    private final LogTips tips;
    private final LogStorage storage;
    private final Verdicts verdicts;

    Admitter(LogTips tips, LogStorage storage, Verdicts verdicts) {
        this.tips = tips;
        this.storage = storage;
        this.verdicts = verdicts;
    }

    /// @param run     events of one chain in a row, none of them admitted; their links, stamps within the run and signatures were checked
    /// @param members of the whole log; not changed
    Judgement judge(List<Event> run, Members members, long nowMs) {
        var place = place(run.getFirst());
        var judging = new Judging(run, members);
        var missing = new ArrayList<Judgement.Missing>(run.size());
        boolean complete = place.isPresent();
        Event before = place.flatMap(Placed::before).orElse(null);
        if (place.isPresent() && !place.get().whole) return new Judgement.Refused(0, Admission.Reason.BROKEN_CHAIN);
        for (int i = 0; i < run.size(); i++) {
            var event = run.get(i);
            var lacks = i == 0 ? judging.first(event, place) : judging.next(event, before);
            if (lacks instanceof Judging.No(var reason)) return new Judgement.Refused(i, reason);
            var found = ((Judging.Names) lacks).missing;
            missing.add(found);
            complete &= found.isEmpty();
            before = event;
        }
        var last = run.getLast();
        if (EventRules.isEarly(last, nowMs) && !lacksChunks(missing) && !isVoid(run, missing))
            return new Judgement.Early(last.envelope().ts().wallMs() - EventLog.FUTURE_MS_MAX, complete ? List.of() : missing);
        return complete ? new Judgement.Fits(place.get().branch, place.get().fork) : new Judgement.Lacks(missing);
    }

    /// Where an event belongs that needs no judgement; empty when its predecessor is not here.
    Optional<Judgement.Fits> belongs(Event event) {
        return place(event).filter(place -> place.whole).map(place -> new Judgement.Fits(place.branch, place.fork));
    }

    /// Where an event's predecessor is.
    ///
    /// @param whole false when the predecessor is here, under another sequence number
    private record Placed(int branch, boolean fork, boolean whole, List<EventId> control, Hlc ts, Optional<Event> before) {}

    private Optional<Placed> place(Event event) {
        var branches = tips.branches(event.chain());
        if (event.seq() == 1) return Optional.of(new Placed(Branch.NONE, true, true, List.of(), null, Optional.empty()));
        var prev = event.envelope().prev().orElseThrow();
        for (var branch : branches)
            if (branch.tipId().equals(prev))
                return Optional.of(new Placed(branch.key(), false, branch.tipSeq() == event.seq() - 1, branch.control(), branch.tipTs(),
                    Optional.empty()));
        for (var branch : branches) {
            if (!branch.stores(event.seq() - 1) || !storage.at(branch.key(), event.seq() - 1).id().equals(prev)) continue;
            var before = storage.eventAt(branch.key(), event.seq() - 1);
            if (before.isEmpty()) continue;                       // damaged: repaired first, then it can be forked
            return Optional.of(new Placed(branch.key(), true, true, Branch.controlAfter(before.get()), before.get().envelope().ts(), before));
        }
        return Optional.empty();
    }

    /// Chunks are asked for at once, whatever the stamp: an author that has lost its log gets back what it wrote with a wrong clock, and can write it again.
    private static boolean lacksChunks(List<Judgement.Missing> missing) {
        for (var each : missing) if (!each.chunks().isEmpty()) return true;
        return false;
    }

    /// What its author has rebased away is void whenever it is admitted: holding it would only keep two logs different, so it waits for what it lacks and
    /// not for its time. What a cut took may count again one day: that is held.
    private boolean isVoid(List<Event> run, List<Judgement.Missing> missing) {
        for (var each : missing) if (!each.control().isEmpty()) return false;
        return verdicts.staysRebased(run);
    }

    /// One run's judging: what the run itself holds counts as known to its later events.
    private final class Judging {
        sealed interface Answer {}

        record No(Admission.Reason reason) implements Answer {}

        record Names(Judgement.Missing missing) implements Answer {}

        private final List<Event> run;
        private final Map<EventId, Event> inRun;
        private Members members;
        private boolean copied;

        Judging(List<Event> run, Members members) {
            this.run = run;
            this.members = members;
            inRun = run.size() == 1 ? Map.of() : new HashMap<>();
            if (run.size() > 1) for (var event : run) inRun.put(event.id(), event);
        }

        Answer first(Event event, Optional<Placed> place) {
            var prev = place.isPresent() ? List.<EventRef>of()
                : List.of(new EventRef(event.envelope().prev().orElseThrow(), event.chain(), event.seq() - 1));
            return judge(event, place.map(Placed::control), place.map(Placed::ts), prev);
        }

        Answer next(Event event, Event before) {
            remember(before);
            return judge(event, Optional.of(Branch.controlAfter(before)), Optional.of(before.envelope().ts()), List.of());
        }

        /// @param controlBefore what the event may not go behind; empty when its predecessor is missing
        private Answer judge(Event event, Optional<List<EventId>> controlBefore, Optional<Hlc> tsBefore, List<EventRef> missingPrev) {
            var envelope = event.envelope();
            var control = envelope.control().stream().filter(id -> !members.knows(id)).toList();
            if (control.isEmpty()) {
                if (!Rights.allow(members.at(envelope.control()), event)) return new No(Admission.Reason.NOT_ALLOWED);
                if (controlBefore.isPresent() && knowsAll(controlBefore.get()) && !members.covers(envelope.control(), controlBefore.get()))
                    return new No(Admission.Reason.CONTROL_WENT_BACK);
                // Else an event of now could rest on one that is held until 2099, and whoever builds on it would wait as long.
                for (var id : envelope.control())
                    if (envelope.ts().compareTo(members.stamp(id)) <= 0) return new No(Admission.Reason.STAMP_NOT_AFTER_PARENTS);
            }
            if (tsBefore.isPresent() && envelope.ts().compareTo(tsBefore.get()) <= 0) return new No(Admission.Reason.STAMP_NOT_AFTER_PARENTS);
            var parents = new ArrayList<>(missingPrev);
            for (var merge : envelope.merges()) {
                var ts = stamp(merge);
                if (ts.isEmpty()) parents.add(merge);
                else if (envelope.ts().compareTo(ts.get()) <= 0) return new No(Admission.Reason.STAMP_NOT_AFTER_PARENTS);
            }
            if (event.type().equals(ControlType.REBASE))
                EventRules.Rebase.of(event).last().filter(last -> stamp(last).isEmpty()).ifPresent(parents::add);
            if (ControlType.isControl(event.type()))
                for (var named : ControlEvent.of(event).named()) {
                    var ts = stamp(named);
                    if (ts.isEmpty()) parents.add(named);
                    else if (envelope.ts().compareTo(ts.get()) <= 0) return new No(Admission.Reason.STAMP_NOT_AFTER_PARENTS);
                }
            var chunks = new ArrayList<ChunkId>();
            for (var chunk : event.chunks()) if (!storage.hasChunk(chunk)) chunks.add(chunk);
            return new Names(new Judgement.Missing(parents, control, chunks));
        }

        private boolean knowsAll(List<EventId> control) {
            for (var id : control) if (!members.knows(id)) return false;
            return true;
        }

        private Optional<Hlc> stamp(EventRef ref) {
            var own = inRun.get(ref.id());
            if (own != null) return own.ref().equals(ref) ? Optional.of(own.envelope().ts()) : Optional.empty();
            var tip = tips.atTip(ref);
            if (tip.isPresent()) return Optional.of(tip.get().tipTs());
            return tips.locate(ref.chain(), ref.seq(), ref.id(), storage)
                .flatMap(branch -> storage.eventAt(branch.key(), ref.seq())).map(event -> event.envelope().ts());
        }

        /// Runs with a control event that is not their last are rare: its signature was left out.
        private void remember(Event before) {
            if (!ControlType.isControl(before.type()) || members.knows(before.id()) || !knowsAll(before.envelope().control())) return;
            if (!copied) members = members.copy(members.chronicle().with(run));
            copied = true;
            members.add(ControlEvent.of(before));
        }
    }
}

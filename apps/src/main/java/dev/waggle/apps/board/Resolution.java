package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/// From a task's changes to what is shown of it. Every answer is a function of the changes alone: they are read newest first, a page at a time, so a task
/// that somebody changed a million times costs time and no memory.
///
/// Each field is merged by itself: the change with the highest (ts, origin, id) is shown, and what another node set without knowing it is kept as a conflict
/// until somebody decides who knows both. A change of the status that its base does not allow, and whatever was done under a claim that does not hold, is
/// without effect; so is the `inprogress` of a claim whose holder gave the task back: it is what it was before. A deletion that did not know an edit by a person is beaten by it.
///
/// On a board that has a sequencer the change that reached it last is shown instead. What did not reach it yet ranks below all that did: of several such the
/// highest (ts, origin, id) is shown, of a status or an assignee the lowest, until the sequencer decides.
public final class Resolution {
    /// Of a task with no more changes all are read at once: most tasks are made and edited a few times.
    private static final int FEW = 64;
    private final BoardReading reading;

    public Resolution(BoardReading reading) {
        this.reading = reading;
    }

    /// What a field comes to.
    ///
    /// @param shown   the newest change that is effective, or the one that the sequencer put last; empty for what was never set
    /// @param touched the newest that was when it was made; another one than `shown` where a task was given back
    /// @param others  live changes that are passed over
    /// @param live    what a change made now is based on, a deletion too
    /// @param edited  a live change by a person that no deletion knew
    /// @param first   the oldest effective one that made the task
    /// @param count   how many changes, effective when they were made, are [Change#lead]
    public record Register(Optional<Change> shown, Optional<Change> touched, List<Change> others, List<EventId> live, boolean edited, Optional<Change> first, long count) {}

    /// What every field of a task comes to.
    Map<Field, Register> registers(String task, Claims claims) {
        var few = reading.changes(task, FEW);
        var registers = new EnumMap<Field, Register>(Field.class);
        for (var field : Field.values())
            registers.put(field, few.isEmpty() ? register(task, field, claims) : register(few.get().reversed().stream().filter(change -> change.field() == field).iterator(), field, claims));
        return registers;
    }

    public Register register(String task, Field field, Claims claims) {
        return register(changes(task, field), field, claims);
    }

    /// @param changes of one field, newest first
    private Register register(Iterator<Change> changes, Field field, Claims claims) {
        var values = new Frontier();
        var life = new Frontier();
        Change touched = null;
        Change first = null;
        boolean edited = false;
        long count = 0;
        var contending = new ArrayList<Change>();                          // newest first
        var live = new ArrayList<EventId>();
        while (changes.hasNext()) {
            var change = changes.next();
            boolean stood = change.counts() && change.claim().map(claim -> claims.holds(claim, change.stamp())).orElse(true) && isAllowed(change);
            boolean effective = stood && !claims.gaveBack(change);
            boolean isValue = !change.deletes();
            boolean liveValue = values.next(change, effective && isValue);
            boolean alive = life.next(change, effective);
            if (alive && isValue && change.claim().isEmpty()) edited = true;
            if (liveValue || alive && !isValue) live.add(change.stamp().id());
            if (stood && change.lead()) count++;
            if (stood && isValue && touched == null) touched = change;
            if (!effective || !isValue) continue;
            if (change.kind() == Change.Kind.CREATED) first = change;
            if (liveValue) contending.add(change);
        }
        var shown = contending.isEmpty() ? Optional.<Change>empty() : Optional.of(shown(field, contending));
        shown.ifPresent(contending::remove);
        return new Register(shown, Optional.ofNullable(touched), contending, live, edited, Optional.ofNullable(first), count);
    }

    private Change shown(Field field, List<Change> contending) {
        var newest = contending.getFirst();
        if (contending.size() == 1 || !field.isSequenced()) return newest;
        var tenures = reading.tenures();
        if (tenures.isEmpty()) return newest;
        Change last = null;
        Rank highest = null;
        for (var change : contending) {
            var rank = reading.rank(change.stamp().id()).orElse(null);
            if (rank == null || highest != null && rank.compareTo(highest) < 0) continue;
            last = change;
            highest = rank;
        }
        if (last != null) return last;
        return field.isTransition() && tenures.getLast().node().isPresent() ? contending.getLast() : newest;
    }

    /// What the status was where it is changed decides where it may go. Who makes a task may begin anywhere.
    private boolean isAllowed(Change change) {
        if (change.field() != Field.STATUS || change.kind() != Change.Kind.SET) return true;
        var to = TaskStatus.of(change.brief());
        boolean any = false;
        for (var base : change.bases()) {
            var from = reading.statusOf(change.task(), base);
            if (from.filter(status -> status.mayBecome(to)).isPresent()) return true;
            any |= from.isPresent();
        }
        return !any && TaskStatus.TODO.mayBecome(to);
    }

    /// What no other change that is effective was based on. A change is based on those that it names, and on all that its own node did to the field before:
    /// a node knows what it wrote itself. One whose base has no effect inherits that base's bases.
    private static final class Frontier {
        private final Set<EventId> replaced = new HashSet<>();
        private final Set<NodeId> wrote = new HashSet<>();

        /// Takes the next older change.
        ///
        /// @return true when it is live
        boolean next(Change change, boolean effective) {
            boolean known = replaced.remove(change.stamp().id()) | wrote.contains(change.stamp().origin());
            if (effective || known) {
                replaced.addAll(change.bases());
                wrote.add(change.stamp().origin());
            }
            return effective && !known;
        }
    }

    private Iterator<Change> changes(String task, Field field) {
        return new Iterator<>() {
            private int size = 4;                                         // most fields are set once or twice
            private List<Change> page = reading.changes(task, field, Optional.empty(), size);
            private int at;

            @Override public boolean hasNext() {
                if (at < page.size()) return true;
                if (page.size() < size) return false;
                size = BoardReading.PAGE;
                page = reading.changes(task, field, Optional.of(page.getLast().stamp()), size);
                at = 0;
                return !page.isEmpty();
            }

            @Override public Change next() {
                if (!hasNext()) throw new NoSuchElementException();
                return page.get(at++);
            }
        };
    }
}

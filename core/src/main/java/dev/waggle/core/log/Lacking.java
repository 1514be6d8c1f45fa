package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What somebody who holds certain tips lacks of this log, by the rule of [EventLog#readMissing]: of each branch what lies above the
/// highest of the tips that is on it.
public final class Lacking {
    /// Finds out which event is stored at a place, by reading.
    @FunctionalInterface
    public interface Places {
        EventId idAt(int branch, long seq);
    }

    /// A piece of a branch that the other side lacks: `from` <= seq <= `to`.
    public record Piece(Branch branch, long from, long to) {
        public long events() {
            return to - from + 1;
        }
    }

    private final Map<Integer, Piece> pieces = new HashMap<>();
    private final List<Piece> inOrder = new ArrayList<>();

    /// @param branches all branches here
    /// @param have     the other side's tips
    public static Lacking of(List<Branch> branches, List<Tip> have, Places places) {
        var byChain = new HashMap<ChainId, List<Branch>>();
        var byKey = new HashMap<Integer, Branch>();
        for (var branch : branches) {
            byChain.computeIfAbsent(branch.chain(), _ -> new ArrayList<>(1)).add(branch);
            byKey.put(branch.key(), branch);
        }
        var has = new HashMap<Integer, Long>();
        for (var tip : have) {
            var candidates = byChain.getOrDefault(tip.chain(), List.of());
            var holder = candidates.stream()
                .filter(branch -> branch.stores(tip.seq()) && idAt(branch, tip.seq(), places).equals(tip.id())).findFirst();
            if (holder.isPresent()) mark(has, byKey, holder.get(), tip.seq());
            else for (var branch : candidates) if (tip.seq() > branch.tipSeq()) mark(has, byKey, branch, branch.tipSeq());
        }
        var lacking = new Lacking();
        for (var branch : branches) {
            long from = Math.max(branch.first(), has.getOrDefault(branch.key(), 0L) + 1);
            if (from > branch.tipSeq()) continue;
            var piece = new Piece(branch, from, branch.tipSeq());
            lacking.pieces.put(branch.key(), piece);
            lacking.inOrder.add(piece);
        }
        return lacking;
    }

    private static EventId idAt(Branch branch, long seq, Places places) {
        return seq == branch.tipSeq() ? branch.tipId() : places.idAt(branch.key(), seq);
    }

    /// Who has an event has its chain ancestors.
    private static void mark(Map<Integer, Long> has, Map<Integer, Branch> byKey, Branch branch, long seq) {
        for (; branch != null; seq = branch.first() - 1, branch = byKey.get(branch.parent())) has.merge(branch.key(), seq, Math::max);
    }

    public List<Piece> pieces() {
        return inOrder;
    }

    public boolean contains(int branch, long seq) {
        var piece = pieces.get(branch);
        return piece != null && piece.from <= seq && seq <= piece.to;
    }

    /// Collects events for one answer: unsigned ones only together with the signature that vouches for them.
    public static final class Collector {
        private final int eventsMax;
        private final int bytesMax;
        private final List<Event> events = new ArrayList<>();
        private final List<Event> open = new ArrayList<>();        // unsigned, waiting for their run's end
        private long bytes;
        private long openBytes;
        private long upTo;
        private int openBranch = Branch.NONE;
        private boolean damaged;
        private boolean condensed;

        public Collector(long after, int eventsMax, int bytesMax) {
            this.upTo = after;
            this.eventsMax = eventsMax;
            this.bytesMax = bytesMax;
        }

        /// Takes the next lacking event, in offset order.
        ///
        /// @return false when the answer is full: the event was not taken
        public boolean take(long offset, int branch, Event event) {
            if (branch != openBranch) breakRun();
            boolean full = events.size() >= eventsMax || bytes + event.payload().length > bytesMax;
            if (open.isEmpty() && !events.isEmpty() && full) return false;
            boolean overlong = !open.isEmpty() && !events.isEmpty()
                && (events.size() + open.size() >= (long) eventsMax + EventLog.UNSIGNED_RUN_EVENTS_MAX || bytes + openBytes + event.payload().length > (long) bytesMax + EventLog.UNSIGNED_RUN_BYTES_MAX);
            if (overlong) return false;                                 // a run that is longer than it should be comes alone
            open.add(event);
            openBytes += event.payload().length;
            openBranch = branch;
            if (event.signature().isEmpty()) return true;
            events.addAll(open);
            bytes += openBytes;
            upTo = offset;
            breakRun();
            return true;
        }

        /// The next lacking event is damaged: it cannot be served, and what was begun before it neither.
        public void skipDamaged() {
            damaged = true;
            breakRun();
        }

        /// The next lacking event was condensed: what lies above it needs it, and is not served before it.
        ///
        /// @return false
        public boolean stopAtCondensed() {
            condensed = true;
            breakRun();
            return false;
        }

        private void breakRun() {
            open.clear();
            openBytes = 0;
            openBranch = Branch.NONE;
        }

        public EventLog.Missing full() {
            return new EventLog.Missing(List.copyOf(events), upTo, false, damaged, condensed);
        }

        /// @param lastOffset all up to here was offered to [#take]
        public EventLog.Missing end(long lastOffset) {
            return new EventLog.Missing(List.copyOf(events), Math.max(upTo, lastOffset), true, damaged, condensed);
        }
    }
}

package dev.waggle.core.log;

import java.util.ArrayList;
import java.util.List;

/// Which events of one branch are void, by their seq. Immutable.
///
/// @param ranges ascending, with events that count between them
public record Voids(List<Range> ranges) {
    public static final long NO_END = Long.MAX_VALUE;
    public static final Voids NONE = new Voids(List.of());

    /// @param to the last void seq, [#NO_END] when whatever comes next is void, too
    public record Range(long from, long to) {
        public Range {
            if (from < 1 || to < from) throw new IllegalArgumentException("no range: " + from + " to " + to);
        }
    }

    public Voids {
        ranges = List.copyOf(ranges);
    }

    /// All from `seq` on.
    public static Voids from(long seq) {
        return between(seq, NO_END);
    }

    /// `from` to `to`; nothing when that is no range.
    static Voids between(long from, long to) {
        return from > to ? NONE : new Voids(List.of(new Range(from, to)));
    }

    public boolean contains(long seq) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var range = ranges.get(middle);
            if (seq < range.from) high = middle - 1;
            else if (seq > range.to) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// What is void here or there.
    Voids and(Voids other) {
        if (other.ranges.isEmpty()) return this;
        if (ranges.isEmpty()) return other;
        var all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        all.sort((a, b) -> Long.compare(a.from, b.from));
        var joined = new ArrayList<Range>();
        for (var range : all) {
            var last = joined.isEmpty() ? null : joined.getLast();
            if (last == null || last.to != NO_END && range.from > last.to + 1) joined.add(range);
            else joined.set(joined.size() - 1, new Range(last.from, Math.max(last.to, range.to)));
        }
        return new Voids(joined);
    }

    /// As this, but `seq` counts.
    Voids except(long seq) {
        return except(seq, seq);
    }

    private Voids except(long from, long to) {
        var left = new ArrayList<Range>();
        for (var range : ranges) {
            if (range.from < from) left.add(new Range(range.from, Math.min(range.to, from - 1)));
            if (range.to > to) left.add(new Range(Math.max(range.from, to + 1), range.to));
        }
        return new Voids(left);
    }

    /// What is void beyond `seq`.
    Voids beyond(long seq) {
        return except(1, seq);
    }

    /// What is void up to `seq`; nothing is said of what comes then.
    Voids upTo(long seq) {
        return except(seq + 1, NO_END);
    }

    /// Where what has no end begins, [#NO_END] when the last range ends.
    public long openFrom() {
        return ranges.isEmpty() || ranges.getLast().to != NO_END ? NO_END : ranges.getLast().from;
    }

    /// The last seq up to `tip` that counts; 0 when none does.
    public long lastCounting(long tip) {
        long last = tip;
        for (int i = ranges.size() - 1; i >= 0 && ranges.get(i).to >= last; i--)
            if (ranges.get(i).from <= last) last = ranges.get(i).from - 1;
        return last;
    }

    /// The pieces of `first` to `tip` of which this and `before` say different things, each with what this says.
    List<Change> changes(Voids before, long first, long tip) {
        var changes = new ArrayList<Change>();
        for (long at = first; at <= tip;) {
            boolean isVoid = contains(at);
            boolean differs = isVoid != before.contains(at);
            long end = Math.min(tip, Math.min(end(at), before.end(at)));
            if (differs) changes.add(new Change(at, end, isVoid ? Verdict.VOID : Verdict.COUNTS));
            if (end == tip) break;
            at = end + 1;
        }
        return changes;
    }

    record Change(long from, long to, Verdict verdict) {}

    /// The last seq from `seq` on of which the same is said as of `seq`.
    private long end(long seq) {
        for (var range : ranges) {
            if (seq < range.from) return range.from - 1;
            if (seq <= range.to) return range.to;
        }
        return NO_END;
    }
}

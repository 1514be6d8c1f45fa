package dev.waggle.apps.board;

/// Where a change stands in the order that a board's sequencer gave: (term, sequence). Should a sequencer have given a number twice (its database was replaced by an older copy, and it
/// went on counting there), the stamp of the event that gave it tells the two apart.
///
/// @param by the event that says so
public record Rank(long term, long sequence, Stamp by) implements Comparable<Rank> {
    @Override public int compareTo(Rank other) {
        int byTerm = Long.compare(term, other.term);
        if (byTerm != 0) return byTerm;
        int bySequence = Long.compare(sequence, other.sequence);
        return bySequence != 0 ? bySequence : by.compareTo(other.by);
    }
}

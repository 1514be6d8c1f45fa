package dev.waggle.core.event;

/// An event and the place to find it, so that appending needs no index over random ids.
///
/// @param seq the event's own counter in `chain`, from 1
public record EventRef(EventId id, ChainId chain, long seq) implements Comparable<EventRef> {
    public EventRef {
        if (seq < 1) throw new IllegalArgumentException("seq " + seq + ": a chain's first event is 1");
    }

    @Override public int compareTo(EventRef other) {
        int byChain = chain.compareTo(other.chain);
        if (byChain != 0) return byChain;
        int bySeq = Long.compare(seq, other.seq);
        return bySeq != 0 ? bySeq : id.compareTo(other.id);
    }
}

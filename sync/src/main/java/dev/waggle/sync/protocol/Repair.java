package dev.waggle.sync.protocol;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Finds where a chain of the peer parts from ours: its author wrote two events under one number, or one side is damaged. The peer's tip is not
/// here, though the chain here reaches as far. Sixteen places of the chain are compared at a time, so a million events take five questions; what
/// the peer gets is then sent from the last common event and not from the chain's first.
///
/// Without an answer the whole chain is sent: slower, and as right.
final class Repair {
    static final int CHAINS_MAX = 16;
    private static final int PLACES = 16;

    sealed interface Out {
        /// Ask the peer, and when its answer is here, look at the same places of the log.
        record Ask(Frame.Probe probe) implements Out {}

        record Look(Frame.Places theirs) implements Out {}

        /// `common` is null when the chains share nothing.
        record Parted(Tip named, Tip common) implements Out {}

        record Done() implements Out {}
    }

    private final SpaceId space;
    private final ArrayDeque<Tip> left = new ArrayDeque<>();
    private Tip named;
    private long low;
    private EventId lowId;
    private long high;
    private List<Long> asked = List.of();
    private Frame.Places theirs;

    Repair(SpaceId space) {
        this.space = space;
    }

    boolean open() {
        return named != null;
    }

    List<Out> begin(List<Tip> strangers) {
        left.clear();
        strangers.stream().limit(CHAINS_MAX).forEach(left::add);
        return nextChain();
    }

    private List<Out> nextChain() {
        named = left.poll();
        theirs = null;
        if (named == null) return List.of(new Out.Done());
        low = 0;
        lowId = null;
        high = named.seq();
        return ask();
    }

    private List<Out> ask() {
        if (high - low <= 1) {
            var common = low == 0 ? null : new Tip(named.chain(), 0, low, lowId, Hlc.ZERO);
            var out = new ArrayList<Out>();
            out.add(new Out.Parted(named, common));
            out.addAll(nextChain());
            return out;
        }
        var seqs = new TreeSet<Long>();
        for (int i = 1; i <= PLACES; i++) seqs.add(low + Math.max(1, (high - low) * i / (PLACES + 1)));
        seqs.removeIf(seq -> seq >= high);
        asked = List.copyOf(seqs);
        return List.of(new Out.Ask(new Frame.Probe(space, named.chain(), asked)));
    }

    /// @return empty when the peer answered something that was not asked
    Optional<Out> answered(Frame.Places places) {
        if (named == null || theirs != null || !places.chain().equals(named.chain()) || !places.seqs().equals(asked)
            || places.ids().size() != asked.size()) return Optional.empty();
        theirs = places;
        return Optional.of(new Out.Look(places));
    }

    /// @param here for each place of the peer's answer the ids of this log
    List<Out> looked(List<List<EventId>> here) {
        if (theirs == null) return List.of();
        long newHigh = high;
        for (int i = 0; i < here.size(); i++) {
            long seq = theirs.seqs().get(i);
            var common = theirs.ids().get(i).stream().filter(here.get(i)::contains).findFirst();
            if (common.isPresent() && seq > low) {
                low = seq;
                lowId = common.get();
            }
            if (common.isEmpty()) newHigh = Math.min(newHigh, seq);
        }
        high = Math.max(newHigh, low + 1);           // each place is either common or not: the range shrinks every time
        theirs = null;
        return ask();
    }

    List<Out> giveUp() {
        left.clear();
        named = null;
        theirs = null;
        return List.of(new Out.Done());
    }
}

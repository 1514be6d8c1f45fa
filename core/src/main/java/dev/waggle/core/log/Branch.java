package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.Optional;

/// One branch of a chain as a log stores it: a gapless piece from `first` to its tip. A chain has one branch unless its author forked it;
/// a later branch holds only what differs and continues its parent at `first` - 1.
///
/// @param key       names the branch in this store; local
/// @param number    0 for the branch admitted first here
/// @param parent    the key of the branch that this one left, [#NONE] when it begins with the chain's first event
/// @param control   the control events that an event after the tip may not go behind
/// @param head      no known event has the tip as a parent
/// @param voids     which of its events are void; what is said beyond the tip is for events that name the tip's own control events
/// @param continues the epoch that this chain's first event says it continues, and so ends
public record Branch(int key, ChainId chain, int number, int parent, long first, long tipSeq, EventId tipId, Hlc tipTs, List<EventId> control,
                     boolean head, Voids voids, Optional<Epoch> continues) {
    public static final int NONE = -1;

    public Branch {
        control = List.copyOf(control);
    }

    public Tip tip() {
        return new Tip(chain, number, tipSeq, tipId, tipTs);
    }

    /// True when the event at `seq` of this branch is stored here rather than in a parent.
    public boolean stores(long seq) {
        return first <= seq && seq <= tipSeq;
    }

    public Verdict verdict(long seq) {
        return voids.contains(seq) ? Verdict.VOID : Verdict.COUNTS;
    }

    Branch withTip(Event tip) {
        return new Branch(key, chain, number, parent, first, tip.seq(), tip.id(), tip.envelope().ts(), controlAfter(tip), true, voids, continues);
    }

    Branch withHead(boolean isHead) {
        return new Branch(key, chain, number, parent, first, tipSeq, tipId, tipTs, control, isHead, voids, continues);
    }

    Branch withVoids(Voids others) {
        return new Branch(key, chain, number, parent, first, tipSeq, tipId, tipTs, control, head, others, continues);
    }

    /// What the successor of `event` may not go behind: a control event stands for all that it names.
    static List<EventId> controlAfter(Event event) {
        return ControlType.isControl(event.type()) ? List.of(event.id()) : event.envelope().control();
    }
}

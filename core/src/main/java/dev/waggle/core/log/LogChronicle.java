package dev.waggle.core.log;

import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;

/// Answers from the chains of one log, by halving.
final class LogChronicle implements Chronicle {
    private final LogTips tips;
    private final LogStorage storage;

    LogChronicle(LogTips tips, LogStorage storage) {
        this.tips = tips;
        this.storage = storage;
    }

    @Override public boolean leadsTo(EventRef event, EventRef later) {
        if (!event.chain().equals(later.chain()) || event.seq() > later.seq()) return false;
        if (event.seq() == later.seq()) return event.id().equals(later.id());
        var end = tips.locate(later.chain(), later.seq(), later.id(), storage);
        var at = tips.locate(event.chain(), event.seq(), event.id(), storage);
        if (end.isEmpty()) return true;                                     // both are of the run that is judged
        if (at.isEmpty()) return false;
        long seq = later.seq();
        for (var branch = end.get(); branch != null; branch = tips.byKey(branch.parent())) {
            if (branch.key() == at.get().key()) return event.seq() <= seq;
            seq = branch.first() - 1;
        }
        return false;
    }

    @Override public boolean signedWithin(NodeId node, long afterMs, long upToMs) {
        for (var chain : tips.chainsOf(node))
            for (var branch : tips.branches(chain)) if (signedWithin(branch, afterMs, upToMs)) return true;
        return false;
    }

    private boolean signedWithin(Branch branch, long afterMs, long upToMs) {
        if (branch.tipTs().wallMs() <= afterMs) return false;
        if (branch.tipTs().wallMs() <= upToMs) return true;
        long early = branch.first() - 1;                                    // the last that is not stamped after `upToMs`
        long late = branch.tipSeq();
        while (late - early > 1) {
            long middle = (early + late) >>> 1;
            if (wallMs(branch, middle) > upToMs) late = middle;
            else early = middle;
        }
        return early >= branch.first() && wallMs(branch, early) > afterMs;
    }

    /// A damaged event is taken to be as late as the next that is whole: a log opens all the same, and looks again when it was mended.
    private long wallMs(Branch branch, long seq) {
        for (long at = seq; at < branch.tipSeq(); at++) {
            var event = storage.eventAt(branch.key(), at);
            if (event.isPresent()) return event.get().envelope().ts().wallMs();
        }
        return branch.tipTs().wallMs();
    }
}

package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;

/// What proves that its author wrote an event.
public sealed interface Cover {
    /// Its own signature, which was checked.
    record Own() implements Cover {}

    /// The signature of a later event of the same chain, `after` events behind: each names the hash of the one before it.
    record Later(EventId by, long after) implements Cover {}

    /// No signature within reach: the log was condensed, and keeps the signatures of the chains' ends. `checkpoint` is the last that counts.
    record Condensed(EventId checkpoint) implements Cover {}

    /// No signature within reach, and no checkpoint: the chain's last signature is the proof.
    record Far(EventId tip) implements Cover {}

    int LOOKED_MAX = 4 * EventLog.UNSIGNED_RUN_EVENTS_MAX;
    int LOOKED_BYTES_MAX = 4 << 20;

    static Cover of(EventLog log, Entry.Admitted entry) {
        var event = entry.event();
        if (event.signature().isPresent()) return new Own();
        var tip = event.id();
        for (var branch : log.branches()) {
            if (!holds(log, branch, event.ref())) continue;
            tip = branch.tipId();
            for (var later : log.readBranch(branch, event.seq() + 1, Math.min(branch.tipSeq(), event.seq() + LOOKED_MAX), LOOKED_MAX, LOOKED_BYTES_MAX))
                if (later.event().signature().isPresent()) return new Later(later.event().id(), later.event().seq() - event.seq());
        }
        var checkpoint = log.state().checkpoint();
        return checkpoint.isPresent() ? new Condensed(checkpoint.get()) : new Far(tip);
    }

    private static boolean holds(EventLog log, Branch branch, EventRef event) {
        return branch.chain().equals(event.chain()) && branch.stores(event.seq())
            && log.at(branch.chain(), branch.number(), event.seq()).filter(here -> here.event().id().equals(event.id())).isPresent();
    }
}

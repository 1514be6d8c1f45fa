package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.time.Hlc;

/// The last event of one branch of a chain. A chain has one branch unless its author wrote two events under one sequence number.
///
/// @param branch 0 for the branch admitted first here; local numbering, never sent
public record Tip(ChainId chain, int branch, long seq, EventId id, Hlc ts) {
    public EventRef ref() {
        return new EventRef(id, chain, seq);
    }
}

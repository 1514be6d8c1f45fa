package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;

/// One line of the local log, in the order this node admitted it. Views follow entries, not only events.
public sealed interface Entry {
    /// 1, 2, 3 … with no gap; local, never signed; what cursors count.
    long offset();

    /// An event was admitted, its parents before it.
    ///
    /// @param verdict what it is worth when it is read: a change that was made since is in it, and comes as an entry of its own later
    record Admitted(long offset, Event event, Verdict verdict) implements Entry {}

    /// A later event changed what earlier ones are worth: those of `chain` and `branch` with `fromSeq` <= seq <= `toSeq`.
    record VerdictChanged(long offset, ChainId chain, int branch, long fromSeq, long toSeq, Verdict verdict) implements Entry {}
}

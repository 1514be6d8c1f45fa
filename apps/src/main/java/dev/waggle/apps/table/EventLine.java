package dev.waggle.apps.table;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;

import java.util.List;

/// What a view remembers of an event it has folded.
///
/// @param branch  numbered as the log numbers the branches of a forked chain: in order of admission, from 0
/// @param records for each item of its change set the number of the record that it changed; empty for other events
public record EventLine(EventId id, ChainId chain, int branch, long seq, boolean counts, List<Long> records) {
    public EventLine {
        records = List.copyOf(records);
    }
}

package dev.waggle.sim;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.RowChange;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What change sets say, read once for all nodes of a run: equal ids are equal bytes, and reading takes longer than much of what comes of it. What is
/// malformed, or speaks of chunks that a node may lack, each node reads by itself.
final class Decoded {
    private final Map<EventId, List<RowChange>> read = new HashMap<>();

    /// @return nothing when the view has to read the event
    List<RowChange> of(Entry entry) {
        return entry instanceof Entry.Admitted(_, var event, _) && ChangeSetCodec.isChangeSet(event) && event.chunks().isEmpty()
            ? read.computeIfAbsent(event.id(), _ -> read(event)) : List.of();
    }

    private static List<RowChange> read(Event event) {
        try {
            return ChangeSetCodec.decode(event, _ -> {
                throw new IllegalStateException("an event without chunks asks for one");
            });
        } catch (MalformedPayload _) {
            return List.of();
        }
    }
}

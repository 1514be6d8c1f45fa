package dev.waggle.apps.board;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

/// The one order that all nodes share: (ts, origin, id). An event's stamp is above those of everything its author knew.
public record Stamp(Hlc ts, NodeId origin, EventId id) implements Comparable<Stamp> {
    public static Stamp of(Event event) {
        return new Stamp(event.envelope().ts(), event.chain().origin(), event.id());
    }

    @Override public int compareTo(Stamp other) {
        int byTs = ts.compareTo(other.ts);
        if (byTs != 0) return byTs;
        int byOrigin = origin.compareTo(other.origin);
        return byOrigin != 0 ? byOrigin : id.compareTo(other.id);
    }
}

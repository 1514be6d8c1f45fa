package dev.waggle.apps.table;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

/// The place of a change in the one order that every node knows: (ts, origin, event, item). The greater stamp wins.
public record Stamp(Hlc ts, NodeId origin, VersionId version) implements Comparable<Stamp> {
    @Override public int compareTo(Stamp other) {
        int order = ts.compareTo(other.ts);
        if (order == 0) order = origin.compareTo(other.origin);
        return order != 0 ? order : version.compareTo(other.version);
    }
}

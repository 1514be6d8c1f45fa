package dev.waggle.apps.table;

import dev.waggle.core.event.EventId;

/// One change of one record: an event and the item within it.
///
/// @param item from 0, counted over all rows of the event's change set
public record VersionId(EventId event, int item) implements Comparable<VersionId> {
    public String text() {
        return event.hex() + ":" + item;
    }

    @Override public int compareTo(VersionId other) {
        int byEvent = event.compareTo(other.event);
        return byEvent != 0 ? byEvent : Integer.compare(item, other.item);
    }
}

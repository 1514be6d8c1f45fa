package dev.waggle.apps.table;

import dev.waggle.core.event.EventId;

/// One change of one record: an event and the item within it.
///
/// @param item from 0, counted over all rows of the event's change set
public record VersionId(EventId event, int item) implements Comparable<VersionId> {
    public VersionId {
        if (item < 0) throw new IllegalArgumentException("items are counted from 0");
    }

    public String text() {
        return event.hex() + ":" + item;
    }

    /// @throws IllegalArgumentException when `text` is no version
    public static VersionId parse(String text) {
        int colon = text.indexOf(':');
        if (colon != 64) throw new IllegalArgumentException("a version is an event id, a colon and an item");
        int item = Integer.parseInt(text.substring(colon + 1));
        var version = new VersionId(new EventId(text.substring(0, colon)), item);
        if (!version.text().equals(text)) throw new IllegalArgumentException("a version has one spelling");
        return version;
    }

    @Override public int compareTo(VersionId other) {
        int byEvent = event.compareTo(other.event);
        return byEvent != 0 ? byEvent : Integer.compare(item, other.item);
    }
}

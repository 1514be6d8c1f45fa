package dev.waggle.core.event;

/// SHA-256 of an event's payload bytes: equal ids mean equal events.
///
/// @param hex 64 lower-case hexadecimal digits
public record EventId(String hex) implements Comparable<EventId> {
    public EventId {
        Hex.require("an event id", hex, 64);
    }

    public static EventId of(byte[] bytes) {
        return new EventId(Hex.of(bytes));
    }

    public byte[] bytes() {
        return Hex.bytes(hex);
    }

    /// The first eight digits, for people; never used to tell ids apart.
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override public int compareTo(EventId other) {
        return hex.compareTo(other.hex);
    }

    @Override public String toString() {
        return hex;
    }
}

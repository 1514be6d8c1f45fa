package dev.waggle.core.event;

/// The id of a space: the id of its genesis event.
///
/// @param hex 64 lower-case hexadecimal digits
public record SpaceId(String hex) implements Comparable<SpaceId> {
    public SpaceId {
        Hex.require("a space id", hex, 64);
    }

    public static SpaceId of(byte[] bytes) {
        return new SpaceId(Hex.of(bytes));
    }

    public byte[] bytes() {
        return Hex.bytes(hex);
    }

    /// The first eight digits, for people; never used to tell ids apart.
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override public int compareTo(SpaceId other) {
        return hex.compareTo(other.hex);
    }

    @Override public String toString() {
        return hex;
    }
}

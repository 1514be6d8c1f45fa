package dev.waggle.core.event;

/// One lineage under which a node writes: 128 random bits, a new one whenever the node cannot prove that it continues the old.
///
/// @param hex 32 lower-case hexadecimal digits
public record Epoch(String hex) implements Comparable<Epoch> {
    public Epoch {
        Hex.require("an epoch", hex, 32);
    }

    public static Epoch of(byte[] bytes) {
        return new Epoch(Hex.of(bytes));
    }

    public byte[] bytes() {
        return Hex.bytes(hex);
    }

    /// The first eight digits, for people; never used to tell ids apart.
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override public int compareTo(Epoch other) {
        return hex.compareTo(other.hex);
    }

    @Override public String toString() {
        return hex;
    }
}

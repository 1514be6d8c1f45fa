package dev.waggle.core.event;

/// SHA-256 of a chunk's bytes.
///
/// @param hex 64 lower-case hexadecimal digits
public record ChunkId(String hex) implements Comparable<ChunkId> {
    public ChunkId {
        Hex.require("a chunk id", hex, 64);
    }

    public static ChunkId of(byte[] bytes) {
        return new ChunkId(Hex.of(bytes));
    }

    public byte[] bytes() {
        return Hex.bytes(hex);
    }

    /// The first eight digits, for people; never used to tell ids apart.
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override public int compareTo(ChunkId other) {
        return hex.compareTo(other.hex);
    }

    @Override public String toString() {
        return hex;
    }
}

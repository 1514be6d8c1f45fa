package dev.waggle.core.event;

/// A node's Ed25519 public key (RFC 8032), which is its id.
///
/// @param hex 64 lower-case hexadecimal digits
public record NodeId(String hex) implements Comparable<NodeId> {
    public NodeId {
        Hex.require("a node id", hex, 64);
    }

    public static NodeId of(byte[] bytes) {
        return new NodeId(Hex.of(bytes));
    }

    public byte[] bytes() {
        return Hex.bytes(hex);
    }

    /// The first eight digits, for people; never used to tell ids apart.
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override public int compareTo(NodeId other) {
        return hex.compareTo(other.hex);
    }

    @Override public String toString() {
        return hex;
    }
}

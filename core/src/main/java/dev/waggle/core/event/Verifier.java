package dev.waggle.core.event;

/// Checks signatures. Thread-safe, and the same rule on every node: a signature is good everywhere or nowhere.
public interface Verifier {
    boolean verify(NodeId signer, byte[] message, byte[] signature);

    /// Whether anybody could ever have signed as `node`: false for an id that is no key, or a key under which signatures can be forged.
    default boolean isValidKey(NodeId node) {
        return true;
    }
}

package dev.waggle.core.event;

/// Checks signatures. Thread-safe, and the same rule on every node: a signature is good everywhere or nowhere.
public interface Verifier {
    boolean verify(NodeId signer, byte[] message, byte[] signature);
}

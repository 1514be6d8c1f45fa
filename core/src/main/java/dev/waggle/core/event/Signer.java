package dev.waggle.core.event;

/// Signs as one node. Thread-safe. The simulator has a cheap stand-in; everything else uses [Ed25519].
public interface Signer {
    /// The public key that verifies what this signs.
    NodeId node();

    /// @return [Event#SIGNATURE_BYTES] bytes
    byte[] sign(byte[] message);
}

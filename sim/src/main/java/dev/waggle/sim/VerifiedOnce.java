package dev.waggle.sim;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Verifier;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// The nodes of a run share what a signature's check came to: it depends on nothing but what is checked, each copy that was tampered with is
/// another one, and five nodes would check one event five times.
final class VerifiedOnce implements Verifier {
    private record Question(NodeId signer, ByteBuffer message, ByteBuffer signature) {}

    private final Verifier verifier;
    private final Map<Question, Boolean> answers = new HashMap<>();

    VerifiedOnce(Verifier verifier) {
        this.verifier = verifier;
    }

    @Override public boolean verify(NodeId signer, byte[] message, byte[] signature) {
        return answers.computeIfAbsent(new Question(signer, ByteBuffer.wrap(message), ByteBuffer.wrap(signature)), _ -> verifier.verify(signer, message, signature));
    }

    @Override public boolean isValidKey(NodeId key) {
        return verifier.isValidKey(key);
    }
}

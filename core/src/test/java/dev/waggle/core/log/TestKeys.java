package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Verifier;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A cheap stand-in for Ed25519: a "signature" is a hash over signer and message. Anybody could forge it; tests do not.
public final class TestKeys implements Verifier {
    /// Not a key, for everybody who asks.
    public static final NodeId NO_KEY = new NodeId("00".repeat(32));

    private int checks;

    public static Signer signer(String name) {
        var node = NodeId.of(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
        return new Signer() {
            @Override public NodeId node() {
                return node;
            }

            @Override public byte[] sign(byte[] message) {
                return signature(node, message);
            }
        };
    }

    @Override public boolean verify(NodeId signer, byte[] message, byte[] signature) {
        synchronized (this) {
            checks++;
        }
        return Arrays.equals(signature, signature(signer, message));
    }

    @Override public boolean isValidKey(NodeId node) {
        return !node.equals(NO_KEY);
    }

    /// How many signatures were checked.
    public synchronized int checks() {
        return checks;
    }

    private static byte[] signature(NodeId node, byte[] message) {
        var half = Sha256.of(node.bytes(), message);
        var whole = Arrays.copyOf(half, Event.SIGNATURE_BYTES);
        System.arraycopy(half, 0, whole, 32, 32);
        return whole;
    }
}

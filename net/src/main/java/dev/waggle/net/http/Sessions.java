package dev.waggle.net.http;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Handshakes under way and the tokens they ended in. In memory only: a restart asks every peer to prove itself again. Thread-safe.
///
/// A token is 256 random bits, kept as its hash, belongs to one peer and is worth something at this node only.
final class Sessions {
    private static final int PENDING_MAX = 1_024;
    private static final int TOKENS_MAX = 4_096;
    private static final int TOKENS_PER_PEER_MAX = 8;

    private record Pending(HttpHello hello, long untilNanos) {}

    private record Session(NodeId peer, long untilNanos) {}

    private final HttpLimits limits;
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final Map<String, Pending> pending = new LinkedHashMap<>();         // by the responder's nonce, oldest first
    private final Map<String, Session> sessions = new LinkedHashMap<>();        // by the token's hash, oldest first

    Sessions(HttpLimits limits, RandomGenerator random, LongSupplier nanos) {
        this.limits = limits;
        this.random = random;
        this.nanos = nanos;
    }

    String fresh() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return Hex.of(bytes);
    }

    /// Remembers what was said in the first step. The oldest gives way when there are too many: a flood costs honest peers a retry, not memory.
    synchronized void begin(HttpHello hello) {
        long now = nanos.getAsLong();
        pending.values().removeIf(other -> now - other.untilNanos > 0);
        if (pending.size() >= PENDING_MAX) pending.remove(pending.keySet().iterator().next());
        pending.put(hello.responderNonce(), new Pending(hello, now + limits.handshakeMs() * 1_000_000));
    }

    /// The handshake that this nonce began. Once: a second try finds nothing.
    synchronized Optional<HttpHello> end(String responderNonce) {
        var found = pending.remove(responderNonce);
        return found == null || nanos.getAsLong() - found.untilNanos > 0 ? Optional.empty() : Optional.of(found.hello);
    }

    /// @return a new token for `peer`, the only time that it is seen
    synchronized String issue(NodeId peer) {
        long now = nanos.getAsLong();
        sessions.values().removeIf(session -> now - session.untilNanos > 0);
        while (sessions.values().stream().filter(session -> session.peer.equals(peer)).count() >= TOKENS_PER_PEER_MAX) removeOldest(peer);
        if (sessions.size() >= TOKENS_MAX) sessions.remove(sessions.keySet().iterator().next());
        var token = fresh();
        sessions.put(hash(token), new Session(peer, now + limits.tokenMs() * 1_000_000));
        return token;
    }

    /// No token is worth anything from now on.
    synchronized void revokeAll() {
        sessions.clear();
    }

    /// Who was given this token, while it lives.
    synchronized Optional<NodeId> peer(String token) {
        var session = sessions.get(hash(token));
        return session == null || nanos.getAsLong() - session.untilNanos > 0 ? Optional.empty() : Optional.of(session.peer);
    }

    private void removeOldest(NodeId peer) {
        var each = sessions.values().iterator();
        while (each.hasNext()) {
            if (!each.next().peer.equals(peer)) continue;
            each.remove();
            return;
        }
    }

    private static String hash(String token) {
        return Hex.of(Sha256.of(token.getBytes(StandardCharsets.UTF_8)));
    }
}

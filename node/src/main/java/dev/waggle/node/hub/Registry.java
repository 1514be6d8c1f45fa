package dev.waggle.node.hub;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Statement;
import dev.waggle.core.event.Verifier;
import dev.waggle.net.http.MapV1Handler;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Which nodes are registered at this hub. In memory: a hub that starts again is told by everybody within a heartbeat, because their tokens are refused. Thread-safe.
public final class Registry implements MapV1Handler {
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    public static final String STATEMENT = "waggle-swarm/1";
    static final int SWARMS_MAX = 10_000;
    static final int HIVES_MAX = 256;
    private static final int LISTENERS_MAX = 4;
    private static final long CLOCK_MS_MAX = 300_000;
    private static final int TOKEN_BYTES = 32;

    private static final class Entry {
        Swarm swarm;
        String tokenHash;
        long issuedMs;
        long heardMs;
        boolean online;
        final SortedSet<String> hives = new TreeSet<>();
        final List<Consumer<Json.Obj>> listeners = new ArrayList<>();
    }

    private final byte[] keyHash;
    private final Verifier verifier;
    private final RandomGenerator random;
    private final LongSupplier wallMs;
    private final long staleMs;
    private final SortedMap<NodeId, Entry> swarms = new TreeMap<>();
    private final SortedMap<String, NodeId> tokens = new TreeMap<>();          // by hash

    /// @param key     who knows it may register
    /// @param random  a cryptographic generator, for tokens
    /// @param staleMs see [#markStale]
    public Registry(String key, Verifier verifier, RandomGenerator random, LongSupplier wallMs, long staleMs) {
        this.keyHash = Sha256.of(key.getBytes(StandardCharsets.UTF_8));
        this.verifier = verifier;
        this.random = random;
        this.wallMs = wallMs;
        this.staleMs = staleMs;
    }

    /// What a node signs to be registered.
    public static Statement statement(Signer node, String syncEndpoint, long wallMs) {
        return Statement.sign(STATEMENT, Json.object("node", node.node().hex(), "sync_endpoint", syncEndpoint, "issued", wallMs), node);
    }

    @Override public synchronized Optional<String> register(String key, Swarm swarm, byte[] statement, byte[] signature) {
        long now = wallMs.getAsLong();
        if (!MessageDigest.isEqual(keyHash, Sha256.of(key.getBytes(StandardCharsets.UTF_8)))) return Optional.empty();
        var known = swarms.get(swarm.id());
        long issuedMs;
        try {
            var body = Statement.read(STATEMENT, statement, signature, swarm.id(), verifier).body();
            issuedMs = body.integer("issued");
            boolean says = body.text("node").equals(swarm.id().hex()) && body.text("sync_endpoint").equals(swarm.syncEndpoint());
            if (!says || Math.abs(issuedMs - now) > CLOCK_MS_MAX || known != null && issuedMs <= known.issuedMs) return Optional.empty();
        } catch (MalformedPayload _) {
            return Optional.empty();
        }
        if (known == null && swarms.size() >= SWARMS_MAX && !makeRoom()) return Optional.empty();
        var entry = known != null ? known : new Entry();
        if (entry.tokenHash != null) tokens.remove(entry.tokenHash);
        var token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        var text = Hex.of(token);
        entry.swarm = swarm;
        entry.issuedMs = issuedMs;
        entry.tokenHash = hash(text);
        swarms.put(swarm.id(), entry);
        tokens.put(entry.tokenHash, swarm.id());
        heard(entry);
        return Optional.of(text);
    }

    /// Whoever was silent longest gives way, if it is offline.
    private boolean makeRoom() {
        var silent = swarms.values().stream().filter(entry -> !entry.online).min(Comparator.comparingLong(entry -> entry.heardMs));
        silent.ifPresent(entry -> remove(entry.swarm.id()));
        return silent.isPresent();
    }

    @Override public synchronized Optional<NodeId> swarm(String token) {
        return Optional.ofNullable(tokens.get(hash(token)));
    }

    @Override public synchronized Optional<Swarm> find(NodeId swarm) {
        return Optional.ofNullable(swarms.get(swarm)).map(entry -> entry.swarm);
    }

    @Override public synchronized void update(Swarm swarm) {
        var entry = swarms.get(swarm.id());
        if (entry == null) return;
        entry.swarm = swarm;
        heard(entry);
    }

    @Override public synchronized void remove(NodeId swarm) {
        var entry = swarms.get(swarm);
        if (entry == null) return;
        for (var hive : List.copyOf(entry.hives)) leave(swarm, hive);
        tokens.remove(entry.tokenHash);
        swarms.remove(swarm);
    }

    @Override public synchronized boolean join(NodeId swarm, String hive) {
        var entry = swarms.get(swarm);
        if (entry == null || !entry.hives.contains(hive) && entry.hives.size() >= HIVES_MAX) return false;
        heard(entry);
        if (entry.hives.add(hive)) tell(entry, hive, "swarm_joined_hive");
        return true;
    }

    @Override public synchronized void leave(NodeId swarm, String hive) {
        var entry = swarms.get(swarm);
        if (entry == null || !entry.hives.contains(hive)) return;
        tell(entry, hive, "swarm_left_hive");
        entry.hives.remove(hive);
    }

    @Override public synchronized List<String> hives(NodeId swarm) {
        var entry = swarms.get(swarm);
        return entry == null ? List.of() : List.copyOf(entry.hives);
    }

    @Override public synchronized void heartbeat(NodeId swarm) {
        var entry = swarms.get(swarm);
        if (entry != null) heard(entry);
    }

    private void heard(Entry entry) {
        entry.heardMs = wallMs.getAsLong();
        if (entry.online) return;
        entry.online = true;
        for (var hive : entry.hives) tell(entry, hive, "swarm_online");
    }

    /// Calls swarms offline that were not heard of for the stale time, and tells those who share a hive with them.
    public synchronized void markStale() {
        long now = wallMs.getAsLong();
        for (var entry : swarms.values()) {
            if (!entry.online || now - entry.heardMs < staleMs) continue;
            entry.online = false;
            for (var hive : entry.hives) tell(entry, hive, "swarm_offline");
        }
    }

    @Override public synchronized List<Peer> peers(NodeId swarm) {
        var own = swarms.get(swarm);
        if (own == null) return List.of();
        var peers = new ArrayList<Peer>();
        for (var entry : swarms.values()) {
            if (entry == own) continue;
            var shared = entry.hives.stream().filter(own.hives::contains).toList();
            if (!shared.isEmpty()) peers.add(new Peer(entry.swarm, entry.online ? "online" : "offline", shared));
        }
        return peers;
    }

    @Override public synchronized Runnable listen(NodeId swarm, Consumer<Json.Obj> events) {
        var entry = swarms.get(swarm);
        if (entry == null) return () -> { };
        if (entry.listeners.size() >= LISTENERS_MAX) entry.listeners.removeFirst();
        entry.listeners.add(events);
        return () -> {
            synchronized (this) {
                entry.listeners.remove(events);
            }
        };
    }

    /// Those in the same hive, the swarm itself not.
    private void tell(Entry of, String hive, String type) {
        var event = Json.object("type", type, "swarm_id", of.swarm.id().hex(), "hive_name", hive, "name", of.swarm.name(), "sync_endpoint", of.swarm.syncEndpoint());
        for (var entry : swarms.values())
            if (entry != of && entry.hives.contains(hive)) for (var listener : List.copyOf(entry.listeners)) tell(entry, listener, event);
    }

    /// One whose connection is just being closed is told nothing more; the others are.
    private static void tell(Entry entry, Consumer<Json.Obj> listener, Json.Obj event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            entry.listeners.remove(listener);
            LOG.log(System.Logger.Level.DEBUG, "a listener of " + entry.swarm.id().brief() + " is gone", e);
        }
    }

    private static String hash(String token) {
        return Hex.of(Sha256.of(token.getBytes(StandardCharsets.UTF_8)));
    }
}

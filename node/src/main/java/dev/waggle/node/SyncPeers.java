package dev.waggle.node;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.http.SyncV1Client;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.engine.SyncFull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Peers that were named by their endpoint (`/api/v1/sync/peers`, `sync.peers` in the settings). Who was named without a key is asked for it: whoever proves to be there is dialled
/// as that node from then on, and sees what the logs let it see. Kept in `node.sqlite`. Thread-safe.
public final class SyncPeers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.peers");
    private static final String SETTING = "sync_peers";
    private static final int PEERS_MAX = 512;
    private static final long RETRY_MS_MIN = 1_000;
    private static final long RETRY_MS_MAX = 60_000;
    private static final int TESTS_A_MINUTE = 10;

    private final Node node;
    private final Map<String, SyncPeer> peers = new TreeMap<>();
    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private final ArrayDeque<Long> tests = new ArrayDeque<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread asking;
    private volatile boolean closed;

    SyncPeers(Node node) {
        this.node = node;
        node.identity().store().setting(SETTING).ifPresent(text -> {
            for (var each : Canonical.parse(text.getBytes(StandardCharsets.UTF_8)).asArray()) {
                var peer = SyncPeer.read(each.asObject());
                peers.put(peer.id(), peer);
            }
        });
        for (var each : node.settings().sync().peers()) {
            var named = SyncPeer.of(each.name(), each.endpoint(), each.spaces(), each.node(), -1, true);
            var known = peers.get(named.id());
            peers.put(named.id(), known != null && named.node().isEmpty() ? known.node().map(named::with).orElse(named) : named);      // the file counts
        }
        asking = Thread.ofVirtual().name("sync-peers").unstarted(this::ask);
    }

    void start() {
        asking.start();
    }

    // what people do

    public synchronized List<SyncPeer> list() {
        return List.copyOf(peers.values());
    }

    public synchronized Optional<SyncPeer> find(String id) {
        return Optional.ofNullable(peers.get(id));
    }

    /// The entry that names this node, if one does.
    public synchronized Optional<SyncPeer> of(NodeId of) {
        return peers.values().stream().filter(peer -> peer.node().equals(Optional.of(of))).findFirst();
    }

    /// Why the peer could not be reached under its endpoint; empty when it was, or was not tried.
    public String error(SyncPeer peer) {
        return errors.getOrDefault(peer.id(), "");
    }

    public synchronized SyncPeer add(SyncPeer peer) {
        if (peers.containsKey(peer.id())) throw new Problem(ErrorCode.BAD_REQUEST, "There is a peer with this sync_endpoint.", "PATCH it, or delete it first.");
        if (peers.size() >= PEERS_MAX) throw new Problem(ErrorCode.TOO_MANY, "At most " + PEERS_MAX + " peers are kept.", "Delete some.");
        if (peer.node().equals(Optional.of(node.id()))) throw new Problem(ErrorCode.BAD_REQUEST, "That is this node itself.", "Name another one.");
        keep(peer);
        return peer;
    }

    /// @param changed may have another endpoint, and then another id
    public synchronized SyncPeer change(SyncPeer old, SyncPeer changed) {
        writable(old);
        if (!changed.id().equals(old.id()) && peers.containsKey(changed.id())) throw new Problem(ErrorCode.BAD_REQUEST, "There is a peer with this sync_endpoint.", "Delete it first.");
        peers.remove(old.id());
        errors.remove(old.id());
        keep(changed);
        changed.node().ifPresent(of -> node.spaces().stream().filter(space -> changed.hives().isEmpty() || changed.hives().contains(space.name()))
            .forEach(space -> node.peers().share(of, space.id(), true)));
        return changed;
    }

    public synchronized void remove(SyncPeer peer) {
        writable(peer);
        peers.remove(peer.id());
        errors.remove(peer.id());
        save();
        peer.node().ifPresent(node.peers()::remove);
    }

    private static void writable(SyncPeer peer) {
        if (peer.fixed()) throw new Problem(ErrorCode.NOT_ALLOWED, "This peer is in the settings file.", "Change it there, and start the node again.");
    }

    private void keep(SyncPeer peer) {
        peers.put(peer.id(), peer);
        save();
        if (peer.node().isPresent()) apply(peer);
        else wake.release();
    }

    private void save() {
        node.identity().store().setting(SETTING, Canonical.text(Json.array(peers.values().stream().filter(peer -> !peer.fixed()).<Json>map(SyncPeer::json).toList())));
    }

    /// @param outcome `reached`, `another_node`, `refused` (an address that is never dialled), `no_answer`: as much as may be told of what is inside a network
    public record Tested(boolean reached, String outcome, long ms) {}

    /// @throws Problem after ten tests in a minute
    public Tested test(SyncPeer peer) {
        synchronized (tests) {
            long now = System.nanoTime();
            while (!tests.isEmpty() && now - tests.peekFirst() > TimeUnit.MINUTES.toNanos(1)) tests.removeFirst();
            if (tests.size() >= TESTS_A_MINUTE) throw new Problem(ErrorCode.TOO_MANY, "Peers were tested " + TESTS_A_MINUTE + " times in the last minute.", "Wait a minute.");
            tests.addLast(now);
        }
        long began = System.nanoTime();
        String outcome;
        try {
            var there = who(peer);
            outcome = peer.node().map(there::equals).orElse(true) ? "reached" : "another_node";
        } catch (Dialled.Refused _) {
            outcome = "refused";
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "testing " + peer.address().text(), e);       // what answers there may be anything
            outcome = "no_answer";
        }
        return new Tested(outcome.equals("reached"), outcome, (System.nanoTime() - began) / 1_000_000);
    }

    // who is there

    private NodeId who(SyncPeer peer) throws IOException {
        try (var client = new SyncV1Client(Dialled.resolve(peer.endpoint().startsWith("http://"), peer.address()), node.identity().seed())) {
            return client.who();
        }
    }

    private void ask() {
        long pauseMs = RETRY_MS_MIN;
        for (var peer : list()) if (peer.node().isPresent()) apply(peer);
        while (!closed) {
            boolean open = false;
            for (var peer : list()) if (peer.node().isEmpty()) open |= !resolved(peer);
            try {
                if (!open) {
                    wake.acquire();
                    pauseMs = RETRY_MS_MIN;
                } else pauseMs = wake.tryAcquire(pauseMs, TimeUnit.MILLISECONDS) ? RETRY_MS_MIN : Math.min(2 * pauseMs, RETRY_MS_MAX);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private boolean resolved(SyncPeer peer) {
        try {
            var there = who(peer);
            if (there.equals(node.id())) throw new IOException("this node itself answers there");
            synchronized (this) {
                if (peers.get(peer.id()) != peer) return true;                 // changed or removed meanwhile
                errors.remove(peer.id());
                keep(peer.with(there));
            }
            return true;
        } catch (IOException | RuntimeException e) {
            errors.put(peer.id(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Tells the engine; the spaces that were not named are not exchanged with this peer.
    private void apply(SyncPeer peer) {
        var of = peer.node().orElseThrow();
        try {
            node.peers().named(of, peer.name(), List.of(peer.address().text()), peer.ttl());
            for (var space : node.spaces()) limit(peer, space);
        } catch (SyncFull _) {
            errors.put(peer.id(), "the engine was busy; it is told at the next start");
        }
    }

    /// A space was opened: peers that were named with other hives do not get it.
    void opened(SpaceRuntime space) {
        for (var peer : list()) if (peer.node().isPresent()) limit(peer, space);
    }

    /// Nothing that was muted is shared again here: the peer may have left it itself.
    private void limit(SyncPeer peer, SpaceRuntime space) {
        if (!peer.hives().isEmpty() && !peer.hives().contains(space.name())) node.peers().share(peer.node().orElseThrow(), space.id(), false);
    }

    @Override public void close() {
        closed = true;
        asking.interrupt();
    }
}

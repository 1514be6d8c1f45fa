package dev.waggle.node;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.http.SyncV1Client;
import dev.waggle.sync.protocol.SyncStatus;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/// Which members of a space can be reached: those that this node is connected to, and those of whom a connected member says that it is. So nodes that meet at a
/// hub alone know of each other. A member's word about others is a hint: it may make somebody think of the wrong node first, and decides nothing. Thread-safe.
public final class Presence implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.presence");
    /// A word that is older counts for nothing.
    static final long WORD_MS_MAX = 60_000;
    /// Nobody is asked more often without need.
    static final long ASK_MS = 15_000;
    private static final int NODES_MAX = 4_096;

    public enum State { ONLINE, OFFLINE, UNKNOWN }

    /// What members say of others, and when.
    ///
    /// @param online by node
    record Word(Map<NodeId, Boolean> online, long atMs) {}

    /// Who says what of the members of one space.
    private static final class Said {
        private final Map<NodeId, Word> words = new HashMap<>();
        private long askedMs = Long.MIN_VALUE / 2;
        private CompletableFuture<Void> asking = CompletableFuture.completedFuture(null);
    }

    private final Node node;
    private final LongSupplier nowMs;
    private final Map<SpaceId, Said> said = new HashMap<>();
    private final Map<NodeId, SyncV1Client> clients = new ConcurrentHashMap<>();
    private final Object one = new Object();                              // held while somebody is asked

    /// @param nowMs a clock that never goes back
    Presence(Node node, LongSupplier nowMs) {
        this.node = node;
        this.nowMs = nowMs;
    }

    public State of(SpaceId space, NodeId other) {
        if (other.equals(node.id())) return State.ONLINE;
        var peers = node.peers().list();
        var connected = new HashSet<NodeId>();
        boolean known = false;
        for (var peer : peers) {
            known |= peer.node().equals(other);
            if (peer.state() == Peers.State.CONNECTED) connected.add(peer.node());
        }
        synchronized (said) {
            return judge(other, connected, known, said.containsKey(space) ? Map.copyOf(said.get(space).words) : Map.of(), nowMs.getAsLong());
        }
    }

    /// Own eyes first; then whoever sees it, of those who can be seen; a member that sees nobody says less than one that does.
    ///
    /// @param known this node has connected to it, or was told where it is
    static State judge(NodeId other, Set<NodeId> connected, boolean known, Map<NodeId, Word> words, long nowMs) {
        if (connected.contains(other)) return State.ONLINE;
        boolean away = known;
        for (var each : words.entrySet()) {
            if (!connected.contains(each.getKey()) || nowMs - each.getValue().atMs() > WORD_MS_MAX) continue;
            var online = each.getValue().online().get(other);
            if (online == null) continue;
            if (online) return State.ONLINE;
            away = true;
        }
        return away ? State.OFFLINE : State.UNKNOWN;
    }

    /// Asks connected members, unless they were asked a moment ago or there is nobody to ask about. Does not wait.
    public void refresh(SpaceId space) {
        ask(space, ASK_MS);
    }

    /// The same now, for somebody who has to choose.
    ///
    /// @param waitMs whoever has not answered by then says nothing
    public void refreshNow(SpaceId space, long waitMs) {
        try {
            ask(space, 0).get(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "asking who is there", e);
        }
    }

    private CompletableFuture<Void> ask(SpaceId space, long everyMs) {
        var sharing = node.peers().status().peers().stream().filter(peer -> peer.state() == SyncStatus.PeerState.CONNECTED && peer.spaces().stream().anyMatch(share -> share.space().equals(space)))
            .map(SyncStatus.PeerStatus::node).toList();
        var members = node.space(space).map(open -> open.log().state().members().size()).orElse(0);
        synchronized (said) {
            if (sharing.isEmpty() || sharing.size() + 1 >= members) return CompletableFuture.completedFuture(null);       // all of them are seen, or nobody is
            var of = said.computeIfAbsent(space, _ -> new Said());
            if (!of.asking.isDone() || nowMs.getAsLong() - of.askedMs < everyMs) return of.asking;
            of.askedMs = nowMs.getAsLong();
            of.asking = new CompletableFuture<>();
            Thread.ofVirtual().name("presence").start(() -> ask(space, sharing, of));
            return of.asking;
        }
    }

    private void ask(SpaceId space, List<NodeId> sharing, Said of) {
        try {
            for (var peer : sharing) ask(space, peer).ifPresent(word -> {
                synchronized (said) {
                    of.words.put(peer, word);
                    of.words.keySet().retainAll(sharing);
                }
            });
        } finally {
            of.asking.complete(null);
        }
    }

    private Optional<Word> ask(SpaceId space, NodeId peer) {
        var path = "/sync/v1/groups/" + space.hex() + "/status";
        synchronized (one) {
            for (var address : node.peers().list().stream().filter(each -> each.node().equals(peer)).flatMap(each -> each.addresses().stream()).toList()) {
                try {
                    var client = clients.get(peer);
                    var answer = client == null ? null : client.get(path);
                    if (answer == null || answer.status() == 401) {
                        forget(peer);
                        client = new SyncV1Client(URI.create(PeerDesk.httpAddress(address)), node.identity().seed(), peer);
                        clients.put(peer, client);
                        client.handshake(Optional.of(peer), Optional.of(space));
                        answer = client.get(path);
                    }
                    if (answer.status() == 200) return Optional.of(new Word(read(answer.json()), nowMs.getAsLong()));
                } catch (IOException | MalformedPayload | IllegalArgumentException e) {
                    LOG.log(System.Logger.Level.DEBUG, "asking " + peer + " who is there", e);
                    forget(peer);
                }
            }
            return Optional.empty();
        }
    }

    private void forget(NodeId peer) {
        var client = clients.remove(peer);
        if (client != null) client.close();
    }

    private static Map<NodeId, Boolean> read(Json.Obj status) {
        var online = new HashMap<NodeId, Boolean>();
        for (var each : status.array("peers")) {
            var peer = each.asObject();
            var id = peer.text("id");
            if (!Hex.isLower(id, 64)) throw new MalformedPayload("a peer's id is 64 lower-case hexadecimal digits");
            if (online.size() < NODES_MAX) online.put(new NodeId(id), !peer.text("status").equals("offline"));
        }
        return online;
    }

    @Override public void close() {
        clients.values().forEach(SyncV1Client::close);                    // who is asked now, is asked no more
    }
}

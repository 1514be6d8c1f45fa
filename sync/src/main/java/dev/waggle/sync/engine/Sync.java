package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.Protocol;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Ticket;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/// The thin front of a node's sync. Thread-safe. Commands are offered to a bounded inbox: "full" is an answer ([SyncFull]), and nothing is lost
/// by it. What a person says about peers is durable in the [PeerStore] before the engine hears it.
///
/// Futures end when the thing happened, and never by themselves when it does not: use `orTimeout`, or the blocking forms with a limit.
public final class Sync implements AutoCloseable {
    private final PeerStore store;
    private final Clock clock;
    private final Engine engine;
    private final World world;
    private final SyncLoop loop;
    private final Waits waits;
    private final DurableWaits durable;
    private final AtomicLong requests = new AtomicLong();
    private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();

    /// What a node gives its sync.
    ///
    /// @param features what the transport understands beyond the protocol's version
    /// @param workers  runs log and store work; one virtual thread for each task does well
    /// @param inboxMax inputs that wait, at most
    /// @param broken   called once when a step failed: the node has to stop, its state is not to be trusted
    public record Parts(Signer signer, Verifier verifier, SyncSettings settings, List<String> features, Spaces spaces, PeerStore store,
                        Tickets tickets, Clock clock, Entropy entropy, Executor workers, int inboxMax, Consumer<Throwable> broken) {
        public static final int INBOX_INPUTS_MAX = Engine.INBOX_INPUTS_MAX;
    }

    /// @param transport makes the transport for the engine's handler; it must not call the handler before [#start]
    public Sync(Parts parts, Function<Transport.Handler, Transport> transport) {
        store = parts.store();
        clock = parts.clock();
        var remembered = store.load();
        var alarms = new Alarms();
        durable = new DurableWaits(remembered.cursors());
        waits = new Waits(this::status);
        var protocol = new Protocol(parts.signer(), parts.verifier(), parts.settings(), parts.features(), remembered);
        loop = new SyncLoop(this::turnOfLoop, clock, parts.broken());
        engine = new Engine(protocol, clock, parts.entropy(), alarms, parts.inboxMax(), loop::wake);
        world = new World(parts, transport, engine, alarms, durable, this::tell, parts.broken());
        parts.spaces().open().values().forEach(world::watch);
        engine.start(world);
    }

    /// Starts the loop.
    public void start() {
        loop.start();
    }

    /// One turn of the engine under a clock of the caller's, instead of [#start]: how the simulator drives it. Who does so asks for the status on
    /// the same thread.
    ///
    /// @return when to turn again at the latest, monotonic ms
    public long turn() {
        return engine.driven();
    }

    private long turnOfLoop() {
        return engine.turn();
    }

    // spaces

    /// A log was opened here (made, or found at start after [#start]).
    public void spaceAdded(EventLog log) {
        world.watch(log);
    }

    /// Call before the log is closed.
    public void spaceRemoved(SpaceId space) {
        world.unwatch(space);
    }

    /// Lets this node into the space of a ticket: dials its issuer until it answers or the ticket expires, redeems the ticket, opens the log. Ends
    /// when the space is open; what is in it then arrives. Ends with [dev.waggle.sync.protocol.BadTicket] when the ticket is no good.
    public CompletableFuture<SpaceId> join(Ticket ticket) {
        long request = requests.incrementAndGet();
        var joined = waits.joined(request);
        offer(new Input.Join(request, ticket), joined);
        return joined;
    }

    // peers

    /// Remembers a peer and dials it from now on.
    ///
    /// @throws SyncFull when the engine is busy; the peer is remembered and dialled after the next start at the latest
    public void addPeer(NodeId node, String name, List<String> addresses) {
        addPeer(node, name, addresses, Peer.TTL_OF_SOURCE);
    }

    /// @param ttl over how many hops others are told of it
    public void addPeer(NodeId node, String name, List<String> addresses, int ttl) {
        var peer = new Peer(node, name, addresses, List.of(), clock.wallMs(), PeerSource.MANUAL, ttl);
        store.savePeer(peer);
        offer(new Input.AddPeer(peer));
    }

    /// What hubs say of peers now, all of it: whom they do not name they no longer know. Peers that a person named are not touched.
    ///
    /// @throws SyncFull when the engine is busy; it is said again at the next beat
    public void hubPeers(List<Peer> peers) {
        offer(new Input.HubPeers(peers));
    }

    /// Forgets a peer and hangs up. A member that dials us is answered all the same: who may read a space its log decides.
    public void removePeer(NodeId node) {
        store.removePeer(node);
        durable.forget(node);
        offer(new Input.RemovePeer(node));
    }

    /// Exchanges a space with a peer, as members do by themselves: takes back [#removeRelationship].
    public void createRelationship(NodeId peer, SpaceId space) {
        relate(new Relationship(peer, space, Relationship.Kind.SHARED));
    }

    /// Exchanges a space no longer with this peer, member or not.
    public void removeRelationship(NodeId peer, SpaceId space) {
        relate(new Relationship(peer, space, Relationship.Kind.MUTED));
    }

    private void relate(Relationship relationship) {
        store.saveRelationship(relationship);
        offer(new Input.Relate(relationship));
    }

    /// Dials a known peer now, whatever the pause between attempts says. Ends when it is connected and proved who it is.
    public CompletableFuture<Void> connectToPeer(NodeId peer) {
        var up = waits.connected(peer);
        if (!up.isDone()) offer(new Input.Connect(peer), up);
        return up;
    }

    /// Compares all shared spaces with a peer now. Ends when all are equal.
    public CompletableFuture<Void> syncWithPeer(NodeId peer) {
        var agreed = waits.agreed(peer);
        offer(new Input.SyncNow(Optional.of(peer)), agreed);
        return agreed;
    }

    /// Compares all spaces with all peers now, and dials those that are not connected.
    public void syncAll() {
        offer(new Input.SyncNow(Optional.empty()));
    }

    /// A member told over HTTP what it knows of peers (at most [Frame#TOLD_MAX]), by the same rules as over a connection. Ends with what it is told in return.
    public CompletableFuture<List<Frame.Told>> heardOf(NodeId peer, List<Frame.Told> records) {
        long question = requests.incrementAndGet();
        var answer = waits.toldOf(question);
        offer(new Input.HeardOf(question, peer, records), answer);
        return answer;
    }

    /// Something may have changed in a space's log. Only needed when its log does not tell by itself; never waits and is never lost.
    public void queueEntry(SpaceId space) {
        engine.grown(space);
    }

    /// Where this node can be reached (`host:port`): its peers are told.
    public void listening(List<String> addresses) {
        offer(new Input.Listening(addresses));
    }

    // knowing

    /// A snapshot at most about a tenth of a second old.
    public SyncStatus status() {
        return engine.status();
    }

    /// What is so at this very moment: for the thread that calls [#turn], and nobody else.
    public SyncStatus statusNow() {
        return engine.statusNow();
    }

    /// Ends when this log up to `offset` is durable on `peers` other nodes: the acknowledgement level `peers(k)`.
    public CompletableFuture<Void> awaitDurable(SpaceId space, long offset, int peers) {
        return durable.await(space, offset, peers);
    }

    /// Called on the loop's thread for every notice; must return at once and not throw.
    public AutoCloseable listen(Consumer<Notice> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell(Notice notice) {
        waits.told(notice);
        for (var listener : listeners) listener.accept(notice);
    }

    private void offer(Input command) {
        if (!engine.offer(command)) throw new SyncFull();
    }

    private void offer(Input command, CompletableFuture<?> answer) {
        if (!engine.offer(command)) answer.completeExceptionally(new SyncFull());
    }

    /// Ends the loop and the transport. Logs and stores are the caller's to close, after this.
    @Override public void close() {
        loop.close();
        world.close();
        waits.close();
    }
}

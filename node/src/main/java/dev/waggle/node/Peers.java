package dev.waggle.node;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.net.http.FeedHandler;
import dev.waggle.net.http.FeedRoutes;
import dev.waggle.net.http.HttpLimits;
import dev.waggle.net.http.MapV1Routes;
import dev.waggle.net.http.SyncV1Client;
import dev.waggle.net.http.SyncV1Routes;
import dev.waggle.net.websocket.ListenOptions;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.node.SqlPeerStore;
import dev.waggle.sync.engine.Entropy;
import dev.waggle.sync.engine.LogTickets;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.engine.Spaces;
import dev.waggle.sync.engine.Sync;
import dev.waggle.sync.engine.Tickets;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Ticket;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/// The other nodes: the sync engine and its transport as this node uses them. Blocking; thread-safe.
public final class Peers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.peers");
    private static final String LISTEN_SETTING = "listen";
    private static final long LOOK_MS = 20;
    /// Without word from the issuer for this long, a join goes on with what is here.
    private static final long SILENCE_MS_MAX = 10_000;
    /// A log that did not grow for this long may be whole.
    private static final long ASK_MS_MIN = 60;

    /// How the reasons begin for which a connection is cut because of what its peer sent.
    private static final List<String> FAULTS = List.of("malformed-frame", "frame-too-large", "text-message", "too-many-pings", "connection-broken: Corrupted", "over_credit", "too_many", "bad_",
        "not_asked", "unknown_ack", "unexpected_frame", "stalled");

    private final Node node;
    private final PeerStore store;
    private volatile Remembered lastRemembered;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<NodeId, Long> refused = new ConcurrentHashMap<>();
    private final AtomicLong strangersRefused = new AtomicLong();
    private final Map<NodeId, String> remarks = new ConcurrentHashMap<>();
    private final Map<SpaceId, EventId> removed = new ConcurrentHashMap<>();
    private final Map<Agreement, Long> agreed = new ConcurrentHashMap<>();        // when, System.nanoTime
    private final Map<SpaceId, String> wantedNames = new ConcurrentHashMap<>();
    private final Consumer<Throwable> broken;
    private final LogTickets tickets;
    private final Sync sync;
    private final Hubs hubs;
    private final SyncPeers named;
    private final Alerts alerts;
    private final SyncV1Routes http;
    private WebSocketTransport transport;
    private volatile String listening;         // null while nobody can reach this node
    private volatile boolean clockRed;
    private volatile long clockAheadMs;
    private volatile String stopped = "";
    private volatile FeedHandler feeds;        // null until somebody shows hives

    private record Agreement(NodeId peer, SpaceId space) {}

    public enum State { CONNECTED, DIALLING, WAITING, UNREACHABLE }

    /// A peer as it is known now.
    ///
    /// @param source     who says where it is: `manual` (a person, a ticket, the settings), `hub`, `met` (it came by itself), `gossip`
    /// @param lastSeenMs wall clock of the last successful exchange, 0 for never
    /// @param remark     what a person should know, may be empty
    public record Known(NodeId node, String name, State state, List<String> addresses, String source, long lastSeenMs, String remark) {}

    private Peers(Node node, Consumer<Throwable> broken) {
        this.node = node;
        this.broken = broken;
        this.store = new SqlPeerStore(node.identity().store());
        tickets = new LogTickets(id -> node.space(id).map(SpaceRuntime::log), id -> node.space(id).orElseThrow().author());
        var parts = new Sync.Parts(node.identity().signer(), node.verifier(), node.settings().sync().engine(), List.of(FrameCodec.ZSTD), new OpenSpaces(), store, tickets,
            node.settings().clock(), Entropy.system(), workers, Sync.Parts.INBOX_INPUTS_MAX, this::stopped);
        http = new SyncV1Routes(node.identity().signer(), new PeerRequests(node), HttpLimits.DEFAULT, new SecureRandom());
        hubs = new Hubs(node);
        named = new SyncPeers(node);
        alerts = new Alerts(node.settings().sync());
        sync = new Sync(parts, handler -> transport = new WebSocketTransport(node.identity().seed(), listenOptions(), handler, router -> {
            http.mount(router);
            new FeedRoutes(() -> Optional.ofNullable(feeds)).mount(router);
            hubs.registry().ifPresent(registry -> new MapV1Routes(registry, HttpLimits.DEFAULT).mount(router));
        }));
        sync.listen(this::told);
    }

    static Peers start(Node node, Consumer<Throwable> broken) {
        var peers = new Peers(node, broken);
        peers.sync.start();
        return peers;
    }

    private ListenOptions listenOptions() {
        var asked = HostPort.parse(node.settings().listen().orElse(NodeSettings.DEFAULT_LISTEN));
        int port = asked.port();
        if (port == 0) port = node.identity().store().setting(LISTEN_SETTING).map(HostPort::parse).filter(last -> last.host().equals(asked.host()))
            .map(HostPort::port).orElse(0);
        var ranges = node.settings().sync().ranges();
        var options = ListenOptions.of(asked.host(), port);
        return ranges.isEmpty() ? options : options.only(address -> ranges.stream().anyMatch(range -> range.contains(address.getAddress())));
    }

    /// Lets peers in, if the settings say so. Under port 0 it takes the port of the last start, so that tickets and peers find it again.
    void listen() {
        if (node.settings().listen().isEmpty()) return;
        var asked = HostPort.parse(node.settings().listen().get());
        int port;
        try {
            port = startListening(asked);
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "Peers cannot be let in: " + e.getMessage() + ".",
                "Choose another address with --listen, or stop the program that has this one.", e);
        }
        listening = new HostPort(asked.host(), port).text();
        node.identity().store().setting(LISTEN_SETTING, listening);
        sync.listening(addresses());
    }

    /// Begins to ask hubs where peers are; what they said before this start is remembered.
    void discover() {
        named.start();
        hubs.start(sync::hubPeers, store.load().peers().stream().filter(peer -> peer.source() == PeerSource.HUB).toList());
    }

    /// The port of the last start is a wish: where it was not asked for by name and somebody else has it now, any other does, and peers are told.
    private int startListening(HostPort asked) throws IOException {
        try {
            return transport.start();
        } catch (IOException e) {
            if (asked.port() != 0) throw e;
            LOG.log(System.Logger.Level.INFO, "another port than at the last start: " + e.getMessage());
            return transport.start(0);
        }
    }

    /// Where peers reach this node now, `host:port`.
    public Optional<String> listening() {
        return Optional.ofNullable(listening);
    }

    /// What tickets name when nobody says otherwise.
    public List<String> addresses() {
        if (!node.settings().addresses().isEmpty()) return node.settings().addresses();
        var here = listening != null ? Optional.of(listening) : node.identity().store().setting(LISTEN_SETTING);
        return here.map(HostPort::parse).map(LocalAddresses::of).orElse(List.of());
    }

    /// Answers everybody who asks for public hives, from now on.
    public void serve(FeedHandler publicFeeds) {
        feeds = publicFeeds;
    }

    // what the engine tells

    /// On the engine's thread: returns at once. Anything that waits goes to a worker.
    private void told(Notice notice) {
        switch (notice) {
            case Notice.PeerUp(var peer, var _) -> remarks.remove(peer);
            case Notice.PeerForgotten(var peer, var why) -> {
                remarks.remove(peer);
                LOG.log(System.Logger.Level.INFO, "peer " + peer.brief() + " is forgotten: " + why);
            }
            case Notice.PeerDown(var peer, var why) when isFault(why) -> refused(peer, why);
            case Notice.PeerDown(var peer, var why) -> remarks.put(peer, why);
            case Notice.DialFailed(var peer, var _, var why, var _) -> remarks.put(peer, why);
            case Notice.Agreed(var peer, var space, var _) -> {
                removed.remove(space);
                agreed.put(new Agreement(peer, space), System.nanoTime());
            }
            case Notice.Repaired(var peer, var _) -> remarks.remove(peer);
            case Notice.Differs(var peer, var _, var chains) -> remarks.put(peer, "its log differs in " + chains.size() + " chains; being repaired");
            case Notice.BehindOnSelf(var _, var space, var chain, var _) -> workers.execute(() -> node.space(space).ifPresent(runtime -> runtime.behind(chain)));
            case Notice.Rejected(var peer, var _, var event, var reason) -> rejected(peer, event, reason);
            case Notice.RejectedThere(var peer, var _, var events) -> remarks.put(peer, "rejected " + events + " events of this node; run `waggle log verify`");
            case Notice.HeldThere(var peer, var _, var events) -> remarks.put(peer, "holds " + events + " events of this node for their time stamps: one of the clocks is wrong");
            case Notice.CursorReset(var peer, var _, var _) -> remarks.put(peer, "lost events that it had; they are sent again");
            case Notice.Removed(var peer, var space, var by) -> {
                removed.put(space, by);
                remarks.put(peer, "says that this node is no longer a member of a space: `waggle member list` tells which");
            }
            case Notice.Refused(var peer, var _, var message) -> remarks.put(peer, message);
            case Notice.ClockJudged(var red, var medianMs) -> {
                clockRed = red;
                clockAheadMs = medianMs;
            }
            case Notice.HandshakeFailed(var remote, var code, var _) -> {
                strangersRefused.incrementAndGet();
                LOG.log(System.Logger.Level.DEBUG, "handshake with " + remote + ": " + code);
            }
            case Notice.Joined _ -> LOG.log(System.Logger.Level.DEBUG, notice.toString());
            case Notice.TroubleHere(var what, var why) -> LOG.log(System.Logger.Level.WARNING, what + " failed and is tried again: " + why);
        }
    }

    private void stopped(Throwable bug) {
        stopped = "the sync engine stopped: " + bug;
        broken.accept(bug);
    }

    /// What readiness looks at.
    List<Readiness.Part> parts() {
        return List.of(new Readiness.Part("sync", 0, 0, stopped), new Readiness.Part("clock", 0, 0, clockProblem().or(this::clockDoubt).orElse("")));
    }

    /// Why nothing may be stamped now.
    Optional<String> clockProblem() {
        return clockRed ? Optional.of("This machine's clock differs from most peers' by " + Math.abs(clockAheadMs) / 1_000 + " s. Set the clock; nothing is written until then.")
            : Optional.empty();
    }

    /// Whose clock is wrong cannot be told when only one peer differs; that one of them is wrong, and that events are held for it, can.
    Optional<String> clockDoubt() {
        var heard = sync.status().peers().stream().flatMap(peer -> peer.clockAheadMs().stream()).toList();
        var far = heard.stream().filter(aheadMs -> Math.abs(aheadMs) > node.settings().sync().engine().clockMsMax()).sorted().toList();
        if (far.isEmpty() || 2 * far.size() <= heard.size()) return Optional.empty();
        long aheadMs = far.get(far.size() / 2);
        return Optional.of("This machine's clock is " + duration(Math.abs(aheadMs)) + (aheadMs > 0 ? " behind" : " ahead of") + " its peers', so events are held back"
            + ". Set the clock that is wrong; what was held is then written again.");
    }

    /// Most peers heard of agree with this clock, and there is one.
    boolean clockConfirmed() {
        return clockDoubt().isEmpty() && sync.status().peers().stream().anyMatch(peer -> peer.clockAheadMs().isPresent());
    }

    private static String duration(long ms) {
        long minutes = ms / 60_000;
        return minutes < 120 ? minutes + " minutes" : minutes < 48 * 60 ? minutes / 60 + " hours" : minutes / (24 * 60) + " days";
    }

    // what peers send that no honest node sends

    /// @param peer  this many frames and bodies of peers were refused whole, since this node started
    /// @param strangers so many handshakes failed: nobody known was there
    public record Refusals(Map<NodeId, Long> peer, long strangers) {}

    public Refusals refusals() {
        return new Refusals(Map.copyOf(refused), strangersRefused.get());
    }

    void refused(NodeId peer, String why) {
        refused.merge(peer, 1L, Long::sum);
        remarks.put(peer, "sent what no honest node sends, and was refused: " + why);
    }

    void rejected(NodeId peer, EventId event, Admission.Reason reason) {
        remarks.put(peer, "sent event " + event.brief() + ", which was rejected: " + reason.sentence());
    }

    private static boolean isFault(String why) {
        return FAULTS.stream().anyMatch(why::startsWith);
    }

    // spaces

    void opened(SpaceRuntime space) {
        sync.spaceAdded(space.log());
        hubs.changed();
        named.opened(space);
    }

    void closed(SpaceId space) {
        sync.spaceRemoved(space);
        hubs.changed();
    }

    /// The logs of this node, as the engine asks for them.
    private final class OpenSpaces implements Spaces {
        @Override public SortedMap<SpaceId, EventLog> open() {
            var logs = new TreeMap<SpaceId, EventLog>();
            for (var space : node.spaces()) logs.put(space.id(), space.log());
            return logs;
        }

        @Override public EventLog welcome(SpaceId space, String name) {
            return node.openJoined(space, wantedNames.getOrDefault(space, name)).log();
        }
    }

    // joining

    /// Redeems a ticket at its issuer.
    ///
    /// @throws Problem when the issuer cannot be reached in time, or refuses
    SpaceRuntime join(Ticket ticket, String name, long waitMs) {
        wantedNames.put(ticket.space(), name);
        try {
            return node.space(sync.join(ticket).get(waitMs, TimeUnit.MILLISECONDS)).orElseThrow();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BadTicket refused) throw refused;
            throw new IllegalStateException("join", e.getCause());
        } catch (TimeoutException e) {
            var why = Optional.ofNullable(remarks.get(ticket.issuer())).map(remark -> ": " + remark).orElse("");
            throw new Problem(ErrorCode.PEER_UNREACHABLE, "The node that made the ticket did not answer at " + String.join(", ", ticket.addresses()) + why + ".",
                "See that `waggle up` runs there and that the address can be reached from here; the ticket can be used again.", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Waits until the log here is as long as the issuer's was.
    void awaitBackfill(SpaceRuntime space, NodeId issuer, Progress progress, long waitMs) {
        var until = System.nanoTime() + waitMs * 1_000_000;
        var moved = System.nanoTime();
        var last = -1L;
        var askAfterMs = ASK_MS_MIN;
        while (System.nanoTime() < until) {
            if (agreed.containsKey(new Agreement(issuer, space.id()))) return;
            var offset = space.log().state().lastOffset();
            if (offset != last) {
                moved = System.nanoTime();
                last = offset;
                askAfterMs = ASK_MS_MIN;
                progress.at("receiving events", offset, 0);
            }
            var silentMs = (System.nanoTime() - moved) / 1_000_000;
            if (silentMs > SILENCE_MS_MAX) break;
            if (silentMs > askAfterMs) {                     // the engine compares after a quiet second: somebody is waiting here
                sync.syncWithPeer(issuer);
                askAfterMs *= 3;
            }
            pause();
        }
        if (space.role().isPresent()) return;                // what is missing comes later, and the file follows
        throw new Problem(ErrorCode.PEER_UNREACHABLE, "The connection was lost before the space's log had arrived.", "Repeat the command; it goes on where it stopped.");
    }

    /// @return whether some peer has everything up to `offset`
    boolean awaitDelivered(SpaceId space, long offset, long waitMs) {
        if (store.load().peers().isEmpty()) return false;
        try {
            sync.awaitDurable(space, offset, 1).get(waitMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    // asked over HTTP

    /// Redeems a ticket of this node's own.
    ///
    /// @return the space its bearer is a member of now; empty when the ticket is no good, whatever the reason
    Optional<SpaceId> redeem(NodeId bearer, Ticket ticket) {
        var nowMs = node.nowMs();
        if (!ticket.issuer().equals(node.id()) || ticket.problemFor(bearer, nowMs).isPresent()) return Optional.empty();
        return tickets.redeem(ticket, bearer, nowMs) instanceof Tickets.Answer.Welcomed ? Optional.of(ticket.space()) : Optional.empty();
    }

    /// The peer wants no more of this space from here.
    void mute(NodeId peer, SpaceId space) {
        sync.removeRelationship(peer, space);
    }

    /// A peer that a person or the settings named by its endpoint.
    void named(NodeId peer, String name, List<String> addresses, int ttl) {
        var known = store.load().peers().stream().filter(each -> each.node().equals(peer)).findFirst();
        if (known.filter(each -> each.source() == PeerSource.MANUAL && each.name().equals(name) && each.addresses().equals(addresses) && each.ttl() == ttl).isPresent()) return;
        sync.addPeer(peer, name, addresses, ttl);
    }

    /// Whether a space is exchanged with this peer, members as both may be.
    void share(NodeId peer, SpaceId space, boolean wanted) {
        boolean muted = isMuted(peer, space);
        if (wanted && muted) sync.createRelationship(peer, space);
        else if (!wanted && !muted) sync.removeRelationship(peer, space);
    }

    public boolean isMuted(NodeId peer, SpaceId space) {
        return remembered().relationships().stream().anyMatch(each -> each.peer().equals(peer) && each.space().equals(space) && each.kind() == Relationship.Kind.MUTED);
    }

    /// How far a peer took this log, by its own word.
    public long sent(NodeId peer, SpaceId space) {
        return remembered().cursors().stream().filter(cursor -> cursor.peer().equals(peer) && cursor.space().equals(space)).mapToLong(Cursor::offset).findFirst().orElse(0);
    }

    /// Compares with a peer now, and dials it if it is not connected; does not wait.
    public void compare(NodeId peer) {
        sync.syncWithPeer(peer);
    }

    /// Compares one space's log with one peer, or with all, from the beginning.
    ///
    /// @return with how many
    public int resync(SpaceId space, Optional<NodeId> asked) {
        var peers = asked.map(List::of).orElseGet(() -> status().peers().stream().filter(peer -> peer.spaces().stream().anyMatch(share -> share.space().equals(space)))
            .map(SyncStatus.PeerStatus::node).toList());
        for (var cursor : store.load().cursors())
            if (peers.contains(cursor.peer()) && cursor.space().equals(space)) store.saveCursor(new Cursor(cursor.peer(), space, 0, cursor.total(), cursor.atMs()));
        peers.forEach(sync::syncWithPeer);
        return peers.size();
    }

    /// Every token that peers or hubs hold of this node, or this node of hubs, is worth nothing from now on; whoever is who it says gets a new one by itself.
    public void rotateTokens() {
        http.revokeTokens();
        hubs.registerAnew();
    }

    /// Looks who is far behind.
    void lookForLag() {
        var lags = new ArrayList<Alerts.Lag>();
        for (var peer : status().peers())
            for (var share : peer.spaces())
                node.space(share.space()).ifPresent(space -> lags.add(new Alerts.Lag(peer.node(), share.space(), space.name(), share.lagEvents())));
        alerts.look(lags);
    }

    public Alerts.Numbers alerts() {
        return alerts.numbers();
    }

    public SyncPeers named() {
        return named;
    }

    /// Whether some peer said that it has the entry at an offset of this log.
    public LongPredicate acknowledged(SpaceId space) {
        var furthest = remembered().cursors().stream().filter(cursor -> cursor.space().equals(space)).mapToLong(cursor -> cursor.offset()).max().orElse(0);
        return offset -> offset <= furthest;
    }

    /// Fetches events by id, from whichever connected peer has them.
    ///
    /// @param ids 500 at most
    public List<Event> fetch(SpaceId space, List<EventId> ids) {
        for (var peer : list())
            for (var address : peer.addresses()) {
                try (var client = new SyncV1Client(httpAddress(address), node.identity().seed())) {
                    client.handshake(Optional.of(peer.node()), Optional.of(space));
                    var found = client.entries(space, ids);
                    if (!found.isEmpty()) return found;
                } catch (IOException | RuntimeException e) {
                    LOG.log(System.Logger.Level.DEBUG, "fetching from " + address, e);      // the next one may have them
                }
            }
        return List.of();
    }

    private static URI httpAddress(String address) {
        var at = HostPort.parse(address.replaceFirst("^wss?://", ""));
        return URI.create((address.startsWith("ws://") || at.isLoopback() && !address.startsWith("wss://") ? "http://" : "https://") + at.text());
    }

    // for people

    /// What was remembered when it could last be read: a disk in trouble must not hide the status that tells of it.
    private Remembered remembered() {
        try {
            return lastRemembered = store.load();
        } catch (LogUnavailable unreadable) {
            if (lastRemembered == null) throw unreadable;
            return lastRemembered;
        }
    }

    public List<Known> list() {
        var status = sync.status();
        var known = new ArrayList<Known>();
        for (var peer : remembered().peers()) known.add(known(peer, status.peer(peer.node())));
        return known;
    }

    private Known known(Peer peer, Optional<SyncStatus.PeerStatus> now) {
        var source = peer.source().wire();
        if (now.isEmpty()) return new Known(peer.node(), peer.name(), State.WAITING, peer.dialled(), source, 0, remarks.getOrDefault(peer.node(), ""));
        var status = now.get();
        var remark = remarks.getOrDefault(peer.node(), status.lastError());
        if (remark.isEmpty() && status.state() == SyncStatus.PeerState.CONNECTED)
            remark = status.agreed() ? "in sync" : status.spaces().isEmpty() ? "shares no space" : status.lagEvents() + " events behind";
        return new Known(peer.node(), peer.name(), State.valueOf(status.state().name()), peer.dialled(), source, status.lastSyncMs(), remark);
    }

    /// The known peer whose id begins with `asked`.
    public NodeId find(String asked) {
        var found = remembered().peers().stream().map(Peer::node).filter(peer -> !asked.isEmpty() && peer.hex().startsWith(asked)).toList();
        if (found.size() == 1) return found.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "No known peer's id begins like that." : "More than one peer's id begins like that.",
            "`waggle peer list` names them.");
    }

    public NodeId add(String asked, HostPort address) {
        var whole = Hex.isLower(asked, 64) ? new NodeId(asked) : find(asked);
        if (whole.equals(node.id())) throw new Problem(ErrorCode.BAD_REQUEST, "That is this node itself.", "Name another one.");
        var before = store.load().peers().stream().filter(peer -> peer.node().equals(whole)).findFirst();
        var addresses = new ArrayList<>(List.of(address.text()));
        before.filter(peer -> peer.source() == PeerSource.MANUAL).ifPresent(peer -> peer.addresses().stream().filter(each -> !each.equals(address.text())).limit(Peer.ADDRESSES_MAX - 1).forEach(addresses::add));
        sync.addPeer(whole, before.map(Peer::name).orElse(""), addresses);
        return whole;
    }

    /// The event by which this node is no member of a space any more, as a peer says.
    public Optional<EventId> removedFrom(SpaceId space) {
        return Optional.ofNullable(removed.get(space));
    }

    public void remove(NodeId peer) {
        sync.removePeer(peer);
        remarks.remove(peer);
    }

    /// @param why empty when it was reached
    public record Tested(NodeId node, boolean reached, long ms, String why) {}

    public Tested test(NodeId peer, long waitMs) {
        var began = System.nanoTime();
        var why = reach(peer, waitMs);
        return new Tested(peer, why.isEmpty(), (System.nanoTime() - began) / 1_000_000, why.orElse(""));
    }

    /// @return why the peer could not be reached; empty when it is connected
    private Optional<String> reach(NodeId peer, long waitMs) {
        try {
            sync.connectToPeer(peer).get(waitMs, TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException _) {
            return Optional.of(remarks.getOrDefault(peer, "no answer"));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// @param agreed  peers whose logs are equal to the ones here now
    /// @param summary for people
    public record Synced(int peers, int reached, int agreed, String summary) {}

    /// Takes what programs wrote, exchanges with every peer that can be reached, and brings the files up to date.
    public Synced syncNow(long waitMs) {
        var until = System.nanoTime() + waitMs * 1_000_000;
        for (var space : node.spaces()) space.follower().ifPresent(follower -> follower.syncNow());
        var peers = store.load().peers();
        var equal = new ArrayList<NodeId>();
        var reached = new ArrayList<NodeId>();
        var waits = new TreeMap<NodeId, java.util.concurrent.Future<Boolean>>();
        for (var peer : peers) waits.put(peer.node(), workers.submit(() -> {
            var leftMs = Math.max(1, (until - System.nanoTime()) / 1_000_000);
            if (reach(peer.node(), Math.min(leftMs, SILENCE_MS_MAX)).isPresent()) return false;
            synchronized (reached) {
                reached.add(peer.node());
            }
            sync.syncWithPeer(peer.node()).get(Math.max(1, (until - System.nanoTime()) / 1_000_000), TimeUnit.MILLISECONDS);
            return true;
        }));
        waits.forEach((peer, wait) -> {
            try {
                if (wait.get()) equal.add(peer);
            } catch (ExecutionException _) {
                // reached, and not equal in time: the summary says so
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        });
        for (var space : node.spaces()) space.follower().ifPresent(follower -> follower.syncNow());
        var summary = peers.isEmpty() ? "This node has no peers yet; the tracked files are in its logs."
            : reached.size() + " of " + peers.size() + " peers answered, " + equal.size() + " have the same events as this node.";
        return new Synced(peers.size(), reached.size(), equal.size(), summary);
    }

    /// Compares everything with one peer, or with all, again.
    ///
    /// @return with how many
    public int reset(Optional<String> asked) {
        var peers = asked.map(this::find).map(List::of).orElseGet(() -> store.load().peers().stream().map(Peer::node).toList());
        for (var cursor : store.load().cursors())
            if (peers.contains(cursor.peer())) store.saveCursor(new Cursor(cursor.peer(), cursor.space(), 0, cursor.total(), cursor.atMs()));
        for (var peer : peers) sync.syncWithPeer(peer);
        return peers.size();
    }

    public SyncStatus status() {
        return sync.status();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Problem interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Repeat the command when it is up.", e);
    }

    @Override public void close() {
        alerts.close();
        named.close();
        hubs.close();
        sync.close();
        workers.shutdown();
    }
}

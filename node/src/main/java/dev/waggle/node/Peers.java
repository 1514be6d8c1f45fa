package dev.waggle.node;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;
import dev.waggle.net.http.FeedHandler;
import dev.waggle.net.http.FeedRoutes;
import dev.waggle.net.http.HttpLimits;
import dev.waggle.net.http.MapV1Routes;
import dev.waggle.net.http.NodesHandler;
import dev.waggle.net.http.NodesRoutes;
import dev.waggle.net.http.PortalHandler;
import dev.waggle.net.http.PortalRoutes;
import dev.waggle.net.http.SyncV1Routes;
import dev.waggle.net.websocket.ListenOptions;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.SqlPeerStore;
import dev.waggle.sync.engine.Entropy;
import dev.waggle.sync.engine.LogTickets;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.engine.Readiness;
import dev.waggle.sync.engine.Spaces;
import dev.waggle.sync.engine.Sync;
import dev.waggle.sync.engine.Tickets;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.SyncRun;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Ticket;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/// The other nodes: the sync engine and its transport as this node uses them. Blocking; thread-safe.
public final class Peers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.peers");
    private static final String LISTEN_SETTING = "listen";

    private final Node node;
    private final PeerStore store;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<SpaceId, String> wantedNames = new ConcurrentHashMap<>();
    private final Consumer<Throwable> broken;
    private final LogTickets tickets;
    private final Sync sync;
    private final PeerNews news;
    private final PeerJoins joins;
    private final PeerDesk desk;
    private final Hubs hubs;
    private final SyncPeers named;
    private final Alerts alerts;
    private final Presence presence;
    private final SyncV1Routes http;
    private WebSocketTransport transport;
    private volatile String listening;         // null while nobody can reach this node
    private volatile String stopped = "";
    private volatile FeedHandler feeds;        // null until somebody shows hives
    private volatile NodesHandler door;        // these two are null until a hub has its accounts
    private volatile PortalHandler portal;
    private volatile TaskLines taskLines;      // null until somebody has boards

    public enum State { CONNECTED, DIALLING, WAITING, UNREACHABLE }

    /// A peer as it is known now.
    ///
    /// @param source     who says where it is: `manual` (a person, a ticket, the settings), `hub`, `met` (it came by itself), `gossip`
    /// @param lastSeenMs wall clock of the last successful exchange, 0 for never
    /// @param remark     what a person should know, may be empty
    public record Known(NodeId node, String name, State state, List<String> addresses, String source, long lastSeenMs, String remark) {}

    /// @param why empty when it was reached
    public record Tested(NodeId node, boolean reached, long ms, String why) {}

    /// @param agreed  peers whose logs are equal to the ones here now
    /// @param summary for people
    public record Synced(int peers, int reached, int agreed, String summary) {}

    /// @param peer  this many frames and bodies of peers were refused whole, since this node started
    /// @param strangers so many handshakes failed: nobody known was there
    public record Refusals(Map<NodeId, Long> peer, long strangers) {}

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
        presence = new Presence(node, () -> System.nanoTime() / 1_000_000);
        sync = new Sync(parts, handler -> transport = new WebSocketTransport(node.identity().seed(), listenOptions(), handler, router -> {
            http.mount(router);
            new FeedRoutes(() -> Optional.ofNullable(feeds)).mount(router);
            if (!node.settings().hub()) return;
            hubs.registry().ifPresent(registry -> new MapV1Routes(registry, HttpLimits.DEFAULT).mount(router));
            new NodesRoutes(() -> Optional.ofNullable(door), HttpLimits.DEFAULT).mount(router);
            new PortalRoutes(() -> Optional.ofNullable(portal), HttpLimits.DEFAULT).mount(router);
        }));
        news = new PeerNews(node, workers, sync::status);
        joins = new PeerJoins(node, sync, store, news, wantedNames);
        desk = new PeerDesk(node, sync, store, news, workers);
        sync.listen(news::told);
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
        return ListenOptions.of(asked.host(), port).only(address -> {
            var ranges = node.settings().sync().ranges();                     // may change while the node runs
            return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(address.getAddress()));
        });
    }

    /// The node goes by other settings from now on.
    void changed(SyncOptions options) {
        alerts.change(options);
        if (listening != null) sync.listening(addresses());
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

    /// Lets nodes with an API key and users with a password in, from now on, when this node is a hub.
    public void serve(NodesHandler nodes, PortalHandler users) {
        door = nodes;
        portal = users;
    }

    /// Answers members who ask for lines of tasks, from now on.
    public void serve(TaskLines lines) {
        taskLines = lines;
    }

    Optional<TaskLines> taskLines() {
        return Optional.ofNullable(taskLines);
    }

    private void stopped(Throwable bug) {
        stopped = "the sync engine stopped: " + bug;
        broken.accept(bug);
    }

    PeerNews news() {
        return news;
    }

    PeerJoins joins() {
        return joins;
    }

    /// What readiness looks at.
    List<Readiness.Part> parts() {
        return List.of(new Readiness.Part("sync", 0, 0, stopped), new Readiness.Part("storage", 0, 0, news.trouble().orElse("")), new Readiness.Part("clock", 0, 0, news.clockProblem().or(news::clockDoubt).orElse("")));
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
    public void named(NodeId peer, String name, List<String> addresses, int ttl) {
        var known = store.load().peers().stream().filter(each -> each.node().equals(peer)).findFirst();
        if (known.filter(each -> each.source() == PeerSource.MANUAL && each.name().equals(name) && each.addresses().equals(addresses) && each.ttl() == ttl).isPresent()) return;
        sync.addPeer(peer, name, addresses, ttl);
    }

    /// Whether a space is exchanged with this peer, members as both may be.
    void share(NodeId peer, SpaceId space, boolean wanted) {
        boolean muted = desk.isMuted(peer, space);
        if (wanted && muted) sync.createRelationship(peer, space);
        else if (!wanted && !muted) sync.removeRelationship(peer, space);
    }

    /// Compares with a peer now, and dials it if it is not connected; does not wait.
    public void compare(NodeId peer) {
        sync.syncWithPeer(peer);
    }

    /// Every token that peers or hubs hold of this node, or this node of hubs, is worth nothing from now on; whoever is who it says gets a new one by itself.
    public void rotateTokens() {
        http.revokeTokens();
        hubs.registerAnew();
    }

    /// Looks who is far behind, and who cannot be reached.
    void lookForAlerts() {
        var lags = new ArrayList<Alerts.Lag>();
        for (var peer : status().peers())
            for (var share : peer.spaces())
                node.space(share.space()).ifPresent(space -> lags.add(new Alerts.Lag(peer.node(), share.space(), space.name(), share.lagEvents())));
        alerts.look(lags);
        alerts.lookAtPeers(status().peers().stream().map(peer -> new Alerts.Reach(peer.node(), peer.name(), PeerHealth.isError(peer), peer.failures(), peer.lastError())).toList());
    }

    public Alerts.Numbers alerts() {
        return alerts.numbers();
    }

    /// Which members of a space can be reached.
    public Presence presence() {
        return presence;
    }

    public SyncPeers named() {
        return named;
    }

    /// Fetches events by id, from whichever connected peer has them.
    ///
    /// @param ids 500 at most
    public List<Event> fetch(SpaceId space, List<EventId> ids) {
        return desk.fetch(space, ids);
    }

    public SyncStatus status() {
        return sync.status();
    }

    // for people: see PeerDesk

    public List<Known> list() {
        return desk.list();
    }

    /// The last exchanges with all peers, newest first.
    public List<SyncRun> history(int runsMax) {
        return desk.history(runsMax);
    }

    /// The known peer whose id begins with `asked`.
    public NodeId find(String asked) {
        return desk.find(asked);
    }

    public NodeId add(String asked, HostPort address) {
        return desk.add(asked, address);
    }

    public void remove(NodeId peer) {
        desk.remove(peer);
    }

    public Tested test(NodeId peer, long waitMs) {
        return desk.test(peer, waitMs);
    }

    /// Takes what programs wrote, exchanges with every peer that can be reached, and brings the files up to date.
    public Synced syncNow(long waitMs) {
        return desk.syncNow(waitMs);
    }

    /// Compares everything with one peer, or with all, again.
    ///
    /// @return with how many
    public int reset(Optional<String> asked) {
        return desk.reset(asked);
    }

    /// Compares one space's log with one peer, or with all, from the beginning.
    ///
    /// @return with how many
    public int resync(SpaceId space, Optional<NodeId> asked) {
        return desk.resync(space, asked);
    }

    /// What peers said that they have of a log.
    ///
    /// @param muted those with whom it is not exchanged, because somebody said so
    public record Taken(List<Cursor> cursors, Set<NodeId> muted) {}

    public Taken taken(SpaceId space) {
        return desk.taken(space);
    }

    /// How far a peer took this log, by its own word.
    public long sent(NodeId peer, SpaceId space) {
        return desk.sent(peer, space);
    }

    /// Whether some peer said that it has the entry at an offset of this log.
    public LongPredicate acknowledged(SpaceId space) {
        return desk.acknowledged(space);
    }

    /// The event by which this node is no member of a space any more, as a peer says.
    public Optional<EventId> removedFrom(SpaceId space) {
        return news.removedFrom(space);
    }

    /// Why what peers send cannot be stored now; it is tried again by itself.
    public Optional<String> trouble() {
        return news.trouble();
    }

    public Refusals refusals() {
        return news.refusals();
    }

    @Override public void close() {
        alerts.close();
        presence.close();
        named.close();
        hubs.close();
        sync.close();
        workers.shutdown();
    }
}

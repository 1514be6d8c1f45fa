package dev.waggle.node;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Role;
import dev.waggle.net.websocket.NodeTls;
import dev.waggle.node.identity.Identity;
import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.SpaceView;
import dev.waggle.store.capture.Adopt;
import dev.waggle.store.capture.FollowStatus;
import dev.waggle.store.capture.JoinReport;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.capture.TrackReport;
import dev.waggle.store.node.ArrivalStore;
import dev.waggle.store.node.NodeStore;
import dev.waggle.store.node.SpaceRow;
import dev.waggle.store.sql.LogRebuild;
import dev.waggle.store.sqlite.UnusableFile;
import dev.waggle.sync.engine.Readiness;
import dev.waggle.sync.protocol.Ticket;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A running node: it holds its folders' locks, its spaces are open, their files follow, and its peers are dialled.
///
/// Order of start: identity (locks, key, epochs), logs, engine, files, listening. Stopped in the opposite order, so that nothing is accepted
/// that could not be stored. A kill at any point is safe: every part continues from what is durable. Thread-safe.
public final class Node implements AutoCloseable {
    public static final String TABLE_SPACE = "table";
    /// A space that is being made: one without a genesis is forgotten at the next start.
    static final String UNFINISHED = "create";
    /// Begins the name under which the node remembers that it closed a space on purpose.
    private static final String FORGOTTEN = "forgotten/";
    private static final String YES = "yes";
    public static final Duration TICKET_MAX = Duration.ofDays(7);
    private static final long JOIN_MS_MAX = 30_000;
    private static final long BACKFILL_MS_MAX = 24 * 3_600_000L;
    private static final long GOODBYE_MS = 3_000;
    /// Looking at everything costs as much as all else that an idle node does.
    private static final int REST_SECONDS = 5;
    /// Spaces that are opened at the same time when the node starts.
    private static final int OPENED_AT_ONCE = 4;

    private final Identity identity;
    private volatile NodeSettings settings;
    private final Ed25519 verifier = new Ed25519();
    private final Map<SpaceId, SpaceRuntime> spaces = new ConcurrentSkipListMap<>();
    private static final long REBUILD_SYNC_MS = 20_000;
    private final Map<SpaceId, String> damaged = new ConcurrentSkipListMap<>();
    private final Files files = new Files(this);
    private final Views views = new Views(this);
    private final Readiness readiness = new Readiness();
    private final CompactionWatch compaction = new CompactionWatch(this, spaces::values);
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("node-watch").daemon().factory());
    private final long startedMs;
    private final long startedMonotonicMs;
    private Logs logs;                           // null only while it starts
    private Peers peers;
    private volatile List<String> reasons = List.of("The node is starting.");
    private final ClockFloor clockFloor;
    private final Arrivals arrivals;
    private final List<Consumer<SpaceId>> listeners = new CopyOnWriteArrayList<>();
    private final StampRepair stampRepair = new StampRepair();       // these two are touched by `watch` only
    private int restedSeconds;
    private boolean closed;

    private Node(Identity identity, NodeSettings settings) {
        this.identity = identity;
        this.settings = settings;
        this.clockFloor = new ClockFloor(identity.store());
        this.arrivals = new Arrivals(new ArrivalStore(identity.store()), this::nowMs);
        this.startedMs = nowMs();
        this.startedMonotonicMs = settings.clock().monotonicMs();
    }

    /// @param broken told once when a bug stops the engine: the process should end
    /// @throws Problem when the data folder cannot be used now
    public static Node start(NodeSettings settings, Consumer<Throwable> broken) {
        Node node;
        try {
            node = new Node(Identity.open(settings.data(), settings.stateRoot(), settings.newIdentity(), settings.processes().keyFile(), new SecureRandom()), settings);
        } catch (RuntimeException e) {
            throw Problems.of(e);
        }
        try {
            node.logs = Logs.of(settings, node.identity, node::logFile);
            node.openKnown(node.identity.store().spaces());
            node.peers = Peers.start(node, broken);
            for (var space : node.spaces()) node.files.resume(space);
            node.peers.listen();
            node.peers.discover();
            node.logs.watch(node::takeOver);
            node.watch.submit(() -> node.judge(broken)).get();       // nobody who asks finds it unjudged: a command may be all that this node does
            node.watch.scheduleWithFixedDelay(() -> node.judge(broken), 1, 1, TimeUnit.SECONDS);
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw Problems.of(e);
        } catch (ExecutionException e) {
            node.close();
            throw new IllegalStateException("the node could not be judged", e.getCause());
        } catch (InterruptedException e) {
            node.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node was starting", e);
        }
    }

    public NodeId id() {
        return identity.signer().node();
    }

    Identity identity() {
        return identity;
    }

    /// Signs with the node's key.
    public Signer signer() {
        return identity.signer();
    }

    /// Speaks HTTP for this node, and shows its certificate.
    ///
    /// @param pinned nobody else is spoken to over TLS; empty for whoever has a certificate that this machine trusts
    public HttpClient http(Optional<NodeId> pinned, Duration connectTimeout) {
        var builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout).followRedirects(HttpClient.Redirect.NEVER);
        pinned.ifPresent(node -> builder.sslContext(new NodeTls(identity.seed()).context(node)));
        return builder.build();
    }

    public NodeSettings settings() {
        return settings;
    }

    /// From now on the node goes by these: see [NodeSettings#running].
    public void change(NodeSettings changed) {
        settings = changed;
        peers.changed(changed.sync());
    }

    public Ed25519 verifier() {
        return verifier;
    }

    public Peers peers() {
        return peers;
    }

    /// When what is in the logs came here.
    public Arrivals arrivals() {
        return arrivals;
    }

    /// This machine's wall clock, milliseconds since 1970 UTC: the one that all parts of the node go by.
    public long nowMs() {
        return settings.clock().wallMs();
    }

    public long startedMs() {
        return startedMs;
    }

    /// True when this start could not prove that it continues the life before: every space got a new epoch.
    public boolean isNewLife() {
        return identity.newLife() && !identity.isFirstLife();
    }

    public Path state() {
        return identity.state();
    }

    /// Where the secret of the node's key is.
    public Path keyFile() {
        return identity.keyFile();
    }

    // Spaces

    public List<SpaceRuntime> spaces() {
        return List.copyOf(spaces.values());
    }

    public Optional<SpaceRuntime> space(SpaceId id) {
        return Optional.ofNullable(spaces.get(id));
    }

    /// @param asked a name, the beginning of an id, or "" for the only one
    public SpaceRuntime space(String asked) {
        return SpaceNames.find(spaces.values(), asked);
    }

    /// What belongs to one space: its views, and its log when that is in a file.
    public Path folder(SpaceId id) {
        return settings.data().resolve("spaces").resolve(id.hex());
    }

    /// Where the log of a space is when it is in a file.
    public Path logFile(SpaceId id) {
        return folder(id).resolve("sync.sqlite");
    }

    /// Where the logs are.
    public Logs logs() {
        return logs;
    }

    /// Spaces whose log cannot be opened until it is mended, and why. The others work on.
    public Map<SpaceId, String> damaged() {
        return Map.copyOf(damaged);
    }

    /// Opens a space again whose log was mended.
    public void reopen(SpaceId id) {
        if (damaged.remove(id) == null) return;
        identity.store().space(id).ifPresent(row -> {
            openKnown(row);
            space(id).ifPresent(space -> {
                peers.opened(space);
                files.resume(space);
            });
        });
    }

    /// Makes a space's log anew from its good events, lets the peers fill in what is missing, and follows the file again. The node writes on under a
    /// new epoch: what it wrote last may be among the missing.
    public LogRebuild.Report rebuild(SpaceId id) {
        var row = identity.store().space(id).orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "There is no such space here.", "See `waggle space list`."));
        logs.requireRebuild(id);
        var open = spaces.remove(id);
        if (open != null) {
            peers.closed(id);
            open.close();
        }
        arrivals.forget(id);
        try {
            try (var views = java.nio.file.Files.newDirectoryStream(folder(id), "view*")) {
                for (var view : views) java.nio.file.Files.delete(view);             // counts offsets of the old log
            }
            return logs.rebuild(id, verifier, identity::freshEpoch, nowMs());
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The view of the space cannot be removed: " + e.getMessage() + ".", "Check the disk.", e);
        } finally {
            identity.store().put(row.withEpoch(identity.freshEpoch()));
            damaged.remove(id);
            openKnown(identity.store().space(id).orElseThrow());
            space(id).ifPresent(space -> {
                peers.opened(space);
                peers.syncNow(REBUILD_SYNC_MS);
                files.resume(space);
            });
        }
    }

    /// A hub has thousands: each waits for its disk, and what each takes of a processor is its own.
    private void openKnown(List<SpaceRow> rows) {
        var failed = new AtomicReference<RuntimeException>();
        try (var pool = Executors.newFixedThreadPool(Math.clamp(rows.size(), 1, OPENED_AT_ONCE), Thread.ofPlatform().name("open-space-", 0).factory())) {
            for (var row : rows)
                pool.execute(() -> {
                    if (failed.get() != null) return;
                    try {
                        openKnown(row);
                    } catch (RuntimeException e) {
                        if (!failed.compareAndSet(null, e)) failed.get().addSuppressed(e);
                    }
                });
        }
        if (failed.get() != null) throw failed.get();
    }

    /// One damaged log does not keep the others from working. One that was never begun (a kill between its row and its genesis) is forgotten; one that was is lost if nothing is in
    /// it, and comes from the peers as after an older backup.
    private void openKnown(SpaceRow row) {
        try {
            var space = open(row);
            if (space.log().state().lastOffset() > 0) return;
            if (Files.wasBegun(row)) {
                space.freshEpoch();                                          // what this node wrote is with others: it must not write there again
                if (row.file().isPresent() && row.pending().isEmpty()) space.record(space.row().withFile(row.file(), Optional.of(SpaceRow.RESTORED)));
                return;
            }
            spaces.remove(row.id());
            identity.store().remove(row.id());
            space.close();
        } catch (DamagedLog | UnusableFile e) {
            damaged.put(row.id(), e.getMessage());
        }
    }

    private SpaceRuntime open(SpaceRow row) {
        var folder = folder(row.id());
        try {
            if (!java.nio.file.Files.exists(logFile(row.id()))) PrivateFiles.makeFolder(folder);        // the folder of a log that is there was made durable before the log was
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The folder " + folder + " cannot be made: " + e.getMessage() + ".", "Check the disk.", e);
        }
        var space = new SpaceRuntime(identity, row, logs.lineageMark(), this::clockProblem, epochs -> logs.open(row.id(), verifier, epochs));
        spaces.put(row.id(), space);
        arrivals.follow(space.log());
        space.log().onAppend(() -> tell(row.id()));                       // ends with the log
        views.follow(space);
        tell(row.id());
        return space;
    }

    /// As below, without a word about policies.
    public SpaceRuntime create(String wantedName, String type) {
        return create(wantedName, type, Json.object());
    }

    /// A new space of a kind that has a view, with this node as its owner.
    ///
    /// @param policies for its genesis; what a kind of space makes of them is its business
    public SpaceRuntime create(String wantedName, String type, Json.Obj policies) {
        var space = create(wantedName, type, Optional.empty(), Optional.of(UNFINISHED), policies);
        space.record(space.row().withFile(Optional.empty(), Optional.empty()));
        return space;
    }

    /// @param told of every space that is opened or whose log got entries, on the thread that did it, which must not wait
    public void onAppend(Consumer<SpaceId> told) {
        listeners.add(told);
    }

    private void tell(SpaceId space) {
        for (var listener : listeners) listener.accept(space);
    }

    /// What the node remembers beside its spaces.
    public NodeStore store() {
        return identity.store();
    }

    /// Fresh random bytes.
    public byte[] random(int bytes) {
        return identity.random(bytes);
    }

    /// A new space with this node as its owner.
    SpaceRuntime create(String wantedName, String type, Optional<Path> file, Optional<String> pending) {
        return create(wantedName, type, file, pending, Json.object());
    }

    private synchronized SpaceRuntime create(String wantedName, String type, Optional<Path> file, Optional<String> pending, Json.Obj policies) {
        FileHandles.requireRoom();
        var name = SpaceNames.free(wantedName, names());
        var author = new Author(identity.signer(), identity.freshEpoch());
        var genesis = Genesis.write(author, name, type, policies, identity.random(Genesis.SALT_BYTES), nowMs());
        var row = new SpaceRow(genesis.space(), name, author.epoch(), file.map(Path::toString), pending, nowMs());
        identity.store().put(row);
        var space = open(row);
        space.log().append(List.of(genesis), nowMs());
        views.follow(space);
        peers.opened(space);
        return space;
    }

    /// Opens, and makes if needed, the log of a space that this node was let into.
    synchronized SpaceRuntime openJoined(SpaceId id, String wantedName) {
        var known = spaces.get(id);
        if (known != null) return known;
        FileHandles.requireRoom();
        var row = new SpaceRow(id, SpaceNames.free(wantedName, names()), identity.freshEpoch(), Optional.empty(), Optional.empty(), nowMs());
        identity.store().put(row);
        if (identity.store().setting(FORGOTTEN + id.hex()).isPresent()) identity.store().setting(FORGOTTEN + id.hex(), "");
        return open(row);
    }

    /// Another process of this node has opened a log in the database that both use, or has written to one that is not open here: it is opened here, too, if this node is a member
    /// and has not closed it on purpose.
    private synchronized void takeOver(SpaceId id) {
        if (closed || spaces.containsKey(id) || damaged.containsKey(id) || identity.store().setting(FORGOTTEN + id.hex()).filter(YES::equals).isPresent()) return;
        String name;
        try (var log = logs.open(id, verifier, identity::freshEpoch)) {
            if (!log.state().members().containsKey(id())) return;
            name = log.atOffset(1).map(first -> ((Entry.Admitted) first).event().body().text("name")).orElseThrow();
        }
        var space = openJoined(id, name);
        peers.opened(space);
    }

    /// Closes a space and takes it out of the list; its log stays on disk.
    public void forget(SpaceRuntime space) {
        identity.store().setting(FORGOTTEN + space.id().hex(), YES);
        peers.closed(space.id());
        spaces.remove(space.id());
        identity.store().remove(space.id());
        arrivals.forget(space.id());
        space.close();
    }

    /// Why nothing may be stamped now.
    private Optional<String> clockProblem() {
        var peersSay = peers == null ? Optional.<String>empty() : peers.news().clockProblem();
        return peersSay.or(() -> clockFloor.problem(nowMs()));
    }

    private Set<String> names() {
        return spaces.values().stream().map(SpaceRuntime::name).collect(Collectors.toSet());
    }

    // Files

    public record Tracked(SpaceRuntime space, TrackReport report) {}

    public record Filled(SpaceRuntime space, JoinReport report) {}

    public Tracked track(Path file, List<String> tables, Optional<String> name, Progress progress) {
        return files.track(file, tables, name, progress);
    }

    public SpaceRuntime untrack(Path file) {
        return files.untrack(file);
    }

    // Tickets

    /// @param ticket   as text
    /// @param addresses what it names
    /// @param reachable false when nobody outside this machine can use these addresses
    public record Invitation(SpaceRuntime space, Ticket ticket, List<String> addresses, boolean reachable) {}

    /// @param addresses `host:port`; empty for those of the settings or the listening address
    public Invitation invite(SpaceRuntime space, List<String> addresses, Role role, Duration expires) {
        if (space.role().filter(Role::mayAddMembers).isEmpty())
            throw new Problem(ErrorCode.NOT_ALLOWED, "This node may not invite others to \"" + space.name() + "\".", "Ask an owner or moderator of the space for a ticket.");
        if (role == Role.OWNER) throw new Problem(ErrorCode.BAD_REQUEST, "A ticket cannot make an owner.", "Choose moderator, writer or reader.");
        if (expires.isNegative() || expires.isZero() || expires.compareTo(TICKET_MAX) > 0)
            throw new Problem(ErrorCode.BAD_REQUEST, "A ticket is good for at most 7 days.", "Choose a shorter time, for example 24h.");
        var named = !addresses.isEmpty() ? addresses : peers.addresses();
        if (named.size() > Ticket.ADDRESSES_MAX)
            throw new Problem(ErrorCode.BAD_REQUEST, "A ticket names at most " + Ticket.ADDRESSES_MAX + " addresses.", "Name fewer with --address.");
        var parsed = named.stream().map(HostPort::parse).toList();
        var ticket = Ticket.issue(identity.signer(), space.id(), space.name(), named, role, identity.random(Ticket.SECRET_BYTES),
            nowMs() + expires.toMillis(), Optional.empty());
        return new Invitation(space, ticket, named, parsed.stream().anyMatch(address -> !address.isLoopback() && !address.isWildcard()));
    }

    /// A ticket that one node may use, over the connection that it has to this one: it names no address.
    public Ticket ticketFor(NodeId bearer, SpaceRuntime space, Role role, Duration expires) {
        if (space.role().filter(Role::mayAddMembers).isEmpty())
            throw new Problem(ErrorCode.NOT_ALLOWED, "This node may not let others into \"" + space.name() + "\".", "Ask an owner or moderator of the space.");
        return Ticket.issue(identity.signer(), space.id(), space.name(), List.of(), role, identity.random(Ticket.SECRET_BYTES), nowMs() + expires.toMillis(), Optional.of(bearer));
    }

    /// Redeems the ticket where it was issued, takes the log, and fills `file` from it. A ticket of a space that this node is in already is not
    /// redeemed again: so a join that was refused because of the file's rows can be repeated.
    public Filled join(String ticketText, Path file, Adopt adopt, Optional<String> name, Progress progress) {
        var ticket = Ticket.parse(ticketText, verifier);
        var space = redeem(ticket, name, progress);
        try (var _ = files.early(space)) {
            peers.joins().awaitBackfill(space, ticket.issuer(), progress, BACKFILL_MS_MAX);
        }
        if (space.type().filter(type -> !type.equals(TABLE_SPACE)).isPresent())
            throw new Problem(ErrorCode.BAD_REQUEST, "\"" + space.name() + "\" is a " + space.type().get() + ", which fills no file; this node has joined it.",
                "See `waggle space list`.");
        return files.join(space, file, adopt, progress);
    }

    /// Redeems the ticket where it was issued, without a file: what is shown of the space its own type decides. The log arrives afterwards.
    public SpaceRuntime join(String ticketText, Optional<String> name) {
        return redeem(Ticket.parse(ticketText, verifier), name, Progress.NONE);
    }

    /// Redeems the ticket where it was issued and takes the log, for spaces that fill no file.
    public SpaceRuntime join(String ticketText, Optional<String> name, Progress progress) {
        var ticket = Ticket.parse(ticketText, verifier);
        var space = redeem(ticket, name, progress);
        peers.joins().awaitBackfill(space, ticket.issuer(), progress, BACKFILL_MS_MAX);
        return space;
    }

    private SpaceRuntime redeem(Ticket ticket, Optional<String> name, Progress progress) {
        var space = spaces.get(ticket.space());
        if (space != null && space.role().isPresent()) return space;
        var problem = ticket.problemFor(id(), nowMs());
        if (problem.isPresent()) throw new dev.waggle.sync.protocol.BadTicket(problem.get());
        progress.at("asking for the space", 0, 0);
        return peers.joins().join(ticket, name.orElse(ticket.spaceName()), JOIN_MS_MAX);
    }

    /// Says goodbye in the log, tells who can be told now, and forgets the space.
    ///
    /// @return whether some peer has taken the goodbye
    public boolean leave(SpaceRuntime space) {
        var goodbye = OptionalLong.empty();
        if (space.role().isPresent())                                     // refused, it changes nothing: the file is followed as before
            goodbye = OptionalLong.of(space.log().write(space.author(), List.of(new Draft(ControlType.MEMBER_LEFT, Json.object())), List.of(), Map.of(), nowMs()).getLast().offset());
        space.stopFollowing();
        boolean told = goodbye.isPresent() && peers.joins().awaitDelivered(space.id(), goodbye.getAsLong(), GOODBYE_MS);
        forget(space);
        return told;
    }

    // State

    /// Why the node is not ready; empty when it is. Looked at once a second while something is wrong, else every [#REST_SECONDS].
    public List<String> reasons() {
        return reasons;
    }

    private void judge(Consumer<Throwable> broken) {
        if (reasons.isEmpty() && ++restedSeconds < REST_SECONDS) return;
        restedSeconds = 0;
        try {
            if (peers.news().clockConfirmed()) clockFloor.agreed(nowMs());
            stampRepair.look(spaces.values(), peers.news(), nowMs(), settings.clock().monotonicMs());
            for (var space : spaces.values()) space.members().signOfLife(nowMs());
            peers.lookForAlerts();
            peers.news().lookAtDisk();
            compaction.look();
            arrivals.look();
            var shared = peers.status();
            for (var space : spaces.values()) files.takeUp(space, shared.space(space.id()), settings.clock().monotonicMs() - startedMonotonicMs);
            var parts = new ArrayList<Readiness.Part>();
            for (var space : spaces.values()) parts.add(part(space));
            damaged.forEach((space, why) -> parts.add(new Readiness.Part("space " + space.brief(), 0, 0, why + ". Run `waggle doctor`.")));
            parts.addAll(peers.parts());
            parts.add(new Readiness.Part("clock floor", 0, 0, clockFloor.problem(nowMs()).orElse("")));
            reasons = readiness.judge(parts, System.nanoTime() / 1_000_000);
        } catch (LogUnavailable e) {
            reasons = List.of("storage: " + e.getMessage() + ".");      // no bug: looked at again in a second
        } catch (RuntimeException e) {
            if (Problems.of(e) instanceof Problem problem) reasons = List.of(problem.sentences());      // nor is what somebody can act on
            else broken.accept(e);                       // a timer that throws would end without a word
        }
    }

    private static Readiness.Part part(SpaceRuntime space) {
        var name = "space \"" + space.name() + "\"";
        var follower = space.follower();
        var view = space.view().map(SpaceView::status);
        if (view.isPresent()) return new Readiness.Part(name, view.get().folded(), space.log().state().lastOffset(), view.get().trouble());
        if (follower.isEmpty()) return new Readiness.Part(name, 0, 0, space.trouble());
        var status = follower.get().status();
        return new Readiness.Part(name, status.appliedOffset(), status.logOffset(),
            status.state() == FollowStatus.State.FAILED ? status.sentence() : "", status.state() == FollowStatus.State.WAITING ? status.sentence() : "");
    }

    /// Stops listening, then the engine, then the files, then the logs. What is not finished goes on at the next start.
    @Override public synchronized void close() {
        if (closed) return;
        closed = true;
        reasons = List.of("The node is stopping.");
        watch.shutdownNow();
        RuntimeException failed = null;
        var parts = new ArrayList<AutoCloseable>();
        parts.add(compaction);
        if (peers != null) parts.add(peers);
        parts.add(arrivals::end);
        for (var space : spaces.values()) parts.add(space::close);
        if (logs != null) parts.add(logs);
        parts.add(identity);
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                if (failed == null) failed = new IllegalStateException("a part of the node did not stop", e);
                else failed.addSuppressed(e);
            }
        }
        if (failed != null) throw failed;
    }
}

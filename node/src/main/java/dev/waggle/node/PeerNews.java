package dev.waggle.node;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What the engine tells of peers, kept for people, readiness and those who wait: how each is, what it sent that it should not have, where this node was removed, what the clocks say.
/// Thread-safe.
final class PeerNews {
    private static final System.Logger LOG = System.getLogger("waggle.peers");
    /// How the reasons begin for which a connection is cut because of what its peer sent.
    private static final List<String> FAULTS = List.of("malformed-frame", "frame-too-large", "text-message", "too-many-pings", "connection-broken: Corrupted", "over_credit", "too_many", "bad_",
        "not_asked", "unknown_ack", "unexpected_frame", "stalled");

    private static final long SAID_NANOS = 60_000_000_000L;
    /// What is no trouble of the disk.
    private static final Set<String> NO_STORAGE = Set.of("add peer", "join", "unsubscribe");
    private static final String PROBE_MARK = "disk";
    private static final byte[] PROBE = new byte[8 * 1024];                       // more than fits into what a full disk has left in a page
    private final Node node;
    private final ExecutorService workers;
    private final Supplier<SyncStatus> status;
    private final Map<NodeId, Long> refused = new ConcurrentHashMap<>();
    private final AtomicLong strangersRefused = new AtomicLong();
    private static final int REMARKS_MAX = 10_000;
    private final Map<NodeId, String> remarks = new ConcurrentHashMap<>();
    private final Map<SpaceId, EventId> removed = new ConcurrentHashMap<>();
    private final Set<Agreement> agreed = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> said = new ConcurrentHashMap<>();             // what was logged of whom, and when: System.nanoTime
    private final AtomicBoolean heldThere = new AtomicBoolean();
    private volatile String trouble = "";
    private volatile boolean clockRed;
    private volatile long clockAheadMs;

    private record Agreement(NodeId peer, SpaceId space) {}

    PeerNews(Node node, ExecutorService workers, Supplier<SyncStatus> status) {
        this.node = node;
        this.workers = workers;
        this.status = status;
    }

    /// On the engine's thread: returns at once. Anything that waits goes to a worker.
    void told(Notice notice) {
        switch (notice) {
            case Notice.PeerUp(var peer, var _) -> remarks.remove(peer);
            case Notice.PeerForgotten(var peer, var why) -> {
                remarks.remove(peer);
                LOG.log(System.Logger.Level.INFO, "peer " + peer.brief() + " is forgotten: " + why);
            }
            case Notice.PeerDown(var peer, var why) when isFault(why) -> refused(peer, why);
            case Notice.PeerDown(var peer, var why) -> remark(peer, why);
            case Notice.DialFailed(var peer, var _, var why, var _) -> remark(peer, why);
            case Notice.Agreed(var peer, var space, var _) -> {
                removed.remove(space);
                agreed.add(new Agreement(peer, space));
            }
            case Notice.Repaired(var peer, var _) -> remarks.remove(peer);
            case Notice.Differs(var peer, var _, var chains) -> remark(peer, "its log differs in " + Plural.of(chains.size(), "chain") + "; being repaired");
            case Notice.BehindOnSelf(var _, var space, var chain, var _) -> workers.execute(() -> node.space(space).ifPresent(runtime -> runtime.behind(chain)));
            case Notice.Rejected(var peer, var _, var event, var reason) -> rejected(peer, event, reason);
            case Notice.RejectedThere(var peer, var _, var events) -> remark(peer, "rejected " + Plural.of(events, "event") + " of this node; run `waggle log verify`");
            case Notice.HeldThere(var peer, var _, var events) -> {
                heldThere.set(true);
                remark(peer, "holds " + Plural.of(events, "event") + " of this node for the time stamp: one of the clocks is wrong");
            }
            case Notice.CursorReset(var peer, var _, var _) -> remark(peer, "lost events that it had; they are sent again");
            case Notice.Removed(var peer, var space, var by) -> {
                removed.put(space, by);
                remark(peer, "says that this node is no longer a member of a space: `waggle member list` tells which");
            }
            case Notice.Refused(var peer, var _, var message) -> remark(peer, message);
            case Notice.ClockJudged(var red, var medianMs) -> {
                clockRed = red;
                clockAheadMs = medianMs;
            }
            case Notice.HandshakeFailed(var remote, var code, var _) -> {
                strangersRefused.incrementAndGet();
                LOG.log(System.Logger.Level.DEBUG, "handshake with " + remote + ": " + code);
            }
            case Notice.ToldOf _ -> { }                     // whoever asked waits for it
            case Notice.Joined _ -> LOG.log(System.Logger.Level.DEBUG, notice.toString());
            case Notice.TroubleHere(var what, var why) -> {
                LOG.log(System.Logger.Level.WARNING, what + " failed and is tried again: " + why);
                if (!NO_STORAGE.contains(what)) trouble = what + " failed and is tried again: " + why;
            }
        }
    }

    /// The last word of a peer, or about it. Strangers have keys without number: of so many more nothing is kept.
    private void remark(NodeId peer, String said) {
        if (remarks.size() < REMARKS_MAX || remarks.containsKey(peer)) remarks.put(peer, said);
    }

    /// True once whenever a peer said that it holds something for its stamp since the last look.
    boolean wasHeld() {
        return heldThere.getAndSet(false);
    }

    Peers.Refusals refusals() {
        return new Peers.Refusals(Map.copyOf(refused), strangersRefused.get());
    }

    void refused(NodeId peer, String why) {
        if (refused.size() < REMARKS_MAX || refused.containsKey(peer)) refused.merge(peer, 1L, Long::sum);
        remark(peer, "sent what no honest node sends, and was refused: " + why);
    }

    void rejected(NodeId peer, EventId event, Admission.Reason reason) {
        remark(peer, "sent event " + event.brief() + ", which was rejected: " + reason.sentence());
        if (isNews(peer.hex() + reason)) LOG.log(System.Logger.Level.WARNING, "peer=" + peer.brief() + " event=" + event.brief() + " rejected: " + reason.sentence());
    }

    /// So that nobody fills the log by sending the same again and again: once a minute for each peer and reason.
    private boolean isNews(String what) {
        long now = System.nanoTime();
        var before = said.get(what);
        if (before != null && now - before < SAID_NANOS) return false;
        said.put(what, now);
        return true;
    }

    private static boolean isFault(String why) {
        return FAULTS.stream().anyMatch(why::startsWith);
    }

    // what is known by now

    /// What a person should know of a peer.
    Optional<String> remark(NodeId peer) {
        return Optional.ofNullable(remarks.get(peer));
    }

    void forget(NodeId peer) {
        remarks.remove(peer);
    }

    /// Whether the peer's log was equal to the one here once since the start.
    boolean agreed(NodeId peer, SpaceId space) {
        return agreed.contains(new Agreement(peer, space));
    }

    /// The event by which this node is no member of a space any more, as a peer says.
    Optional<EventId> removedFrom(SpaceId space) {
        return Optional.ofNullable(removed.get(space));
    }

    // disk

    Optional<String> trouble() {
        return Optional.of(trouble).filter(text -> !text.isEmpty());
    }

    /// Nobody says that it is over: while something is wrong, every log is written to until that works again.
    void lookAtDisk() {
        var before = trouble;
        if (before.isEmpty()) return;
        try {
            for (var space : node.spaces()) space.log().marks(Map.of(PROBE_MARK, PROBE));
        } catch (LogUnavailable e) {
            LOG.log(System.Logger.Level.DEBUG, "still not stored", e);
            return;
        }
        if (trouble.equals(before)) trouble = "";
        LOG.log(System.Logger.Level.INFO, "what peers send is stored again");
    }

    // clocks

    /// Why nothing may be stamped now.
    Optional<String> clockProblem() {
        return clockRed ? Optional.of("This machine's clock differs from most peers' by " + Math.abs(clockAheadMs) / 1_000 + " s. Set the clock; nothing is written until then.")
            : Optional.empty();
    }

    /// Whose clock is wrong cannot be told when only one peer differs; that one of them is wrong, and that events are held for it, can.
    Optional<String> clockDoubt() {
        return status.get().clockDoubtMs(node.settings().sync().engine().clockMsMax()).map(aheadMs ->
            "This machine's clock is " + duration(Math.abs(aheadMs)) + (aheadMs > 0 ? " behind" : " ahead of") + " its peers', so events are held back"
                + ". Set the clock that is wrong; what was held is then written again.");
    }

    /// Most peers heard of agree with this clock, and there is one.
    boolean clockConfirmed() {
        return clockDoubt().isEmpty() && status.get().peers().stream().anyMatch(peer -> peer.clockAheadMs().isPresent());
    }

    private static String duration(long ms) {
        long minutes = ms / 60_000;
        return minutes < 120 ? minutes + " minutes" : minutes < 48 * 60 ? minutes / 60 + " hours" : minutes / (24 * 60) + " days";
    }
}

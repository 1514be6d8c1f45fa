package dev.waggle.node;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.net.http.SyncV1Client;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.engine.Sync;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncRun;
import dev.waggle.sync.protocol.SyncStatus;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/// What people ask of peers: who they are, where, how far, and to try them now. Blocking; thread-safe.
final class PeerDesk {
    private static final System.Logger LOG = System.getLogger("waggle.peers");
    private final Node node;
    private final Sync sync;
    private final PeerStore store;
    private final PeerNews news;
    private final ExecutorService workers;
    private volatile Remembered lastRemembered;

    PeerDesk(Node node, Sync sync, PeerStore store, PeerNews news, ExecutorService workers) {
        this.node = node;
        this.sync = sync;
        this.store = store;
        this.news = news;
        this.workers = workers;
    }

    /// The last exchanges with all peers, newest first.
    List<SyncRun> history(int runsMax) {
        var runs = new ArrayList<SyncRun>();
        for (var peer : remembered().peers()) runs.addAll(store.history(peer.node(), runsMax));
        runs.sort(Comparator.comparingLong(SyncRun::startedMs).reversed());
        return List.copyOf(runs.subList(0, Math.min(runsMax, runs.size())));
    }

    /// What was remembered when it could last be read: a disk in trouble must not hide the status that tells of it.
    private Remembered remembered() {
        try {
            return lastRemembered = store.load();
        } catch (LogUnavailable unreadable) {
            if (lastRemembered == null) throw unreadable;
            return lastRemembered;
        }
    }

    List<Peers.Known> list() {
        var status = sync.status();
        var known = new ArrayList<Peers.Known>();
        for (var peer : remembered().peers()) known.add(known(peer, status.peer(peer.node())));
        return known;
    }

    private Peers.Known known(Peer peer, Optional<SyncStatus.PeerStatus> now) {
        var source = peer.source().wire();
        if (now.isEmpty()) return new Peers.Known(peer.node(), peer.name(), Peers.State.WAITING, peer.dialled(), source, 0, news.remark(peer.node()).orElse(""));
        var status = now.get();
        var remark = news.remark(peer.node()).orElse(status.lastError());
        if (remark.isEmpty() && status.state() == SyncStatus.PeerState.CONNECTED)
            remark = status.agreed() ? "in sync" : status.spaces().stream().noneMatch(SyncStatus.ShareStatus::whole) ? "shares no space" : Plural.of(status.lagEvents(), "event") + " behind";
        return new Peers.Known(peer.node(), peer.name(), Peers.State.valueOf(status.state().name()), peer.dialled(), source, status.lastSyncMs(), remark);
    }

    /// The known peer whose id begins with `asked`.
    NodeId find(String asked) {
        var found = remembered().peers().stream().map(Peer::node).filter(peer -> !asked.isEmpty() && peer.hex().startsWith(asked)).toList();
        if (found.size() == 1) return found.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "No known peer's id begins like that." : "More than one peer's id begins like that.",
            "`waggle peer list` names them.");
    }

    NodeId add(String asked, HostPort address) {
        var whole = Hex.isLower(asked, 64) ? new NodeId(asked) : find(asked);
        if (whole.equals(node.id())) throw new Problem(ErrorCode.BAD_REQUEST, "That is this node itself.", "Name another one.");
        var before = store.load().peers().stream().filter(peer -> peer.node().equals(whole)).findFirst();
        var addresses = new ArrayList<>(List.of(address.text()));
        before.filter(peer -> peer.source() == PeerSource.MANUAL).ifPresent(peer -> peer.addresses().stream().filter(each -> !each.equals(address.text())).limit(Peer.ADDRESSES_MAX - 1).forEach(addresses::add));
        sync.addPeer(whole, before.map(Peer::name).orElse(""), addresses);
        return whole;
    }

    void remove(NodeId peer) {
        sync.removePeer(peer);
        news.forget(peer);
    }

    Peers.Tested test(NodeId peer, long waitMs) {
        var began = System.nanoTime();
        var why = reach(peer, waitMs);
        return new Peers.Tested(peer, why.isEmpty(), (System.nanoTime() - began) / 1_000_000, why.orElse(""));
    }

    /// @return why the peer could not be reached; empty when it is connected
    private Optional<String> reach(NodeId peer, long waitMs) {
        try {
            sync.connectToPeer(peer).get(waitMs, TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException _) {
            return Optional.of(news.remark(peer).orElse("no answer"));
        } catch (InterruptedException e) {
            throw PeerJoins.interrupted(e);
        }
    }

    /// Takes what programs wrote, exchanges with every peer that can be reached, and brings the files up to date.
    Peers.Synced syncNow(long waitMs) {
        var until = System.nanoTime() + waitMs * 1_000_000;
        for (var space : node.spaces()) space.follower().ifPresent(follower -> follower.syncNow());
        var peers = store.load().peers();
        var equal = new ArrayList<NodeId>();
        var reached = new ArrayList<NodeId>();
        var waits = new TreeMap<NodeId, java.util.concurrent.Future<Boolean>>();
        for (var peer : peers) waits.put(peer.node(), workers.submit(() -> {
            var leftMs = Math.max(1, (until - System.nanoTime()) / 1_000_000);
            if (reach(peer.node(), Math.min(leftMs, PeerJoins.SILENCE_MS_MAX)).isPresent()) return false;
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
                throw PeerJoins.interrupted(e);
            }
        });
        for (var space : node.spaces()) space.follower().ifPresent(follower -> follower.syncNow());
        var summary = peers.isEmpty() ? "This node has no peers yet; the tracked files are in its logs."
            : reached.size() + " of " + Plural.of(peers.size(), "peer") + " answered, " + equal.size() + (equal.size() == 1 ? " has" : " have") + " the same events as this node.";
        return new Peers.Synced(peers.size(), reached.size(), equal.size(), summary);
    }

    /// Compares everything with one peer, or with all, again.
    ///
    /// @return with how many
    int reset(Optional<String> asked) {
        var peers = asked.map(this::find).map(List::of).orElseGet(() -> store.load().peers().stream().map(Peer::node).toList());
        for (var cursor : store.load().cursors())
            if (peers.contains(cursor.peer())) store.saveCursor(new Cursor(cursor.peer(), cursor.space(), 0, cursor.total(), cursor.atMs()));
        for (var peer : peers) sync.syncWithPeer(peer);
        return peers.size();
    }

    boolean isMuted(NodeId peer, SpaceId space) {
        return remembered().relationships().stream().anyMatch(each -> each.peer().equals(peer) && each.space().equals(space) && each.kind() == Relationship.Kind.MUTED);
    }

    /// How far peers took a log, by their own word: when they last said so, and those who are told nothing of it.
    Peers.Taken taken(SpaceId space) {
        var known = remembered();
        return new Peers.Taken(known.cursors().stream().filter(cursor -> cursor.space().equals(space)).toList(),
            known.relationships().stream().filter(each -> each.space().equals(space) && each.kind() == Relationship.Kind.MUTED).map(Relationship::peer).collect(Collectors.toSet()));
    }

    /// How far a peer took this log, by its own word.
    long sent(NodeId peer, SpaceId space) {
        return remembered().cursors().stream().filter(cursor -> cursor.peer().equals(peer) && cursor.space().equals(space)).mapToLong(Cursor::offset).findFirst().orElse(0);
    }

    /// Whether some peer said that it has the entry at an offset of this log.
    LongPredicate acknowledged(SpaceId space) {
        var furthest = remembered().cursors().stream().filter(cursor -> cursor.space().equals(space)).mapToLong(cursor -> cursor.offset()).max().orElse(0);
        return offset -> offset <= furthest;
    }

    /// Compares one space's log with one peer, or with all, from the beginning.
    ///
    /// @return with how many
    int resync(SpaceId space, Optional<NodeId> asked) {
        var peers = asked.map(List::of).orElseGet(() -> sync.status().peers().stream().filter(peer -> peer.spaces().stream().anyMatch(share -> share.space().equals(space)))
            .map(SyncStatus.PeerStatus::node).toList());
        for (var cursor : store.load().cursors())
            if (peers.contains(cursor.peer()) && cursor.space().equals(space)) store.saveCursor(new Cursor(cursor.peer(), space, 0, cursor.total(), cursor.atMs()));
        peers.forEach(sync::syncWithPeer);
        return peers.size();
    }

    /// Fetches events by id, from whichever connected peer has them.
    ///
    /// @param ids 500 at most
    List<Event> fetch(SpaceId space, List<EventId> ids) {
        for (var peer : list())
            for (var address : peer.addresses()) {
                try (var client = new SyncV1Client(URI.create(httpAddress(address)), node.identity().seed(), peer.node())) {
                    client.handshake(Optional.of(peer.node()), Optional.of(space));
                    var found = client.entries(space, ids);
                    if (!found.isEmpty()) return found;
                } catch (IOException | RuntimeException e) {
                    LOG.log(System.Logger.Level.DEBUG, "fetching from " + address, e);      // the next one may have them
                }
            }
        return List.of();
    }

    /// Where a peer answers over HTTP that is dialled there: `http(s)://host:port`.
    static String httpAddress(String address) {
        var at = HostPort.parse(address.replaceFirst("^wss?://", ""));
        return (address.startsWith("ws://") || at.isLoopback() && !address.startsWith("wss://") ? "http://" : "https://") + at.text();
    }
}

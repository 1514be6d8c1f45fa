package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is remembered of peers for the status: kept when a connection ends, decides nothing.
final class Books {
    static final class Book {
        long lastSyncMs;
        String lastError = "";
        long downSinceMs;
        final SortedMap<SpaceId, Cursor> cursors = new TreeMap<>();
        final SortedMap<SpaceId, Traffic> traffic = new TreeMap<>();
    }

    private final SortedMap<NodeId, Book> books = new TreeMap<>();

    Books(List<Cursor> cursors) {
        for (var cursor : cursors) of(cursor.peer()).cursors.put(cursor.space(), cursor);
    }

    Book of(NodeId peer) {
        return books.computeIfAbsent(peer, _ -> new Book());
    }

    /// Of somebody who may be a stranger: for each of those nothing is kept.
    Optional<Book> find(NodeId peer) {
        return Optional.ofNullable(books.get(peer));
    }

    void forget(NodeId peer) {
        books.remove(peer);
    }

    long cursor(NodeId peer, SpaceId space) {
        var cursor = of(peer).cursors.get(space);
        return cursor == null ? 0 : cursor.offset();
    }

    Cursor moved(NodeId peer, SpaceId space, long offset, long sentMore, long wallMs) {
        var book = of(peer);
        var old = book.cursors.get(space);
        var cursor = new Cursor(peer, space, offset, (old == null ? 0 : old.total()) + sentMore, wallMs);
        book.cursors.put(space, cursor);
        return cursor;
    }

    void closed(NodeId peer, SpaceId space, Traffic traffic) {
        of(peer).traffic.merge(space, traffic, Traffic::plus);
    }

    SyncStatus status(Membership membership, Collection<Link> links, SortedMap<NodeId, Link> byPeer, Retry retry, ClockComparison clocks,
                      GossipStatus gossip, SyncSettings settings, Now now) {
        var peers = new ArrayList<SyncStatus.PeerStatus>();
        var total = Traffic.NONE;
        for (var peer : membership.peers()) {
            var status = peer(peer, membership, byPeer.get(peer.node()), retry, clocks, settings, now);
            peers.add(status);
            for (var share : status.spaces()) total = total.plus(share.traffic());
        }
        var spaces = new ArrayList<SyncStatus.SpaceStatus>();
        for (var each : membership.spaces().entrySet()) {
            int reachable = 0;
            int agreeing = 0;
            for (var link : byPeer.values()) {
                var exchange = link.exchanges.get(each.getKey());
                if (exchange == null || membership.former(link.peer, each.getKey()).isPresent()) continue;
                reachable++;
                if (exchange.agreed()) agreeing++;
            }
            var state = each.getValue();
            spaces.add(new SyncStatus.SpaceStatus(each.getKey(), state.lastOffset(), state.members().size(), reachable, agreeing, state.forks()));
        }
        return new SyncStatus(peers, spaces, clocks.red(), clocks.medianMs(now), links.size(), total, gossip);
    }

    private SyncStatus.PeerStatus peer(Peer peer, Membership membership, Link link, Retry retry, ClockComparison clocks, SyncSettings settings,
                                       Now now) {
        var book = of(peer.node());
        var shares = new ArrayList<SyncStatus.ShareStatus>();
        for (var space : membership.shared(peer.node())) {
            var exchange = link == null ? null : link.exchanges.get(space);
            var before = book.traffic.getOrDefault(space, Traffic.NONE);
            long offset = exchange == null ? cursor(peer.node(), space) : exchange.cursor();
            boolean whole = membership.former(peer.node(), space).isEmpty() && (link == null || !link.removedFrom.contains(space));
            long lag = whole ? Math.max(0, membership.state(space).orElseThrow().lastOffset() - offset) : 0;
            boolean open = exchange != null;
            shares.add(new SyncStatus.ShareStatus(space, open, whole, open && exchange.agreed(), open && exchange.differs(), lag,
                offset, exchange == null ? before : before.plus(exchange.traffic())));
        }
        var state = link != null ? SyncStatus.PeerState.CONNECTED
            : retry.circuit(peer.node()) == Retry.Circuit.HALF_OPEN ? SyncStatus.PeerState.DIALLING
            : now.monotonicMs() - book.downSinceMs >= settings.unreachableMs() ? SyncStatus.PeerState.UNREACHABLE : SyncStatus.PeerState.WAITING;
        var address = link != null ? link.remote : Optional.ofNullable(peer.dialled().isEmpty() ? null : peer.dialled().getFirst()).orElse("");
        return new SyncStatus.PeerStatus(peer.node(), peer.name(), peer.source(), state, address, state == SyncStatus.PeerState.CONNECTED ? 0 : retry.failures(peer.node()), book.lastSyncMs, book.lastError,
            clocks.differenceMs(peer.node(), now), List.copyOf(shares));
    }
}

package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncRun;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The in-memory twin of the node's store, for tests and the simulator: durable as long as the object lives.
public class MemoryPeerStore implements PeerStore {
    private final SortedMap<NodeId, Peer> peers = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<SpaceId, Relationship>> relationships = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<SpaceId, Cursor>> cursors = new TreeMap<>();
    private final SortedMap<NodeId, Metadata> metadata = new TreeMap<>();
    private final SortedSet<NodeId> removed = new TreeSet<>();
    private final List<SyncRun> runs = new ArrayList<>();

    @Override public synchronized Remembered load() {
        return new Remembered(List.copyOf(peers.values()), relationships.values().stream().flatMap(each -> each.values().stream()).toList(),
            cursors.values().stream().flatMap(each -> each.values().stream()).toList(), List.copyOf(removed));
    }

    @Override public synchronized void savePeer(Peer peer) {
        peers.put(peer.node(), peer);
        if (peer.source() == PeerSource.MANUAL) removed.remove(peer.node());
    }

    @Override public synchronized void removePeer(NodeId peer) {
        forgetPeer(peer);
        removed.add(peer);
    }

    @Override public synchronized void forgetPeer(NodeId peer) {
        peers.remove(peer);
        relationships.remove(peer);
        cursors.remove(peer);
        metadata.remove(peer);
    }

    @Override public synchronized void saveRelationship(Relationship each) {
        relationships.computeIfAbsent(each.peer(), _ -> new TreeMap<>()).put(each.space(), each);
    }

    @Override public synchronized void removeRelationship(NodeId peer, SpaceId space) {
        relationships.getOrDefault(peer, new TreeMap<>()).remove(space);
    }

    @Override public synchronized void saveCursor(Cursor cursor) {
        cursors.computeIfAbsent(cursor.peer(), _ -> new TreeMap<>()).put(cursor.space(), cursor);
    }

    @Override public synchronized void saveRun(SyncRun run) {
        runs.add(run);
        metadata.merge(run.peer(), Metadata.none(run.peer()).plus(run), (old, _) -> old.plus(run));
    }

    @Override public synchronized List<SyncRun> history(NodeId peer, int runsMax) {
        return runs.reversed().stream().filter(run -> run.peer().equals(peer)).limit(runsMax).toList();
    }

    @Override public synchronized Optional<Metadata> metadata(NodeId peer) {
        return Optional.ofNullable(metadata.get(peer));
    }

    @Override public synchronized int cleanHistory(long startedBeforeMs, int perPeer) {
        int before = runs.size();
        runs.removeIf(run -> run.startedMs() < startedBeforeMs);
        var kept = new TreeMap<NodeId, Integer>();
        runs.sort(Comparator.comparingLong(SyncRun::startedMs));
        for (int i = runs.size() - 1; i >= 0; i--)
            if (kept.merge(runs.get(i).peer(), 1, Integer::sum) > perPeer) runs.remove(i);
        return before - runs.size();
    }
}

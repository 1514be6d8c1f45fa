package dev.waggle.sim;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.Relationship;
import dev.waggle.sync.protocol.Remembered;
import dev.waggle.sync.protocol.SyncRun;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What a simulated node remembers of its peers: survives its crashes, fails while its disk is full, and is part of every image of the disk.
final class SimPeerStore implements PeerStore {
    private final BooleanSupplier full;
    private final Consumer<Cursor> cursorSaved;
    private final TreeMap<NodeId, Peer> peers = new TreeMap<>();
    private final TreeMap<String, Relationship> relationships = new TreeMap<>();
    private final TreeSet<NodeId> removed = new TreeSet<>();
    final TreeMap<String, Cursor> cursors = new TreeMap<>();
    private final TreeMap<NodeId, Metadata> metadata = new TreeMap<>();

    /// @param cursorSaved told before a cursor is stored
    SimPeerStore(BooleanSupplier full, Consumer<Cursor> cursorSaved) {
        this.full = full;
        this.cursorSaved = cursorSaved;
    }

    /// The same contents under another node's disk.
    SimPeerStore copy(BooleanSupplier itsFull, Consumer<Cursor> itsCursorSaved) {
        var copy = new SimPeerStore(itsFull, itsCursorSaved);
        copy.peers.putAll(peers);
        copy.relationships.putAll(relationships);
        copy.removed.addAll(removed);
        copy.cursors.putAll(cursors);
        copy.metadata.putAll(metadata);
        return copy;
    }

    private void requireRoom() {
        if (full.getAsBoolean()) throw new LogUnavailable("save", new IllegalStateException("the simulated disk is full"));
    }

    private static String key(NodeId peer, SpaceId space) {
        return peer.hex() + space.hex();
    }

    @Override public Remembered load() {
        return new Remembered(new ArrayList<>(peers.values()), new ArrayList<>(relationships.values()), new ArrayList<>(cursors.values()),
            List.copyOf(removed));
    }

    @Override public void savePeer(Peer peer) {
        requireRoom();
        peers.put(peer.node(), peer);
        if (peer.source() == PeerSource.MANUAL) removed.remove(peer.node());
    }

    @Override public void removePeer(NodeId peer) {
        forgetPeer(peer);
        removed.add(peer);
    }

    @Override public void forgetPeer(NodeId peer) {
        requireRoom();
        peers.remove(peer);
        relationships.keySet().removeIf(key -> key.startsWith(peer.hex()));
        cursors.keySet().removeIf(key -> key.startsWith(peer.hex()));
        metadata.remove(peer);
    }

    @Override public void saveRelationship(Relationship relationship) {
        requireRoom();
        relationships.put(key(relationship.peer(), relationship.space()), relationship);
    }

    @Override public void removeRelationship(NodeId peer, SpaceId space) {
        relationships.remove(key(peer, space));
    }

    @Override public void saveCursor(Cursor cursor) {
        requireRoom();
        cursorSaved.accept(cursor);
        cursors.put(key(cursor.peer(), cursor.space()), cursor);
    }

    @Override public void saveRun(SyncRun run) {
        requireRoom();
        metadata.merge(run.peer(), Metadata.none(run.peer()).plus(run), (old, _) -> old.plus(run));
    }

    @Override public List<SyncRun> history(NodeId peer, int runsMax) {
        return List.of();
    }

    @Override public Optional<Metadata> metadata(NodeId peer) {
        return Optional.ofNullable(metadata.get(peer));
    }

    @Override public int cleanHistory(long startedBeforeMs, int perPeer) {
        return 0;
    }
}

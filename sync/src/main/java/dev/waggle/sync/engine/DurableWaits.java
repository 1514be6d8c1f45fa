package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Cursor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Who waits for a write to be durable on other nodes: the acknowledgement level `peers(k)`. Thread-safe.
final class DurableWaits {
    static final int WAITS_MAX = 10_000;

    private record Wait(SpaceId space, long offset, int peers, CompletableFuture<Void> done) {}

    private final Map<SpaceId, Map<NodeId, Long>> cursors = new HashMap<>();
    private final List<Wait> waits = new ArrayList<>();

    DurableWaits(List<Cursor> remembered) {
        for (var cursor : remembered) put(cursor);
    }

    private void put(Cursor cursor) {
        cursors.computeIfAbsent(cursor.space(), _ -> new HashMap<>()).put(cursor.peer(), cursor.offset());
    }

    void moved(Cursor cursor) {
        var reached = new ArrayList<Wait>();
        synchronized (this) {
            put(cursor);
            waits.removeIf(wait -> wait.done().isDone());
            for (var wait : waits) if (wait.space().equals(cursor.space()) && reached(wait)) reached.add(wait);
            waits.removeAll(reached);
        }
        for (var wait : reached) wait.done().complete(null);
    }

    void forget(NodeId peer) {
        synchronized (this) {
            for (var ofSpace : cursors.values()) ofSpace.remove(peer);
        }
    }

    CompletableFuture<Void> await(SpaceId space, long offset, int peers) {
        var wait = new Wait(space, offset, peers, new CompletableFuture<>());
        synchronized (this) {
            waits.removeIf(other -> other.done().isDone());
            if (!reached(wait)) {
                if (waits.size() >= WAITS_MAX) return CompletableFuture.failedFuture(new SyncFull());
                waits.add(wait);
                return wait.done();
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private boolean reached(Wait wait) {
        return cursors.getOrDefault(wait.space(), Map.of()).values().stream().filter(offset -> offset >= wait.offset()).count() >= wait.peers();
    }
}

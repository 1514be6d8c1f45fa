package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Callers that wait for something to happen, and the notices that tell that it did. Thread-safe; bounded.
final class Waits {
    private static final int WAITS_MAX = 10_000;

    private final Supplier<SyncStatus> status;
    private final List<Wait> waits = new CopyOnWriteArrayList<>();

    private interface Wait {
        CompletableFuture<?> future();

        void told(Notice notice);
    }

    Waits(Supplier<SyncStatus> status) {
        this.status = status;
    }

    private record Joining(long request, CompletableFuture<SpaceId> future) implements Wait {
        @Override public void told(Notice notice) {
            if (!(notice instanceof Notice.Joined(var answered, var space, var problem)) || answered != request) return;
            if (problem == null) future.complete(space);
            else future.completeExceptionally(new BadTicket(problem));
        }
    }

    private record Connecting(NodeId peer, CompletableFuture<Void> future) implements Wait {
        @Override public void told(Notice notice) {
            if (notice instanceof Notice.PeerUp(var up, var _) && up.equals(peer)) future.complete(null);
        }
    }

    /// Every space shared with the peer has to be found equal after the question was asked.
    private record Agreeing(NodeId peer, Supplier<SyncStatus> status, Set<SpaceId> seen, CompletableFuture<Void> future) implements Wait {
        @Override public void told(Notice notice) {
            if (!(notice instanceof Notice.Agreed(var other, var space, var _)) || !other.equals(peer)) return;
            seen.add(space);
            boolean all = status.get().peer(peer).map(known -> known.spaces().stream().map(SyncStatus.ShareStatus::space).allMatch(seen::contains))
                .orElse(true);
            if (all) future.complete(null);
        }
    }

    CompletableFuture<SpaceId> joined(long request) {
        return add(new Joining(request, new CompletableFuture<>())).future;
    }

    private record Asking(long question, CompletableFuture<List<Frame.Told>> future) implements Wait {
        @Override public void told(Notice notice) {
            if (notice instanceof Notice.ToldOf(var answered, var records) && answered == question) future.complete(records);
        }
    }

    CompletableFuture<List<Frame.Told>> toldOf(long question) {
        return add(new Asking(question, new CompletableFuture<>())).future;
    }

    CompletableFuture<Void> connected(NodeId peer) {
        var wait = add(new Connecting(peer, new CompletableFuture<>()));
        boolean already = status.get().peer(peer).map(known -> known.state() == SyncStatus.PeerState.CONNECTED).orElse(false);
        if (already) wait.future.complete(null);
        return wait.future;
    }

    CompletableFuture<Void> agreed(NodeId peer) {
        return add(new Agreeing(peer, status, new TreeSet<>(), new CompletableFuture<>())).future;
    }

    private <W extends Wait> W add(W wait) {
        waits.removeIf(other -> other.future().isDone());
        if (waits.size() >= WAITS_MAX) wait.future().completeExceptionally(new SyncFull());
        else waits.add(wait);
        return wait;
    }

    void told(Notice notice) {
        for (var wait : waits) {
            wait.told(notice);
            if (wait.future().isDone()) waits.remove(wait);
        }
    }

    /// Nobody waits for ever for an engine that ended.
    void close() {
        for (var wait : new ArrayList<>(waits)) wait.future().cancel(false);
        waits.clear();
    }
}

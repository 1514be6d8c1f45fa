package dev.waggle.node;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Progress;
import dev.waggle.sync.engine.PeerStore;
import dev.waggle.sync.engine.Sync;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Ticket;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waiting for peers: until a ticket is redeemed, until a log has arrived, until somebody has what was written. Thread-safe.
final class PeerJoins {
    private static final long LOOK_MS = 20;
    private static final long HEARD_MS_MAX = 2_000;
    /// Without word from the issuer for this long, a join goes on with what is here.
    static final long SILENCE_MS_MAX = 10_000;
    /// A log that did not grow for this long may be whole.
    private static final long ASK_MS_MIN = 60;

    private final Node node;
    private final Sync sync;
    private final PeerStore store;
    private final PeerNews news;
    private final Map<SpaceId, String> wantedNames;

    /// @param wantedNames what spaces are to be called that will be joined
    PeerJoins(Node node, Sync sync, PeerStore store, PeerNews news, Map<SpaceId, String> wantedNames) {
        this.node = node;
        this.sync = sync;
        this.store = store;
        this.news = news;
        this.wantedNames = wantedNames;
    }

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
            var why = news.remark(ticket.issuer()).map(remark -> ": " + remark).orElse("");
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
            if (news.agreed(issuer, space.id())) return;
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

    /// @return what the peer is told; nothing when the engine does not answer in time
    List<Frame.Told> heardOf(NodeId peer, List<Frame.Told> records) {
        try {
            return sync.heardOf(peer, records).get(HEARD_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return List.of();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static Problem interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Repeat the command when it is up.", e);
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Chunk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What one peer sends of one space, on its way into the log: one append at a time, in the order sent. A batch is acknowledged when it is
/// durable and the chunks that its events name are here too, or cannot be had; until then the next one is not begun, so the waiting room
/// holds little of it.
///
/// A peer that sends more batches than the credit allows is not an honest one.
final class Incoming {
    static final int CREDIT_BATCHES_MAX = 4;
    private static final int CHUNKS_MISSING_MAX = 20_000;

    private final ArrayDeque<Frame.Events> queue = new ArrayDeque<>();
    private final LinkedHashSet<ChunkId> missing = new LinkedHashSet<>();
    private Frame.Events appending;
    private Frame.Ack pendingAck;
    private boolean chunksOpen;
    private boolean eventsOpen;
    private boolean putting;
    private boolean retry;

    /// @return null, or why this peer is cut off
    String offer(Frame.Events events) {
        int size = events.events().size();
        if (size > Frame.BATCH_EVENTS_MAX + CREDIT_BATCHES_MAX) return "a batch has at most " + Frame.BATCH_EVENTS_MAX + " events";
        if (events.upTo() == 0) {
            if (!eventsOpen) return "events that nobody asked for";
            eventsOpen = false;
        } else if (queue.stream().filter(queued -> queued.upTo() > 0).count() + (appending != null && appending.upTo() > 0 ? 1 : 0)
            + (pendingAck != null ? 1 : 0) >= CREDIT_BATCHES_MAX) {
            return "more batches than the credit allows";
        }
        if (size > 0 || events.upTo() > 0) queue.add(events);
        return null;
    }

    /// The next batch to append, if one is there and none is under way.
    Frame.Events next() {
        if (retry && appending != null) {
            retry = false;
            return appending;
        }
        if (appending != null || pendingAck != null || queue.isEmpty()) return null;
        appending = queue.removeFirst();
        return appending;
    }

    void appendFailed() {
        retry = true;
    }

    boolean mustRetry() {
        return retry;
    }

    /// @return the acknowledgement that can be sent at once, or null
    Frame.Ack appended(dev.waggle.core.event.SpaceId space, long upTo, List<Admission> answers) {
        appending = null;
        for (var answer : answers) {
            switch (answer) {
                case Admission.Waiting(var _, var _, var _, var chunks) -> want(chunks);
                case Admission.PushedBack(var _, var chunks) -> want(chunks);
                default -> { }
            }
        }
        if (upTo == 0) return null;
        var ack = ack(space, upTo, Traffic.of(answers));
        if (missing.isEmpty()) return ack;
        pendingAck = ack;
        return null;
    }

    static Frame.Ack ack(dev.waggle.core.event.SpaceId space, long upTo, Traffic traffic) {
        return new Frame.Ack(space, upTo, (int) (traffic.accepted() + traffic.voided()), (int) traffic.duplicate(), (int) traffic.waiting(),
            (int) traffic.held(), (int) traffic.rejected(), (int) traffic.pushedBack());
    }

    /// The chunks to ask for now; empty when none are missing or a question is open.
    List<ChunkId> wanted() {
        if (chunksOpen || putting || missing.isEmpty()) return List.of();
        chunksOpen = true;
        return missing.stream().limit(Frame.WANT_MAX).toList();
    }

    void want(List<ChunkId> chunks) {
        for (var chunk : chunks) if (missing.size() < CHUNKS_MISSING_MAX) missing.add(chunk);
    }

    boolean mayAskEvents() {
        return !eventsOpen;
    }

    void askedEvents() {
        eventsOpen = true;
    }

    boolean chunksOpen() {
        return chunksOpen;
    }

    boolean asking() {
        return chunksOpen || eventsOpen;
    }

    /// The chunks of an answer that were asked for. An answer without any means that the peer has none of them.
    List<Chunk> take(List<Chunk> chunks) {
        chunksOpen = false;
        var taken = new ArrayList<Chunk>();
        for (var chunk : chunks) if (missing.contains(chunk.id())) taken.add(chunk);
        if (taken.isEmpty()) missing.clear();
        else putting = true;
        return taken;
    }

    /// @return what of the batch that waits for chunks changed: with these answers admitted
    void stored(List<ChunkId> stored, List<Admission> answers) {
        putting = false;
        stored.forEach(missing::remove);
        if (stored.isEmpty()) missing.clear();          // a peer that sends other bytes than it was asked for is not asked again
        long admitted = Traffic.of(answers).accepted() + Traffic.of(answers).voided();
        if (pendingAck != null) {
            int moved = (int) Math.min(admitted, pendingAck.waiting());
            pendingAck = new Frame.Ack(pendingAck.space(), pendingAck.upTo(), pendingAck.accepted() + moved, pendingAck.duplicate(),
                pendingAck.waiting() - moved, pendingAck.held(), pendingAck.rejected(), pendingAck.pushedBack());
        }
    }

    /// Nobody answers: what is missing is asked for again when the waiting room is looked at.
    void giveUp() {
        chunksOpen = false;
        eventsOpen = false;
        putting = false;
        missing.clear();
    }

    /// The acknowledgement that waited for chunks, once they are here or given up.
    Frame.Ack released() {
        if (pendingAck == null || !missing.isEmpty() || putting) return null;
        var ack = pendingAck;
        pendingAck = null;
        return ack;
    }

    boolean idle() {
        return appending == null && pendingAck == null && queue.isEmpty() && !putting;
    }

    Set<ChunkId> missing() {
        return missing;
    }
}

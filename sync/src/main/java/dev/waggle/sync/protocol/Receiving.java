package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;

import java.util.List;
import java.util.Optional;

/// What one peer sends, and what the log says of it: batches of events with [Incoming], a checkpoint with [Adopting], and the chunks of both, which
/// are asked for one question at a time.
final class Receiving {
    private static final int REJECTIONS_TOLD_MAX = 8;

    private final NodeId peer;
    private final SpaceId space;
    private final Timetable times;
    private final Standing standing;
    private final List<ExchangeStep> out;
    private final Incoming incoming = new Incoming();
    private final Adopting adopting = new Adopting();

    Receiving(NodeId peer, SpaceId space, Timetable times, Standing standing, List<ExchangeStep> out) {
        this.peer = peer;
        this.space = space;
        this.times = times;
        this.standing = standing;
        this.out = out;
    }

    /// No batch is on its way into the log.
    boolean idle() {
        return incoming.idle();
    }

    /// A checkpoint is on its way into the log.
    boolean adopts() {
        return adopting.open();
    }

    // frames

    /// @return false when they bring nothing, or the peer is cut off
    boolean events(Frame.Events events) {
        var why = incoming.offer(events);
        if (why != null) {
            out.add(new ExchangeStep.Violation("over_credit", why));
            return false;
        }
        if (events.upTo() == 0) {
            if (!incoming.asking()) times.answered();
            if (events.events().isEmpty()) return false;        // the peer has not what was asked for: nothing to compare for
        }
        return true;
    }

    void checkpoint(Frame.Checkpoint offered) {
        if (adopting.begin()) out.add(new ExchangeStep.Adopt(Optional.of(offered.checkpoint()), List.of()));
    }

    void chunks(Frame.Chunks chunks) {
        if (adopting.asked()) {
            adopting.answered();
            times.answered();
            if (chunks.chunks().isEmpty()) adopting.end();          // the peer has them no more: the next comparison finds out what it has
            else out.add(new ExchangeStep.Adopt(Optional.empty(), chunks.chunks()));
            return;
        }
        if (!incoming.chunksOpen()) {
            out.add(new ExchangeStep.Violation("not_asked", "chunks that nobody asked for"));
            return;
        }
        var taken = incoming.take(chunks.chunks());
        if (!incoming.asking()) times.answered();
        if (!taken.isEmpty()) out.add(new ExchangeStep.PutChunks(taken));
    }

    // what the log says

    void appended(long upTo, List<Admission> answers) {
        var counted = Traffic.of(answers);
        times.storeWorks();
        standing.received(counted);
        standing.moved(counted.accepted() + counted.voided());
        answers.stream().filter(Admission.Rejected.class::isInstance).map(Admission.Rejected.class::cast).limit(REJECTIONS_TOLD_MAX)
            .forEach(no -> out.add(new ExchangeStep.Said(new Notice.Rejected(peer, space, no.event().id(), no.reason()))));
        var ack = incoming.appended(space, upTo, answers);
        if (ack != null) out.add(new ExchangeStep.Send(ack));
    }

    void chunksPut(Input.ChunksPut answer) {
        incoming.stored(answer.stored(), answer.answers());
    }

    void waitingListed(Input.WaitingListed waiting, Now now) {
        incoming.want(waiting.chunks());
        ask(waiting.events(), now);
    }

    boolean mayAsk() {
        return incoming.mayAskEvents();
    }

    void ask(List<EventId> events, Now now) {
        if (events.isEmpty() || !incoming.mayAskEvents()) return;
        incoming.askedEvents();
        times.expectAnswer(now);
        out.add(new ExchangeStep.Send(new Frame.Want(space, events.stream().limit(Frame.WANT_MAX).toList(), List.of())));
    }

    /// @return false when the checkpoint is none
    boolean adopted(Input.Adopted answer, Now now) {
        times.storeWorks();
        if (!answer.refused().isEmpty()) {
            adopting.end();
            out.add(new ExchangeStep.Violation("bad_checkpoint", answer.refused()));
            return false;
        }
        adopting.needs(answer.wanted());
        standing.startRun(now);
        if (answer.done() && answer.took() > 0) standing.moved(answer.took());
        if (answer.done()) adopting.end();
        else if (answer.wanted().isEmpty()) out.add(new ExchangeStep.Adopt(Optional.empty(), List.of()));      // it works on what is here, a piece at a time
        return true;
    }

    // what fails

    void answerIsLate() {
        incoming.giveUp();
        if (adopting.asked()) adopting.end();
    }

    void appendFailed() {
        incoming.appendFailed();
    }

    void putFailed() {
        incoming.giveUp();
    }

    void adoptFailed() {
        adopting.end();
    }

    /// After every input: the next batch, the next question, and the acknowledgement that waited.
    void goOn(Now now) {
        if (!(incoming.mustRetry() && times.retrying())) append();
        var wanted = adopting.asked() ? List.<ChunkId>of() : adopting.open() && !incoming.chunksOpen() ? adopting.question() : incoming.wanted();
        if (!wanted.isEmpty()) {
            times.expectAnswer(now);
            out.add(new ExchangeStep.Send(new Frame.Want(space, List.of(), wanted)));
        }
        var released = incoming.released();
        if (released != null) {
            out.add(new ExchangeStep.Send(released));
            append();
        }
    }

    private void append() {
        var batch = incoming.next();
        if (batch != null) out.add(new ExchangeStep.Append(batch.events(), batch.upTo()));
    }
}

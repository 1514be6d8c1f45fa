package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One space on one connection: how two logs become equal and stay so.
///
/// ```
/// Have  <->  Have        equal fingerprints: agreed, nothing else is said
///   Tips ->              else each tells what it has
///        <- Events       and gets what it lacks, in the sender's offset order, at most four batches unacknowledged
///   Ack  ->              after the batch is durable, with its chunks
///        <- Events       then new events are pushed as the log grows
/// Have  <->  Have        after a quiet second, and every five minutes
/// ```
///
/// Each Have is answered by one Have; which is which follows from their number. A push that is lost, a full inbox and a cut connection cost
/// nothing but time: the next Have finds the difference.
///
/// This is where the parts meet, each of which owns its state and adds to the same list of steps: [Outgoing] and [Relay] (what the peer lacks, and
/// whether it is sent at once), [Receiving] (what it sends), [Serving] (what it asks), [Doubts] (chains that part), [OwnChains], [Shown] (what it may know),
/// [Standing] (equal or not, and whether anything moves) and [Timetable].
final class Exchange {
    private static final int TIPS_KNOWN_MAX = 250_000;

    private final NodeId self;
    private final NodeId peer;
    private final SpaceId space;
    private final SyncSettings settings;
    private final List<ExchangeStep> out = new ArrayList<>();
    private final Timetable times;
    private final Shown shown;
    private final Standing standing;
    private final OwnChains ownChains;
    private final Outgoing outgoing;
    private final Relay relay;
    private final Receiving receiving;
    private final Serving serving;
    private final Doubts doubts;
    private List<Tip> gathering = new ArrayList<>();
    private int owedAnswers;
    private boolean congested;
    private boolean unacknowledged;        // since the last periodic comparison
    private long savedCursor;
    private long taken;
    private long written;                  // the offset up to which this node wrote while the connection is there

    Exchange(NodeId self, NodeId peer, SpaceId space, SyncSettings settings, LogState state, boolean mayServe, long cursor) {
        this.self = self;
        this.peer = peer;
        this.space = space;
        this.settings = settings;
        this.times = new Timetable(settings);
        this.shown = new Shown(state);
        this.standing = new Standing(peer, space, times, out);
        this.ownChains = new OwnChains(self, peer, space, out);
        this.outgoing = new Outgoing(settings, cursor);
        this.relay = new Relay(settings.quietMs());
        this.receiving = new Receiving(peer, space, times, standing, out);
        this.serving = new Serving(space, mayServe, out);
        this.doubts = new Doubts(space, times, standing, outgoing, out);
        this.savedCursor = cursor;
    }

    /// Exchanges the chains of one author alone, as between a space and who is no member of it any more: what he wrote is taken, and he learns nothing.
    ///
    /// @param author null for everybody's chains
    void restrict(NodeId author) {
        if (!shown.restrict(author)) return;
        outgoing.partial(author != null);
        standing.forget();
    }

    // what happens

    List<ExchangeStep> open(Now now) {
        times.begin(now);
        sendHave(false);
        out.add(new ExchangeStep.ListWaiting());           // what is held of the peer's own: it may have lost it
        return done(now);
    }

    List<ExchangeStep> received(Frame frame, Now now) {
        switch (frame) {
            case Frame.Have have -> have(have, now);
            case Frame.Tips tips -> tips(tips, now);
            case Frame.Events events -> events(events, now);
            case Frame.Ack ack -> ack(ack, now);
            case Frame.Want want -> serving.want(want, now);
            case Frame.Chunks chunks -> receiving.chunks(chunks);
            case Frame.Checkpoint checkpoint -> {
                if (!serving.tooManyQuestions(now) && !shown.partial()) receiving.checkpoint(checkpoint);
            }
            case Frame.Probe probe -> serving.probe(probe, now);
            case Frame.Places places -> doubts.places(places, now);
            default -> throw new IllegalArgumentException("not of a space: " + frame.getClass());
        }
        return done(now);
    }

    /// The log grew, or who may read it changed.
    List<ExchangeStep> logChanged(LogState newState, boolean newMayServe, Now now) {
        var whole = shown.whole();
        boolean grew = newState.lastOffset() != whole.lastOffset();
        if (grew || newMayServe != serving.allowed()) standing.changed();
        if (grew) {
            standing.differ(now);
            if (Chains.written(newState, self) != Chains.written(whole, self)) written = newState.lastOffset();
            if (shown.partial()) relay.release();
            else relay.grew(newState.lastOffset(), now);
        }
        shown.view(newState);
        serving.allow(newMayServe);
        doubts.grown(newState);
        return done(now);
    }

    List<ExchangeStep> readDone(Input.ReadDone answer, Now now) {
        var missing = outgoing.wanted(answer.missing(), self);
        times.storeWorks();
        long cursor = outgoing.cursor();
        if (outgoing.lost(answer.firstOffset())) out.add(new ExchangeStep.Said(new Notice.CursorReset(peer, space, cursor)));
        outgoing.read(missing).ifPresent(upTo -> {
            standing.sent(missing.events().size());
            int own = (int) missing.events().stream().filter(event -> event.chain().origin().equals(self)).count();
            relay.sent(own, missing.events().size() - own, now);
            standing.startRun(now);
            out.add(new ExchangeStep.Send(new Frame.Events(space, missing.events(), upTo)));
            standing.touch(now);
        });
        answer.checkpoint().ifPresent(checkpoint -> out.add(new ExchangeStep.Send(new Frame.Checkpoint(space, checkpoint))));
        return done(now);
    }

    List<ExchangeStep> adopted(Input.Adopted answer, Now now) {
        if (!receiving.adopted(answer, now)) return flush();
        if (answer.done() && answer.took() > 0) sendHave(false);       // else it brought nothing: compared again when it is quiet, not at once
        standing.touch(now);
        return done(now);
    }

    List<ExchangeStep> located(List<Tip> unknown, Now now) {
        var strangers = doubts.located(unknown, shown.whole());
        ownChains.parted(strangers);
        if (!strangers.isEmpty() && serving.allowed()) doubts.repair(strangers, now);
        return done(now);
    }

    List<ExchangeStep> appended(long upTo, List<Admission> answers, Now now) {
        receiving.appended(upTo, answers);
        standing.touch(now);
        return done(now);
    }

    List<ExchangeStep> chunksPut(Input.ChunksPut answer, Now now) {
        receiving.chunksPut(answer);
        standing.touch(now);
        return done(now);
    }

    List<ExchangeStep> fetched(List<Frame> frames, Now now) {
        serving.fetched(frames);
        standing.touch(now);
        return done(now);
    }

    List<ExchangeStep> looked(Input.Looked answer, Now now) {
        if (answer.forPeer()) serving.looked(answer);
        else doubts.looked(answer, now);
        return done(now);
    }

    List<ExchangeStep> waitingListed(Input.WaitingListed waiting, Now now) {
        receiving.waitingListed(waiting, now);
        ownChains.held(waiting.theirs());
        tellHeld();
        return done(now);
    }

    List<ExchangeStep> storeFailed(String what, Now now) {
        switch (what) {
            case "read" -> outgoing.readFailed();
            case "append" -> receiving.appendFailed();
            case "chunks" -> receiving.putFailed();
            case "fetch" -> serving.fetchFailed();
            case "look" -> {
                serving.lookFailed();
                doubts.lookFailed(now);
            }
            case "adopt" -> receiving.adoptFailed();
            case "locate" -> doubts.locateFailed();
            default -> { }                      // a list of what waits: asked for again after the next quiet time
        }
        times.retryLater(now);
        return done(now);
    }

    List<ExchangeStep> congested(boolean full, Now now) {
        congested = full;
        return done(now);
    }

    List<ExchangeStep> rang(Now now) {
        if (times.answerIsLate(now)) {
            receiving.answerIsLate();
            doubts.answerIsLate(now);
        }
        times.retryIsDue(now);
        boolean requested = times.requestIsDue(now);
        if (times.periodicIsDue(now)) {
            if (unacknowledged && !outgoing.idle()) {
                out.add(new ExchangeStep.Violation("stalled", "nothing was acknowledged for " + settings.periodicMs() + " ms"));
                return flush();
            }
            unacknowledged = !outgoing.idle();
            sendHave(false);
        } else if (relay.isDue(now)) {
            if (owedAnswers == 0) sendHave(false);
            times.traffic(now);
        } else if (requested) {
            if (owedAnswers == 0) sendHave(false);
        } else if (times.quietIsOver(now, standing.agreed())) {
            out.add(new ExchangeStep.ListWaiting());
            if (!standing.agreed() && !receiving.adopts() && outgoing.idle() && receiving.idle()) sendHave(false);
        }
        return done(now);
    }

    /// A person or a timer asks: compare now.
    List<ExchangeStep> compare(Now now) {
        times.requested(now);
        if (times.requestIsDue(now) && owedAnswers == 0) sendHave(false);
        return done(now);
    }

    /// The connection ended.
    List<ExchangeStep> closed(String why, Now now) {
        standing.endRun(why, now);
        return flush();
    }

    // frames

    private void have(Frame.Have have, Now now) {
        if (serving.tooManyQuestions(now)) return;
        ownChains.told(have, shown.state(), now);
        boolean answer = owedAnswers > 0;
        if (answer) owedAnswers--;
        boolean equal = Arrays.equals(have.fingerprint(), shown.fingerprint());
        if (!answer) sendHave(true);
        if (equal) agree(now);
        else compareFurther(now);
        tellHeld();
    }

    private void tellHeld() {
        if (ownChains.untold() && owedAnswers == 0 && !shown.partial()) sendHave(false);
    }

    private void agree(Now now) {
        if (receiving.mayAsk()) receiving.ask(ownChains.lost(shown.state(), now), now);
        if (!shown.partial()) outgoing.equal(shown.whole());
        relay.release();
        standing.equal(now);
        if (!shown.partial()) out.add(new ExchangeStep.Said(new Notice.Agreed(peer, space, shown.state().lastOffset())));
    }

    private void compareFurther(Now now) {
        standing.unequal(outgoing.finished(shown.whole()) && receiving.idle(), now);
        var tips = shown.state().tips();
        for (int from = 0; from == 0 || from < tips.size(); from += Frame.TIPS_MAX) {
            int to = Math.min(tips.size(), from + Frame.TIPS_MAX);
            out.add(new ExchangeStep.Send(new Frame.Tips(space, List.copyOf(tips.subList(from, to)), to < tips.size())));
        }
    }

    private void tips(Frame.Tips tips, Now now) {
        if (tips.tips().size() > Frame.TIPS_MAX || gathering.size() + tips.tips().size() > TIPS_KNOWN_MAX) {
            out.add(new ExchangeStep.Violation("too_many_tips", "at most " + TIPS_KNOWN_MAX + " tips of a space are compared"));
            return;
        }
        gathering.addAll(tips.tips());
        if (tips.more()) return;
        var all = gathering;
        gathering = new ArrayList<>();
        if (!outgoing.comparable() || doubts.open()) return;      // what is on the way is not in them: the next Have asks again
        if (!shown.partial()) standing.reportDifference(all, shown.state());
        all.addAll(shown.hidden());
        outgoing.begin(all, shown.whole());
        relay.told();
        doubts.begin(all, shown.state(), now);
    }

    private void events(Frame.Events events, Now now) {
        if (events.upTo() == 0) ownChains.answered(events.events());
        if (!receiving.events(events)) return;
        outgoing.received(events.events());
        if (outgoing.chainsKnown() > TIPS_KNOWN_MAX) out.add(new ExchangeStep.Violation("too_many_tips", "too many chains"));
        standing.startRun(now);
        standing.differ(now);
    }

    private void ack(Frame.Ack ack, Now now) {
        if (!outgoing.acknowledged(ack)) {
            out.add(new ExchangeStep.Violation("unknown_ack", "acknowledges what was not sent"));
            return;
        }
        unacknowledged = false;
        relay.acknowledged(ack, shown.whole().lastOffset(), now);
        standing.answeredThere(ack);
        standing.moved(ack.accepted());
        taken += ack.accepted();
        if (ack.rejected() > 0) out.add(new ExchangeStep.Said(new Notice.RejectedThere(peer, space, ack.rejected())));
        if (ack.held() > 0) out.add(new ExchangeStep.Said(new Notice.HeldThere(peer, space, ack.held())));
        if (outgoing.mustAsk()) {
            times.pushedBack(now);
        } else {
            if (ack.pushedBack() == 0) times.tookAll();
            standing.touch(now);
        }
    }

    // moving on

    private void sendHave(boolean answer) {
        if (!answer) owedAnswers++;
        var state = shown.state();
        out.add(new ExchangeStep.Send(new Frame.Have(space, shown.fingerprint(), state.tips().size(), state.lastOffset(), ownChains.news(state))));
    }

    /// After every input: whatever can go on, goes on.
    private List<ExchangeStep> done(Now now) {
        boolean hindered = congested || !serving.allowed() || doubts.open() || times.retrying();
        if (!hindered) nextRead(now).ifPresent(out::add);
        receiving.goOn(now);
        if (outgoing.cursor() != savedCursor) {
            savedCursor = outgoing.cursor();
            out.add(new ExchangeStep.CursorMoved(savedCursor, taken));
            taken = 0;
        }
        out.add(new ExchangeStep.WakeAt(Math.min(times.next(), relay.next())));
        return flush();
    }

    private Optional<ExchangeStep.Read> nextRead(Now now) {
        var whole = shown.whole();
        if (outgoing.reached(relay.until())) relay.caughtUp(whole.lastOffset(), now);
        return relay.holding() ? outgoing.nextOwn(whole, self, written) : outgoing.next(Math.min(relay.until(), whole.lastOffset()));
    }

    private List<ExchangeStep> flush() {
        var all = List.copyOf(out);
        out.clear();
        return all;
    }

    // what others may know

    /// Whether the whole logs are equal. That one author's chains are says nothing of them.
    boolean agreed() {
        return standing.agreed() && !shown.partial();
    }

    long cursor() {
        return outgoing.cursor();
    }

    Traffic traffic() {
        return standing.traffic();
    }

    boolean differs() {
        return standing.reportedDifference();
    }

    long lag() {
        return Math.max(0, shown.whole().lastOffset() - outgoing.cursor());
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

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
final class Exchange {
    private static final int TIPS_KNOWN_MAX = 250_000;

    private final NodeId self;
    private final NodeId peer;
    private final SpaceId space;
    private final SyncSettings settings;
    private final Outgoing outgoing;
    private final Incoming incoming = new Incoming();
    private final Adopting adopting = new Adopting();
    private final Repair repair;
    private final List<ExchangeStep> out = new ArrayList<>();
    private final TreeSet<ChainId> reportedBehind = new TreeSet<>();
    private final Questions questions = new Questions();
    private LogState whole;
    private LogState state;                // what the peer may know of it
    private NodeId only;
    private byte[] fingerprint;
    private boolean mayServe;
    private boolean congested;
    private boolean unacknowledged;        // since the last periodic comparison
    private boolean fetching;
    private boolean looking;
    private List<Tip> gathering = new ArrayList<>();
    private List<Tip> locating;
    private boolean locatingToBegin;

    private boolean agreed;
    private int owedAnswers;
    /// What the peer was last told on this connection of its own chains.
    private List<Tip> toldTheirs = List.of();
    private int fruitless;                 // comparisons in a row that differed although nothing moved in between
    private long moved;                    // events taken by either side since the last comparison
    private boolean vain;                  // nothing had moved between the last two comparisons, nor has since
    private boolean reportedDifference;
    private Traffic traffic = Traffic.NONE;
    private final OpenRun run = new OpenRun();
    private final Timetable times;
    private final Relay relay;
    private long savedCursor;
    private long taken;

    Exchange(NodeId self, NodeId peer, SpaceId space, SyncSettings settings, LogState state, boolean mayServe, long cursor) {
        this.self = self;
        this.peer = peer;
        this.space = space;
        this.settings = settings;
        this.whole = state;
        this.state = state;
        this.mayServe = mayServe;
        this.outgoing = new Outgoing(settings, cursor);
        this.repair = new Repair(space);
        this.times = new Timetable(settings);
        this.relay = new Relay(settings.quietMs());
        this.savedCursor = cursor;
    }

    /// Exchanges the chains of one author alone, as between a space and who is no member of it any more: what he wrote is taken, and he learns nothing.
    ///
    /// @param author null for everybody's chains
    void restrict(NodeId author) {
        if (Objects.equals(author, only)) return;
        only = author;
        outgoing.partial(author != null);
        agreed = false;
        view(whole);
    }

    private void view(LogState newState) {
        whole = newState;
        state = only == null ? newState : newState.of(only);
        fingerprint = null;
    }

    // what happens

    List<ExchangeStep> open(Now now) {
        times.begin(now);
        sendHave(false);
        return done(now);
    }

    List<ExchangeStep> received(Frame frame, Now now) {
        switch (frame) {
            case Frame.Have have -> have(have, now);
            case Frame.Tips tips -> tips(tips, now);
            case Frame.Events events -> events(events, now);
            case Frame.Ack ack -> ack(ack, now);
            case Frame.Want want -> want(want, now);
            case Frame.Chunks chunks -> chunks(chunks, now);
            case Frame.Checkpoint(var _, var checkpoint) -> {
                if (!tooManyQuestions(now) && only == null && adopting.begin()) out.add(new ExchangeStep.Adopt(Optional.of(checkpoint), List.of()));
            }
            case Frame.Probe probe -> probe(probe, now);
            case Frame.Places places -> places(places, now);
            default -> throw new IllegalArgumentException("not of a space: " + frame.getClass());
        }
        return done(now);
    }

    /// The log grew, or who may read it changed.
    List<ExchangeStep> logChanged(LogState newState, boolean newMayServe, Now now) {
        boolean grew = newState.lastOffset() != whole.lastOffset();
        if (grew || newMayServe != mayServe) vain = false;                    // there is something new to compare
        if (grew) {
            differ(now);
            if (only != null || Chains.written(newState, self) != Chains.written(whole, self)) relay.wrote(newState.lastOffset());
            else relay.grew(outgoing.passed(), now);
        }
        view(newState);
        mayServe = newMayServe;
        if (locating == null) {
            var reached = outgoing.checkable(whole);
            if (!reached.isEmpty()) {
                locating = reached;
                out.add(new ExchangeStep.Locate(reached));
            }
        }
        return done(now);
    }

    List<ExchangeStep> readDone(Input.ReadDone answer, Now now) {
        var missing = answer.missing();
        times.storeWorks();
        long cursor = outgoing.cursor();
        if (outgoing.lost(answer.firstOffset())) out.add(new ExchangeStep.Said(new Notice.CursorReset(peer, space, cursor)));
        outgoing.read(missing).ifPresent(upTo -> {
            traffic = traffic.sentMore(missing.events().size());
            int own = (int) missing.events().stream().filter(event -> event.chain().origin().equals(self)).count();
            relay.sent(own, missing.events().size() - own);
            startRun(now);
            out.add(new ExchangeStep.Send(new Frame.Events(space, missing.events(), upTo)));
            touch(now);
        });
        answer.checkpoint().ifPresent(checkpoint -> out.add(new ExchangeStep.Send(new Frame.Checkpoint(space, checkpoint))));
        return done(now);
    }

    List<ExchangeStep> adopted(Input.Adopted answer, Now now) {
        times.storeWorks();
        if (!answer.refused().isEmpty()) {
            adopting.end();
            out.add(new ExchangeStep.Violation("bad_checkpoint", answer.refused()));
            return flush();
        }
        adopting.needs(answer.wanted());
        startRun(now);
        if (answer.done() && answer.took() > 0) {                 // else it brought nothing: compared again when it is quiet, not at once
            moved(answer.took());
            sendHave(false);
        }
        if (answer.done() || answer.wanted().isEmpty()) adopting.end();      // what has to wait for its time is offered again
        touch(now);
        return done(now);
    }

    List<ExchangeStep> located(List<Tip> unknown, Now now) {
        var asked = locating;
        locating = null;
        if (asked == null) return done(now);
        if (!locatingToBegin) outgoing.checked(asked, unknown, whole);
        else parted(unknown, now);
        locatingToBegin = false;
        return done(now);
    }

    /// Chains of the peer that part from ours. One of our own means that somebody else writes as us: a copied folder, a restored backup.
    private void parted(List<Tip> strangers, Now now) {
        for (var tip : strangers) if (tip.chain().origin().equals(self)) behindOnSelf(tip);
        if (!strangers.isEmpty() && mayServe) repairing(repair.begin(strangers), now);
    }

    List<ExchangeStep> appended(long upTo, List<Admission> answers, Now now) {
        var counted = Traffic.of(answers);
        times.storeWorks();
        traffic = traffic.plus(counted);
        moved(counted.accepted() + counted.voided());
        answers.stream().filter(Admission.Rejected.class::isInstance).map(Admission.Rejected.class::cast).limit(8)
            .forEach(no -> out.add(new ExchangeStep.Said(new Notice.Rejected(peer, space, no.event().id(), no.reason()))));
        var ack = incoming.appended(space, upTo, answers);
        if (ack != null) out.add(new ExchangeStep.Send(ack));
        touch(now);
        return done(now);
    }

    List<ExchangeStep> chunksPut(Input.ChunksPut answer, Now now) {
        incoming.stored(answer.stored(), answer.answers());
        touch(now);
        return done(now);
    }

    List<ExchangeStep> fetched(List<Frame> frames, Now now) {
        fetching = false;
        for (var frame : frames) out.add(new ExchangeStep.Send(frame));
        touch(now);
        return done(now);
    }

    List<ExchangeStep> looked(Input.Looked answer, Now now) {
        if (answer.forPeer()) {
            looking = false;
            out.add(new ExchangeStep.Send(new Frame.Places(space, answer.chain(), answer.seqs(), answer.ids())));
        } else {
            repairing(repair.looked(answer.ids()), now);
        }
        return done(now);
    }

    List<ExchangeStep> waitingListed(Input.WaitingListed waiting, Now now) {
        incoming.want(waiting.chunks());
        if (!waiting.events().isEmpty() && incoming.mayAskEvents()) {
            incoming.askedEvents();
            times.expectAnswer(now);
            out.add(new ExchangeStep.Send(new Frame.Want(space, waiting.events().stream().limit(Frame.WANT_MAX).toList(), List.of())));
        }
        return done(now);
    }

    List<ExchangeStep> storeFailed(String what, Now now) {
        switch (what) {
            case "read" -> outgoing.readFailed();
            case "append" -> incoming.appendFailed();
            case "chunks" -> incoming.giveUp();
            case "fetch" -> fetching = false;
            case "look" -> {
                looking = false;
                repairing(repair.giveUp(), now);
            }
            case "adopt" -> adopting.end();
            case "locate" -> {
                locating = null;
                locatingToBegin = false;
            }
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
            incoming.giveUp();
            if (adopting.asked()) adopting.end();
            if (repair.open()) repairing(repair.giveUp(), now);
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
        } else if (times.quietIsOver(now, agreed)) {
            out.add(new ExchangeStep.ListWaiting());
            if (!agreed && !adopting.open() && outgoing.idle() && incoming.idle()) sendHave(false);
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
        run.end(peer, space, traffic, why, now).ifPresent(each -> out.add(new ExchangeStep.Ran(each)));
        return flush();
    }

    // frames

    private void have(Frame.Have have, Now now) {
        if (tooManyQuestions(now)) return;
        checkOwnChains(have);
        boolean answer = owedAnswers > 0;
        if (answer) owedAnswers--;
        boolean equal = Arrays.equals(have.fingerprint(), fingerprint());
        if (!answer) sendHave(true);
        if (equal) agree(now);
        else compareFurther(now);
    }

    private void agree(Now now) {
        if (only == null) outgoing.equal(whole);
        relay.release();
        if (reportedDifference) out.add(new ExchangeStep.Said(new Notice.Repaired(peer, space)));
        reportedDifference = false;
        fruitless = 0;
        moved = 0;
        vain = false;
        if (!agreed) {
            startRun(now);
            agreed = true;
            run.end(peer, space, traffic, "", now).ifPresent(each -> out.add(new ExchangeStep.Ran(each)));
        }
        times.agreed();
        if (only == null) out.add(new ExchangeStep.Said(new Notice.Agreed(peer, space, state.lastOffset())));
    }

    private void compareFurther(Now now) {
        startRun(now);
        if (outgoing.finished(whole) && incoming.idle() && moved == 0) fruitless++;
        else fruitless = 0;
        vain = moved == 0;
        moved = 0;
        differ(now);
        var tips = state.tips();
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
        if (!outgoing.idle() || repair.open() || locatingToBegin) return;   // what is on the way is not in them: the next Have asks again
        reportDifference(all);
        if (only != null) for (var tip : whole.tips()) if (!tip.chain().origin().equals(only)) all.add(tip);      // none of their business
        outgoing.begin(all, whole);
        relay.release();
        var doubtful = all.stream().filter(tip -> !Chains.holds(state, tip) && Chains.seq(state, tip.chain()) >= tip.seq()).toList();
        if (doubtful.isEmpty()) return;
        locating = doubtful;
        locatingToBegin = true;
        times.expectAnswer(now);
        out.add(new ExchangeStep.Locate(doubtful));
    }

    private void reportDifference(List<Tip> theirs) {
        if (fruitless < 2 || reportedDifference || only != null) return;
        reportedDifference = true;
        var chains = new TreeSet<ChainId>();
        for (var tip : theirs) if (!Chains.holds(state, tip)) chains.add(tip.chain());
        var known = new TreeSet<EventId>();
        for (var tip : theirs) known.add(tip.id());
        for (var tip : state.tips()) if (!known.contains(tip.id())) chains.add(tip.chain());
        out.add(new ExchangeStep.Said(new Notice.Differs(peer, space, chains.stream().limit(16).toList())));
    }

    private void events(Frame.Events events, Now now) {
        var why = incoming.offer(events);
        if (why != null) {
            out.add(new ExchangeStep.Violation("over_credit", why));
            return;
        }
        if (events.upTo() == 0) {
            if (!incoming.asking()) times.answered();
            if (events.events().isEmpty()) return;              // the peer has not what was asked for: nothing to compare for
        }
        outgoing.received(events.events());
        if (outgoing.chainsKnown() > TIPS_KNOWN_MAX) out.add(new ExchangeStep.Violation("too_many_tips", "too many chains"));
        startRun(now);
        differ(now);
    }

    private void ack(Frame.Ack ack, Now now) {
        if (!outgoing.acknowledged(ack)) {
            out.add(new ExchangeStep.Violation("unknown_ack", "acknowledges what was not sent"));
            return;
        }
        unacknowledged = false;
        relay.acknowledged(ack, outgoing.passed(), now);
        traffic = traffic.answeredThere(ack);
        moved(ack.accepted());
        taken += ack.accepted();
        if (ack.rejected() > 0) out.add(new ExchangeStep.Said(new Notice.RejectedThere(peer, space, ack.rejected())));
        if (ack.held() > 0) out.add(new ExchangeStep.Said(new Notice.HeldThere(peer, space, ack.held())));
        if (outgoing.mustAsk()) {
            times.pushedBack(now);
        } else {
            if (ack.pushedBack() == 0) times.tookAll();
            touch(now);
        }
    }

    private void want(Frame.Want want, Now now) {
        if (want.events().size() > Frame.WANT_MAX || want.chunks().size() > Frame.WANT_MAX) {
            out.add(new ExchangeStep.Violation("too_many_wanted", "at most " + Frame.WANT_MAX + " at a time"));
            return;
        }
        if (tooManyQuestions(now)) return;
        if (!mayServe || fetching) {               // nothing here for somebody who may not read; an impatient asker asks again
            if (!want.chunks().isEmpty()) out.add(new ExchangeStep.Send(new Frame.Chunks(space, List.of())));
            if (!want.events().isEmpty()) out.add(new ExchangeStep.Send(new Frame.Events(space, List.of(), 0)));
            return;
        }
        fetching = true;
        questions.answeredWithWork();                      // work that is answered is no flood
        out.add(new ExchangeStep.Fetch(want.events(), want.chunks()));
    }

    private void chunks(Frame.Chunks chunks, Now now) {
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

    private void probe(Frame.Probe probe, Now now) {
        if (probe.seqs().isEmpty() || probe.seqs().size() > Frame.PROBE_SEQS_MAX) {
            out.add(new ExchangeStep.Violation("bad_probe", "one to " + Frame.PROBE_SEQS_MAX + " places at a time"));
            return;
        }
        if (!mayServe || looking || tooManyQuestions(now)) return;
        looking = true;
        questions.answeredWithWork();
        out.add(new ExchangeStep.Look(probe.chain(), probe.seqs(), true));
    }

    private void places(Frame.Places places, Now now) {
        repair.answered(places).ifPresent(step -> repairing(List.of(step), now));
    }

    private void repairing(List<Repair.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Repair.Out.Ask(var probe) -> {
                    times.expectAnswer(now);
                    out.add(new ExchangeStep.Send(probe));
                }
                case Repair.Out.Look(var theirs) -> out.add(new ExchangeStep.Look(theirs.chain(), theirs.seqs(), false));
                case Repair.Out.Parted(var named, var common) -> outgoing.parted(named, common);
                case Repair.Out.Done() -> touch(now);
            }
        }
    }

    /// A peer that holds more of our own chains than we do tells us that we are restored or copied.
    private void checkOwnChains(Frame.Have have) {
        for (var tip : have.youHave()) {
            if (!tip.chain().origin().equals(self) || Chains.holds(state, tip)) continue;
            boolean another = Chains.tips(state, tip.chain()).stream().anyMatch(mine -> mine.seq() == tip.seq());
            if (another || tip.seq() > Chains.seq(state, tip.chain())) behindOnSelf(tip);
        }
    }

    private void behindOnSelf(Tip tip) {
        if (reportedBehind.size() < 64 && reportedBehind.add(tip.chain()))
            out.add(new ExchangeStep.Said(new Notice.BehindOnSelf(peer, space, tip.chain(), tip.seq())));
    }

    private boolean tooManyQuestions(Now now) {
        if (questions.mayAsk(now)) return false;
        out.add(new ExchangeStep.Violation("too_many_questions", "more questions than an honest peer has"));
        return true;
    }

    // moving on

    private void sendHave(boolean answer) {
        if (!answer) owedAnswers++;
        var theirs = Chains.tips(state, peer).stream().limit(1_000).toList();
        var news = theirs.equals(toldTheirs) ? List.<Tip>of() : theirs;
        toldTheirs = theirs;
        out.add(new ExchangeStep.Send(new Frame.Have(space, fingerprint(), state.tips().size(), state.lastOffset(), news)));
    }

    private byte[] fingerprint() {
        if (fingerprint == null) fingerprint = state.fingerprint();
        return fingerprint;
    }

    private void differ(Now now) {
        agreed = false;
        touch(now);
    }

    private void touch(Now now) {
        if (agreed) return;
        if (!vain) times.hurry();
        times.traffic(now);
    }

    private void moved(long events) {
        moved += events;
        if (events > 0) vain = false;
    }

    private void startRun(Now now) {
        run.start(traffic, now);
    }

    /// After every input: whatever can go on, goes on.
    private List<ExchangeStep> done(Now now) {
        boolean hindered = congested || !mayServe || repair.open() || locatingToBegin || times.retrying() || relay.holding();
        if (!hindered) outgoing.next(whole).ifPresent(out::add);
        if (!(incoming.mustRetry() && times.retrying())) {
            var batch = incoming.next();
            if (batch != null) out.add(new ExchangeStep.Append(batch.events(), batch.upTo()));
        }
        var wanted = adopting.asked() ? List.<ChunkId>of() : adopting.open() && !incoming.chunksOpen() ? adopting.question() : incoming.wanted();
        if (!wanted.isEmpty()) {
            times.expectAnswer(now);
            out.add(new ExchangeStep.Send(new Frame.Want(space, List.of(), wanted)));
        }
        var released = incoming.released();
        if (released != null) {
            out.add(new ExchangeStep.Send(released));
            var batch = incoming.next();
            if (batch != null) out.add(new ExchangeStep.Append(batch.events(), batch.upTo()));
        }
        if (outgoing.cursor() != savedCursor) {
            savedCursor = outgoing.cursor();
            out.add(new ExchangeStep.CursorMoved(savedCursor, taken));
            taken = 0;
        }
        out.add(new ExchangeStep.WakeAt(Math.min(times.next(), relay.next())));
        return flush();
    }


    private List<ExchangeStep> flush() {
        var all = List.copyOf(out);
        out.clear();
        return all;
    }

    // what others may know

    /// Whether the whole logs are equal. That one author's chains are says nothing of them.
    boolean agreed() {
        return agreed && only == null;
    }

    long cursor() {
        return outgoing.cursor();
    }

    Traffic traffic() {
        return traffic;
    }

    boolean differs() {
        return reportedDifference;
    }

    long lag() {
        return Math.max(0, whole.lastOffset() - outgoing.cursor());
    }
}

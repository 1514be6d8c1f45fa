package dev.waggle.sync.protocol;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one peer lacks of one space, and how much of it is on the way. It holds offsets and tips, never events: what to send is read from the
/// log again after every loss (I9). The cursor is what is durable at the peer (I7):
///
/// - it moves when a batch is acknowledged and nothing was pushed back or rejected, to what was read up to then;
/// - it stands still while the peer's tips name events that are not here: what it has of that chain is then a claim not yet checked;
/// - it goes back, by name, when the peer lacks what it acknowledged.
final class Outgoing {
    private final SyncSettings settings;
    private final Tips theirs = new Tips();
    private final ArrayDeque<Batch> inFlight = new ArrayDeque<>();
    private List<Tip> unproven = List.of();
    private boolean known;
    private Reading reading = Reading.NOTHING;
    private boolean pushedBack;
    private boolean refused;      // the peer rejected events of ours, or some are damaged here: it does not hold all that was sent
    private boolean forked;       // the peer named a tip of a chain that forked: which of our branches it lacks is found by the next comparison
    private boolean excused;      // the peer keeps or refuses events that its tips do not show: their absence there proves nothing
    private long sent;
    private long sentOwn;
    private long readState;
    private long exhausted = -1;
    private boolean partial;
    private int before;                    // batches in flight that were sent when everything was exchanged
    private long cursor;

    private enum Reading { NOTHING, ALL, OWN }

    /// @param own of this node's own events alone, which says nothing of the rest of the log up to there: they are kept, until they are acknowledged
    private record Batch(long upTo, List<Event> own) {
        boolean whole() {
            return own.isEmpty();
        }
    }

    Outgoing(SyncSettings settings, long cursor) {
        this.settings = settings;
        this.cursor = cursor;
    }

    long cursor() {
        return cursor;
    }

    boolean idle() {
        return reading == Reading.NOTHING && inFlight.isEmpty();
    }

    /// Nothing is on the way, or this node's own events alone: they are known to be missing from what the peer tells.
    boolean comparable() {
        return reading == Reading.NOTHING && inFlight.stream().noneMatch(Batch::whole);
    }

    /// Everything that is known to be missing there was sent and acknowledged.
    boolean finished(LogState state) {
        return known && idle() && exhausted >= state.lastOffset();
    }

    /// The peer's tips; taken only while the exchange is [#comparable], since what is on the way is not in them.
    void begin(List<Tip> tips, LogState state) {
        theirs.set(tips);
        for (var batch : inFlight) for (var event : batch.own()) if (theirs.continues(event)) theirs.add(event);
        unproven = tips.stream().filter(tip -> tip.seq() > Chains.seq(state, tip.chain())).toList();
        known = true;
        pushedBack = false;
        refused = false;
        forked = false;
        sent = 0;
        exhausted = -1;
    }

    /// While only some chains are exchanged the cursor stays where it is: it speaks of the whole log. Afterwards the peer's tips are asked for again.
    void partial(boolean some) {
        before = some ? inFlight.size() : 0;
        partial = some;
        known = false;
        exhausted = -1;
    }

    /// Repair found where a chain of the peer parts from ours.
    void parted(Tip named, Tip common) {
        theirs.replace(named, common);
    }

    /// Fingerprints were equal: the peer has the whole log, and everything before is forgotten.
    void equal(LogState state) {
        theirs.clear();
        unproven = List.of();
        known = true;
        pushedBack = false;
        refused = false;
        forked = false;
        sent = Math.max(sent, state.lastOffset());
        exhausted = state.lastOffset();
        excused = false;
        cursor = Math.max(cursor, state.lastOffset());
    }

    void received(List<Event> events) {
        for (var event : events) theirs.add(event);
    }

    int chainsKnown() {
        return theirs.chains();
    }

    /// Nothing is missing up to this offset that is not on the way.
    boolean reached(long until) {
        return known && exhausted >= until;
    }

    /// The next read, when credit allows and something may be missing.
    ///
    /// @param until an offset that was the log's last
    Optional<ExchangeStep.Read> next(long until) {
        if (!mayRead() || exhausted >= until) return Optional.empty();
        reading = Reading.ALL;
        readState = until;
        return Optional.of(new ExchangeStep.Read(theirs.all(), sent, until));
    }

    /// The next read of what this node wrote itself: the peer is taken to have all that others wrote.
    ///
    /// @param written the offset up to which this node wrote
    Optional<ExchangeStep.Read> nextOwn(LogState state, NodeId self, long written) {
        long after = Math.max(sent, sentOwn);
        if (partial || !mayRead() || written <= after) return Optional.empty();
        reading = Reading.OWN;
        var have = new ArrayList<Tip>();
        for (var tip : state.tips()) if (!tip.chain().origin().equals(self)) have.add(tip);
        for (var tip : theirs.all()) if (tip.chain().origin().equals(self)) have.add(tip);
        return Optional.of(new ExchangeStep.Read(have, after, state.lastOffset()));
    }

    private boolean mayRead() {
        return known && reading == Reading.NOTHING && !pushedBack && inFlight.size() < settings.creditBatches();
    }

    /// The peer lacks an event that it acknowledged, so it lost it: restored, or its folder replaced. The cursor goes back, by name.
    ///
    /// @param firstOffset the offset of the first event that it lacks
    /// @return true when it went back
    boolean lost(long firstOffset) {
        if (reading == Reading.OWN || firstOffset == 0 || firstOffset > cursor || excused) return false;
        cursor = firstOffset - 1;
        return true;
    }

    /// What of an answer is to be sent. While this node's own events were looked for, some of others' may have come that follow what is held back.
    EventLog.Missing wanted(EventLog.Missing missing, NodeId self) {
        if (reading != Reading.OWN) return missing;
        var own = missing.events().stream().filter(event -> event.chain().origin().equals(self)).toList();
        return new EventLog.Missing(own, missing.upTo(), missing.end(), missing.damaged(), missing.condensed());
    }

    /// @return the offset that the peer has to acknowledge, when there is something to send
    Optional<Long> read(EventLog.Missing missing) {
        boolean own = reading == Reading.OWN;
        reading = Reading.NOTHING;
        if (missing.damaged()) refused = true;
        if (own) sentOwn = Math.max(sentOwn, missing.upTo());
        else readAll(missing);
        if (missing.events().isEmpty()) {
            settle();
            return Optional.empty();
        }
        if (own) received(missing.events());                 // or it would be sent once more with the rest
        long upTo = free(missing.upTo());
        inFlight.add(new Batch(upTo, own ? missing.events() : List.of()));
        return Optional.of(upTo);
    }

    /// A batch of this node's own events may end where the next one of all does. Their acknowledgements could not be told apart, and one that came twice would speak for both, so
    /// the later one claims less than it could.
    private long free(long upTo) {
        long free = upTo;
        for (var batch : inFlight.reversed()) if (batch.upTo() == free) free--;
        return free;
    }

    private void readAll(EventLog.Missing missing) {
        sent = Math.max(sent, missing.upTo());
        if (missing.end()) {
            exhausted = Math.max(readState, missing.upTo());
            sent = Math.max(sent, readState);
        } else if (missing.condensed()) {
            exhausted = readState;                 // the rest waits for what a checkpoint brings; the peer compares again then
        }
    }

    void readFailed() {
        reading = Reading.NOTHING;
    }

    /// @return false when nothing was sent that this acknowledges
    boolean acknowledged(Frame.Ack ack) {
        var oldest = inFlight.peekFirst();
        if (oldest == null || oldest.upTo() != ack.upTo()) return false;
        inFlight.removeFirst();
        if (ack.pushedBack() > 0) pushedBack = true;
        if (ack.rejected() > 0) refused = true;
        if (ack.waiting() + ack.held() + ack.rejected() > 0) excused = true;
        boolean earlier = before > 0;
        if (earlier) before--;
        if (oldest.whole() && (earlier ? soundButPartial() : sound())) cursor = Math.max(cursor, ack.upTo());
        settle();
        return true;
    }

    /// The peer's waiting room was full: it has to be asked again what it lacks.
    boolean mustAsk() {
        return pushedBack && idle();
    }

    private void settle() {
        if (known && inFlight.isEmpty() && sound()) cursor = Math.max(cursor, sent);
    }

    private boolean sound() {
        return !partial && soundButPartial();
    }

    private boolean soundButPartial() {
        return !pushedBack && !refused && !forked && unproven.isEmpty();
    }

    /// Tips that the peer named and that this log may have reached by now.
    List<Tip> checkable(LogState state) {
        if (unproven.isEmpty()) return unproven;
        var left = new ArrayList<Tip>();
        var reached = new ArrayList<Tip>();
        for (var tip : unproven) {
            if (Chains.holds(state, tip)) {
                // It is here now. With one branch, what the log held of the chain before lies below it; with several, some may not.
                if (Chains.tips(state, tip.chain()).size() > 1) forked = true;
                continue;
            }
            left.add(tip);
            if (Chains.seq(state, tip.chain()) >= tip.seq()) reached.add(tip);
        }
        unproven = List.copyOf(left);
        settle();
        return reached;
    }

    /// @param asked   what [#checkable] returned
    /// @param unknown those of them that are not here: the peer is on another branch, and is told of ours when the logs are compared next
    void checked(List<Tip> asked, List<Tip> unknown, LogState state) {
        for (var tip : asked)
            if (unproven.contains(tip) && !unknown.contains(tip) && Chains.tips(state, tip.chain()).size() > 1) forked = true;
        unproven = unproven.stream().filter(tip -> !asked.contains(tip) || unknown.contains(tip)).toList();
        settle();
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;

/// Tips that the peer named and that are no tips here, though the chain here reaches as far: the log is asked whether it has them. A chain of which
/// it has not the tip parts from ours somewhere, and [Repair] finds out where.
final class Doubts {
    private final Timetable times;
    private final Standing standing;
    private final Outgoing outgoing;
    private final List<ExchangeStep> out;
    private final Repair repair;
    private List<Tip> locating;
    private boolean locatingToBegin;       // the question is about all that the peer has: nothing is sent before it is answered

    Doubts(SpaceId space, Timetable times, Standing standing, Outgoing outgoing, List<ExchangeStep> out) {
        this.times = times;
        this.standing = standing;
        this.outgoing = outgoing;
        this.out = out;
        this.repair = new Repair(space);
    }

    /// It is not known yet from where on the peer lacks what is here.
    boolean open() {
        return repair.open() || locatingToBegin;
    }

    /// @param tips all that the peer has
    void begin(List<Tip> tips, LogState state, Now now) {
        var doubtful = tips.stream().filter(tip -> !Chains.holds(state, tip) && Chains.seq(state, tip.chain()) >= tip.seq()).toList();
        if (doubtful.isEmpty()) return;
        locating = doubtful;
        locatingToBegin = true;
        times.expectAnswer(now);
        out.add(new ExchangeStep.Locate(doubtful));
    }

    /// The log grew, and may have reached what the peer named before.
    void grown(LogState whole) {
        if (locating != null) return;
        var reached = outgoing.checkable(whole);
        if (reached.isEmpty()) return;
        locating = reached;
        out.add(new ExchangeStep.Locate(reached));
    }

    /// The log says which of the tips it has not.
    ///
    /// @return the chains among all that the peer has that part from ours: where they do has to be found out
    List<Tip> located(List<Tip> unknown, LogState whole) {
        var asked = locating;
        locating = null;
        if (asked == null) return List.of();
        boolean toBegin = locatingToBegin;
        locatingToBegin = false;
        if (toBegin) return unknown;
        outgoing.checked(asked, unknown, whole);
        return List.of();
    }

    void locateFailed() {
        locating = null;
        locatingToBegin = false;
    }

    // where chains part

    void repair(List<Tip> strangers, Now now) {
        repairing(repair.begin(strangers), now);
    }

    void places(Frame.Places places, Now now) {
        repair.answered(places).ifPresent(step -> repairing(List.of(step), now));
    }

    void looked(Input.Looked answer, Now now) {
        repairing(repair.looked(answer.ids()), now);
    }

    void lookFailed(Now now) {
        repairing(repair.giveUp(), now);
    }

    void answerIsLate(Now now) {
        if (repair.open()) repairing(repair.giveUp(), now);
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
                case Repair.Out.Done() -> standing.touch(now);
            }
        }
    }
}

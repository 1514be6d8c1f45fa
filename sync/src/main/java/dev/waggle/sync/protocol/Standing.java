package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.TreeSet;

/// How two logs stand to each other: equal, on the way to it, or different although nothing moves any more, which people are told. While something
/// moves the logs are compared again soon.
final class Standing {
    private final NodeId peer;
    private final SpaceId space;
    private final Timetable times;
    private final List<ExchangeStep> out;
    private final OpenRun run = new OpenRun();
    private Traffic traffic = Traffic.NONE;
    private boolean agreed;
    private int fruitless;                 // comparisons in a row that differed although nothing moved in between
    private long moved;                    // events taken by either side since the last comparison
    private boolean vain;                  // nothing had moved between the last two comparisons, nor has since
    private boolean reportedDifference;

    Standing(NodeId peer, SpaceId space, Timetable times, List<ExchangeStep> out) {
        this.peer = peer;
        this.space = space;
        this.times = times;
        this.out = out;
    }

    // comparisons

    void equal(Now now) {
        if (reportedDifference) out.add(new ExchangeStep.Said(new Notice.Repaired(peer, space)));
        reportedDifference = false;
        fruitless = 0;
        moved = 0;
        vain = false;
        if (!agreed) {
            startRun(now);
            agreed = true;
            endRun("", now);
        }
        times.agreed();
    }

    /// @param exchanged nothing more is known to be missing on either side
    void unequal(boolean exchanged, Now now) {
        startRun(now);
        if (exchanged && moved == 0) fruitless++;
        else fruitless = 0;
        vain = moved == 0;
        moved = 0;
        differ(now);
    }

    void reportDifference(List<Tip> theirs, LogState state) {
        if (fruitless < 2 || reportedDifference) return;
        reportedDifference = true;
        var chains = new TreeSet<ChainId>();
        for (var tip : theirs) if (!Chains.holds(state, tip)) chains.add(tip.chain());
        var known = new TreeSet<EventId>();
        for (var tip : theirs) known.add(tip.id());
        for (var tip : state.tips()) if (!known.contains(tip.id())) chains.add(tip.chain());
        out.add(new ExchangeStep.Said(new Notice.Differs(peer, space, chains.stream().limit(16).toList())));
    }

    // between them

    void differ(Now now) {
        agreed = false;
        touch(now);
    }

    void touch(Now now) {
        if (agreed) return;
        if (!vain) times.hurry();
        times.traffic(now);
    }

    void moved(long events) {
        moved += events;
        if (events > 0) vain = false;
    }

    /// There is something new to compare.
    void changed() {
        vain = false;
    }

    /// Other chains than before are compared: that those were equal says nothing of these.
    void forget() {
        agreed = false;
    }

    // what is written down of it

    void startRun(Now now) {
        run.start(traffic, now);
    }

    void endRun(String why, Now now) {
        run.end(peer, space, traffic, why, now).ifPresent(each -> out.add(new ExchangeStep.Ran(each)));
    }

    void sent(int events) {
        traffic = traffic.sentMore(events);
    }

    void answeredThere(Frame.Ack ack) {
        traffic = traffic.answeredThere(ack);
    }

    void received(Traffic counted) {
        traffic = traffic.plus(counted);
    }

    // what others may know

    boolean agreed() {
        return agreed;
    }

    boolean reportedDifference() {
        return reportedDifference;
    }

    Traffic traffic() {
        return traffic;
    }
}

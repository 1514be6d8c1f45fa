package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What two nodes tell each other of the other's own chains. A peer that has more of our own chains than we do tells us that we are restored
/// or copied. What it holds for its stamps comes with no comparison: it is asked for by id, since only its author can write it again.
final class OwnChains {
    private static final int TOLD_MAX = 1_000;
    private static final int REPORTED_MAX = 64;

    private final NodeId self;
    private final NodeId peer;
    private final SpaceId space;
    private final List<ExchangeStep> out;
    private final TreeSet<ChainId> reportedBehind = new TreeSet<>();
    /// What the peer was last told on this connection of its own chains.
    private List<Tip> toldTheirs = List.of();
    private List<Tip> heldTheirs = List.of();
    private boolean heldUntold;
    /// What the peer says it has of our chains, and is not here.
    private final LinkedHashSet<Tip> lost = new LinkedHashSet<>();
    private final Set<EventId> heardOf = new HashSet<>();
    private List<Tip> asked = List.of();

    OwnChains(NodeId self, NodeId peer, SpaceId space, List<ExchangeStep> out) {
        this.self = self;
        this.peer = peer;
        this.space = space;
        this.out = out;
    }

    /// What the peer has to be told now of its own chains: nothing, when it was told the same before.
    List<Tip> news(LogState state) {
        var theirs = Stream.concat(heldTheirs.stream(), Chains.tips(state, peer).stream()).limit(TOLD_MAX).toList();
        heldUntold = false;
        var news = theirs.equals(toldTheirs) ? List.<Tip>of() : theirs;
        toldTheirs = theirs;
        return news;
    }

    /// @param tips the ends of runs of the peer that are held here
    void held(List<Tip> tips) {
        if (tips.equals(heldTheirs)) return;
        heldTheirs = tips;
        heldUntold = !tips.isEmpty();
    }

    /// Whether the peer has not been told of something that is held.
    boolean untold() {
        return heldUntold;
    }

    /// What to ask the peer for when nothing else is on its way.
    List<EventId> lost(LogState state, Now now) {
        lost.removeIf(tip -> Chains.holds(state, tip) || !isLost(tip, state, now));
        asked = lost.stream().limit(Frame.WANT_MAX).toList();
        asked.forEach(lost::remove);
        return asked.stream().map(Tip::id).toList();
    }

    /// The peer answered a question. What did not fit is asked for again; what it has not, is not.
    void answered(List<Event> events) {
        var came = events.stream().map(Event::id).collect(Collectors.toSet());
        if (asked.stream().anyMatch(tip -> came.contains(tip.id()))) asked.stream().filter(tip -> !came.contains(tip.id())).forEach(lost::add);
        asked = List.of();
    }

    /// What lies behind the end of our chain, or is held wherever clocks are right: such a one may also lie before what was written since.
    private static boolean isLost(Tip tip, LogState state, Now now) {
        return tip.seq() > Chains.seq(state, tip.chain()) || tip.ts().wallMs() > now.wallMs() + EventLog.FUTURE_MS_MAX;
    }

    void told(Frame.Have have, LogState state, Now now) {
        for (var tip : have.youHave()) {
            if (!tip.chain().origin().equals(self) || Chains.holds(state, tip)) continue;
            if (isLost(tip, state, now) && heardOf.size() < TOLD_MAX && heardOf.add(tip.id())) lost.add(tip);
            boolean another = Chains.tips(state, tip.chain()).stream().anyMatch(mine -> mine.seq() == tip.seq());
            if (another || tip.seq() > Chains.seq(state, tip.chain())) behindOnSelf(tip);
        }
    }

    /// Chains of the peer that part from ours. One of our own means that somebody else writes as us: a copied folder, a restored backup.
    void parted(List<Tip> strangers) {
        for (var tip : strangers) if (tip.chain().origin().equals(self)) behindOnSelf(tip);
    }

    private void behindOnSelf(Tip tip) {
        if (reportedBehind.size() < REPORTED_MAX && reportedBehind.add(tip.chain()))
            out.add(new ExchangeStep.Said(new Notice.BehindOnSelf(peer, space, tip.chain(), tip.seq())));
    }
}

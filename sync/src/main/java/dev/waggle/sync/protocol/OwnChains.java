package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.TreeSet;

/// What two nodes tell each other of the other's own chains. A peer that holds more of our own chains than we do tells us that we are restored
/// or copied.
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

    OwnChains(NodeId self, NodeId peer, SpaceId space, List<ExchangeStep> out) {
        this.self = self;
        this.peer = peer;
        this.space = space;
        this.out = out;
    }

    /// What the peer has to be told now of its own chains: nothing, when it was told the same before.
    List<Tip> news(LogState state) {
        var theirs = Chains.tips(state, peer).stream().limit(TOLD_MAX).toList();
        var news = theirs.equals(toldTheirs) ? List.<Tip>of() : theirs;
        toldTheirs = theirs;
        return news;
    }

    void told(Frame.Have have, LogState state) {
        for (var tip : have.youHave()) {
            if (!tip.chain().origin().equals(self) || Chains.holds(state, tip)) continue;
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

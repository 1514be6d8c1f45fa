package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Verifier;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Keeps who the peers are and dials them: those a person named, those a hub or [Gossip] names, those that came by themselves. What several sources say of
/// one peer is ordered by [PeerSources]; when it is dialled is decided by [Retry].
final class PeerKeeper {
    private final NodeId self;
    private final SyncSettings settings;
    private final Membership membership;
    private final Gossip gossip;
    private final Retry retry;
    private final Books books;
    private final SortedMap<NodeId, Link> byPeer;
    private final Outbox out;
    private List<String> listening = List.of();

    /// @param byPeer the connections with peers whose keys are proved, kept by the caller
    PeerKeeper(Signer signer, Verifier verifier, SyncSettings settings, Membership membership, Books books, Remembered remembered, SortedMap<NodeId, Link> byPeer, Outbox out) {
        this.self = signer.node();
        this.settings = settings;
        this.membership = membership;
        this.gossip = new Gossip(signer, verifier, settings.gossip(), membership, settings.connectionsMax(), remembered.removed());
        this.retry = new Retry(settings.dialMsMax());
        this.books = books;
        this.byPeer = byPeer;
        this.out = out;
    }

    Retry retry() {
        return retry;
    }

    GossipStatus gossipStatus() {
        return gossip.status();
    }

    void started(Now now) {
        if (settings.gossip().enabled()) out.alarm(new Alarm.GossipRound(), now.monotonicMs() + settings.gossip().exchangeMs());
        for (var peer : membership.peers()) {
            books.of(peer.node()).downSinceMs = now.monotonicMs();
            keep(peer.node(), peer.dialled(), now);
        }
    }

    // who they are

    void add(Peer peer, Now now) {
        if (!membership.add(peer)) {
            out.tell(new Notice.TroubleHere("add peer", "at most " + Membership.PEERS_MAX + " peers"));
            return;
        }
        books.of(peer.node()).downSinceMs = now.monotonicMs();
        gossip.wanted(peer.node());
        if (!peer.node().equals(self)) keep(peer.node(), peer.dialled(), now);
        if (byPeer.containsKey(peer.node())) retry.connected(peer.node(), now.monotonicMs());
    }

    void remember(Peer peer, Now now) {
        if (!membership.add(peer)) return;
        var counts = membership.peer(peer.node()).orElseThrow();
        if (!counts.equals(peer)) return;                                   // a source that is trusted more speaks of it
        out.add(new Effect.SavePeer(peer));
        keep(peer.node(), peer.dialled(), now);
        if (byPeer.containsKey(peer.node())) retry.connected(peer.node(), now.monotonicMs());
    }

    /// By a person: what others say of the peer does not bring it back.
    void remove(NodeId peer, Now now) {
        membership.remove(peer);
        gossip.unwanted(peer);
        gossip.forget(peer, now);
        retry.forget(peer);
        books.forget(peer);
        var link = byPeer.get(peer);
        if (link != null) out.end(link, "removed", "this node no longer keeps you as a peer");
    }

    /// Members only: a hub can say where somebody is, not who may read.
    void hubNames(List<Peer> said, Now now) {
        var hubRule = settings.gossip().withPrivate();
        var named = said.stream().map(peer -> new Peer(peer.node(), peer.name(), AddressRule.passedOn(peer.addresses(), hubRule, listening), List.of(), now.wallMs(),
            PeerSource.HUB, Peer.TTL_OF_SOURCE)).filter(peer -> !peer.node().equals(self) && gossip.isWanted(peer.node())
            && membership.spaces().keySet().stream().anyMatch(space -> membership.member(peer.node(), space))).toList();
        for (var old : membership.sources().of(PeerSource.HUB).peers())
            if (named.stream().noneMatch(peer -> peer.node().equals(old.node()))) takeBack(PeerSource.HUB, old.node(), "the hub no longer names it");
        for (var peer : named) {
            var known = membership.peer(peer.node());
            if (known.isPresent() && known.get().source() == PeerSource.HUB && known.get().addresses().equals(peer.addresses())
                && known.get().name().equals(peer.name())) continue;
            if (known.isEmpty()) books.of(peer.node()).downSinceMs = now.monotonicMs();
            remember(known.map(each -> peer.withLearnt(each.learnt())).orElse(peer), now);
            dialNow(peer.node(), now);
        }
    }

    /// Another source may still know the peer; while it is connected it is one that came by itself.
    private void takeBack(PeerSource source, NodeId node, String why) {
        var before = membership.peer(node);
        membership.sources().remove(source, node);
        var after = membership.peer(node);
        if (after.isEmpty() && byPeer.containsKey(node) && before.isPresent()) {
            var met = Peer.met(node, before.get().addedMs()).withLearnt(before.get().learnt());
            membership.add(met);
            after = Optional.of(met);
        }
        if (after.isPresent()) {
            out.add(new Effect.SavePeer(after.get()));
            return;
        }
        retry.forget(node);
        books.forget(node);
        out.add(new Effect.ForgetPeer(node));
        out.tell(new Notice.PeerForgotten(node, why));
    }

    // where they are

    void listening(List<String> addresses) {
        listening = addresses.stream().limit(Frame.ADDRESSES_MAX).toList();
        gossip.listening(listening);
        for (var link : byPeer.values()) if (!link.exchanges.isEmpty()) announce(link);
    }

    /// The first space is exchanged with this peer: it is kept, and told where this node is and of others.
    void shares(Link link, Now now) {
        if (membership.peer(link.peer).isEmpty()) remember(Peer.met(link.peer, now.wallMs()), now);
        announce(link);
        tellOfPeers(link, now);
    }

    /// The side that dialled keeps its loopback addresses to itself until the other has announced the one that was dialled.
    private void announce(Link link) {
        var told = !link.initiator || link.direct ? listening : AddressRule.withoutLoopback(listening);
        if (!told.isEmpty()) out.send(link, new Frame.Addresses(told));
    }

    void announced(Link link, List<String> addresses, Now now) {
        if (addresses.size() > Frame.ADDRESSES_MAX) {
            out.end(link, "too_many_addresses", "at most " + Frame.ADDRESSES_MAX);
            return;
        }
        if (membership.shared(link.peer).isEmpty()) return;
        if (link.initiator && !link.direct && addresses.contains(link.remote)) {
            link.direct = true;
            announce(link);
        }
        var believed = AddressRule.believed(addresses, link.remote, !link.initiator || link.direct);
        var peer = membership.peer(link.peer).orElseGet(() -> Peer.met(link.peer, now.wallMs()));
        if (peer.learnt().equals(believed)) return;
        remember(peer.withLearnt(believed), now);
    }

    // what peers say of peers

    private void tellOfPeers(Link link, Now now) {
        if (link.gossips && !link.closing && !link.exchanges.isEmpty()) gossip.forPeer(link.peer, byPeer::containsKey, now).ifPresent(frame -> out.send(link, frame));
    }

    void gossiped(Link link, Frame.Gossip told, Now now) {
        if (!link.gossips) out.end(link, "unexpected_frame", "peers are told of only where both sides offered it");
        else if (!link.exchanges.isEmpty()) heard(gossip.received(link.peer, told, now), now);
    }

    /// The same, outside of any connection.
    void heardOf(Input.HeardOf heard, Now now) {
        if (!heard.records().isEmpty()) heard(gossip.received(heard.peer(), new Frame.Gossip(heard.records()), now), now);
        out.tell(new Notice.ToldOf(heard.question(), gossip.forPeer(heard.peer(), byPeer::containsKey, now).map(Frame.Gossip::records).orElse(List.of())));
    }

    private void heard(List<Gossip.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Gossip.Out.Learnt(var peer) -> {
                    if (membership.peer(peer.node()).isEmpty()) books.of(peer.node()).downSinceMs = now.monotonicMs();
                    remember(peer, now);
                }
                case Gossip.Out.Forget(var peer, var why) -> takeBack(PeerSource.GOSSIP, peer, why);
            }
        }
    }

    void gossipRound(Now now) {
        long nowMs = now.monotonicMs();
        heard(gossip.check(byPeer::containsKey, node -> retry.failures(node) >= settings.gossip().failuresMax()
            && nowMs - books.of(node).downSinceMs >= settings.gossip().staleMs(), now), now);
        for (var link : List.copyOf(byPeer.values())) tellOfPeers(link, now);
        out.alarm(new Alarm.GossipRound(), nowMs + settings.gossip().exchangeMs());
    }

    // when they are dialled

    void keep(NodeId peer, List<String> addresses, Now now) {
        dials(retry.keep(peer, addresses, now.monotonicMs()), now);
    }

    void dialNow(NodeId peer, Now now) {
        dials(retry.now(peer, now.monotonicMs()), now);
    }

    void dialDue(NodeId peer, Now now) {
        if (!byPeer.containsKey(peer)) dials(retry.due(peer, now.monotonicMs()), now);
    }

    void dialAll(Now now) {
        dials(retry.all(now.monotonicMs()), now);
    }

    void dialFailed(Input.DialFailed failed, Now now) {
        dialEnded(failed.peer());
        if (byPeer.containsKey(failed.peer())) return;
        lost(failed.peer(), failed.random(), now);
        books.of(failed.peer()).lastError = failed.why();
        out.tell(new Notice.DialFailed(failed.peer(), failed.address(), failed.why(), retry.nextMs(failed.peer()) - now.monotonicMs()));
    }

    /// Well or badly: the next of those that gossip named may be dialled.
    void dialEnded(NodeId dialled) {
        if (dialled != null) gossip.dials().ended(dialled);
    }

    void lost(NodeId peer, long random, Now now) {
        dials(retry.lost(peer, now.monotonicMs(), random), now);
    }

    private boolean isLearnt(NodeId node) {
        return membership.peer(node).map(Peer::source).filter(PeerSource.GOSSIP::equals).isPresent();
    }

    private void dials(List<Retry.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Retry.Out.Dial(var peer, var address) -> {
                    long laterMs = isLearnt(peer) ? gossip.dials().tryDial(peer, (int) byPeer.keySet().stream().filter(this::isLearnt).count(), now.monotonicMs()) : 0;
                    if (laterMs == 0) out.add(new Effect.Dial(peer, address));
                    else dials(List.of(retry.postponed(peer, laterMs)), now);
                }
                case Retry.Out.WakeAt(var peer, var atMs) -> out.alarm(new Alarm.Dial(peer), atMs);
            }
        }
    }
}

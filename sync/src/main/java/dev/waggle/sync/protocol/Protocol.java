package dev.waggle.sync.protocol;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.LogState;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Decides what a node does next. No threads, sockets, clock or chance: equal inputs give equal effects.
///
/// It routes. What is decided is decided in the parts, each with its own state: [Handshake] (who is there), [Membership] (who may
/// have what), [Gossip] (what peers tell of peers), [Door] (tickets), [Exchange] with [Outgoing], [Incoming] and [Repair] (how two logs become equal), [Retry] (when to dial),
/// [ClockComparison] (whose clock is wrong).
public final class Protocol {
    private static final Frame.Refused NO_SUCH_SPACE = new Frame.Refused("no_such_space", "there is no such space for you here");
    private static final int REFUSALS_MAX = 100;

    private final Signer signer;
    private final NodeId self;
    private final Verifier verifier;
    private final SyncSettings settings;
    private final List<String> features;
    private final Membership membership;
    private final Door door;
    private final Gossip gossip;
    private final Retry retry;
    private final ClockComparison clocks;
    private final Books books;
    private final SortedMap<Long, Link> links = new TreeMap<>();      // sorted: a replay walks them in the same order
    private final SortedMap<NodeId, Link> byPeer = new TreeMap<>();
    private final List<Effect> out = new ArrayList<>();
    private List<String> listening = List.of();

    /// @param features what the transport of this node understands beyond the protocol's version, for example `zstd`
    public Protocol(Signer signer, Verifier verifier, SyncSettings settings, List<String> features, Remembered remembered) {
        this.signer = signer;
        this.self = signer.node();
        this.verifier = verifier;
        this.settings = settings;
        this.features = Stream.concat(features.stream(), settings.gossip().enabled() ? Stream.of(Frame.GOSSIP) : Stream.of()).sorted().distinct().toList();
        this.membership = new Membership(remembered);
        this.gossip = new Gossip(signer, verifier, settings.gossip(), membership, settings.connectionsMax(), remembered.removed());
        this.door = new Door(self, verifier, membership);
        this.retry = new Retry(settings.dialMsMax());
        this.clocks = new ClockComparison(settings.clockMsMax(), settings.clockPeersMin());
        this.books = new Books(remembered.cursors());
    }

    public List<Effect> step(Input input, Now now) {
        switch (input) {
            case Input.Started _ -> started(now);
            case Input.Opened opened -> opened(opened, now);
            case Input.Closed(var connection, var why, var random) -> closed(connection, why, random, now);
            case Input.Received(var connection, var frame) -> received(connection, frame, now);
            case Input.Congested(var connection, var full) -> congested(connection, full, now);
            case Input.DialFailed failed -> dialFailed(failed, now);
            case Input.Rang(var alarm, var random) -> rang(alarm, random, now);
            case Input.LogChanged(var space, var state) -> logChanged(space, state, now);
            case Input.SpaceClosed(var space) -> spaceClosed(space, now);
            case Input.ReadDone done -> at(done.connection(), done.space(), now, exchange -> exchange.readDone(done, now));
            case Input.Located done -> at(done.connection(), done.space(), now, exchange -> exchange.located(done.unknown(), now));
            case Input.Appended done -> appended(done, now);
            case Input.ChunksPut done -> at(done.connection(), done.space(), now, exchange -> exchange.chunksPut(done, now));
            case Input.Adopted done -> at(done.connection(), done.space(), now, exchange -> exchange.adopted(done, now));
            case Input.Fetched done -> at(done.connection(), done.space(), now, exchange -> exchange.fetched(done.frames(), now));
            case Input.Looked done -> at(done.connection(), done.space(), now, exchange -> exchange.looked(done, now));
            case Input.WaitingListed done -> at(done.connection(), done.space(), now, exchange -> exchange.waitingListed(done, now));
            case Input.StoreFailed failed -> storeFailed(failed, now);
            case Input.TicketJudged judged -> ticketJudged(judged, now);
            case Input.SpaceOpened done -> spaceOpened(done, now);
            case Input.AddPeer(var peer) -> addPeer(peer, now);
            case Input.RemovePeer(var peer) -> removePeer(peer, now);
            case Input.HubPeers(var peers) -> hubPeers(peers, now);
            case Input.Relate(var relationship) -> {
                membership.relate(relationship);
                refresh(relationship.peer(), now);
            }
            case Input.Unrelate(var peer, var space) -> {
                membership.unrelate(peer, space);
                refresh(peer, now);
            }
            case Input.Connect(var peer) -> dials(retry.now(peer, now.monotonicMs()), now);
            case Input.SyncNow(var peer) -> syncNow(peer, now);
            case Input.Join(var request, var ticket) ->
                atDoor(door.join(request, ticket, Optional.ofNullable(byPeer.get(ticket.issuer())), now), now);
            case Input.HeardOf(var question, var peer, var records) -> {
                if (!records.isEmpty()) heard(gossip.received(peer, new Frame.Gossip(records), now), now);
                tell(new Notice.ToldOf(question, gossip.forPeer(peer, byPeer::containsKey, now).map(Frame.Gossip::records).orElse(List.of())));
            }
            case Input.Listening(var addresses) -> {
                listening = addresses.stream().limit(Frame.ADDRESSES_MAX).toList();
                gossip.listening(listening);
                for (var link : byPeer.values()) if (!link.exchanges.isEmpty()) announce(link);
            }
        }
        var effects = List.copyOf(out);
        out.clear();
        return effects;
    }

    public SyncStatus status(Now now) {
        return books.status(membership, links.values(), byPeer, retry, clocks, gossip.status(), settings, now);
    }

    // beginning and ending

    private void started(Now now) {
        alarm(new Alarm.ConnectionCheck(), now.monotonicMs() + settings.connectionMs());
        alarm(new Alarm.RetryCheck(), now.monotonicMs() + settings.retryCheckMs());
        if (settings.gossip().enabled()) alarm(new Alarm.GossipRound(), now.monotonicMs() + settings.gossip().exchangeMs());
        for (var peer : membership.peers()) {
            books.of(peer.node()).downSinceMs = now.monotonicMs();
            dials(retry.keep(peer.node(), peer.dialled(), now.monotonicMs()), now);
        }
    }

    private void opened(Input.Opened opened, Now now) {
        var handshake = new Handshake(signer, verifier, features, opened, now.wallMs());
        var link = new Link(opened, handshake, now);
        links.put(link.connection, link);
        if (links.size() > settings.connectionsMax()) {
            end(link, "busy", "too many connections");
            return;
        }
        alarm(new Alarm.HandshakeLimit(link.connection), now.monotonicMs() + settings.handshakeMs());
        handshaking(link, handshake.open(), now);
    }

    private void closed(long connection, String why, long random, Now now) {
        var link = links.remove(connection);
        if (link == null) return;
        for (var each : link.exchanges.entrySet()) {
            carry(link, each.getKey(), each.getValue().closed(why, now), now);
            books.closed(link.peer, each.getKey(), each.getValue().traffic());
        }
        boolean current = link.proved() && byPeer.get(link.peer) == link;
        if (current) {
            byPeer.remove(link.peer);
            var book = books.of(link.peer);
            book.downSinceMs = now.monotonicMs();
            book.lastError = why;
            tell(new Notice.PeerDown(link.peer, why));
        }
        var target = link.proved() ? link.peer : link.dialled;
        if (link.dialled != null) gossip.dials().ended(link.dialled);
        if (target == null || byPeer.containsKey(target)) return;            // a duplicate's end is no loss
        dials(retry.lost(target, now.monotonicMs(), random), now);
        if (!current && link.dialled != null) tell(new Notice.DialFailed(target, link.remote, why, retry.nextMs(target) - now.monotonicMs()));
    }

    private void dialFailed(Input.DialFailed failed, Now now) {
        gossip.dials().ended(failed.peer());
        if (byPeer.containsKey(failed.peer())) return;
        dials(retry.lost(failed.peer(), now.monotonicMs(), failed.random()), now);
        books.of(failed.peer()).lastError = failed.why();
        tell(new Notice.DialFailed(failed.peer(), failed.address(), failed.why(), retry.nextMs(failed.peer()) - now.monotonicMs()));
    }

    private void end(Link link, String code, String message) {
        if (link.closing) return;
        link.closing = true;
        out.add(new Effect.Close(link.connection, code, message));
    }

    private void congested(long connection, boolean full, Now now) {
        var link = links.get(connection);
        if (link == null || link.congested == full) return;
        link.congested = full;
        for (var each : List.copyOf(link.exchanges.entrySet())) carry(link, each.getKey(), each.getValue().congested(full, now), now);
    }

    // frames

    private void received(long connection, Frame frame, Now now) {
        var link = links.get(connection);
        if (link == null || link.closing) return;
        link.heardMs = now.monotonicMs();
        if (!link.proved()) {
            handshaking(link, link.handshake.received(frame), now);
            return;
        }
        switch (frame) {
            case Frame.Hello _, Frame.Proof _ -> end(link, "unexpected_frame", "the handshake is over");
            case Frame.Redeem redeem -> atDoor(door.redeem(link, redeem, now), now);
            case Frame.Welcome(var space) -> atDoor(door.welcomed(link, space, now), now);
            case Frame.Refused(var code, var message) -> atDoor(door.refused(link, code, message), now);
            case Frame.Addresses(var addresses) -> addresses(link, addresses, now);
            case Frame.Gossip told -> {
                if (!link.gossips) end(link, "unexpected_frame", "peers are told of only where both sides offered it");
                else if (!link.exchanges.isEmpty()) heard(gossip.received(link.peer, told, now), now);
            }
            case Frame.Spaces(var hashes) -> spacesShown(link, hashes, true, now);
            case Frame.SharedSpaces(var hashes) -> spacesShown(link, hashes, false, now);
            case Frame.Removed(var hash, var by) -> removed(link, hash, by);
            case Frame.Have have -> ofSpace(link, have.space(), frame, now);
            case Frame.Tips tips -> ofSpace(link, tips.space(), frame, now);
            case Frame.Events events -> ofSpace(link, events.space(), frame, now);
            case Frame.Chunks chunks -> ofSpace(link, chunks.space(), frame, now);
            case Frame.Ack ack -> ofSpace(link, ack.space(), frame, now);
            case Frame.Want want -> ofSpace(link, want.space(), frame, now);
            case Frame.Checkpoint checkpoint -> ofSpace(link, checkpoint.space(), frame, now);
            case Frame.Probe probe -> ofSpace(link, probe.space(), frame, now);
            case Frame.Places places -> ofSpace(link, places.space(), frame, now);
            case Frame.Ping(var wallMs) -> {
                send(link, new Frame.Pong(wallMs));
                if (wallMs >= 0 && wallMs <= Hlc.WALL_MS_MAX) clocks.heard(link.peer, wallMs, now).ifPresent(this::tell);
            }
            case Frame.Pong _ -> { }                          // that it came is all it says
            case Frame.Bye(var code, var message) -> end(link, code, message.orElse(code));
        }
    }

    private void handshaking(Link link, List<Handshake.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Handshake.Out.Send(var frame) -> send(link, frame);
                case Handshake.Out.Failed(var code, var message) -> {
                    tell(new Notice.HandshakeFailed(link.remote, code, message));
                    end(link, code, message);
                }
                case Handshake.Out.Proved(var peer, var _, var agreed, var wallMs) -> {
                    link.gossips = agreed.contains(Frame.GOSSIP);
                    proved(link, peer, wallMs, now);
                }
            }
        }
    }

    private void proved(Link link, NodeId peer, long wallMs, Now now) {
        link.peer = peer;
        link.provedMs = now.monotonicMs();
        if (link.dialled != null) gossip.dials().ended(link.dialled);
        var old = byPeer.get(peer);
        if (old != null) {
            var loser = loser(old, link, now);
            end(loser, "duplicate", "another connection between the same nodes is kept");
            if (loser == link) return;
            for (var each : old.exchanges.entrySet()) {
                carry(old, each.getKey(), each.getValue().closed("replaced by another connection", now), now);
                books.closed(peer, each.getKey(), each.getValue().traffic());
            }
            old.exchanges.clear();
        }
        byPeer.put(peer, link);
        retry.connected(peer, now.monotonicMs());
        clocks.heard(peer, wallMs, now).ifPresent(this::tell);
        books.of(peer).lastError = "";
        tell(new Notice.PeerUp(peer, link.remote));
        alarm(new Alarm.Heartbeat(link.connection), now.monotonicMs() + settings.heartbeatMs());
        alarm(new Alarm.StrangerLimit(link.connection), now.monotonicMs() + settings.answerMs());
        atDoor(door.met(link), now);
        refresh(link, now);
    }

    /// Both ends choose the same one. Two made at nearly the same time: the one that the smaller node dialled stays. Otherwise the older one is
    /// dead at the other end, which would not have made a new one.
    private Link loser(Link old, Link fresh, Now now) {
        boolean together = now.monotonicMs() - old.provedMs < settings.duplicateMs();
        var oldBy = old.initiatorNode(self);
        var freshBy = fresh.initiatorNode(self);
        if (!together || oldBy.equals(freshBy)) return old;
        return oldBy.compareTo(freshBy) < 0 ? fresh : old;
    }

    private void spacesShown(Link link, List<byte[]> hashes, boolean asked, Now now) {
        if (hashes.size() > Frame.SPACES_MAX || hashes.stream().anyMatch(hash -> hash.length != 32) || !link.show(hashes, asked)) {
            end(link, "too_many_spaces", "at most " + Frame.SPACES_MAX + " spaces, each as 32 bytes");
            return;
        }
        if (asked) {
            var shared = membership.shared(link.peer).stream().filter(link::showed).toList();
            send(link, new Frame.SharedSpaces(link.names(shared)));
        }
        refresh(link, now);
    }

    /// A peer says that this node is a member no more: it is offered what this node wrote, and nothing else.
    private void removed(Link link, byte[] keyedHash, EventId by) {
        var name = Hex.of(keyedHash);
        for (var space : membership.spaces().keySet()) {
            if (!link.name(space).equals(name) || !link.removedFrom.add(space)) continue;
            tell(new Notice.Removed(link.peer, space, by));
            var exchange = link.exchanges.get(space);
            if (exchange != null) exchange.restrict(self);
        }
    }

    /// Whose chains alone are exchanged with a peer; null for everybody's.
    private NodeId only(Link link, SpaceId space) {
        if (membership.former(link.peer, space).isPresent()) return link.peer;
        return link.removedFrom.contains(space) ? self : null;
    }

    private void addresses(Link link, List<String> addresses, Now now) {
        if (addresses.size() > Frame.ADDRESSES_MAX) {
            end(link, "too_many_addresses", "at most " + Frame.ADDRESSES_MAX);
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

    private void ofSpace(Link link, SpaceId space, Frame frame, Now now) {
        var exchange = link.exchanges.get(space);
        if (exchange != null) {
            if (frame instanceof Frame.Events && link.removedFrom.remove(space)) exchange.restrict(only(link, space));      // served again
            carry(link, space, exchange.received(frame, now), now);
            return;
        }
        // The same bytes for a space that does not exist and for one that is none of the asker's business.
        boolean question = frame instanceof Frame.Have || frame instanceof Frame.Tips || frame instanceof Frame.Want
            || frame instanceof Frame.Probe || frame instanceof Frame.Events;
        if (!question) return;
        if (++link.refusals > REFUSALS_MAX) end(link, "too_many_questions", "asked for nothing that is here " + REFUSALS_MAX + " times");
        else send(link, NO_SUCH_SPACE);
    }

    // tickets

    private void ticketJudged(Input.TicketJudged judged, Now now) {
        if (judged.problem() == null) logChanged(judged.space(), judged.state(), now);
        var link = links.get(judged.connection());
        if (link == null || link.closing) return;
        atDoor(door.judged(link, judged), now);
        refresh(link, now);
    }

    private void atDoor(List<Door.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Door.Out.Say(var link, var frame) -> send(link, frame);
                case Door.Out.HangUp(var link, var code, var message) -> end(link, code, message);
                case Door.Out.Remember(var peer) -> remember(peer, now);
                case Door.Out.Seek(var issuer, var addresses) -> {
                    dials(retry.keep(issuer, addresses, now.monotonicMs()), now);
                    dials(retry.now(issuer, now.monotonicMs()), now);
                }
                case Door.Out.Leave(var issuer) -> retry.forget(issuer);
                case Door.Out.Carry(var effect) -> out.add(effect);
            }
        }
    }

    private void spaceOpened(Input.SpaceOpened done, Now now) {
        // One welcome answers every join of this space: the others' tickets need not be spent.
        for (var join : List.copyOf(membership.joins()))
            if (join.request() == done.request() || join.ticket().space().equals(done.space())) {
                membership.joined(join.request());
                tell(new Notice.Joined(join.request(), done.space(), null));
            }
        logChanged(done.space(), done.state(), now);
        // A log that was there before, empty, changes nothing by being opened; that this node was let in does.
        var link = links.get(done.connection());
        if (link != null && link.proved()) refresh(link, now);
    }

    // peers and spaces

    private void addPeer(Peer peer, Now now) {
        if (!membership.add(peer)) {
            tell(new Notice.TroubleHere("add peer", "at most " + Membership.PEERS_MAX + " peers"));
            return;
        }
        books.of(peer.node()).downSinceMs = now.monotonicMs();
        gossip.wanted(peer.node());
        if (!peer.node().equals(self)) dials(retry.keep(peer.node(), peer.dialled(), now.monotonicMs()), now);
        if (byPeer.containsKey(peer.node())) retry.connected(peer.node(), now.monotonicMs());
    }

    private void remember(Peer peer, Now now) {
        if (!membership.add(peer)) return;
        var counts = membership.peer(peer.node()).orElseThrow();
        if (!counts.equals(peer)) return;                                   // a source that is trusted more speaks of it
        out.add(new Effect.SavePeer(peer));
        dials(retry.keep(peer.node(), peer.dialled(), now.monotonicMs()), now);
        if (byPeer.containsKey(peer.node())) retry.connected(peer.node(), now.monotonicMs());
    }

    /// By a person: what others say of the peer does not bring it back.
    private void removePeer(NodeId peer, Now now) {
        membership.remove(peer);
        gossip.unwanted(peer);
        gossip.forget(peer, now);
        retry.forget(peer);
        books.forget(peer);
        var link = byPeer.get(peer);
        if (link != null) end(link, "removed", "this node no longer keeps you as a peer");
    }

    // what others say of peers

    private void tellOfPeers(Link link, Now now) {
        if (link.gossips && !link.closing && !link.exchanges.isEmpty()) gossip.forPeer(link.peer, byPeer::containsKey, now).ifPresent(frame -> send(link, frame));
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

    /// Members only: a hub can say where somebody is, not who may read.
    private void hubPeers(List<Peer> said, Now now) {
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
            dials(retry.now(peer.node(), now.monotonicMs()), now);
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
        tell(new Notice.PeerForgotten(node, why));
    }

    private void gossipRound(Now now) {
        long nowMs = now.monotonicMs();
        heard(gossip.check(byPeer::containsKey, node -> retry.failures(node) >= settings.gossip().failuresMax()
            && nowMs - books.of(node).downSinceMs >= settings.gossip().staleMs(), now), now);
        for (var link : List.copyOf(byPeer.values())) tellOfPeers(link, now);
        alarm(new Alarm.GossipRound(), nowMs + settings.gossip().exchangeMs());
    }

    private boolean isLearnt(NodeId node) {
        return membership.peer(node).map(Peer::source).filter(PeerSource.GOSSIP::equals).isPresent();
    }

    private void syncNow(Optional<NodeId> peer, Now now) {
        for (var link : List.copyOf(byPeer.values()))
            if (peer.isEmpty() || peer.get().equals(link.peer))
                for (var each : List.copyOf(link.exchanges.entrySet())) carry(link, each.getKey(), each.getValue().compare(now), now);
        for (var each : membership.peers())
            if (peer.isEmpty() || peer.get().equals(each.node())) dials(retry.now(each.node(), now.monotonicMs()), now);
    }

    private void logChanged(SpaceId space, LogState state, Now now) {
        var before = membership.state(space);
        if (before.isPresent() && before.get().lastOffset() > state.lastOffset()) return;     // an answer that a newer one overtook
        membership.changed(space, state);
        boolean sameMembers = before.isPresent() && before.get().members().keySet().equals(state.members().keySet());
        for (var link : List.copyOf(byPeer.values())) {
            if (!sameMembers) refresh(link, now);
            var exchange = link.exchanges.get(space);
            if (exchange != null) carry(link, space, exchange.logChanged(state, membership.mayRead(link.peer, space), now), now);
        }
    }

    private void spaceClosed(SpaceId space, Now now) {
        membership.closed(space);
        for (var link : List.copyOf(byPeer.values())) refresh(link, now);
    }

    private void refresh(NodeId peer, Now now) {
        var link = byPeer.get(peer);
        if (link != null) refresh(link, now);
    }

    /// Tells the peer which spaces we believe to share, when that changed, and opens and ends exchanges accordingly.
    private void refresh(Link link, Now now) {
        if (link.closing) return;
        var shared = membership.shared(link.peer);
        var frame = link.tell(shared);
        if (frame != null) send(link, frame);
        for (var space : List.copyOf(link.exchanges.keySet())) {
            if (shared.contains(space) && link.showed(space)) continue;
            var ended = link.exchanges.remove(space);
            carry(link, space, ended.closed("no longer shared", now), now);
            books.closed(link.peer, space, ended.traffic());
        }
        boolean first = link.exchanges.isEmpty();
        for (var space : shared) {
            var former = membership.former(link.peer, space);
            if (former.isEmpty()) link.toldRemoved.remove(space);
            else if (link.showed(space) && link.toldRemoved.add(space)) send(link, new Frame.Removed(Hex.bytes(link.name(space)), former.get()));
            if (link.exchanges.containsKey(space)) link.exchanges.get(space).restrict(only(link, space));
            if (link.exchanges.containsKey(space) || !link.showed(space)) continue;
            var exchange = new Exchange(self, link.peer, space, settings, membership.state(space).orElseThrow(),
                membership.mayRead(link.peer, space), books.cursor(link.peer, space));
            exchange.restrict(only(link, space));
            link.exchanges.put(space, exchange);
            if (link.congested) carry(link, space, exchange.congested(true, now), now);
            carry(link, space, exchange.open(now), now);
        }
        if (!first || link.exchanges.isEmpty()) return;
        if (membership.peer(link.peer).isEmpty()) remember(Peer.met(link.peer, now.wallMs()), now);
        announce(link);
        tellOfPeers(link, now);
    }

    /// The side that dialled keeps its loopback addresses to itself until the other has announced the one that was dialled.
    private void announce(Link link) {
        var told = !link.initiator || link.direct ? listening : AddressRule.withoutLoopback(listening);
        if (!told.isEmpty()) send(link, new Frame.Addresses(told));
    }

    // exchanges

    /// An answer for an exchange that ended meanwhile is nobody's business any more.
    private boolean at(long connection, SpaceId space, Now now, Function<Exchange, List<ExchangeStep>> happens) {
        var link = links.get(connection);
        var exchange = link == null || link.closing ? null : link.exchanges.get(space);
        if (exchange == null) return false;
        carry(link, space, happens.apply(exchange), now);
        return true;
    }

    private void appended(Input.Appended done, Now now) {
        if (at(done.connection(), done.space(), now, exchange -> exchange.appended(done.upTo(), done.answers(), now))) return;
        // The exchange ended meanwhile, perhaps by these events (a member left): its sender still hears that they are safe.
        var link = links.get(done.connection());
        if (link != null && done.upTo() > 0) send(link, Incoming.ack(done.space(), done.upTo(), Traffic.of(done.answers())));
    }

    private void storeFailed(Input.StoreFailed failed, Now now) {
        tell(new Notice.TroubleHere(failed.what(), failed.why()));
        at(failed.connection(), failed.space(), now, exchange -> exchange.storeFailed(failed.what(), now));
    }

    private void carry(Link link, SpaceId space, List<ExchangeStep> steps, Now now) {
        long connection = link.connection;
        for (var step : steps) {
            switch (step) {
                case ExchangeStep.Send(var frame) -> send(link, frame);
                case ExchangeStep.Read(var have, var after) ->
                    out.add(new Effect.Read(connection, space, have, after, settings.batchEvents(), settings.batchBytes()));
                case ExchangeStep.Locate(var tips) -> out.add(new Effect.Locate(connection, space, tips));
                case ExchangeStep.Append(var events, var upTo) -> out.add(new Effect.Append(connection, space, events, upTo));
                case ExchangeStep.PutChunks(var chunks) -> out.add(new Effect.PutChunks(connection, space, chunks));
                case ExchangeStep.Adopt(var checkpoint, var chunks) -> out.add(new Effect.Adopt(connection, space, checkpoint, chunks));
                case ExchangeStep.Fetch(var events, var chunks) -> out.add(new Effect.Fetch(connection, space, events, chunks));
                case ExchangeStep.Look(var chain, var seqs, var forPeer) -> out.add(new Effect.Look(connection, space, chain, seqs, forPeer));
                case ExchangeStep.ListWaiting() -> out.add(new Effect.ListWaiting(connection, space));
                case ExchangeStep.CursorMoved(var offset, var taken) ->
                    out.add(new Effect.SaveCursor(books.moved(link.peer, space, offset, taken, now.wallMs())));
                case ExchangeStep.Ran(var run) -> ran(run, now);
                case ExchangeStep.Said(var notice) -> tell(notice);
                case ExchangeStep.WakeAt(var atMs) -> alarm(new Alarm.Exchange(connection, space), atMs);
                case ExchangeStep.Violation(var code, var message) -> end(link, code, message);
            }
        }
    }

    private void ran(SyncRun run, Now now) {
        var book = books.of(run.peer());
        if (run.succeeded()) book.lastSyncMs = now.wallMs();
        else book.lastError = run.error();
        out.add(new Effect.SaveRun(run));
    }

    // time

    private void rang(Alarm alarm, long random, Now now) {
        long nowMs = now.monotonicMs();
        switch (alarm) {
            case Alarm.HandshakeLimit(var connection) -> {
                var link = links.get(connection);
                if (link != null && !link.proved()) end(link, "handshake_timeout", "no proof within " + settings.handshakeMs() + " ms");
            }
            case Alarm.StrangerLimit(var connection) -> {
                var link = links.get(connection);
                if (link != null && link.exchanges.isEmpty() && membership.peer(link.peer).isEmpty() && membership.joinsAt(link.peer).isEmpty())
                    end(link, "nothing_shared", "there is nothing to exchange");
            }
            case Alarm.Heartbeat(var connection) -> heartbeat(connection, now);
            case Alarm.Exchange(var connection, var space) ->
                at(connection, space, now, exchange -> exchange.rang(now));
            case Alarm.GossipRound() -> gossipRound(now);
            case Alarm.Dial(var peer) -> {
                if (!byPeer.containsKey(peer)) dials(retry.due(peer, nowMs), now);
            }
            case Alarm.ConnectionCheck() -> {
                dials(retry.all(nowMs), now);
                clocks.judge(now).ifPresent(this::tell);
                atDoor(door.expired(now), now);
                alarm(alarm, nowMs + settings.connectionMs());
            }
            case Alarm.RetryCheck() -> {
                for (var space : membership.spaces().keySet()) out.add(new Effect.Release(space));
                for (var link : List.copyOf(byPeer.values())) atDoor(door.again(link), now);
                alarm(alarm, nowMs + settings.retryCheckMs());
            }
        }
    }

    /// A peer believes what it was told of this node's clock for a day: it is told when the clock was set.
    private void heartbeat(long connection, Now now) {
        var link = links.get(connection);
        if (link == null || link.closing) return;
        long nowMs = now.monotonicMs();
        long silentMs = nowMs - link.heardMs;
        if (silentMs >= 3 * settings.heartbeatMs()) {
            end(link, "silent", "nothing was heard for " + silentMs + " ms");
            return;
        }
        boolean clockSet = Math.abs(now.wallMs() - nowMs - link.clockTold) > settings.clockMsMax() / 10;
        if (silentMs >= settings.heartbeatMs() || clockSet) {
            link.clockTold = now.wallMs() - nowMs;
            send(link, new Frame.Ping(now.wallMs()));
        }
        alarm(new Alarm.Heartbeat(connection), nowMs + settings.heartbeatMs());
    }

    private void dials(List<Retry.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Retry.Out.Dial(var peer, var address) -> {
                    long laterMs = isLearnt(peer) ? gossip.dials().tryDial(peer, (int) byPeer.keySet().stream().filter(this::isLearnt).count(), now.monotonicMs()) : 0;
                    if (laterMs == 0) out.add(new Effect.Dial(peer, address));
                    else dials(List.of(retry.postponed(peer, laterMs)), now);
                }
                case Retry.Out.WakeAt(var peer, var atMs) -> alarm(new Alarm.Dial(peer), atMs);
            }
        }
    }

    private void send(Link link, Frame frame) {
        if (!link.closing) out.add(new Effect.Send(link.connection, frame));
    }

    private void alarm(Alarm alarm, long atMs) {
        out.add(new Effect.SetAlarm(alarm, atMs));
    }

    private void tell(Notice notice) {
        out.add(new Effect.Tell(notice));
    }
}

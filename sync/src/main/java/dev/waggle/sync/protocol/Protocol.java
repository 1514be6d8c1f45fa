package dev.waggle.sync.protocol;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.LogState;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Decides what a node does next. No threads, sockets, clock or chance: equal inputs give equal effects.
///
/// It routes. What is decided is decided in the parts, each with its own state: [Handshake] (who is there), [Membership] (who may
/// have what), [PeerKeeper] (who the peers are, with [Gossip] and [Retry]), [Door] (tickets), [Exchange] with [Outgoing], [Incoming] and [Repair] (how two logs become equal),
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
    private final PeerKeeper peers;
    private final ClockComparison clocks;
    private final Books books;
    private final SortedMap<Long, Link> links = new TreeMap<>();      // sorted: a replay walks them in the same order
    private final SortedMap<NodeId, Link> byPeer = new TreeMap<>();
    private final Outbox out = new Outbox();

    /// @param features what the transport of this node understands beyond the protocol's version, for example `zstd`
    public Protocol(Signer signer, Verifier verifier, SyncSettings settings, List<String> features, Remembered remembered) {
        this.signer = signer;
        this.self = signer.node();
        this.verifier = verifier;
        this.settings = settings;
        this.features = Stream.concat(features.stream(), settings.gossip().enabled() ? Stream.of(Frame.GOSSIP) : Stream.of()).sorted().distinct().toList();
        this.membership = new Membership(remembered);
        this.door = new Door(self, verifier, membership);
        this.clocks = new ClockComparison(settings.clockMsMax(), settings.clockPeersMin());
        this.books = new Books(remembered.cursors());
        this.peers = new PeerKeeper(signer, verifier, settings, membership, books, remembered, byPeer, out);
    }

    public List<Effect> step(Input input, Now now) {
        switch (input) {
            case Input.Started _ -> started(now);
            case Input.Opened opened -> opened(opened, now);
            case Input.Closed(var connection, var why, var random) -> closed(connection, why, random, now);
            case Input.Received(var connection, var frame) -> received(connection, frame, now);
            case Input.Congested(var connection, var full) -> congested(connection, full, now);
            case Input.DialFailed failed -> peers.dialFailed(failed, now);
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
            case Input.AddPeer(var peer) -> peers.add(peer, now);
            case Input.RemovePeer(var peer) -> peers.remove(peer, now);
            case Input.HubPeers(var named) -> peers.hubNames(named, now);
            case Input.Relate(var relationship) -> {
                membership.relate(relationship);
                refresh(relationship.peer(), now);
            }
            case Input.Unrelate(var peer, var space) -> {
                membership.unrelate(peer, space);
                refresh(peer, now);
            }
            case Input.Connect(var peer) -> peers.dialNow(peer, now);
            case Input.SyncNow(var peer) -> syncNow(peer, now);
            case Input.Join(var request, var ticket) ->
                atDoor(door.join(request, ticket, Optional.ofNullable(byPeer.get(ticket.issuer())), now), now);
            case Input.HeardOf heard -> peers.heardOf(heard, now);
            case Input.Listening(var addresses) -> peers.listening(addresses);
        }
        return out.take();
    }

    public SyncStatus status(Now now) {
        return books.status(membership, links.values(), byPeer, peers.retry(), clocks, peers.gossipStatus(), settings, now);
    }

    // beginning and ending

    private void started(Now now) {
        out.alarm(new Alarm.ConnectionCheck(), now.monotonicMs() + settings.connectionMs());
        out.alarm(new Alarm.RetryCheck(), now.monotonicMs() + settings.retryCheckMs());
        peers.started(now);
    }

    private void opened(Input.Opened opened, Now now) {
        var handshake = new Handshake(signer, verifier, features, opened, now.wallMs());
        var link = new Link(opened, handshake, now);
        links.put(link.connection, link);
        if (links.size() > settings.connectionsMax()) {
            out.end(link, "busy", "too many connections");
            return;
        }
        out.alarm(new Alarm.HandshakeLimit(link.connection), now.monotonicMs() + settings.handshakeMs());
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
            books.find(link.peer).ifPresent(book -> {
                book.downSinceMs = now.monotonicMs();
                book.lastError = why;
            });
            out.tell(new Notice.PeerDown(link.peer, why));
        }
        var target = link.proved() ? link.peer : link.dialled;
        peers.dialEnded(link.dialled);
        if (target == null || byPeer.containsKey(target)) return;            // a duplicate's end is no loss
        peers.lost(target, random, now);
        if (!current && link.dialled != null) out.tell(new Notice.DialFailed(target, link.remote, why, peers.retry().nextMs(target) - now.monotonicMs()));
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
            case Frame.Hello _, Frame.Proof _ -> out.end(link, "unexpected_frame", "the handshake is over");
            case Frame.Redeem redeem -> atDoor(door.redeem(link, redeem, now), now);
            case Frame.Welcome(var space) -> atDoor(door.welcomed(link, space, now), now);
            case Frame.Refused(var code, var message) -> atDoor(door.refused(link, code, message), now);
            case Frame.Addresses(var addresses) -> peers.announced(link, addresses, now);
            case Frame.Gossip told -> peers.gossiped(link, told, now);
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
                out.send(link, new Frame.Pong(wallMs));
                if (wallMs >= 0 && wallMs <= Hlc.WALL_MS_MAX) clock(link, wallMs, now);
            }
            case Frame.Pong _ -> { }                          // that it came is all it says
            case Frame.Bye(var code, var message) -> out.end(link, code, message.orElse(code));
        }
    }

    private void handshaking(Link link, List<Handshake.Out> steps, Now now) {
        for (var step : steps) {
            switch (step) {
                case Handshake.Out.Send(var frame) -> out.send(link, frame);
                case Handshake.Out.Failed(var code, var message) -> {
                    out.tell(new Notice.HandshakeFailed(link.remote, code, message));
                    out.end(link, code, message);
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
        peers.dialEnded(link.dialled);
        var old = byPeer.get(peer);
        if (old != null) {
            var loser = loser(old, link, now);
            out.end(loser, "duplicate", "another connection between the same nodes is kept");
            if (loser == link) return;
            for (var each : old.exchanges.entrySet()) {
                carry(old, each.getKey(), each.getValue().closed("replaced by another connection", now), now);
                books.closed(peer, each.getKey(), each.getValue().traffic());
            }
            old.exchanges.clear();
        }
        byPeer.put(peer, link);
        peers.retry().connected(peer, now.monotonicMs());
        clock(link, wallMs, now);
        books.find(peer).ifPresent(book -> book.lastError = "");
        out.tell(new Notice.PeerUp(peer, link.remote));
        out.alarm(new Alarm.Heartbeat(link.connection), now.monotonicMs() + settings.heartbeatMs());
        out.alarm(new Alarm.StrangerLimit(link.connection), now.monotonicMs() + settings.answerMs());
        atDoor(door.met(link), now);
        refresh(link, now);
    }

    /// Only members are believed about the time: keys cost nothing, and with some of them anybody could stop this node from writing.
    private void clock(Link link, long wallMs, Now now) {
        link.clockSaid = wallMs - now.monotonicMs();
        if (membership.shared(link.peer).stream().anyMatch(space -> membership.former(link.peer, space).isEmpty())) clocks.heard(link.peer, wallMs, now).ifPresent(out::tell);
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
            out.end(link, "too_many_spaces", "at most " + Frame.SPACES_MAX + " spaces, each as 32 bytes");
            return;
        }
        if (asked) {
            var shared = membership.shared(link.peer).stream().filter(link::showed).toList();
            out.send(link, new Frame.SharedSpaces(link.names(shared)));
        }
        refresh(link, now);
    }

    /// A peer says that this node is a member no more: it is offered what this node wrote, and nothing else.
    private void removed(Link link, byte[] keyedHash, EventId by) {
        var name = Hex.of(keyedHash);
        for (var space : membership.spaces().keySet()) {
            if (!link.name(space).equals(name) || !link.removedFrom.add(space)) continue;
            out.tell(new Notice.Removed(link.peer, space, by));
            var exchange = link.exchanges.get(space);
            if (exchange != null) exchange.restrict(self);
        }
    }

    /// Whose chains alone are exchanged with a peer; null for everybody's.
    private NodeId only(Link link, SpaceId space) {
        if (membership.former(link.peer, space).isPresent()) return link.peer;
        return link.removedFrom.contains(space) ? self : null;
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
        if (++link.refusals > REFUSALS_MAX) out.end(link, "too_many_questions", "asked for nothing that is here " + REFUSALS_MAX + " times");
        else out.send(link, NO_SUCH_SPACE);
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
                case Door.Out.Say(var link, var frame) -> out.send(link, frame);
                case Door.Out.HangUp(var link, var code, var message) -> out.end(link, code, message);
                case Door.Out.Remember(var peer) -> peers.remember(peer, now);
                case Door.Out.Seek(var issuer, var addresses) -> {
                    peers.keep(issuer, addresses, now);
                    peers.dialNow(issuer, now);
                }
                case Door.Out.Leave(var issuer) -> peers.retry().forget(issuer);
                case Door.Out.Carry(var effect) -> out.add(effect);
            }
        }
    }

    private void spaceOpened(Input.SpaceOpened done, Now now) {
        // One welcome answers every join of this space: the others' tickets need not be spent.
        for (var join : List.copyOf(membership.joins()))
            if (join.request() == done.request() || join.ticket().space().equals(done.space())) {
                membership.joined(join.request());
                out.tell(new Notice.Joined(join.request(), done.space(), null));
            }
        logChanged(done.space(), done.state(), now);
        // A log that was there before, empty, changes nothing by being opened; that this node was let in does.
        var link = links.get(done.connection());
        if (link != null && link.proved()) refresh(link, now);
    }

    // peers and spaces

    private void syncNow(Optional<NodeId> peer, Now now) {
        for (var link : List.copyOf(byPeer.values()))
            if (peer.isEmpty() || peer.get().equals(link.peer))
                for (var each : List.copyOf(link.exchanges.entrySet())) carry(link, each.getKey(), each.getValue().compare(now), now);
        for (var each : membership.peers())
            if (peer.isEmpty() || peer.get().equals(each.node())) peers.dialNow(each.node(), now);
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
        if (frame != null) out.send(link, frame);
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
            else if (link.showed(space) && link.toldRemoved.add(space)) out.send(link, new Frame.Removed(Hex.bytes(link.name(space)), former.get()));
            if (link.exchanges.containsKey(space)) link.exchanges.get(space).restrict(only(link, space));
            if (link.exchanges.containsKey(space) || !link.showed(space)) continue;
            var exchange = new Exchange(self, link.peer, space, settings, membership.state(space).orElseThrow(),
                membership.mayRead(link.peer, space), books.cursor(link.peer, space));
            exchange.restrict(only(link, space));
            link.exchanges.put(space, exchange);
            if (link.congested) carry(link, space, exchange.congested(true, now), now);
            carry(link, space, exchange.open(now), now);
        }
        if (first && !link.exchanges.isEmpty()) {
            peers.shares(link, now);
            clock(link, link.clockSaid + now.monotonicMs(), now);
        }
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
        if (link != null && done.upTo() > 0) out.send(link, Incoming.ack(done.space(), done.upTo(), Traffic.of(done.answers())));
    }

    private void storeFailed(Input.StoreFailed failed, Now now) {
        out.tell(new Notice.TroubleHere(failed.what(), failed.why()));
        at(failed.connection(), failed.space(), now, exchange -> exchange.storeFailed(failed.what(), now));
    }

    private void carry(Link link, SpaceId space, List<ExchangeStep> steps, Now now) {
        long connection = link.connection;
        for (var step : steps) {
            switch (step) {
                case ExchangeStep.Send(var frame) -> out.send(link, frame);
                case ExchangeStep.Read(var have, var after, var until) ->
                    out.add(new Effect.Read(connection, space, have, after, until, settings.batchEvents(), settings.batchBytes()));
                case ExchangeStep.Locate(var tips) -> out.add(new Effect.Locate(connection, space, tips));
                case ExchangeStep.Append(var events, var upTo) -> out.add(new Effect.Append(connection, space, events, upTo));
                case ExchangeStep.PutChunks(var chunks) -> out.add(new Effect.PutChunks(connection, space, chunks));
                case ExchangeStep.Adopt(var checkpoint, var chunks) -> out.add(new Effect.Adopt(connection, space, checkpoint, chunks));
                case ExchangeStep.Fetch(var events, var chunks) -> out.add(new Effect.Fetch(connection, space, link.peer, events, chunks));
                case ExchangeStep.Look(var chain, var seqs, var forPeer) -> out.add(new Effect.Look(connection, space, chain, seqs, forPeer));
                case ExchangeStep.ListWaiting() -> out.add(new Effect.ListWaiting(connection, space, link.peer));
                case ExchangeStep.CursorMoved(var offset, var taken) ->
                    out.add(new Effect.SaveCursor(books.moved(link.peer, space, offset, taken, now.wallMs())));
                case ExchangeStep.Ran(var run) -> ran(run, now);
                case ExchangeStep.Said(var notice) -> {
                    if (notice instanceof Notice.Agreed) books.of(link.peer).lastSyncMs = now.wallMs();      // also when nothing had to be exchanged for it
                    out.tell(notice);
                }
                case ExchangeStep.WakeAt(var atMs) -> out.alarm(new Alarm.Exchange(connection, space), atMs);
                case ExchangeStep.Violation(var code, var message) -> out.end(link, code, message);
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
                if (link != null && !link.proved()) out.end(link, "handshake_timeout", "no proof within " + settings.handshakeMs() + " ms");
            }
            case Alarm.StrangerLimit(var connection) -> {
                var link = links.get(connection);
                if (link != null && link.exchanges.isEmpty() && membership.peer(link.peer).isEmpty() && membership.joinsAt(link.peer).isEmpty())
                    out.end(link, "nothing_shared", "there is nothing to exchange");
            }
            case Alarm.Heartbeat(var connection) -> heartbeat(connection, now);
            case Alarm.Exchange(var connection, var space) ->
                at(connection, space, now, exchange -> exchange.rang(now));
            case Alarm.GossipRound() -> peers.gossipRound(now);
            case Alarm.Dial(var peer) -> peers.dialDue(peer, now);
            case Alarm.ConnectionCheck() -> {
                peers.dialAll(now);
                clocks.judge(now).ifPresent(out::tell);
                atDoor(door.expired(now), now);
                out.alarm(alarm, nowMs + settings.connectionMs());
            }
            case Alarm.RetryCheck() -> {
                for (var space : membership.spaces().keySet()) out.add(new Effect.Release(space));
                for (var link : List.copyOf(byPeer.values())) atDoor(door.again(link), now);
                out.alarm(alarm, nowMs + settings.retryCheckMs());
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
            out.end(link, "silent", "nothing was heard for " + silentMs + " ms");
            return;
        }
        boolean clockSet = Math.abs(now.wallMs() - nowMs - link.clockTold) > settings.clockMsMax() / 10;
        if (silentMs >= settings.heartbeatMs() || clockSet) {
            link.clockTold = now.wallMs() - nowMs;
            out.send(link, new Frame.Ping(now.wallMs()));
        }
        out.alarm(new Alarm.Heartbeat(connection), nowMs + settings.heartbeatMs());
    }
}

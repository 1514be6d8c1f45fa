package dev.waggle.node;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Tip;
import dev.waggle.net.http.SyncV1Handler;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.PeerRecord;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Ticket;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Answers members that ask over HTTP, from the same logs and by the same admission as the stream. Nobody else is answered (I6).
final class PeerRequests implements SyncV1Handler {
    private static final int HEARD_MAX = 4_096;
    private final Node node;
    private final PushRates rates;
    private final Map<String, Long> heard = Collections.synchronizedMap(new LinkedHashMap<>() {               // what members said last, by peer and space
        private static final long serialVersionUID = 1;

        @Override protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > HEARD_MAX;
        }
    });

    PeerRequests(Node node) {
        this.node = node;
        this.rates = new PushRates(() -> node.settings().sync().pushRate(), System::nanoTime);
    }

    private Optional<EventLog> log(NodeId peer, SpaceId space) {
        return node.space(space).map(SpaceRuntime::log).filter(log -> log.state().members().containsKey(peer));
    }

    @Override public void refused(NodeId peer, String why) {
        node.peers().news().refused(peer, why);
    }

    @Override public boolean authenticate(NodeId peer) {
        return node.spaces().stream().anyMatch(space -> space.log().state().members().containsKey(peer));
    }

    @Override public Optional<SpaceId> redeem(NodeId peer, byte[] ticket, byte[] signature) {
        try {
            return node.peers().redeem(peer, Ticket.read(ticket, signature, node.verifier()));
        } catch (BadTicket _) {
            return Optional.empty();                     // a stranger is not told why
        }
    }

    @Override public Optional<Long> position(NodeId peer, SpaceId space) {
        return log(peer, space).map(log -> log.state().lastOffset());
    }

    @Override public Optional<Page> eventsSince(NodeId peer, SpaceId space, long since, int eventsMax, int bytesMax) {
        return log(peer, space).map(log -> {
            var missing = log.readMissing(List.of(), since, eventsMax, bytesMax);
            return new Page(missing.events(), missing.upTo(), !missing.end(), missing.condensed());
        });
    }

    @Override public Optional<Pushed> push(NodeId peer, SpaceId space, List<Event> events, long senderSeq) {
        return log(peer, space).map(log -> {
            var answers = log.append(events, node.nowMs());
            answers.stream().filter(Admission.Rejected.class::isInstance).map(Admission.Rejected.class::cast).findFirst()
                .ifPresent(no -> node.peers().news().rejected(peer, no.event().id(), no.reason()));
            var kept = answers.stream().noneMatch(Admission.PushedBack.class::isInstance);
            return new Pushed(kept ? senderSeq : 0, answers);
        });
    }

    @Override public Optional<Status> status(NodeId peer, SpaceId space) {
        return log(peer, space).map(log -> {
            var peers = new ArrayList<PeerStatus>();
            for (var each : node.peers().status().peers())
                each.spaces().stream().filter(share -> share.space().equals(space) && share.whole()).findFirst().ifPresent(share -> peers.add(new PeerStatus(each.node(),
                    each.state() != SyncStatus.PeerState.CONNECTED ? "offline" : share.agreed() ? "online" : "backfilling",
                    Optional.of(each.lastSyncMs()).filter(at -> at > 0), share.lagEvents())));
            return new Status(peers, log.state().lastOffset());
        });
    }

    @Override public boolean leave(NodeId peer, SpaceId space) {
        if (log(peer, space).isEmpty()) return false;
        node.peers().mute(peer, space);
        return true;
    }

    @Override public int pushWaitSeconds(NodeId peer, int events) {
        return rates.take(peer, events);
    }

    @Override public Optional<SpaceId> named(NodeId peer, String name) {
        return node.spaces().stream().filter(space -> space.name().equals(name) && space.log().state().members().containsKey(peer)).map(SpaceRuntime::id).findFirst();
    }

    /// Sequences of two nodes say nothing of each other; that the peer's moved since its last heartbeat, or that the logs differ, does: then they are compared, and whoever lacks
    /// something gets it.
    @Override public SortedMap<String, Long> heartbeat(NodeId peer, SortedMap<String, Long> seqBySpace) {
        var here = new TreeMap<String, Long>();
        boolean compare = false;
        for (var each : seqBySpace.entrySet()) {
            var space = Hex.isLower(each.getKey(), 64) ? Optional.of(new SpaceId(each.getKey())) : named(peer, each.getKey());
            var position = space.flatMap(id -> position(peer, id));
            if (position.isEmpty()) continue;
            here.put(each.getKey(), position.get());
            var before = heard.put(peer.hex() + space.get().hex(), each.getValue());
            boolean agreed = node.peers().status().peer(peer).stream().flatMap(known -> known.spaces().stream()).anyMatch(share -> share.space().equals(space.get()) && share.agreed());
            compare |= !agreed || before != null && !before.equals(each.getValue());
        }
        if (compare) node.peers().compare(peer);
        return here;
    }

    /// By the engine, whose rules are those of a connection; a node whose engine is busy says nothing.
    @Override public List<KnownPeer> knownPeers(NodeId peer, List<KnownPeer> said) {
        var told = node.peers().joins().heardOf(peer, said.stream().map(each -> new Frame.Told(each.record(), each.signature(), each.ttl())).toList());
        var answer = new ArrayList<KnownPeer>();
        for (var each : told) {
            var about = PeerRecord.read(each.record(), each.signature());
            var hives = node.spaces().stream().filter(space -> space.log().state().members().containsKey(peer) && space.log().state().members().containsKey(about.node())).map(SpaceRuntime::name).toList();
            var name = node.peers().status().peer(about.node()).map(SyncStatus.PeerStatus::name).orElse("");
            answer.add(new KnownPeer(about.addresses().isEmpty() ? "" : endpoint(about.addresses().getFirst()), name, hives, about.node(), each.ttl(), each.record(), each.signature()));
        }
        return answer;
    }

    private static String endpoint(String address) {
        return (HostPort.parse(address).isLoopback() ? "http://" : "https://") + address + "/sync/v1";
    }

    @Override public Optional<Json.Obj> taskLog(NodeId peer, SpaceId space, String task, String after, long waitMs) {
        return log(peer, space).flatMap(_ -> node.peers().taskLines()).flatMap(lines -> lines.after(space, task, after, waitMs)).filter(_ -> log(peer, space).isPresent());
    }

    /// Tips of chains that no other tip names: a superset of the heads, which is harmless to who walks the graph from them.
    @Override public Optional<List<EventId>> tips(NodeId peer, SpaceId space) {
        return log(peer, space).map(log -> {
            var tips = log.state().tips();
            var named = new HashSet<EventId>();
            for (var tip : tips) log.at(tip.chain(), tip.branch(), tip.seq()).map(Entry.Admitted::event)
                .ifPresent(event -> event.envelope().merges().forEach(merge -> named.add(merge.id())));
            return tips.stream().map(Tip::id).filter(id -> !named.contains(id)).toList();
        });
    }

    @Override public Optional<List<Event>> entries(NodeId peer, SpaceId space, List<EventId> ids) {
        return log(peer, space).map(log -> ids.stream().map(log::find).flatMap(Optional::stream).map(Entry.Admitted::event).toList());
    }
}

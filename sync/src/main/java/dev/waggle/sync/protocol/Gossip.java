package dev.waggle.sync.protocol;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Verifier;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What peers tell each other of peers: each passes on the signed records of those that it is connected to itself, to members of a space that both are
/// in. So one address is enough to find everybody, and nobody is led to a node that its own log does not name.
///
/// A record is a hint. It never changes what a person or a hub said, it grants nothing, and who is dialled for it must prove the very key.
final class Gossip {
    /// A clock may be this much ahead before its records are not believed.
    private static final long FUTURE_MS = 300_000;
    /// One message when a connection begins, one each interval, and one to spare.
    private static final int BURST = 3;
    private static final int FORGOTTEN_MAX = PeerSources.PEERS_MAX;

    sealed interface Out {
        /// To be remembered and dialled.
        record Learnt(Peer peer) implements Out {}

        record Forget(NodeId peer, String why) implements Out {}
    }

    private static final class Known {
        final PeerRecord record;
        /// Over how many hops it may be told from here, when the peer is known from others only.
        int ttl;

        Known(PeerRecord record, int ttl) {
            this.record = record;
            this.ttl = ttl;
        }
    }

    /// How much a peer may still tell.
    private static final class Meter {
        double tokens = BURST;
        long atMs;
        /// The subject of the last record that it was told, so that the next message goes on from there.
        NodeId toldLast;
    }

    private final Signer signer;
    private final Verifier verifier;
    private final GossipSettings settings;
    private final Membership membership;
    private final DialLimit dials;
    private final SortedMap<NodeId, Known> records = new TreeMap<>();
    private final SortedMap<NodeId, Meter> meters = new TreeMap<>();
    private final Map<NodeId, Long> forgotten = new LinkedHashMap<>();             // when the record was issued by which it was known; eldest first
    private final Set<NodeId> unwanted;                                            // a person removed them
    private final Map<GossipRefusal, Long> refused = new EnumMap<>(GossipRefusal.class);
    private List<String> listening = List.of();
    private PeerRecord own;
    private long told;
    private long heard;

    Gossip(Signer signer, Verifier verifier, GossipSettings settings, Membership membership, int connectionsMax, Collection<NodeId> unwanted) {
        this.signer = signer;
        this.verifier = verifier;
        this.settings = settings;
        this.membership = membership;
        this.unwanted = new TreeSet<>(unwanted);
        this.dials = new DialLimit(settings, connectionsMax);
    }

    DialLimit dials() {
        return dials;
    }

    void listening(List<String> addresses) {
        listening = List.copyOf(addresses);
        own = null;
    }

    // telling

    /// What this peer is told now: this node's own record, and those of connected peers that share a space with it. Empty when there is nothing.
    Optional<Frame.Gossip> forPeer(NodeId recipient, Predicate<NodeId> connected, Now now) {
        if (!settings.enabled()) return Optional.empty();
        var said = new ArrayList<Frame.Told>();
        own(now).ifPresent(record -> said.add(new Frame.Told(record.bytes(), record.signature(), settings.defaultTtl())));
        var meter = meter(recipient, now);
        for (var each : after(meter.toldLast)) {
            if (said.size() == Frame.TOLD_MAX) break;
            var record = records.get(each).record;
            int ttl = ttl(each);
            if (each.equals(recipient) || ttl < 1 || record.expiresMs() <= now.wallMs() || !connected.test(each) || !share(recipient, record)) continue;
            said.add(new Frame.Told(record.bytes(), record.signature(), ttl));
            meter.toldLast = each;
        }
        if (said.isEmpty()) return Optional.empty();
        told += said.size();
        return Optional.of(new Frame.Gossip(said));
    }

    /// Every subject once, those behind the last one first: what does not fit into one message is in the next.
    private List<NodeId> after(NodeId last) {
        if (last == null) return List.copyOf(records.keySet());
        var all = new ArrayList<>(records.tailMap(last).keySet());
        all.remove(last);
        all.addAll(records.headMap(last).keySet());
        if (records.containsKey(last)) all.add(last);
        return all;
    }

    private int ttl(NodeId node) {
        var peer = membership.peer(node);
        if (peer.isPresent() && peer.get().ttl() != Peer.TTL_OF_SOURCE && peer.get().source() != PeerSource.GOSSIP) return peer.get().ttl();
        return switch (peer.map(Peer::source).orElse(PeerSource.GOSSIP)) {
            case MANUAL -> settings.defaultTtl();
            case HUB, MET -> settings.hubPeerTtl();
            case GOSSIP -> records.get(node).ttl;
        };
    }

    private boolean share(NodeId recipient, PeerRecord record) {
        return membership.shared(recipient).stream().anyMatch(space -> membership.mayRead(recipient, space) && membership.member(record.node(), space) && record.names(space));
    }

    private Optional<PeerRecord> own(Now now) {
        var told = settings.allowLoopback() ? listening : AddressRule.withoutLoopback(listening);
        if (told.isEmpty()) return Optional.empty();
        boolean old = own == null || now.wallMs() - own.issuedMs() >= GossipSettings.EXCHANGES_A_RECORD * settings.exchangeMs() || own.issuedMs() > now.wallMs();
        if (old || !membership.spaces().keySet().stream().allMatch(own::names))
            own = PeerRecord.issue(signer, told, membership.spaces().keySet(), now.wallMs(), settings.recordMs());
        return Optional.of(own);
    }

    // hearing

    List<Out> received(NodeId from, Frame.Gossip frame, Now now) {
        var out = new ArrayList<Out>();
        if (!settings.enabled()) return out;
        heard += frame.records().size();
        if (!mayTell(from, now)) refuse(GossipRefusal.FLOOD, frame.records().size());
        else for (var each : frame.records()) judged(from, each, now, out).ifPresent(why -> refuse(why, 1));
        return out;
    }

    private boolean mayTell(NodeId from, Now now) {
        var meter = meter(from, now);
        meter.tokens = Math.min(BURST, meter.tokens + 2.0 * (now.monotonicMs() - meter.atMs) / settings.exchangeMs());
        meter.atMs = now.monotonicMs();
        if (meter.tokens < 1) return false;
        meter.tokens--;
        return true;
    }

    private Meter meter(NodeId peer, Now now) {
        return meters.computeIfAbsent(peer, _ -> {
            var meter = new Meter();
            meter.atMs = now.monotonicMs();
            return meter;
        });
    }

    /// The cheap checks first, the signature last.
    private Optional<GossipRefusal> judged(NodeId from, Frame.Told said, Now now, List<Out> out) {
        PeerRecord record;
        try {
            record = PeerRecord.read(said.record(), said.signature());
        } catch (MalformedPayload _) {
            return Optional.of(GossipRefusal.MALFORMED);
        }
        var subject = record.node();
        boolean itself = subject.equals(from);
        if (subject.equals(signer.node())) return Optional.empty();                                 // what this node said of itself comes back
        if (said.ttl() > GossipSettings.TTL_MAX || !itself && said.ttl() < 1) return Optional.of(GossipRefusal.TTL);
        var known = records.get(subject);
        if (known != null && known.record.equals(record)) {
            if (!itself) known.ttl = Math.min(known.ttl, said.ttl() - 1);                           // it came another way: hops never come back
            return Optional.empty();
        }
        if (record.expiresMs() <= now.wallMs()) return Optional.of(GossipRefusal.EXPIRED);
        if (record.issuedMs() > now.wallMs() + FUTURE_MS) return Optional.of(GossipRefusal.FUTURE);
        if (known != null && record.issuedMs() <= known.record.issuedMs() || record.issuedMs() <= forgotten.getOrDefault(subject, -1L))
            return Optional.of(GossipRefusal.STALE);
        if (!share(from, record)) return Optional.of(GossipRefusal.FOREIGN);
        var addresses = AddressRule.passedOn(record.addresses(), settings, listening);
        if (addresses.isEmpty()) return Optional.of(GossipRefusal.ADDRESS);
        var peer = membership.peer(subject);
        if (peer.isEmpty() && isFull(record)) return Optional.of(GossipRefusal.FULL);
        if (!record.isSigned(verifier)) return Optional.of(GossipRefusal.FORGED);
        forgotten.remove(subject);
        // Its own word over its own connection spends no hop, and takes none back.
        int ttl = !itself ? said.ttl() - 1 : known != null ? known.ttl : peer.filter(each -> each.source() == PeerSource.GOSSIP).map(Peer::ttl).orElse(0);
        records.put(subject, new Known(record, ttl));
        if (peer.isPresent() && (peer.get().source() != PeerSource.GOSSIP || peer.get().addresses().equals(addresses))) return Optional.empty();
        if (!isWanted(subject)) return Optional.empty();
        out.add(new Out.Learnt(new Peer(subject, "", addresses, peer.map(Peer::learnt).orElse(List.of()), peer.map(Peer::addedMs).orElse(now.wallMs()), PeerSource.GOSSIP,
            ttl)));
        return Optional.empty();
    }

    /// Every space that would bring this peer here has as many learnt peers as it may.
    private boolean isFull(PeerRecord record) {
        var learnt = membership.sources().of(PeerSource.GOSSIP).peers();
        return membership.spaces().keySet().stream().filter(space -> membership.member(record.node(), space) && record.names(space))
            .allMatch(space -> learnt.stream().filter(peer -> membership.member(peer.node(), space)).count() >= settings.peersMax());
    }

    private void refuse(GossipRefusal why, long records) {
        if (records > 0) refused.merge(why, records, Long::sum);
    }

    // keeping

    /// Forgets what ran out, and learnt peers that do not answer, or are in no common space any more.
    ///
    /// @param dead the peer did not answer for long enough and often enough
    List<Out> check(Predicate<NodeId> connected, Predicate<NodeId> dead, Now now) {
        var out = new ArrayList<Out>();
        records.values().removeIf(known -> known.record.expiresMs() <= now.wallMs());
        meters.keySet().removeIf(node -> !connected.test(node) && membership.peer(node).isEmpty());
        for (var peer : membership.sources().of(PeerSource.GOSSIP).peers()) {
            boolean counts = membership.peer(peer.node()).orElseThrow().source() == PeerSource.GOSSIP;
            if (!counts || connected.test(peer.node())) continue;
            boolean foreign = membership.spaces().keySet().stream().noneMatch(space -> membership.member(peer.node(), space));
            if (foreign || dead.test(peer.node())) out.add(new Out.Forget(peer.node(), foreign ? "in no common space" : "did not answer"));
        }
        for (var each : out) if (each instanceof Out.Forget(var node, var _)) forget(node, now);
        return out;
    }

    /// The record by which it was known does not bring it back; the next one that it signs does.
    void forget(NodeId node, Now now) {
        var known = records.remove(node);
        meters.remove(node);
        forgotten.remove(node);
        forgotten.put(node, known == null ? now.wallMs() : known.record.issuedMs());
        if (forgotten.size() > FORGOTTEN_MAX) forgotten.remove(forgotten.keySet().iterator().next());
    }

    void unwanted(NodeId node) {
        if (unwanted.size() < FORGOTTEN_MAX) unwanted.add(node);
    }

    void wanted(NodeId node) {
        unwanted.remove(node);
    }

    /// A person did not remove it.
    boolean isWanted(NodeId node) {
        return !unwanted.contains(node);
    }

    GossipStatus status() {
        int learnt = (int) membership.sources().peers().stream().filter(peer -> peer.source() == PeerSource.GOSSIP).count();
        return new GossipStatus(records.size(), learnt, told, heard, Map.copyOf(refused));
    }
}

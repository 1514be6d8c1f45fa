package dev.waggle.sync.protocol;

import dev.waggle.core.Property;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// What a node makes of the records that a member passes on, honest or not. Here are: this node (1), the sender (2), a member (3) and a stranger (4).
class GossipTest {
    private static final Ed25519 VERIFIER = new Ed25519();
    private static final List<Signer> KEYS = java.util.stream.IntStream.rangeClosed(0, 60).mapToObj(i -> Ed25519.signer(HandshakeTest.bytes(i))).toList();
    private static final Signer SELF = KEYS.get(1), SENDER = KEYS.get(2), MEMBER = KEYS.get(3), STRANGER = KEYS.get(4);
    private static final long WALL_MS = 1_700_000_000_000L;
    private static final String ADDRESS = "198.51.100.7:7117";

    private final Membership membership = new Membership(Remembered.nothing());
    private SpaceId space;
    private long nowMs = 1_000_000;
    private Gossip gossip = gossip(GossipSettings.defaults());

    private Gossip gossip(GossipSettings settings) {
        var log = log(9, List.of(SENDER.node(), MEMBER.node()));
        space = log.space();
        membership.changed(space, log.state());
        var made = new Gossip(SELF, VERIFIER, settings, membership, 512, List.of());
        made.listening(List.of("198.51.100.1:7117"));
        return made;
    }

    private static MemoryEventLog log(int salt, List<NodeId> members) {
        var author = new Author(SELF, Epoch.of(new byte[16]));
        var log = MemoryEventLog.create(Genesis.write(author, "space", "table", Json.object(), HandshakeTest.bytes(salt)), VERIFIER, () -> Epoch.of(new byte[16]), WALL_MS);
        log.write(author, members.stream().map(node -> new Draft(ControlType.MEMBER_ADDED, Json.object("subject", node.hex(), "role", "writer"))).toList(), List.of(), Map.of(),
            WALL_MS);
        return log;
    }

    private Now now() {
        return new Now(nowMs, WALL_MS + nowMs);
    }

    private PeerRecord record(Signer subject, long issuedMs, String... addresses) {
        return PeerRecord.issue(subject, List.of(addresses), Set.of(space), WALL_MS + issuedMs, 3_600_000);
    }

    private static Frame.Told told(PeerRecord record, int ttl) {
        return new Frame.Told(record.bytes(), record.signature(), ttl);
    }

    private List<Peer> hear(Frame.Told... records) {
        nowMs += 60_000;
        return learnt(gossip.received(SENDER.node(), new Frame.Gossip(List.of(records)), now()));
    }

    private List<Peer> learnt(List<Gossip.Out> steps) {
        var learnt = new ArrayList<Peer>();
        for (var step : steps) if (step instanceof Gossip.Out.Learnt(var peer)) {
            membership.add(peer);
            learnt.add(peer);
        }
        return learnt;
    }

    private void refused(GossipRefusal why, Frame.Told... records) {
        long before = gossip.status().refused(why);
        assertThat(hear(records)).isEmpty();
        assertThat(gossip.status().refused(why) - before).as("refused as %s: %s", why, gossip.status().refused()).isEqualTo(records.length);
    }

    private List<NodeId> tells(Signer recipient, int ttl) {
        return gossip.forPeer(recipient.node(), _ -> true, now()).map(Frame.Gossip::records).orElse(List.of()).stream().filter(each -> each.ttl() == ttl)
            .map(each -> PeerRecord.read(each.record(), each.signature()).node()).filter(node -> !node.equals(SELF.node())).toList();
    }

    @Test void a_signed_record_of_a_member_is_learnt_with_one_hop_less() {
        assertThat(hear(told(record(MEMBER, nowMs, ADDRESS), 2))).containsExactly(
            new Peer(MEMBER.node(), "", List.of(ADDRESS), List.of(), WALL_MS + nowMs, PeerSource.GOSSIP, 1));
        assertThat(tells(SENDER, 1)).containsExactly(MEMBER.node());
        assertThat(gossip.status().refused()).isEmpty();
    }

    @Tag("P01") @Test void a_record_that_its_subject_did_not_sign_is_refused() {
        var good = record(MEMBER, nowMs, ADDRESS);
        var forger = PeerRecord.issue(SENDER, List.of(ADDRESS), Set.of(space), WALL_MS + nowMs, 3_600_000);
        refused(GossipRefusal.FORGED, new Frame.Told(good.bytes(), forger.signature(), 1));
        var moved = new String(good.bytes(), java.nio.charset.StandardCharsets.UTF_8).replace("198.51.100.7", "198.51.100.8");
        refused(GossipRefusal.FORGED, new Frame.Told(moved.getBytes(java.nio.charset.StandardCharsets.UTF_8), good.signature(), 1));
        assertThat(membership.peers()).isEmpty();
    }

    @Test void what_is_no_record_is_refused_whatever_it_is() {
        var good = record(MEMBER, nowMs, ADDRESS);
        Property.check(2_000, random -> {
            var bytes = random.nextInt(4) == 0 ? new byte[random.nextInt(1_500)] : good.bytes().clone();
            if (bytes.length > 0) bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            nowMs += 60_000;
            assertThat(gossip.received(SENDER.node(), new Frame.Gossip(List.of(new Frame.Told(bytes, good.signature(), 1))), now())).isEmpty();
        });
        assertThat(gossip.status().refused(GossipRefusal.MALFORMED)).isPositive();
        assertThat(gossip.status().refused(GossipRefusal.FORGED)).isPositive();
        var eternal = PeerRecord.issue(MEMBER, List.of(ADDRESS), Set.of(space), WALL_MS, PeerRecord.LIFE_MS_MAX);
        var longer = new String(eternal.bytes(), java.nio.charset.StandardCharsets.UTF_8).replace("\"expires\":" + eternal.expiresMs(), "\"expires\":" + (eternal.expiresMs() + 1));
        refused(GossipRefusal.MALFORMED, new Frame.Told(longer.getBytes(java.nio.charset.StandardCharsets.UTF_8), MEMBER.sign(longer.getBytes(java.nio.charset.StandardCharsets.UTF_8)), 1));
    }

    @Test void a_record_that_ran_out_or_is_of_the_future_is_refused() {
        refused(GossipRefusal.EXPIRED, told(record(MEMBER, nowMs - 3_600_000, ADDRESS), 1));
        refused(GossipRefusal.FUTURE, told(record(MEMBER, nowMs + 60_000 + 300_001, ADDRESS), 1));
        assertThat(hear(told(record(MEMBER, nowMs + 300_000, ADDRESS), 1))).as("within what clocks may differ").hasSize(1);
    }

    @Test void a_replayed_record_changes_nothing() {
        var old = record(MEMBER, nowMs - 10_000, "198.51.100.66:7117");
        hear(told(record(MEMBER, nowMs, ADDRESS), 2));
        refused(GossipRefusal.STALE, told(old, 2));
        refused(GossipRefusal.STALE, told(record(MEMBER, nowMs - 120_000, "198.51.100.9:1717"), 2));
        assertThat(membership.peer(MEMBER.node()).orElseThrow().addresses()).containsExactly(ADDRESS);
    }

    @Test void one_that_was_forgotten_is_not_brought_back_by_its_old_record_but_by_a_new_one() {
        var old = record(MEMBER, nowMs, ADDRESS);
        hear(told(old, 2));
        var forgot = gossip.check(_ -> false, _ -> true, now());
        assertThat(forgot).containsExactly(new Gossip.Out.Forget(MEMBER.node(), "did not answer"));
        membership.remove(MEMBER.node());
        refused(GossipRefusal.STALE, told(old, 2));
        assertThat(hear(told(record(MEMBER, nowMs, ADDRESS), 2))).hasSize(1);
    }

    @Test void hops_never_rise() {
        refused(GossipRefusal.TTL, told(record(MEMBER, nowMs, ADDRESS), 3));
        refused(GossipRefusal.TTL, told(record(MEMBER, nowMs, ADDRESS), 255));
        refused(GossipRefusal.TTL, told(record(MEMBER, nowMs, ADDRESS), 0));
        var record = record(MEMBER, nowMs, ADDRESS);
        hear(told(record, 1));
        hear(told(record, 2));                                 // the same by a way that claims to be shorter
        assertThat(tells(SENDER, 1)).isEmpty();
        assertThat(tells(SENDER, 2)).isEmpty();
        hear(told(record(MEMBER, nowMs, ADDRESS), 2));
        assertThat(tells(SENDER, 1)).as("the next record begins anew").containsExactly(MEMBER.node());
    }

    @Test void its_own_word_over_its_own_connection_gives_a_learnt_peer_no_hops_back() {
        hear(told(record(MEMBER, nowMs, ADDRESS), 1));
        nowMs += 60_000;
        gossip.received(MEMBER.node(), new Frame.Gossip(List.of(told(record(MEMBER, nowMs, ADDRESS), 2))), now());
        assertThat(tells(SENDER, 1)).isEmpty();
        assertThat(tells(SENDER, 2)).isEmpty();
    }

    @Test void hops_are_counted_by_who_named_the_peer() {
        for (var each : Map.of(PeerSource.MANUAL, 2, PeerSource.HUB, 1, PeerSource.MET, 1).entrySet()) {
            membership.remove(MEMBER.node());
            membership.add(new Peer(MEMBER.node(), "", List.of(), List.of(), 1, each.getKey(), Peer.TTL_OF_SOURCE));
            nowMs += 60_000;
            gossip.received(MEMBER.node(), new Frame.Gossip(List.of(told(record(MEMBER, nowMs, ADDRESS), 2))), now());
            assertThat(tells(SENDER, each.getValue())).as(each.toString()).containsExactly(MEMBER.node());
        }
        membership.add(new Peer(MEMBER.node(), "", List.of(), List.of(), 1, PeerSource.MANUAL, 0));
        assertThat(gossip.forPeer(SENDER.node(), _ -> true, now()).orElseThrow().records()).as("a person said: tell nobody").hasSize(1);
    }

    @Test void whom_a_better_source_knows_is_not_learnt() {
        for (var source : List.of(PeerSource.MANUAL, PeerSource.HUB, PeerSource.MET)) {
            membership.remove(MEMBER.node());
            membership.add(new Peer(MEMBER.node(), "", List.of("198.51.100.99:7117"), List.of(), 1, source, Peer.TTL_OF_SOURCE));
            assertThat(hear(told(record(MEMBER, nowMs, ADDRESS), 2))).as(source.wire()).isEmpty();
        }
        assertThat(gossip.status().refused()).isEmpty();
    }

    @Tag("P01") @Test void who_is_no_member_of_a_space_that_the_sender_is_in_too_is_refused() {
        refused(GossipRefusal.FOREIGN, told(record(STRANGER, nowMs, ADDRESS), 2));
        var other = log(10, List.of(MEMBER.node(), STRANGER.node()));                    // the sender is not in it
        membership.changed(other.space(), other.state());
        refused(GossipRefusal.FOREIGN, told(record(STRANGER, nowMs, ADDRESS), 2));
        refused(GossipRefusal.FOREIGN, told(PeerRecord.issue(MEMBER, List.of(ADDRESS), Set.of(other.space()), WALL_MS + nowMs, 3_600_000), 2));
        assertThat(hear(told(PeerRecord.issue(MEMBER, List.of(ADDRESS), Set.of(space), WALL_MS + nowMs, 3_600_000), 2))).hasSize(1);
        assertThat(gossip.forPeer(STRANGER.node(), _ -> true, now()).orElseThrow().records()).as("the member's record names another space").hasSize(1);
    }

    @Tag("P01") @Tag("lesson-gossip-reaches-inside") @Test void addresses_inside_networks_are_refused() {
        for (var inside : List.of("10.0.0.1:7117", "172.16.9.1:7117", "192.168.1.1:7117", "100.64.0.1:7117", "127.0.0.1:7117", "[::1]:7117", "169.254.169.254:8080", "[fe80::1]:7117",
            "[fd00:ec2::254]:8080", "[fd12::1]:7117", "0.0.0.0:7117", "224.0.0.1:7117", "255.255.255.255:7117", "[::ffff:10.0.0.1]:7117", "[::ffff:a00:1]:7117", "[2002:a00:1::1]:7117",
            "[2001:0:a00:1::1]:7117", "[::]:7117", "198.51.100.7:22", "198.51.100.7:0", "198.51.100.7:70000", "internal.example:7117", "010.0.0.1:7117", "0xa000001:7117", "2130706433:7117",
            "100.100.100.200:7117", "198.18.0.1:7117"))
            refused(GossipRefusal.ADDRESS, told(record(MEMBER, nowMs, inside), 2));
        assertThat(hear(told(record(MEMBER, nowMs, "10.0.0.1:7117", ADDRESS, "[2001:db8::1]:443"), 2)).getFirst().addresses()).containsExactly(ADDRESS, "[2001:db8::1]:443");
    }

    @Test void private_addresses_are_dialled_when_allowed_or_next_to_an_own_one_and_metadata_services_never() {
        gossip.listening(List.of("192.168.7.1:7117", "[fd12:1:2:3::1]:7117"));
        assertThat(hear(told(record(MEMBER, nowMs, "192.168.7.200:7117", "192.168.8.1:7117", "[fd12:1:2:3::9]:7117", "[fd12:1:2:4::9]:7117"), 2)).getFirst().addresses())
            .containsExactly("192.168.7.200:7117", "[fd12:1:2:3::9]:7117");
        gossip = gossip(new GossipSettings(true, 2, 1, 60_000, 50, 300_000, 3, true, true, 10, 3));
        assertThat(hear(told(record(MEMBER, nowMs, "10.0.0.1:7117", "127.0.0.1:7117", "[fd12::1]:7117"), 2)).getFirst().addresses()).hasSize(3);
        for (var never : List.of("169.254.169.254:8080", "100.100.100.200:8080", "[fd00:ec2::254]:8080", "[fd00:0ec2:0:0:0:0:0:254]:8080", "[fe80::1]:7117", "0.0.0.0:7117"))
            refused(GossipRefusal.ADDRESS, told(record(MEMBER, nowMs, never), 2));
    }

    @Test void a_space_has_so_many_learnt_peers_and_no_more() {
        var many = KEYS.subList(5, 60).stream().map(Signer::node).toList();
        var all = new ArrayList<>(many);
        all.add(SENDER.node());
        var log = log(11, all);
        membership.changed(log.space(), log.state());
        membership.closed(space);
        space = log.space();
        int learnt = 0;
        for (var each : KEYS.subList(5, 55)) learnt += hear(told(record(each, nowMs, ADDRESS), 2)).size();
        assertThat(learnt).isEqualTo(50);
        refused(GossipRefusal.FULL, told(record(KEYS.get(56), nowMs, ADDRESS), 1));
        membership.add(new Peer(KEYS.get(57).node(), "", List.of(), List.of(), 1));
        hear(told(record(KEYS.get(57), nowMs, ADDRESS), 1));
        assertThat(tells(SENDER, 2)).as("whom a person named needs no place").isNotEmpty();
        var message = gossip.forPeer(SENDER.node(), _ -> true, now()).orElseThrow();
        assertThat(message.records()).hasSize(Frame.TOLD_MAX);
        var told = new java.util.TreeSet<NodeId>();
        for (int round = 0; round < 6; round++)
            for (var each : gossip.forPeer(SENDER.node(), _ -> true, now()).orElseThrow().records()) told.add(PeerRecord.read(each.record(), each.signature()).node());
        assertThat(told).as("all in turn").hasSize(52).contains(SELF.node(), KEYS.get(57).node());
    }

    @Test void who_tells_too_often_is_not_heard() {
        int heard = 0;
        for (int i = 0; i < 100; i++) {
            gossip.received(SENDER.node(), new Frame.Gossip(List.of(told(record(MEMBER, nowMs + i, ADDRESS), 2))), now());
            heard++;
        }
        assertThat(gossip.status().refused(GossipRefusal.FLOOD)).isEqualTo(heard - 3);
        nowMs += 60_000;
        refused(GossipRefusal.STALE, told(record(MEMBER, nowMs - 60_000, ADDRESS), 2));
    }

    @Test void only_those_who_are_connected_are_told_of_and_nobody_of_themselves() {
        hear(told(record(MEMBER, nowMs, ADDRESS), 2));
        assertThat(gossip.forPeer(SENDER.node(), _ -> false, now()).orElseThrow().records()).as("itself alone").hasSize(1);
        assertThat(tells(MEMBER, 1)).isEmpty();
    }

    @Test void a_member_that_left_is_forgotten() {
        hear(told(record(MEMBER, nowMs, ADDRESS), 2));
        var without = log(9, List.of(SENDER.node()));
        membership.changed(space, without.state());
        assertThat(gossip.check(_ -> false, _ -> false, now())).containsExactly(new Gossip.Out.Forget(MEMBER.node(), "in no common space"));
    }

    @Test void learnt_peers_are_dialled_seldom_and_few_at_a_time() {
        var limit = new DialLimit(GossipSettings.defaults(), 8);
        for (int i = 0; i < 3; i++) assertThat(limit.tryDial(KEYS.get(i).node(), 0, 1_000)).isZero();
        assertThat(limit.tryDial(KEYS.get(3).node(), 0, 1_000)).as("three at a time").isEqualTo(1_500);
        for (int i = 0; i < 7; i++) {
            limit.ended(KEYS.get(i).node());
            if (i + 3 < 10) assertThat(limit.tryDial(KEYS.get(i + 3).node(), 0, 2_000)).isZero();
        }
        for (int i = 0; i < 10; i++) limit.ended(KEYS.get(i).node());
        assertThat(limit.tryDial(KEYS.get(20).node(), 0, 3_000)).as("ten a minute").isEqualTo(61_001);
        assertThat(limit.tryDial(KEYS.get(20).node(), 4, 70_000)).as("half of the connections").isEqualTo(70_500);
        assertThat(limit.tryDial(KEYS.get(20).node(), 3, 70_000)).isZero();
    }

    @Test void the_most_trusted_source_counts_and_the_others_are_heard_when_it_is_gone() {
        var sources = new PeerSources();
        var node = MEMBER.node();
        for (var source : List.of(PeerSource.GOSSIP, PeerSource.MET, PeerSource.HUB, PeerSource.MANUAL, PeerSource.HUB, PeerSource.GOSSIP))
            sources.put(new Peer(node, source.wire(), List.of(), List.of(), 1, source, 0));
        for (var source : PeerSource.values()) {
            assertThat(sources.peer(node).orElseThrow().source()).isEqualTo(source);
            assertThat(sources.peers()).hasSize(1);
            sources.remove(source, node);
        }
        assertThat(sources.peers()).isEmpty();
    }
}

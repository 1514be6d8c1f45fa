package dev.waggle.sync.engine;

import dev.waggle.core.Property;
import dev.waggle.core.log.Chunk;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.SyncStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Connections that end, hang, carry one way or are made twice, and nodes that were away or moved: it costs time and nothing else.
class LinkScenarioTest extends TwoNodes {
    @Tag("N08") @Tag("lesson-no-replay") @Test void a_lost_connection_is_dialled_again_for_ever() {
        joined(b);
        net.cut(a, b);
        net.run(3 * 3_600_000L);
        assertThat(b.status().peer(a.id).orElseThrow().state()).isNotEqualTo(SyncStatus.PeerState.CONNECTED);
        assertThat(b.heard(Notice.DialFailed.class)).hasSizeGreaterThan(150);
        a.write(id(), 10);
        net.heal();
        net.run(70_000);
        assertEqual(a, b);
    }

    @Tag("N08") @Tag("lesson-stop-retrying") @Test void a_peer_that_was_away_for_thirty_days_gets_everything() {
        joined(b);
        net.cut(a, b);
        for (int day = 0; day < 30; day++) {
            a.write(id(), 3);
            b.write(id(), 2);
            net.run(86_400_000);
        }
        assertThat(b.heard(Notice.DialFailed.class)).hasSizeGreaterThan(30 * 24 * 50);
        net.heal();
        net.run(70_000);
        assertEqual(a, b);
        assertThat(space.state().lastOffset()).isGreaterThanOrEqualTo(150);
    }

    @Tag("N10") @Test void a_half_open_connection_is_noticed_and_replaced() {
        joined(b);
        net.swallow(a, b);
        a.write(id(), 10);
        net.run(60_000);
        assertThat(b.log(id()).state().lastOffset()).isLessThan(space.state().lastOffset());
        net.heal();
        net.run(200_000);
        assertEqual(a, b);
    }

    @Tag("N02") @Test void a_link_that_carries_one_way_only_is_noticed_and_replaced() {
        joined(b);
        for (var lost : List.of(List.of(a, b), List.of(b, a))) {
            net.swallowOneWay(lost.get(0), lost.get(1));
            var unheard = lost.get(0).write(id(), 10);
            var heard = lost.get(1).write(id(), 10);
            net.run(400_000);
            for (var event : unheard) assertThat(lost.get(1).holds(id(), event)).isFalse();
            assertThat(lost.get(1).log(id()).state().lastOffset()).isPositive();
            net.heal();
            net.run(200_000);
            for (var event : heard) assertThat(lost.get(0).holds(id(), event)).isTrue();
            assertEqual(a, b);
        }
    }

    @Tag("N02") @Test void a_link_that_flaps_changes_nothing_but_the_time() {
        joined(b);
        long before = space.state().lastOffset();
        for (int i = 0; i < 60; i++) {
            if (i % 2 == 0) net.cut(a, b);
            else net.heal();
            a.write(id(), 2);
            b.write(id(), 3);
            net.run(net.random.nextInt(3_000));
        }
        net.heal();
        net.run(100_000);
        assertEqual(a, b);
        assertThat(space.state().lastOffset()).isEqualTo(before + 60 * 5);
    }

    /// Every frame of a join and of the exchange after it is once the first that does not arrive: an event, a question, the answer to what was done already.
    @Tag("N01") @Test void a_connection_cut_at_any_frame_costs_time_and_nothing_else() {
        int frames = Integer.MAX_VALUE;
        for (int cutAt = 0; cutAt <= frames; cutAt++) {
            net = new SimNet(Property.random(1));
            a = new SimNode(net, SyncSettings.defaults().withBatches(2, 4, 64 * 1024)).start();
            b = new SimNode(net, SyncSettings.defaults().withBatches(2, 4, 64 * 1024)).start();
            space = a.create("tasks");
            var sent = new int[1];
            int at = cutAt;
            net.watchers.add((from, to, frame) -> {
                if (!(frame instanceof Frame.Ping || frame instanceof Frame.Pong) && ++sent[0] == at) net.drop(from, to);
            });
            a.write(id(), 20);
            a.writeWithChunks(id(), List.of(Chunk.of(a.bytes(1_000))));
            var joined = b.join(a.ticket(space, 3_600_000, Optional.empty()));
            net.run(90_000);
            assertThat(joined).as("cut at frame %s", at).isCompletedWithValue(id());
            a.write(id(), 3);
            b.write(id(), 3);
            net.run(90_000);
            assertEqual(a, b);
            assertThat(space.counts().accepted()).as("cut at frame %s", at).isEqualTo(2 + 20 + 1 + 3 + 3);
            assertThat(space.counts().rejected() + b.log(id()).counts().rejected()).isZero();
            assertThat(a.status().peer(b.id).orElseThrow().lagEvents()).isZero();
            if (cutAt == 0) frames = sent[0];
        }
        assertThat(frames).isGreaterThan(20);
    }

    @Tag("N11") @Test void of_two_connections_made_at_once_both_ends_keep_the_same() {
        joined(b);
        net.cut(a, b);
        net.run(1_000);
        a.sync.addPeer(b.id, "b", List.of(b.address));
        a.turn();
        net.run(200_000);
        net.heal();
        a.sync.connectToPeer(b.id);
        b.sync.connectToPeer(a.id);
        a.turn();
        b.turn();
        net.run(5_000);
        assertThat(net.connections(a, b)).isEqualTo(1);
        a.write(id(), 1);
        b.write(id(), 1);
        net.run(5_000);
        assertEqual(a, b);
        assertThat(net.connections(a, b)).isEqualTo(1);
    }

    @Tag("lesson-no-replay") @Test void a_node_that_restarts_goes_on_by_itself() {
        joined(b);
        b.crash();
        a.write(id(), 700);
        net.run(100_000);
        b.start();
        b.write(id(), 5);
        net.run(10_000);
        assertEqual(a, b);
    }

    @Tag("N16") @Test void a_node_that_moved_finds_its_peer_where_that_announced_to_listen() {
        b.sync.listening(List.of(b.address));
        b.turn();
        joined(b);
        a.crash();
        net.run(10_000);
        a.start();
        net.listening.remove(a.address);          // nobody reaches a where it was; it reaches b where b said that it listens
        a.write(id(), 4);
        net.run(80_000);
        assertEqual(a, b);
    }

    @Tag("N10") @Test void a_slow_peer_costs_no_memory_and_gets_everything() {
        b.bytesPerMs = 40;
        joined(b);
        for (int i = 0; i < 10; i++) a.write(id(), 400);
        net.run(600_000);
        assertEqual(a, b);
    }
}

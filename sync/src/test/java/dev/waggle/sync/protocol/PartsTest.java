package dev.waggle.sync.protocol;

import dev.waggle.core.Property;
import dev.waggle.core.event.NodeId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The small parts: when to dial, whose clock is wrong, which addresses are believed.
class PartsTest {
    private static NodeId node(int number) {
        return NodeId.of(HandshakeTest.bytes(number));
    }

    @Tag("N08") @Tag("lesson-stop-retrying") @Test void pauses_double_to_a_limit_with_a_random_half_taken_off_and_never_end() {
        Property.check(50, random -> {
            var retry = new Retry(64_000);
            retry.keep(node(1), List.of("h:1"), 0);
            long now = 0;
            for (int n = 1; n < 200; n++) {
                retry.lost(node(1), now, random.nextLong());
                long whole = Math.min(64_000, 1_000L << Math.min(n, 30));
                assertThat(retry.nextMs(node(1)) - now).isBetween(whole / 2, whole);
                assertThat(retry.due(node(1), retry.nextMs(node(1)) - 1)).containsExactly(new Retry.Out.WakeAt(node(1), retry.nextMs(node(1))));
                now = retry.nextMs(node(1));
                assertThat(retry.due(node(1), now)).hasSize(1).allMatch(Retry.Out.Dial.class::isInstance);
                assertThat(retry.due(node(1), now)).as("one dial at a time").isEmpty();
            }
        });
    }

    @Test void addresses_are_tried_in_turn() {
        var retry = new Retry(64_000);
        assertThat(retry.keep(node(1), List.of("h:1", "h:2"), 0)).containsExactly(new Retry.Out.Dial(node(1), "h:1"));
        retry.lost(node(1), 0, 1);
        assertThat(retry.now(node(1), 1)).containsExactly(new Retry.Out.Dial(node(1), "h:2"));
    }

    @Tag("N08") @Test void a_connection_that_dies_at_once_does_not_begin_the_pauses_anew() {
        var retry = new Retry(64_000);
        retry.keep(node(1), List.of("h:1"), 0);
        for (int i = 0; i < 5; i++) {
            retry.connected(node(1), 1_000 * i);
            retry.lost(node(1), 1_000 * i + 10, 1);
        }
        assertThat(retry.failures(node(1))).isEqualTo(5);
        retry.connected(node(1), 100_000);
        retry.lost(node(1), 200_000, 1);
        assertThat(retry.failures(node(1))).isZero();
    }

    @Test void a_clock_far_from_most_peers_is_red_until_it_is_set_right() {
        var clocks = new ClockComparison(300_000, 2);
        var year = 365L * 24 * 3_600_000;
        var wrong = new Now(0, year);
        assertThat(clocks.heard(node(1), 0, wrong)).as("one peer alone stops nobody").isEmpty();
        assertThat(clocks.heard(node(2), 100, wrong)).contains(new Notice.ClockJudged(true, 100 - year));
        assertThat(clocks.heard(node(3), year, wrong)).isEmpty();
        assertThat(clocks.red()).isTrue();
        assertThat(clocks.judge(new Now(1_000, 1_100))).isPresent();
        assertThat(clocks.red()).isFalse();
    }

    @Test void a_minority_with_a_wrong_clock_stops_nobody() {
        var clocks = new ClockComparison(300_000, 2);
        for (int i = 1; i <= 5; i++) clocks.heard(node(i), i <= 2 ? 10_000_000 : 0, new Now(0, 0));
        assertThat(clocks.red()).isFalse();
    }

    @Tag("P01") @Tag("lesson-gossip-reaches-inside") @Test void announced_addresses_are_believed_by_rule() {
        var announced = List.of("192.168.1.5:4455", "10.0.0.1:4455", "[2001:db8::1]:4455", "[fd00::1]:4455", "203.0.113.9:443");
        assertThat(AddressRule.believed(announced, "192.168.1.5:50000", true)).isEqualTo(announced);
        assertThat(AddressRule.believed(List.of("127.0.0.1:4455", "[::1]:4455", "169.254.169.254:4455", "0.0.0.0:4455", "224.0.0.1:4455",
            "255.255.255.255:4455", "[fe80::1]:4455", "[::]:4455", "[::ffff:127.0.0.1]:4455", "[ff02::1]:4455", "example.org:4455", "10.0.0.1:22",
            "10.0.0.1:70000", "10.0.0.1", "010.0.0.1:4455", "2130706433:4455", "10.0.0.1:-1", "x".repeat(70) + ":4455"), "192.168.1.5:50000", true)).isEmpty();
        assertThat(AddressRule.believed(List.of("127.0.0.1:4455"), "127.0.0.1:50000", true)).as("on one machine").hasSize(1);
        assertThat(AddressRule.believed(List.of("127.0.0.1:4455"), "127.0.0.1:50000", false)).as("behind a forwarder").isEmpty();
        assertThat(AddressRule.withoutLoopback(List.of("127.0.0.1:4455", "[::1]:4455", "10.0.0.1:4455"))).containsExactly("10.0.0.1:4455");
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RelayTest {
    private static final SpaceId SPACE = SpaceId.of(new byte[32]);

    private final Relay relay = new Relay(1_000);
    private Now now = new Now(5_000, 0);

    private void acknowledged(int accepted, int duplicate, int waiting) {
        acknowledged(0, accepted, duplicate, waiting);
    }

    private void acknowledged(int own, int accepted, int duplicate, int waiting) {
        relay.sent(own, accepted + duplicate + waiting - own);
        relay.acknowledged(new Frame.Ack(SPACE, 1, accepted, duplicate, waiting, 0, 0, 0), now);
    }

    @Test void three_batches_of_what_the_peer_had_hold_the_link_back_for_a_quiet_time() {
        acknowledged(0, 5, 0);
        acknowledged(0, 1, 0);
        relay.grew(now);
        assertThat(relay.holding()).isFalse();
        acknowledged(0, 1, 0);
        assertThat(relay.holding()).as("what is under way ends, too").isTrue();
        assertThat(relay.isDue(now)).isFalse();
        now = new Now(6_000, 0);
        assertThat(relay.isDue(now)).isTrue();
        assertThat(relay.isDue(now)).as("once").isFalse();
        assertThat(relay.holding()).as("until the peer has answered").isTrue();
        assertThat(relay.next()).as("asked again should it not").isEqualTo(7_000);
    }

    @Test void more_that_grows_meanwhile_does_not_put_it_off() {
        for (int i = 0; i < 3; i++) acknowledged(0, 1, 0);
        now = new Now(5_900, 0);
        relay.grew(now);
        assertThat(relay.next()).isEqualTo(6_000);
    }

    @Test void one_event_that_the_peer_took_opens_the_link() {
        for (int i = 0; i < 3; i++) acknowledged(0, 1, 0);
        acknowledged(1, 7, 0);
        relay.grew(now);
        assertThat(relay.holding()).isFalse();
        assertThat(relay.next()).isEqualTo(Long.MAX_VALUE);
    }

    @Test void what_the_node_wrote_itself_says_nothing() {
        for (int i = 0; i < 9; i++) acknowledged(2, 0, 2, 0);
        relay.grew(now);
        assertThat(relay.holding()).as("that it had it from somebody else already").isFalse();
        for (int i = 0; i < 3; i++) {
            acknowledged(0, 4, 0);
            acknowledged(1, 1, 0, 0);
            acknowledged(1, 1, 3, 0);
        }
        relay.grew(now);
        assertThat(relay.holding()).as("that the peer takes it is no reason to send what others wrote").isTrue();
        acknowledged(1, 2, 3, 0);
        relay.release();
        relay.grew(now);
        assertThat(relay.holding()).isFalse();
    }

    @Test void what_the_node_wrote_and_what_waits_there_opens_the_link() {
        for (int i = 0; i < 3; i++) acknowledged(0, 4, 0);
        assertThat(relay.holding()).isTrue();
        acknowledged(1, 1, 0, 0);
        assertThat(relay.holding()).isTrue();
        acknowledged(1, 0, 0, 1);
        assertThat(relay.holding()).as("its parents are held back here").isFalse();
        relay.grew(now);
        assertThat(relay.holding()).isFalse();
    }

    @Test void what_waits_there_is_nothing_that_it_had() {
        for (int i = 0; i < 9; i++) acknowledged(0, 3, 1);
        relay.grew(now);
        assertThat(relay.holding()).isFalse();
    }

    @Test void a_link_that_was_released_is_held_back_again_when_the_log_grows() {
        for (int i = 0; i < 3; i++) acknowledged(0, 1, 0);
        relay.release();
        assertThat(relay.holding()).isFalse();
        relay.grew(now);
        assertThat(relay.holding()).isTrue();
    }
}

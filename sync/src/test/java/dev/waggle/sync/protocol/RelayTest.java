package dev.waggle.sync.protocol;

import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RelayTest {
    private static final SpaceId SPACE = SpaceId.of(new byte[32]);

    private final Relay relay = new Relay(1_000);
    private Now now = new Now(5_000, 0);
    private long lastOffset = 100;

    private void acknowledged(int accepted, int duplicate, int waiting) {
        acknowledged(0, accepted, duplicate, waiting);
    }

    private void acknowledged(int own, int accepted, int duplicate, int waiting) {
        relay.sent(own, accepted + duplicate + waiting - own, now);
        relay.acknowledged(new Frame.Ack(SPACE, 1, accepted, duplicate, waiting, 0, 0, 0), lastOffset, now);
    }

    private void needless() {
        for (int i = 0; i < 3; i++) acknowledged(0, 4, 0);
    }

    private void grew() {
        relay.grew(++lastOffset, now);
    }

    private void at(long monotonicMs) {
        now = new Now(monotonicMs, 0);
    }

    @Test void three_batches_of_what_the_peer_had_hold_the_link_back_for_a_quiet_time() {
        acknowledged(0, 5, 0);
        acknowledged(0, 1, 0);
        grew();
        assertThat(relay.holding()).isFalse();
        acknowledged(0, 1, 0);
        assertThat(relay.holding()).as("what is under way ends, too").isTrue();
        assertThat(relay.isDue(now)).isFalse();
        at(6_000);
        assertThat(relay.isDue(now)).isTrue();
        assertThat(relay.isDue(now)).as("once").isFalse();
        assertThat(relay.holding()).as("until the peer has answered").isTrue();
        assertThat(relay.next()).as("asked again should it not").isEqualTo(7_000);
    }

    @Test void more_that_grows_meanwhile_does_not_put_it_off() {
        needless();
        at(5_900);
        grew();
        assertThat(relay.next()).isEqualTo(6_000);
    }

    @Test void what_the_peer_lacks_of_what_was_held_back_is_sent_and_what_is_younger_is_held_back_again() {
        needless();
        long held = lastOffset;
        grew();
        relay.told();
        assertThat(relay.holding()).as("the peer told for a reason of its own").isTrue();
        at(6_000);
        relay.isDue(now);
        relay.told();
        assertThat(relay.holding()).isFalse();
        assertThat(relay.until()).isEqualTo(held);
        grew();
        assertThat(relay.until()).isEqualTo(held);
        relay.caughtUp(lastOffset, now);
        assertThat(relay.holding()).isTrue();
        assertThat(relay.next()).isEqualTo(7_000);
        at(7_000);
        relay.isDue(now);
        relay.told();
        assertThat(relay.until()).isEqualTo(lastOffset);
        relay.caughtUp(lastOffset, now);
        assertThat(relay.holding()).as("nothing is held back").isFalse();
    }

    @Test void a_link_that_brings_news_again_is_open() {
        needless();
        acknowledged(2, 0, 0);
        assertThat(relay.holding()).isFalse();
        assertThat(relay.until()).isEqualTo(Relay.ALL);
        assertThat(relay.next()).isEqualTo(Long.MAX_VALUE);
        grew();
        assertThat(relay.holding()).isFalse();
    }

    /// Where an event comes over eight links, each is the first now and then.
    @Test void a_link_that_hardly_ever_brings_news_is_held_back_too() {
        for (int i = 0; i < 20 && !relay.holding(); i++) acknowledged(1, 4, 0);
        assertThat(relay.holding()).isTrue();
        relay.release();
        for (int i = 0; i < 20; i++) acknowledged(1, 1, 0);
        grew();
        assertThat(relay.holding()).as("half of it is news").isFalse();
    }

    @Test void what_the_node_wrote_itself_says_nothing() {
        for (int i = 0; i < 9; i++) acknowledged(2, 0, 2, 0);
        grew();
        assertThat(relay.holding()).as("that it had it from somebody else already").isFalse();
        for (int i = 0; i < 3; i++) {
            acknowledged(0, 4, 0);
            acknowledged(1, 1, 0, 0);
            acknowledged(1, 1, 3, 0);
        }
        grew();
        assertThat(relay.holding()).as("that the peer takes it is no reason to send what others wrote").isTrue();
        acknowledged(1, 4, 0, 0);
        assertThat(relay.holding()).isFalse();
    }

    @Test void what_the_node_wrote_and_what_waits_there_brings_the_comparison_forward() {
        needless();
        acknowledged(1, 1, 0, 0);
        assertThat(relay.next()).isEqualTo(6_000);
        grew();
        acknowledged(1, 0, 0, 1);
        assertThat(relay.next()).as("its parents are held back here").isEqualTo(5_125);
        at(5_125);
        relay.isDue(now);
        relay.told();
        assertThat(relay.until()).isEqualTo(lastOffset);
    }

    @Test void more_that_waits_there_does_not_put_off_the_comparison_that_is_on_its_way() {
        needless();
        long held = lastOffset;
        at(6_000);
        relay.isDue(now);
        grew();
        acknowledged(1, 0, 0, 1);
        relay.told();
        assertThat(relay.until()).isEqualTo(held);
        relay.caughtUp(lastOffset, now);
        assertThat(relay.holding()).as("and the rest afterwards").isTrue();
    }

    @Test void where_acknowledgements_are_slow_more_time_is_given_to_what_is_on_its_way() {
        for (int i = 0; i < 9; i++) {
            relay.sent(0, 1, now);
            at(now.monotonicMs() + 3_000);
            relay.acknowledged(new Frame.Ack(SPACE, 1, 0, 1, 0, 0, 0, 0), lastOffset, now);
            if (i < 8) relay.release();
        }
        assertThat(relay.next() - now.monotonicMs()).isBetween(5_000L, 6_000L);
    }

    @Test void what_waits_there_is_nothing_that_it_had() {
        for (int i = 0; i < 9; i++) acknowledged(0, 3, 3);
        grew();
        assertThat(relay.holding()).isFalse();
    }

    @Test void a_link_that_was_released_is_held_back_again_when_the_log_grows() {
        needless();
        relay.release();
        assertThat(relay.holding()).isFalse();
        grew();
        assertThat(relay.holding()).isTrue();
    }
}

package dev.waggle.sync.engine;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("T02") class StampDoubtTest {
    private static final long WALL_MS = 1_790_000_000_000L;
    private final StampDoubt doubt = new StampDoubt();

    @Test void after_a_start_it_is_looked_once_and_not_before_a_peer_agrees_with_the_clock() {
        assertThat(isDue(0, 0, false, false)).isFalse();
        assertThat(isDue(0, 1_000, false, true)).isTrue();
        assertThat(isDue(0, 2_000, false, true)).isFalse();
    }

    @Test void a_clock_that_was_set_is_a_reason_and_one_that_drifts_is_none() {
        isDue(0, 0, false, true);
        assertThat(isDue(StampDoubt.CLOCK_SET_MS, 1_000, false, true)).isFalse();
        assertThat(isDue(2 * StampDoubt.CLOCK_SET_MS + 1, 2_000, false, true)).isTrue();
        assertThat(isDue(StampDoubt.CLOCK_SET_MS, 3_000, false, true)).as("and one that was set back, too").isTrue();
    }

    @Test void while_most_peers_have_another_time_it_waits_and_looks_when_they_do_not() {
        isDue(0, 0, false, true);
        assertThat(isDue(0, 1_000, true, true)).isFalse();
        assertThat(isDue(0, 2_000, false, true)).isTrue();
    }

    @Test void whoever_knows_more_raises_a_doubt() {
        isDue(0, 0, false, true);
        doubt.raise();
        assertThat(isDue(0, 1_000, true, true)).isFalse();
        assertThat(isDue(0, 2_000, false, true)).isTrue();
        assertThat(isDue(0, 3_000, false, true)).isFalse();
    }

    /// @param setByMs how far the wall clock is from where it would be had nobody set it
    private boolean isDue(long setByMs, long monotonicMs, boolean clockDoubted, boolean clockConfirmed) {
        return doubt.isDue(WALL_MS + monotonicMs + setByMs, monotonicMs, clockDoubted, clockConfirmed);
    }
}

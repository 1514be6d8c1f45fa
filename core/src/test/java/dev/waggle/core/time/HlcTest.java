package dev.waggle.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A stamp is always above every cause, at or after the wall time that was passed in, and never beyond what JSON carries exactly.
class HlcTest {
    @Test void a_later_clock_gives_its_own_time() {
        assertThat(new Hlc(1_000, 7).next(1_001)).isEqualTo(new Hlc(1_001, 0));
        assertThat(Hlc.ZERO.next(0)).isEqualTo(new Hlc(0, 1));
    }

    @Tag("T04") @Test void a_clock_that_stands_still_or_goes_back_counts_ticks() {
        assertThat(new Hlc(1_000, 7).next(1_000)).isEqualTo(new Hlc(1_000, 8));
        assertThat(new Hlc(1_000, 7).next(1)).isEqualTo(new Hlc(1_000, 8));
        assertThat(new Hlc(1_000, 7).next(-5)).isEqualTo(new Hlc(1_000, 8));
        assertThat(new Hlc(1_000, 7).next(Long.MIN_VALUE)).isEqualTo(new Hlc(1_000, 8));
    }

    @Tag("T03") @Test void the_last_tick_carries_into_the_next_millisecond() {
        assertThat(new Hlc(1_000, Hlc.TICK_MAX - 1).next(1_000)).isEqualTo(new Hlc(1_000, Hlc.TICK_MAX));
        assertThat(new Hlc(1_000, Hlc.TICK_MAX).next(1_000)).isEqualTo(new Hlc(1_001, 0));
        assertThat(new Hlc(1_000, Hlc.TICK_MAX).next(5_000)).isEqualTo(new Hlc(5_000, 0));
    }

    @Tag("T03") @Test void at_the_end_of_time_stamps_still_grow_until_there_are_none() {
        var nearEnd = new Hlc(Hlc.WALL_MS_MAX, 5);
        assertThat(nearEnd.next(Long.MAX_VALUE)).isEqualTo(new Hlc(Hlc.WALL_MS_MAX, 6));
        assertThat(Hlc.ZERO.next(Long.MAX_VALUE)).isEqualTo(new Hlc(Hlc.WALL_MS_MAX, 0));
        assertThat(new Hlc(Hlc.WALL_MS_MAX - 1, Hlc.TICK_MAX).next(0)).isEqualTo(new Hlc(Hlc.WALL_MS_MAX, 0));
        for (long now : new long[] {0, Hlc.WALL_MS_MAX, Long.MAX_VALUE})
            assertThatThrownBy(() -> new Hlc(Hlc.WALL_MS_MAX, Hlc.TICK_MAX).next(now)).isInstanceOf(IllegalStateException.class);
    }

    @Test void stamps_out_of_range_do_not_exist() {
        assertThatThrownBy(() -> new Hlc(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hlc(Hlc.WALL_MS_MAX + 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hlc(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hlc(0, Hlc.TICK_MAX + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void order_is_by_wall_time_and_then_by_tick() {
        assertThat(new Hlc(1, Hlc.TICK_MAX)).isLessThan(new Hlc(2, 0));
        assertThat(new Hlc(2, 1)).isGreaterThan(new Hlc(2, 0)).isEqualByComparingTo(new Hlc(2, 1));
        assertThat(Hlc.max(new Hlc(1, 9), new Hlc(2, 0))).isEqualTo(new Hlc(2, 0));
        assertThat(Hlc.max(new Hlc(2, 0), new Hlc(1, 9))).isEqualTo(new Hlc(2, 0));
    }

    @Test void the_next_stamp_is_above_its_cause_at_or_after_now_and_the_smallest_such() {
        Property.check(20_000, random -> {
            long wallMs = switch (random.nextInt(3)) {
                case 0 -> random.nextLong(3);
                case 1 -> Hlc.WALL_MS_MAX - random.nextLong(3);
                default -> random.nextLong(Hlc.WALL_MS_MAX);
            };
            var cause = new Hlc(wallMs, random.nextBoolean() ? Hlc.TICK_MAX - random.nextInt(2) : random.nextInt(3));
            long nowMs = random.nextInt(5) == 0 ? random.nextLong() : wallMs + random.nextInt(-2, 3);
            if (cause.equals(new Hlc(Hlc.WALL_MS_MAX, Hlc.TICK_MAX))) return;
            var next = cause.next(nowMs);
            long reachable = Math.min(nowMs, Hlc.WALL_MS_MAX);
            assertThat(next).isGreaterThan(cause);
            assertThat(next.wallMs()).isGreaterThanOrEqualTo(reachable);
            var before = next.tick() > 0 ? new Hlc(next.wallMs(), next.tick() - 1) : new Hlc(next.wallMs() - 1, Hlc.TICK_MAX);
            assertThat(before.compareTo(cause) <= 0 || before.wallMs() < reachable).as("a smaller one would have done").isTrue();
        });
    }
}

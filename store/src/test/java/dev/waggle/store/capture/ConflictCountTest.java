package dev.waggle.store.capture;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class ConflictCountTest {
    private static final long MS = 1_000_000;
    private final AtomicLong clock = new AtomicLong(1);
    private final AtomicInteger counts = new AtomicInteger();
    private final ConflictCount count = new ConflictCount(clock::get);

    private int ask(long position, int answer, long takesMs) {
        return count.of(position, () -> {
            counts.incrementAndGet();
            clock.addAndGet(takesMs * MS);
            return answer;
        });
    }

    @Test void a_cheap_count_is_always_of_now() {
        for (int i = 0; i < 5; i++) assertThat(ask(i, i, 1)).isEqualTo(i);
    }

    @Test void what_did_not_change_is_not_counted_again() {
        ask(7, 3, 400);
        clock.addAndGet(100_000 * MS);
        assertThat(ask(7, 4, 400)).isEqualTo(3);
        assertThat(counts).hasValue(1);
    }

    /// Found by the soak: each second a node asked itself for its status, and counted thousands of conflicts while entries waited to be applied.
    @Test void a_count_that_takes_long_takes_a_fiftieth_of_the_time() {
        ask(0, 0, 200);
        for (int second = 1; second <= 60; second++) {
            clock.addAndGet(1_000 * MS);
            ask(second, second, 200);
        }
        assertThat(counts.get()).isBetween(5, 7);
        clock.addAndGet(10_000 * MS);
        assertThat(ask(61, 61, 200)).as("in the end it is right").isEqualTo(61);
    }
}

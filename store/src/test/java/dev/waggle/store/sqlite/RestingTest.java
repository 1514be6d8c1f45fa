package dev.waggle.store.sqlite;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class RestingTest {
    /// A hub with thousands of spaces opens all of them when it starts: what each keeps for ten seconds would be all of the machine's memory.
    @Test void when_many_keep_something_open_nobody_keeps_it_for_long() throws InterruptedException {
        var told = new LinkedBlockingQueue<Long>();
        Resting one = told::add;
        Resting.watch(one);
        try {
            assertThat(Resting.afterMs()).isEqualTo(Resting.AFTER_MS);
            Resting.awake(Resting.CROWD + 1);
            try {
                assertThat(Resting.afterMs()).isEqualTo(Resting.CROWDED_MS);
                long beforeNs = told.take();
                while (System.nanoTime() - beforeNs > TimeUnit.MILLISECONDS.toNanos(Resting.AFTER_MS)) beforeNs = told.take();          // of a look that had begun before
                assertThat(told.poll(Resting.AFTER_MS / 2 - 1_000, TimeUnit.MILLISECONDS)).as("told again, sooner than at rest").isNotNull();
            } finally {
                Resting.awake(-Resting.CROWD - 1);
            }
            assertThat(Resting.afterMs()).isEqualTo(Resting.AFTER_MS);
        } finally {
            Resting.forget(one);
        }
    }
}

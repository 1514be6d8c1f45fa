package dev.waggle.node.type;

import dev.waggle.store.capture.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SpaceViewTest {
    private static final long STILL_MS = 40;

    /// Shows one entry more with each wait, up to where it stops.
    private static final class Slow implements SpaceView {
        private final long stopsAt;
        private long folded;

        Slow(long stopsAt) {
            this.stopsAt = stopsAt;
        }

        @Override public Status status() {
            return new Status(folded, "");
        }

        @Override public boolean await(long offset, long msMax) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STILL_MS / 10));
            folded = Math.min(stopsAt, folded + 1);
            return folded >= offset;
        }

        @Override public void close() {}
    }

    /// A hive of 260,000 events took longer than the ten seconds that `hive join` gave it, and the command ended with an error.
    @Test void what_takes_longer_than_it_may_stand_still_is_waited_for_while_it_moves() throws Exception {
        List<Long> told = new ArrayList<>();
        assertThat(new Slow(100).awaitAll(50, STILL_MS, (_, done, total) -> {
            assertThat(total).isEqualTo(50);
            told.add(done);
        })).isTrue();
        assertThat(told).hasSize(49).isSorted().startsWith(1L).endsWith(49L);
    }

    @Test void what_stands_still_is_not_waited_for() throws Exception {
        var view = new Slow(7);
        assertThat(view.awaitAll(50, STILL_MS, Progress.NONE)).isFalse();
        assertThat(view.status().folded()).isEqualTo(7);
    }
}

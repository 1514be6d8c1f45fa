package dev.waggle.store.capture;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class LockTimeTest {
    private static final long MS = 1_000_000;
    private final AtomicLong clock = new AtomicLong(1);
    private final LockTime time = new LockTime(clock::get);

    private long round(long drainMs, long foldMs, int folded, int offered) {
        return round(drainMs, foldMs, 0, folded, offered);
    }

    private long round(long drainMs, long foldMs, long commitMs, int folded, int offered) {
        time.begin();
        clock.addAndGet(drainMs * MS);
        time.drained();
        clock.addAndGet(foldMs * MS);
        time.worked();
        clock.addAndGet(commitMs * MS);
        time.end(folded, offered);
        return time.entriesMax();
    }

    /// Found by the soak: beside a program that never pauses a drain under the lock waited 15 ms for the log's disk, and one entry was folded in each lock.
    @Test void the_time_that_programs_writes_take_into_the_log_is_no_reason_to_fold_less() {
        time.begin();
        clock.addAndGet(30 * MS);
        time.drained();
        assertThat(time.isUp()).isFalse();
        clock.addAndGet(11 * MS);
        assertThat(time.isUp()).isTrue();
        assertThat(round(30, 5, 64, 64)).isEqualTo(128);
        assertThat(round(30, 5, 128, 128)).isEqualTo(256);
    }

    /// Found by the soak on a busy machine: commits took 10 to 30 ms, each lock folded two entries, and the file fell behind its log further and further.
    @Test void a_slow_commit_is_no_reason_to_fold_less() {
        assertThat(round(0, 5, 60, 64, 64)).isEqualTo(128);
    }

    @Test void a_node_that_falls_behind_folds_longer_in_each_lock_and_is_short_again_when_it_has_caught_up() {
        assertThat(foldsFor()).isBetween(10L, 11L);
        for (int i = 0; i < 5; i++) round(0, 12, 6, 30);
        assertThat(foldsFor()).isBetween(50L, 51L);
        round(0, 1, 3, 3);
        assertThat(foldsFor()).isBetween(10L, 11L);
    }

    private long foldsFor() {
        time.begin();
        time.drained();
        long ms = 0;
        for (; !time.isUp(); ms++) clock.addAndGet(MS);
        return ms;
    }

    @Test void a_file_that_is_filled_says_nothing_about_entries() {
        time.begin();
        clock.addAndGet(300 * MS);
        time.end(0, 0);
        assertThat(time.entriesMax()).isEqualTo(64);
    }

    @Test void entries_that_take_long_are_folded_fewer_at_once() {
        assertThat(round(0, 80, 64, 64)).isEqualTo(16);
        assertThat(round(0, 80, 1, 16)).isEqualTo(1);
    }

    @Test void few_entries_say_nothing_about_many() {
        assertThat(round(0, 1, 3, 3)).isEqualTo(64);
    }
}

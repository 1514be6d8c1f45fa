package dev.waggle.sync.engine;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ReadinessTest {
    private final Readiness readiness = new Readiness();

    @Test void a_part_that_has_nothing_to_do_is_ready_for_ever() {
        assertThat(judge(10, 10, 0)).isEmpty();
        assertThat(judge(10, 10, 10 * Readiness.FROZEN_MS)).isEmpty();
    }

    @Tag("lesson-green-while-frozen") @Test void a_part_with_work_that_does_not_move_is_frozen_and_says_where() {
        assertThat(judge(10, 12, 0)).isEmpty();
        assertThat(judge(10, 12, Readiness.FROZEN_MS - 1)).isEmpty();
        assertThat(judge(10, 15, Readiness.FROZEN_MS)).containsExactly("file has not moved for 30 s: at 10 of 15.");
    }

    @Test void moving_or_finishing_starts_the_time_again() {
        judge(10, 12, 0);
        assertThat(judge(11, 12, Readiness.FROZEN_MS)).isEmpty();
        assertThat(judge(11, 12, 2 * Readiness.FROZEN_MS - 1)).isEmpty();
        assertThat(judge(12, 12, 2 * Readiness.FROZEN_MS)).isEmpty();
        assertThat(judge(12, 13, 4 * Readiness.FROZEN_MS - 1)).hasSize(1);
    }

    @Test void an_error_is_a_reason_at_once() {
        assertThat(readiness.judge(List.of(new Readiness.Part("file", 1, 1, "the file is locked")), 0)).containsExactly("file: the file is locked");
    }

    private List<String> judge(long done, long goal, long atMs) {
        return readiness.judge(List.of(new Readiness.Part("file", done, goal, "")), atMs);
    }
}

package dev.waggle.lab.bench;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class GuardTest {
    private final Guard guard = new Guard();

    private void look(String name, double ours, double reference) {
        guard.look(new Measure(name, "us/row", "", "", List.of(ours), "a reference", List.of(reference)));
    }

    @Test void ratios_within_their_bounds_are_good() {
        look("inserts, 1,000 a transaction, TEXT key", 2, 1);
        look("log write, each waited for", 500, 1_000);
        assertThat(guard.isGood()).isTrue();
        assertThat(guard.sentence()).isEqualTo("2 ratios are within their bounds.");
    }

    @Test void one_that_is_several_times_as_slow_is_named() {
        look("inserts, 1,000 a transaction, TEXT key", 2, 1);
        look("single commits, INTEGER key", 9, 1);
        assertThat(guard.isGood()).isFalse();
        assertThat(guard.sentence()).contains("OUTSIDE", "single commits, INTEGER key: 9.000 of a reference").doesNotContain("inserts");
    }

    @Test void a_rate_may_be_too_small_too() {
        look("log write, each waited for", 50, 1_000);
        assertThat(guard.isGood()).isFalse();
    }

    @Test void without_anything_measured_nothing_is_good() {
        guard.look(Measure.once("single commits, INTEGER key", "us/row", "", "", 3));
        look("something without bounds", 1, 1);
        assertThat(guard.isGood()).isFalse();
    }
}

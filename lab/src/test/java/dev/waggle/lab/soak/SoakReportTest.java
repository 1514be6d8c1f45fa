package dev.waggle.lab.soak;

import dev.waggle.lab.bench.Machine;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

class SoakReportTest {
    private static Sample sample(double minutes, double memory, double p50) {
        var node = new Sample.OfNode(memory, 10, 10, 0.1, 5);
        return new Sample(minutes, 500, p50, p50, 0, List.of(node, node, node));
    }

    private static SoakReport report(java.util.function.DoubleUnaryOperator memory, java.util.function.DoubleUnaryOperator latency) throws Exception {
        var samples = new ArrayList<Sample>();
        for (int minute = 1; minute <= 120; minute++) samples.add(sample(minute, memory.applyAsDouble(minute), latency.applyAsDouble(minute)));
        return new SoakReport(Machine.here(Path.of(System.getProperty("java.io.tmpdir"))), 500, 1, samples, List.of("all equal"));
    }

    @Test void a_slope_is_told_an_hour() throws Exception {
        var report = report(minute -> 200 + minute / 10, minute -> minute % 2 == 0 ? Double.NaN : 12);
        assertThat(report.slope(Sample::mostResident)).isCloseTo(6, offset(1e-6));
        assertThat(report.slope(Sample::p50)).as("samples without a write seen are left out").isCloseTo(0, offset(1e-6));
    }

    @Test void what_rose_at_first_and_is_flat_since_has_no_slope() throws Exception {
        assertThat(report(minute -> Math.min(60, minute), minute -> 1).slope(Sample::mostResident)).isCloseTo(0, offset(0.1));
    }

    @Test void the_page_tells_it_all() throws Exception {
        assertThat(report(minute -> 200, minute -> 12).markdown("soak.svg")).contains("![what was seen](soak.svg)", "| memory of the largest node, MiB | 200.0 | 200.0 | +0.00 |", "- all equal");
    }
}

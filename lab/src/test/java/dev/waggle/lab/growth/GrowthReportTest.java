package dev.waggle.lab.growth;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

class GrowthReportTest {
    @Test void growth_is_told_for_each_tenfold() {
        assertThat(GrowthReport.tenfold(new TreeMap<>(Map.of(10, 1.0, 1_000, 100.0)))).isCloseTo(10, offset(1e-9));
        assertThat(GrowthReport.tenfold(new TreeMap<>(Map.of(10, 7.0, 10_000, 7.0)))).isCloseTo(1, offset(1e-9));
        assertThat(GrowthReport.tenfold(new TreeMap<>(Map.of(1, 2.0, 100, 20_000.0)))).isCloseTo(100, offset(1e-9));
    }
}

package dev.waggle.node;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class PluralTest {
    @Test void only_one_is_told_as_one() {
        assertThat(Stream.of(0, 1, 2, 1_000).map(number -> Plural.of(number, "table"))).isEqualTo(List.of("0 tables", "1 table", "2 tables", "1000 tables"));
    }
}

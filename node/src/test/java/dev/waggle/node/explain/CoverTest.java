package dev.waggle.node.explain;

import dev.waggle.core.log.Entry;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// What proves that its author wrote an event.
class CoverTest {
    private static final long NOW = TestSpace.NOW;
    private final TestSpace space = new TestSpace();

    @Test void an_inner_event_of_a_run_is_proved_by_the_next_signature_behind_it() {
        var log = MemoryEventLog.create(space.genesis, new TestKeys(), space::fresh, NOW);
        var written = log.write(space.owner, IntStream.range(0, 5).mapToObj(i -> TestSpace.draft("n" + i)).toList(), List.of(), Map.of(), NOW);
        var last = written.getLast();
        assertThat(Cover.of(log, last)).isEqualTo(new Cover.Own());
        for (var entry : written.subList(0, 4)) {
            var here = (Entry.Admitted) log.atOffset(entry.offset()).orElseThrow();
            if (here.event().signature().isEmpty()) assertThat(Cover.of(log, here)).isEqualTo(new Cover.Later(last.event().id(), last.event().seq() - here.event().seq()));
        }
        assertThat(written.stream().filter(entry -> ((Entry.Admitted) log.atOffset(entry.offset()).orElseThrow()).event().signature().isEmpty())).as("not about nothing").hasSize(4);
    }
}

package dev.waggle.store.node;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// When entries came, as far as somebody wrote it down.
class ArrivalStoreTest {
    private static final SpaceId SPACE = new SpaceId("ab".repeat(32));
    private static final SpaceId OTHER = new SpaceId("cd".repeat(32));
    @TempDir Path folder;
    private NodeStore store;
    private ArrivalStore arrivals;

    @BeforeEach void open() {
        store = NodeStore.open(folder.resolve("node.sqlite"));
        arrivals = new ArrivalStore(store);
    }

    @AfterEach void close() {
        store.close();
    }

    @Test void an_entry_came_in_its_span_and_what_nobody_wrote_down_came_between_its_neighbours() {
        assertThat(arrivals.of(SPACE, 5)).isEqualTo(ArrivalStore.Arrived.UNKNOWN);
        arrivals.add(SPACE, new ArrivalStore.Span(5, 9, 100, 120));
        arrivals.add(SPACE, new ArrivalStore.Span(20, 20, 300, 300));
        arrivals.add(OTHER, new ArrivalStore.Span(1, 100, 1, 2));
        assertThat(arrivals.of(SPACE, 5)).isEqualTo(new ArrivalStore.Arrived(100, 120));
        assertThat(arrivals.of(SPACE, 9)).isEqualTo(new ArrivalStore.Arrived(100, 120));
        assertThat(arrivals.of(SPACE, 10)).isEqualTo(new ArrivalStore.Arrived(120, 300));
        assertThat(arrivals.of(SPACE, 20)).isEqualTo(new ArrivalStore.Arrived(300, 300));
        assertThat(arrivals.of(SPACE, 4)).isEqualTo(new ArrivalStore.Arrived(0, 100));
        assertThat(arrivals.of(SPACE, 21)).isEqualTo(new ArrivalStore.Arrived(300, 0));
        assertThat(arrivals.knownUpTo(SPACE)).isEqualTo(20);
        arrivals.forget(SPACE, 9);
        assertThat(arrivals.of(SPACE, 20)).as("the log is shorter than it was").isEqualTo(new ArrivalStore.Arrived(120, 0));
        assertThat(arrivals.of(OTHER, 20)).isEqualTo(new ArrivalStore.Arrived(1, 2));
    }

    @Test void the_oldest_spans_of_a_space_go() {
        store.transaction("fill", () -> {
            for (int i = 1; i <= ArrivalStore.SPANS_MAX; i++) store.update("INSERT INTO arrival (space, first, last, from_ms, to_ms) VALUES (?, ?, ?, ?, ?)", SPACE.hex(), i, i, i, i);
        });
        arrivals.add(OTHER, new ArrivalStore.Span(1, 1, 1, 1));
        arrivals.add(SPACE, new ArrivalStore.Span(ArrivalStore.SPANS_MAX + 1, ArrivalStore.SPANS_MAX + 1, 7, 7));
        assertThat(arrivals.of(SPACE, 1)).isEqualTo(new ArrivalStore.Arrived(0, 2));
        assertThat(arrivals.of(SPACE, 2)).isEqualTo(new ArrivalStore.Arrived(2, 2));
        assertThat(arrivals.of(OTHER, 1)).isEqualTo(new ArrivalStore.Arrived(1, 1));
    }

    @Test void what_waits_keeps_the_moment_when_it_was_first_seen_and_loses_it_when_it_waits_no_more() {
        var one = new EventId("11".repeat(32));
        var two = new EventId("22".repeat(32));
        arrivals.waiting(SPACE, Set.of(one), 100);
        arrivals.waiting(SPACE, Set.of(one, two), 200);
        assertThat(arrivals.waitsSince(SPACE, one)).contains(100L);
        assertThat(arrivals.waitsSince(SPACE, two)).contains(200L);
        assertThat(arrivals.waitsSince(OTHER, one)).isEmpty();
        arrivals.waiting(SPACE, Set.of(two), 300);
        assertThat(arrivals.waitsSince(SPACE, one)).isEmpty();
        assertThat(arrivals.waitsSince(SPACE, two)).contains(200L);
    }
}

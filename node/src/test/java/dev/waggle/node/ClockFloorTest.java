package dev.waggle.node;

import dev.waggle.core.log.EventLog;
import dev.waggle.store.node.NodeStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("T04")
class ClockFloorTest {
    private static final long NOW = 1_800_000_000_000L;
    @TempDir private Path folder;

    @Test void a_clock_that_was_never_confirmed_is_believed() {
        try (var store = NodeStore.open(folder.resolve("node.sqlite"))) {
            assertThat(new ClockFloor(store).problem(0)).isEmpty();
        }
    }

    @Test void a_clock_before_the_last_agreement_stops_everything_also_after_a_restart() {
        try (var store = NodeStore.open(folder.resolve("node.sqlite"))) {
            var floor = new ClockFloor(store);
            floor.agreed(NOW);
            assertThat(floor.problem(NOW - ClockFloor.BACK_MS_MAX)).isEmpty();
            assertThat(floor.problem(NOW - ClockFloor.BACK_MS_MAX - 1)).isPresent();
            assertThat(new ClockFloor(store).problem(1_000)).hasValueSatisfying(problem ->
                assertThat(problem).contains("1970-01-01T00:00:01Z").contains("2027-01-15T08:00:00Z"));
        }
    }

    @Test void what_is_not_stopped_takes_no_stamp_made_while_the_clocks_agreed_for_one_of_the_future() {
        assertThat(ClockFloor.BACK_MS_MAX + ClockFloor.SAVE_MS).isLessThan(EventLog.FUTURE_MS_MAX);
    }

    @Test void a_peer_that_agrees_again_moves_the_floor_back() {
        try (var store = NodeStore.open(folder.resolve("node.sqlite"))) {
            var floor = new ClockFloor(store);
            floor.agreed(NOW + 365L * 86_400_000);
            assertThat(floor.problem(NOW)).isPresent();
            floor.agreed(NOW);
            assertThat(floor.problem(NOW)).isEmpty();
            assertThat(new ClockFloor(store).problem(NOW)).isEmpty();
        }
    }

    /// It was taken for a bug, and a node on a full disk stopped within a minute.
    @Tag("S05") @Tag("F06") @Test void a_disk_that_is_full_holds_the_floor_where_it_is_and_stops_nothing() {
        var store = NodeStore.open(folder.resolve("node.sqlite"));
        var floor = new ClockFloor(store);
        floor.agreed(NOW);
        store.close();                                                   // from now on it fails as a full disk does
        floor.agreed(NOW + 2 * ClockFloor.SAVE_MS);
        assertThat(floor.problem(NOW - ClockFloor.BACK_MS_MAX)).isEmpty();
        assertThat(floor.problem(NOW - ClockFloor.BACK_MS_MAX - 1)).isPresent();
    }
}

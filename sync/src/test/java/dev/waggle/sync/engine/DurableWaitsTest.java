package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Cursor;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// When a write counts as durable on other nodes (I7).
class DurableWaitsTest {
    private static final SpaceId SPACE = new SpaceId("ab".repeat(32));
    private final DurableWaits waits = new DurableWaits(List.of());

    private static Cursor cursor(int peer, long offset) {
        return new Cursor(new NodeId("%02x".formatted(peer).repeat(32)), SPACE, offset, 0, 0);
    }

    @Test void a_write_is_durable_when_cursors_of_enough_peers_have_reached_it_and_not_one_event_before() {
        var once = waits.await(SPACE, 5, 1);
        var twice = waits.await(SPACE, 5, 2);
        waits.moved(cursor(1, 4));
        assertThat(once).isNotDone();
        waits.moved(cursor(1, 5));
        assertThat(once).isCompleted();
        assertThat(twice).isNotDone();
        waits.moved(cursor(2, 4));
        assertThat(twice).isNotDone();
        waits.moved(cursor(2, 6));
        assertThat(twice).isCompleted();
    }

    @Test void what_was_remembered_counts_and_a_forgotten_peer_does_not() {
        var remembered = new DurableWaits(List.of(cursor(1, 5), cursor(2, 5)));
        assertThat(remembered.await(SPACE, 5, 2)).isCompleted();
        remembered.forget(cursor(2, 0).peer());
        assertThat(remembered.await(SPACE, 5, 2)).isNotDone();
        assertThat(remembered.await(SPACE, 5, 1)).isCompleted();
    }
}

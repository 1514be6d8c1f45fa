package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The bounds (I9). A guest is as large as its events; which events they are does not matter here.
class WaitingRoomTest {
    private final TestSpace space = new TestSpace();
    private final WaitingRoom room = new WaitingRoom(WaitingLimits.DEFAULT);

    private List<Event> events(String author, int count, int textChars) {
        return Collections.nCopies(count, space.after(null, TestSpace.author(author)).text("x".repeat(textChars)).event());
    }

    @Test void an_author_fills_no_more_than_its_share_of_events() {
        room.add(events("a", EventLog.WAITING_EVENTS_PER_AUTHOR_MAX - 1, 1));
        assertThat(room.hasRoomFor(events("a", 1, 1))).isTrue();
        assertThat(room.hasRoomFor(events("a", 2, 1))).isFalse();
        assertThat(room.hasRoomFor(events("b", 2, 1))).isTrue();
    }

    @Test void an_author_fills_no_more_than_its_share_of_bytes() {
        var large = events("a", 1, 60_000);
        int fit = (int) (EventLog.WAITING_BYTES_PER_AUTHOR_MAX / large.getFirst().payload().length);
        room.add(Collections.nCopies(fit, large.getFirst()));
        assertThat(room.hasRoomFor(large)).isFalse();
        assertThat(room.hasRoomFor(events("b", 1, 60_000))).isTrue();
    }

    @Test void an_author_whose_events_left_has_its_share_again() {
        room.add(events("a", EventLog.WAITING_EVENTS_PER_AUTHOR_MAX, 1));
        assertThat(room.hasRoomFor(events("a", 1, 1))).isFalse();
        room.remove(room.guests().iterator().next());
        assertThat(room.hasRoomFor(events("a", EventLog.WAITING_EVENTS_PER_AUTHOR_MAX, 1))).isTrue();
    }

    @Test void a_space_holds_no_more_than_its_events_and_bytes() {
        for (int i = 0; i < 5; i++) room.add(events("author " + i, EventLog.WAITING_EVENTS_MAX / 5, 1));
        assertThat(room.hasRoomFor(events("late", 1, 1))).isFalse();
        room.remove(room.guests().iterator().next());
        assertThat(room.hasRoomFor(events("late", 1, 1))).as("who leaves makes room").isTrue();
        var other = new WaitingRoom(WaitingLimits.DEFAULT);
        for (int i = 0; i < 5; i++) {
            var large = events("author " + i, 1, 60_000);
            int fit = (int) (EventLog.WAITING_BYTES_MAX / 5 / large.getFirst().payload().length);
            other.add(Collections.nCopies(fit, large.getFirst()));
        }
        assertThat(other.hasRoomFor(events("late", 6, 60_000))).isFalse();
        assertThat(other.hasRoomFor(events("late", 1, 1))).isTrue();
    }
}

package dev.waggle.node.board;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class FirstChoicesTest {
    private static final SpaceId GARDEN = new SpaceId("01".repeat(32));
    private static final SpaceId YARD = new SpaceId("02".repeat(32));
    private static final NodeId ANNA = new NodeId("0a".repeat(32));
    private static final NodeId BERT = new NodeId("0b".repeat(32));
    private final FirstChoices choices = new FirstChoices();
    private final Set<NodeId> here = new HashSet<>(Set.of(ANNA, BERT));

    private Set<NodeId> left(SpaceId space, long nowMs) {
        return choices.leftTheirs(space, Set.of(ANNA, BERT), here::contains, nowMs, 1_000);
    }

    @Test void what_is_theirs_first_is_left_to_those_who_are_here_or_were_a_moment_ago() {
        assertThat(left(GARDEN, 0)).containsExactlyInAnyOrder(ANNA, BERT);
        here.remove(BERT);
        assertThat(left(GARDEN, 500)).containsExactlyInAnyOrder(ANNA, BERT);
        assertThat(left(GARDEN, 1_499)).containsExactlyInAnyOrder(ANNA, BERT);
        assertThat(left(YARD, 1_500)).as("each space counts for itself").containsExactlyInAnyOrder(ANNA, BERT);
        assertThat(left(GARDEN, 1_500)).containsExactly(ANNA);
        here.add(BERT);
        assertThat(left(GARDEN, 2_000)).containsExactlyInAnyOrder(ANNA, BERT);
        here.remove(BERT);
        assertThat(left(GARDEN, 2_001)).as("it was back").containsExactlyInAnyOrder(ANNA, BERT);
    }

    @Test void nothing_is_kept_of_those_for_whom_nothing_waits() {
        here.clear();
        left(GARDEN, 0);
        assertThat(choices.leftTheirs(GARDEN, Set.of(), here::contains, 5_000, 1_000)).isEmpty();
        assertThat(left(GARDEN, 6_000)).containsExactlyInAnyOrder(ANNA, BERT);
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.SpaceId;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class SyncStatusTest {
    @Test void a_space_is_found_among_any_number_in_any_order_and_one_that_is_not_there_is_not() {
        for (int count : List.of(0, 1, 2, 3, 10, 100)) {
            var spaces = new ArrayList<SyncStatus.SpaceStatus>();
            for (int i = 0; i < count; i++) spaces.add(new SyncStatus.SpaceStatus(id(2 * i + 1), i, 1, 0, 0, 0));
            Collections.shuffle(spaces, new Random(count));
            var status = new SyncStatus(List.of(), spaces, false, 0, 0, Traffic.NONE, GossipStatus.NOTHING);
            for (int i = 0; i < count; i++) assertThat(status.space(id(2 * i + 1)).orElseThrow().lastOffset()).isEqualTo(i);
            for (int i = 0; i <= count; i++) assertThat(status.space(id(2 * i))).isEmpty();
        }
    }

    private static SpaceId id(int number) {
        return new SpaceId(String.format("%064x", number));
    }
}

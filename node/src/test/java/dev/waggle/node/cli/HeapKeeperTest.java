package dev.waggle.node.cli;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeapKeeperTest {
    private static final long MIB = 1 << 20;
    private long usedMiB;
    private long livesMiB = 30;
    private int collections;
    private final HeapKeeper keeper = new HeapKeeper(() -> usedMiB * MIB, () -> {
        usedMiB = livesMiB;
        collections++;
    });

    private int after(long... usedMiB) {
        collections = 0;
        for (long each : usedMiB) {
            this.usedMiB = each;
            keeper.look();
        }
        return collections;
    }

    @Test void garbage_is_looked_for_when_there_is_much_of_it() {
        assertThat(after(30)).isZero();
        assertThat(after(100)).isOne();
        assertThat(after(50, 61, 40, 55)).as("little is left alone, however often it is looked at").isZero();
        assertThat(after(62)).isOne();
    }

    /// Each collection goes through all that lives: with much of it they have to be rare.
    @Test void what_lives_is_not_gone_through_for_less_garbage_than_there_is_of_it() {
        livesMiB = 90;
        assertThat(after(140)).isOne();
        assertThat(after(150, 179)).isZero();
        assertThat(after(180)).isOne();
    }

    @Test void a_collection_that_the_virtual_machine_made_by_itself_counts() {
        livesMiB = 90;
        assertThat(after(140)).isOne();
        assertThat(after(20, 51)).isZero();
        assertThat(after(52)).isOne();
    }
}

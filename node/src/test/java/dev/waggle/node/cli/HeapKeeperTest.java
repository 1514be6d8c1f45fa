package dev.waggle.node.cli;

import org.junit.jupiter.api.Test;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

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
        assertThat(after(15)).isZero();
        assertThat(after(100)).isOne();
        assertThat(after(40, 45, 40, 45)).as("little is left alone, however often it is looked at").isZero();
        assertThat(after(46)).isOne();
    }

    /// Each collection goes through all that lives: with much of it they have to be rare.
    @Test void what_lives_is_not_gone_through_for_little_garbage() {
        livesMiB = 90;
        assertThat(after(140)).isOne();
        assertThat(after(120, 134)).isZero();
        assertThat(after(135)).isOne();
    }

    @Test void a_collection_that_the_virtual_machine_made_by_itself_counts() {
        livesMiB = 90;
        assertThat(after(140)).isOne();
        assertThat(after(20, 35)).isZero();
        assertThat(after(36)).isOne();
    }

    /// Nine nodes that shared a hive on two cores spent a quarter of them on this.
    @Test void what_dies_young_makes_nobody_go_through_all_that_lives() {
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        var keeper = HeapKeeper.ofThisProcess();
        keeper.look();
        System.gc();
        keeper.look();
        long before = collections(collectors);
        List<byte[]> passing = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            passing.add(new byte[1 << 17]);              // 250 MiB in all, a few KiB at a time alive
            if (passing.size() > 8) passing.clear();
            if (i % 100 == 0) keeper.look();
        }
        assertThat(collections(collectors) - before).as("collections of all that lives").isZero();
    }

    /// Those that the program itself asked for are all of the whole heap.
    private static long collections(List<GarbageCollectorMXBean> collectors) {
        return collectors.stream().filter(each -> each.getName().contains("Old") || each.getName().contains("MarkSweep")).mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }
}

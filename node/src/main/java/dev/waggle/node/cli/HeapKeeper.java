package dev.waggle.node.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.function.LongSupplier;

/// Looks for garbage among what is old before the heap has grown to all that it may have. The small collector takes whatever it is allowed before it looks there: a node in
/// which 33 MiB live grew to 190 MiB within minutes of steady work, and stayed so large when it had nothing to do any more.
///
/// What is young the collector clears by itself, for next to nothing, and none of it counts here: when it did, a node under steady work spent a quarter of its time on
/// going through all that lives. A look costs nothing, a collection about a tenth of a second; there is one when more than [#GARBAGE_BYTES] became old since the last,
/// and half as much as lives. One thread.
final class HeapKeeper {
    static final long LOOK_MS = 500;
    static final long GARBAGE_BYTES = 16L << 20;
    /// As the collectors of this virtual machine name where they keep what is old, the small one first.
    private static final List<String> OLD = List.of("Tenured Gen", "PS Old Gen", "G1 Old Gen");

    private final LongSupplier old;
    private final Runnable collect;
    private long live;

    /// @param old     bytes of the heap that are taken by what is no longer young, garbage included
    /// @param collect leaves what lives
    HeapKeeper(LongSupplier old, Runnable collect) {
        this.old = old;
        this.collect = collect;
    }

    /// One that never collects where the collector does not tell young from old.
    static HeapKeeper ofThisProcess() {
        var pool = ManagementFactory.getMemoryPoolMXBeans().stream().filter(each -> each.getType() == MemoryType.HEAP && OLD.contains(each.getName())).findFirst();
        return new HeapKeeper(pool.<LongSupplier>map(HeapKeeper::used).orElse(() -> 0), System::gc);
    }

    private static LongSupplier used(MemoryPoolMXBean pool) {
        return () -> pool.getUsage().getUsed();
    }

    void look() {
        long taken = old.getAsLong();
        live = Math.min(live, taken);                    // the collector may have looked by itself
        if (taken - live < Math.max(GARBAGE_BYTES, live / 2)) return;
        collect.run();
        live = old.getAsLong();
    }
}

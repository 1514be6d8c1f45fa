package dev.waggle.node.cli;

import java.util.function.LongSupplier;

/// Looks for garbage before the heap has grown to all that it may have. The small collector takes whatever it is allowed before it looks at what is old: a node in which
/// 33 MiB live grew to 190 MiB within minutes of steady work, and stayed so large when it had nothing to do any more.
///
/// A look costs nothing, a collection about a tenth of a second; there is one when more than [#GARBAGE_BYTES] came since the last, and as much as lives. One thread.
final class HeapKeeper {
    static final long LOOK_MS = 500;
    static final long GARBAGE_BYTES = 32L << 20;

    private final LongSupplier used;
    private final Runnable collect;
    private long live;

    /// @param used    bytes of the heap that are taken, garbage included
    /// @param collect leaves what lives
    HeapKeeper(LongSupplier used, Runnable collect) {
        this.used = used;
        this.collect = collect;
    }

    static HeapKeeper ofThisProcess() {
        var runtime = Runtime.getRuntime();
        return new HeapKeeper(() -> runtime.totalMemory() - runtime.freeMemory(), System::gc);
    }

    void look() {
        long taken = used.getAsLong();
        live = Math.min(live, taken);                    // the collector may have looked by itself
        if (taken - live < Math.max(GARBAGE_BYTES, live)) return;
        collect.run();
        live = used.getAsLong();
    }
}

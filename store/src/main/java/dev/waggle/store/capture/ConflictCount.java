package dev.waggle.store.capture;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// How many conflicts are open, for a status that is asked again and again. Counting reads every record that has one: with thousands it would take more of the
/// owner's time than following does. So a count that takes long is repeated only where something was folded since, and for one [#SHARE]th of the time at most.
final class ConflictCount {
    private static final long CHEAP_NS = 20_000_000;
    private static final int SHARE = 50;

    private final LongSupplier nanoTime;
    private int count;
    private long position = -1;
    private long countedNs;
    private long tookNs;

    ConflictCount(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// @param at       where the view is; another one each time that something was folded
    /// @param counting reads all
    /// @return may be as old as [#SHARE] times what counting takes, while entries come
    int of(long at, IntSupplier counting) {
        long now = nanoTime.getAsLong();
        if (position == at || position >= 0 && tookNs > CHEAP_NS && now - countedNs < SHARE * tookNs) return count;
        count = counting.getAsInt();
        position = at;
        countedNs = nanoTime.getAsLong();
        tookNs = countedNs - now;
        return count;
    }
}

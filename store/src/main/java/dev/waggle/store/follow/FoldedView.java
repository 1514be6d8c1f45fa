package dev.waggle.store.follow;

import dev.waggle.core.log.Entry;

import java.util.List;
import java.util.function.LongFunction;

/// What a [LogFollower] keeps up to date. One thread.
public interface FoldedView extends AutoCloseable {
    /// All entries up to this offset are in the view, durably.
    long cursor();

    /// Folds the entries that follow the cursor and moves it, all in one transaction. Throws when that failed: then nothing of them is in the view, and
    /// the same entries are given again.
    void fold(List<Entry> entries);

    /// The same, where more is known to follow.
    ///
    /// @param more what follows an offset, empty when nothing is there; as much of it as the view likes is folded in the same transaction
    default void fold(List<Entry> entries, LongFunction<List<Entry>> more) {
        fold(entries);
    }

    /// Nothing came for long: whatever it takes to fold is given up, and opened again by the next call.
    default void rest() {}

    @Override void close();
}

package dev.waggle.store.view;

import java.util.Arrays;
import java.util.TreeMap;

/// Stretches of keys that nobody claims. Whoever fills a table in the order of its keys stays in one stretch, and need not ask for each key.
/// Only claims made through the store that owns this may add keys; taking one away leaves every stretch true.
final class Gaps {
    /// One for each unique index that is being filled.
    private static final int GAPS_MAX = 32;

    /// From the first key that is free to the next that is not; null when none follows.
    private final TreeMap<byte[], byte[]> gaps = new TreeMap<>(Arrays::compareUnsigned);

    boolean has(byte[] key) {
        var gap = gaps.floorEntry(key);
        return gap != null && (gap.getValue() == null || Arrays.compareUnsigned(key, gap.getValue()) < 0);
    }

    /// @param key  nobody claims it
    /// @param next the first key after it that somebody claims, null for none
    void learn(byte[] key, byte[] next) {
        if (gaps.size() >= GAPS_MAX) gaps.clear();
        (next == null ? gaps.tailMap(key, true) : gaps.subMap(key, true, next, false)).clear();      // they are parts of it, and no two may overlap
        gaps.put(key, next);
    }

    /// `key` is claimed now: what is left is the stretch after it, where the next key of a table in order will be.
    void filled(byte[] key) {
        var gap = gaps.floorEntry(key);
        if (gap == null || gap.getValue() != null && Arrays.compareUnsigned(key, gap.getValue()) >= 0) return;
        gaps.remove(gap.getKey());
        var after = Arrays.copyOf(key, key.length + 1);              // the least key above
        if (gap.getValue() == null || Arrays.compareUnsigned(after, gap.getValue()) < 0) gaps.put(after, gap.getValue());
    }

    void clear() {
        gaps.clear();
    }
}

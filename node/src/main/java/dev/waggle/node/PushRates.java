package dev.waggle.node;

import dev.waggle.core.event.NodeId;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// How many events a member may push over HTTP: so many a second, ten seconds' worth at once. What a stream carries is bounded by its credit instead. Thread-safe.
final class PushRates {
    private static final int BURST_SECONDS = 10;
    private static final int PEERS_MAX = 4_096;

    private static final class Bucket {
        double events;
        long atNanos;
    }

    private final IntSupplier rate;
    private final LongSupplier nanos;
    private final Map<NodeId, Bucket> buckets = new TreeMap<>();

    /// @param rate events a second; may change
    PushRates(IntSupplier rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
    }

    /// Whole batches pass or do not; one that is larger than what may ever be saved up passes when all is saved up.
    ///
    /// @return 0 when they may come now, else after how many seconds
    synchronized int take(NodeId peer, int events) {
        long now = nanos.getAsLong();
        int perSecond = rate.getAsInt();
        double full = (double) perSecond * BURST_SECONDS;
        if (buckets.size() >= PEERS_MAX) buckets.values().removeIf(bucket -> (now - bucket.atNanos) / 1e9 * perSecond >= full);      // as if it had never been
        var bucket = buckets.computeIfAbsent(peer, _ -> {
            var fresh = new Bucket();
            fresh.events = full;
            fresh.atNanos = now;
            return fresh;
        });
        bucket.events = Math.min(full, bucket.events + (now - bucket.atNanos) / 1e9 * perSecond);
        bucket.atNanos = now;
        double needed = Math.min(events, full);
        if (bucket.events < needed) return (int) Math.ceil((needed - bucket.events) / perSecond);
        bucket.events -= events;
        return 0;
    }
}

package dev.waggle.net.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// So many tries a minute for each address, and as many at once. Bounded itself: of more addresses than it can hold the one that was quiet longest is
/// forgotten. Thread-safe.
final class RateLimit {
    private static final int ADDRESSES_MAX = 8_192;
    private final int perMinute;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    private static final class Bucket {
        double tokens;
        long atNanos;
    }

    RateLimit(int perMinute, LongSupplier nanos) {
        this.perMinute = perMinute;
        this.nanos = nanos;
    }

    /// @return 0 when the try is allowed, else the seconds until the next one is
    synchronized int take(String address) {
        var bucket = filled(address);
        if (bucket.tokens < 1) return (int) Math.ceil((1 - bucket.tokens) * 60 / perMinute);
        bucket.tokens--;
        return 0;
    }

    /// The try turned out to be somebody known.
    synchronized void giveBack(String address) {
        var bucket = filled(address);
        bucket.tokens = Math.min(perMinute, bucket.tokens + 1);
    }

    private Bucket filled(String address) {
        long now = nanos.getAsLong();
        var bucket = buckets.get(address);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.tokens = perMinute;
            bucket.atNanos = now;
            buckets.put(address, bucket);
        }
        bucket.tokens = Math.min(perMinute, bucket.tokens + (now - bucket.atNanos) * perMinute / 60e9);
        bucket.atNanos = now;
        return bucket;
    }
}

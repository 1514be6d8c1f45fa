package dev.waggle.store.sqlite;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// What keeps connections for those who ask, and gives up those that nobody used for a while: a hub has thousands of spaces, most of which rest. Looked at by one thread for all.
public interface Resting {
    /// A connection costs half a megabyte and two file handles, and opening it anew one or two milliseconds.
    long AFTER_MS = 10_000;

    /// Closes what was last used before a moment, of [System#nanoTime].
    void rest(long beforeNs);

    /// From now on it is told to rest, again and again, until [#forget].
    static void watch(Resting what) {
        Watch.ALL.add(what);
    }

    static void forget(Resting what) {
        Watch.ALL.remove(what);
    }

    /// Those who are told.
    final class Watch {
        private static final Set<Resting> ALL = ConcurrentHashMap.newKeySet();

        static {
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("resting").daemon().factory()).scheduleWithFixedDelay(Watch::look, AFTER_MS, AFTER_MS / 2, TimeUnit.MILLISECONDS);
        }

        private Watch() {}

        private static void look() {
            long beforeNs = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(AFTER_MS);
            for (var each : ALL) {
                try {
                    each.rest(beforeNs);
                } catch (RuntimeException e) {                            // the others rest all the same
                    System.getLogger("waggle.store").log(System.Logger.Level.DEBUG, "a connection could not be given up", e);
                }
            }
        }
    }
}

package dev.waggle.store.sqlite;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What keeps connections for those who ask, and gives up those that nobody used for a while: a hub has thousands of spaces, most of which rest. Looked at by one thread for all.
public interface Resting {
    /// A connection costs half a megabyte and two file handles, and opening it anew one or two milliseconds.
    long AFTER_MS = 10_000;
    /// So many may keep something open for that long. When there are more, as when a hub with thousands of spaces starts, all give up what they have not used for [#CROWDED_MS].
    int CROWD = 1_000;
    long CROWDED_MS = 500;

    /// Closes what was last used before a moment, of [System#nanoTime].
    void rest(long beforeNs);

    /// From now on it is told to rest, again and again, until [#forget].
    static void watch(Resting what) {
        Watch.ALL.add(what);
    }

    static void forget(Resting what) {
        Watch.ALL.remove(what);
    }

    /// To be said whenever somebody began (1) or ceased (-1) to keep something open.
    static void awake(int more) {
        Watch.AWAKE.addAndGet(more);
    }

    /// After how many milliseconds without use something is to be given up now.
    static long afterMs() {
        return Watch.AWAKE.get() > CROWD ? CROWDED_MS : AFTER_MS;
    }

    /// Those who are told.
    final class Watch {
        private static final Set<Resting> ALL = ConcurrentHashMap.newKeySet();
        private static final AtomicInteger AWAKE = new AtomicInteger();
        private static final long LOOK_MS = 1_000;
        private static long lookedNs = System.nanoTime();                     // touched by the thread that looks

        static {
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("resting").daemon().factory()).scheduleWithFixedDelay(Watch::lookNowAndThen, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        }

        private Watch() {}

        private static void lookNowAndThen() {
            long afterMs = afterMs();
            if (afterMs == AFTER_MS && System.nanoTime() - lookedNs < TimeUnit.MILLISECONDS.toNanos(AFTER_MS / 2)) return;
            lookedNs = System.nanoTime();
            look(lookedNs - TimeUnit.MILLISECONDS.toNanos(afterMs));
        }

        private static void look(long beforeNs) {
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

package dev.waggle.node;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.node.ArrivalStore;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Remembers when entries came into the logs, and since when events wait, so that people can be told. A commit only notes the time; what it brought is written
/// down when somebody looks, so a stream of events costs one row a look. Thread-safe.
public final class Arrivals {
    private final ArrivalStore store;
    private final LongSupplier clockMs;
    private final Map<SpaceId, Watched> watched = new HashMap<>();

    Arrivals(ArrivalStore store, LongSupplier clockMs) {
        this.store = store;
        this.clockMs = clockMs;
    }

    /// The commits that nobody has looked at: the last offset they brought, when the first and the last of them was.
    private record Unseen(long upTo, long firstMs, long lastMs) {
        Unseen and(Unseen later) {
            return new Unseen(later.upTo, firstMs, later.lastMs);
        }
    }

    /// A log that is open. Whoever looks holds its lock and asks the log, so a commit, which the log's writer tells of, must not want that lock.
    private final class Watched {
        private final EventLog log;
        private final AtomicReference<Unseen> unseen = new AtomicReference<>();
        private long upTo;                // offsets up to here are written down
        private long waited = -1;         // tells what waited when it was looked at

        Watched(EventLog log) {
            this.log = log;
        }

        void committed() {
            long now = clockMs.getAsLong();
            unseen.accumulateAndGet(new Unseen(log.state().lastOffset(), now, now), (before, more) -> before == null ? more : before.and(more));
        }

        synchronized void look() {
            var seen = unseen.getAndSet(null);
            if (seen != null) writeDown(seen);
            lookAtWaiting();
        }

        private void writeDown(Unseen seen) {
            try {
                if (seen.upTo > upTo) store.add(log.space(), new ArrivalStore.Span(upTo + 1, seen.upTo, seen.firstMs, Math.max(seen.firstMs, seen.lastMs)));
                upTo = Math.max(upTo, seen.upTo);
            } catch (RuntimeException e) {
                unseen.accumulateAndGet(seen, (later, before) -> later == null ? before : before.and(later));
                throw e;
            }
        }

        private void lookAtWaiting() {
            var counts = log.counts();
            long now = counts.waiting() + counts.held() == 0 ? 0 : counts.received() + counts.accepted() + counts.voided() + 1;
            if (now == waited) return;
            var events = now == 0 ? Set.<EventId>of() : log.waiting(EventLog.WAITING_EVENTS_MAX).stream().map(answer -> answer.event().id()).collect(Collectors.toSet());
            store.waiting(log.space(), events, clockMs.getAsLong());
            waited = now;
        }
    }

    /// Begins to watch a log. What it holds already, beyond what was written down, came at a time that nobody knows.
    void follow(EventLog log) {
        var fresh = new Watched(log);
        synchronized (fresh) {
            log.onAppend(fresh::committed);           // ends with the log
            fresh.upTo = log.state().lastOffset();
            if (store.knownUpTo(log.space()) > fresh.upTo) store.forget(log.space(), fresh.upTo);
        }
        synchronized (watched) {
            watched.put(log.space(), fresh);
        }
    }

    /// The log is closed, or made anew: what was said of its offsets is true no more.
    void forget(SpaceId space) {
        synchronized (watched) {
            watched.remove(space);
        }
        store.forget(space, 0);
    }

    /// Writes down what came since the last look.
    void look() {
        Watched[] all;
        synchronized (watched) {
            all = watched.values().toArray(Watched[]::new);
        }
        for (var each : all) each.look();
    }

    /// The last look. What cannot be written down now is said to be unknown later.
    void end() {
        try {
            look();
        } catch (LogUnavailable e) {
            System.getLogger("waggle.space").log(System.Logger.Level.DEBUG, "the last arrivals are not written down", e);
        }
    }

    private void look(SpaceId space) {
        Watched one;
        synchronized (watched) {
            one = watched.get(space);
        }
        if (one != null) one.look();
    }

    /// When the entry at an offset came here.
    public ArrivalStore.Arrived of(SpaceId space, long offset) {
        look(space);
        return store.of(space, offset);
    }

    /// Since when an event waits, or was first seen to.
    public Optional<Long> waitsSince(SpaceId space, EventId event) {
        look(space);
        return store.waitsSince(space, event);
    }
}

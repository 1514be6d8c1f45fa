package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Alarm;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeMap;

/// The alarms that are set, each at one moment. Owned by the thread that drives the protocol. At most a few for each connection and space; those
/// of a closed connection ring once and are gone.
public final class Alarms {
    private final TreeMap<Long, LinkedHashSet<Alarm>> byTime = new TreeMap<>();
    private final Map<Alarm, Long> times = new HashMap<>();

    /// Moves the alarm if it is set already; [Long#MAX_VALUE] clears it.
    public void set(Alarm alarm, long atMonotonicMs) {
        var old = times.get(alarm);
        if (old != null) {
            if (old == atMonotonicMs) return;
            remove(alarm, old);
        }
        if (atMonotonicMs == Long.MAX_VALUE) return;
        times.put(alarm, atMonotonicMs);
        byTime.computeIfAbsent(atMonotonicMs, _ -> new LinkedHashSet<>()).add(alarm);
    }

    /// The next alarm that is due, taken out; null when none is.
    public Alarm due(long nowMonotonicMs) {
        if (byTime.isEmpty() || byTime.firstKey() > nowMonotonicMs) return null;
        var first = byTime.firstEntry();
        var alarm = first.getValue().getFirst();
        remove(alarm, first.getKey());
        return alarm;
    }

    /// When the next one rings; [Long#MAX_VALUE] for never.
    public long next() {
        return byTime.isEmpty() ? Long.MAX_VALUE : byTime.firstKey();
    }

    public int size() {
        return times.size();
    }

    private void remove(Alarm alarm, long at) {
        times.remove(alarm);
        var set = byTime.get(at);
        set.remove(alarm);
        if (set.isEmpty()) byTime.remove(at);
    }
}

package dev.waggle.store.node;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;

import java.util.Optional;
import java.util.Set;

/// When entries came into the logs of this node, and since when events wait there, in `node.sqlite`: for people. A log itself keeps no time but its authors'.
/// What is missing here (a crash, an older version) is said to be unknown. Thread-safe.
public final class ArrivalStore {
    static final String SCHEMA_4 = """
        CREATE TABLE arrival (
          space    TEXT NOT NULL,
          first    INTEGER NOT NULL,           -- offsets: first to last came …
          last     INTEGER NOT NULL,
          from_ms  INTEGER NOT NULL,           -- … between these two moments
          to_ms    INTEGER NOT NULL,
          PRIMARY KEY (space, first)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE waits_since (
          space    TEXT NOT NULL,
          event    TEXT NOT NULL,
          since_ms INTEGER NOT NULL,           -- when it was first seen to wait
          PRIMARY KEY (space, event)
        ) STRICT, WITHOUT ROWID;
        """;
    /// Of each space; the oldest go.
    static final int SPANS_MAX = 50_000;

    private final NodeStore store;

    public ArrivalStore(NodeStore store) {
        this.store = store;
    }

    /// Entries that came between two moments of this node's wall clock, milliseconds since 1970 UTC.
    public record Span(long first, long last, long fromMs, long toMs) {}

    /// @param afterMs  it came at this moment or later; 0 when nothing is known
    /// @param beforeMs it came at this moment or earlier; 0 when nothing is known
    public record Arrived(long afterMs, long beforeMs) {
        public static final Arrived UNKNOWN = new Arrived(0, 0);
    }

    /// The offset up to which something is known; 0 for nothing.
    public long knownUpTo(SpaceId space) {
        return store.first("read the arrivals", "SELECT coalesce(max(last), 0) FROM arrival WHERE space = ?", query -> query.setString(1, space.hex()), row -> row.getLong(1)).orElse(0L);
    }

    public void add(SpaceId space, Span span) {
        store.unhurried("record arrivals", () -> {
            store.update("INSERT INTO arrival (space, first, last, from_ms, to_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", space.hex(), span.first(), span.last(), span.fromMs(), span.toMs());
            store.update("DELETE FROM arrival WHERE space = ? AND first < (SELECT first FROM arrival WHERE space = ? ORDER BY first DESC LIMIT 1 OFFSET ?)", space.hex(), space.hex(), SPANS_MAX - 1);
        });
    }

    /// When the entry at an offset came.
    public Arrived of(SpaceId space, long offset) {
        var before = span(space, "first <= ? ORDER BY first DESC", offset);
        if (before.filter(span -> span.last() >= offset).isPresent()) return new Arrived(before.get().fromMs(), before.get().toMs());
        return new Arrived(before.map(Span::toMs).orElse(0L), span(space, "first > ? ORDER BY first", offset).map(Span::fromMs).orElse(0L));
    }

    private Optional<Span> span(SpaceId space, String where, long offset) {
        return store.first("read the arrivals", "SELECT first, last, from_ms, to_ms FROM arrival WHERE space = ? AND " + where + " LIMIT 1", query -> {
            query.setString(1, space.hex());
            query.setLong(2, offset);
        }, row -> new Span(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)));
    }

    /// Forgets what is said of offsets beyond this one: the log is not what it was.
    public void forget(SpaceId space, long beyond) {
        store.unhurried("forget arrivals", () -> store.update("DELETE FROM arrival WHERE space = ? AND last > ?", space.hex(), beyond));
    }

    /// These and no others wait now.
    public void waiting(SpaceId space, Set<EventId> events, long nowMs) {
        store.unhurried("record what waits", () -> {
            var gone = store.all("read what waits", "SELECT event FROM waits_since WHERE space = ?", query -> query.setString(1, space.hex()), row -> row.getString(1));
            for (var event : gone) if (!events.contains(new EventId(event))) store.update("DELETE FROM waits_since WHERE space = ? AND event = ?", space.hex(), event);
            var known = Set.copyOf(gone);
            for (var event : events)
                if (!known.contains(event.hex())) store.update("INSERT INTO waits_since (space, event, since_ms) VALUES (?, ?, ?)", space.hex(), event.hex(), nowMs);
        });
    }

    public Optional<Long> waitsSince(SpaceId space, EventId event) {
        return store.first("read what waits", "SELECT since_ms FROM waits_since WHERE space = ? AND event = ?", query -> {
            query.setString(1, space.hex());
            query.setString(2, event.hex());
        }, row -> row.getLong(1));
    }
}

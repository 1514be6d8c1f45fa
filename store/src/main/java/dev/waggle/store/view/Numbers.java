package dev.waggle.store.view;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Small numbers for what is long and repeated: events, words (tables, column lists, nodes) and chains.
final class Numbers {
    private static final int EVENTS_CACHED_MAX = 32_768;

    private final ViewFile file;
    private final Map<EventId, Long> byId = lru();
    private final Map<Long, EventId> byNumber = lru();
    private final Map<String, Integer> wordNumbers = new HashMap<>();
    private final Map<Integer, String> words = new HashMap<>();
    private final Map<String, Integer> chains = new HashMap<>();
    private long lastEvent;
    private EventId recent;
    private long recentNumber;
    private EventId unknown;                    // the last one found not to be there: asked for twice in a row
    private final Map<EventId, Long> unwritten = new HashMap<>();             // numbers given since the last flush
    private final Map<Long, EventId> unwrittenIds = new HashMap<>();
    private final Set<EventId> mentioned = new HashSet<>();                   // without a line of their own: few, events arrive after what they refer to

    Numbers(ViewFile file) {
        this.file = file;
        reload();
    }

    void reload() {
        byId.clear();
        byNumber.clear();
        wordNumbers.clear();
        words.clear();
        chains.clear();
        unwritten.clear();
        unwrittenIds.clear();
        mentioned.clear();
        mentioned.addAll(file.all("SELECT id FROM event WHERE chain IS NULL", row -> EventId.of(row.getBytes(1))));
        unknown = null;
        recent = null;
        lastEvent = file.first("SELECT max(number) FROM event", row -> row.getLong(1)).orElse(0L);
        for (var word : file.all("SELECT number, text FROM word", row -> Map.entry(row.getInt(1), row.getString(2)))) {
            words.put(word.getKey(), word.getValue());
            wordNumbers.put(word.getValue(), word.getKey());
        }
        for (var chain : file.all("SELECT number, text FROM chain", row -> Map.entry(row.getInt(1), row.getString(2)))) chains.put(chain.getValue(), chain.getKey());
    }

    private static <K, V> Map<K, V> lru() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > EVENTS_CACHED_MAX;
            }
        };
    }

    Optional<Long> known(EventId id) {
        var cached = byId.get(id);
        if (cached != null) return Optional.of(cached);
        var fresh = unwritten.get(id);
        if (fresh != null) return Optional.of(fresh);
        if (id.equals(unknown)) return Optional.empty();
        var bytes = id.bytes();
        var found = file.first("""
            SELECT event.number FROM event_prefix JOIN event ON event.number = event_prefix.number
            WHERE event_prefix.prefix = ? AND event.id = ?
            """, row -> row.getLong(1), prefix(bytes), bytes);
        if (found.isPresent()) cache(id, found.get());
        else unknown = id;
        return found;
    }

    /// The number of an event, given to it now if it has none.
    long of(EventId id) {
        if (id == recent) return recentNumber;                       // the items of one event come one after the other
        recentNumber = found(id);
        recent = id;
        return recentNumber;
    }

    private long found(EventId id) {
        var known = known(id);
        if (known.isPresent()) return known.get();
        long number = reserve(id);
        file.write("INSERT INTO event (number, id) VALUES (?, ?)", number, id.bytes());
        mentioned.add(id);
        return number;
    }

    /// Whether something refers to an event that has no line yet.
    boolean isMentioned(EventId id) {
        return mentioned.contains(id);
    }

    /// The event has a line now.
    void listed(EventId id) {
        mentioned.remove(id);
    }

    /// A number for an event whose line the caller inserts before the next [#flush].
    long reserve(EventId id) {
        long number = ++lastEvent;
        unwritten.put(id, number);
        unwrittenIds.put(number, id);
        cache(id, number);
        unknown = null;
        return number;
    }

    /// Writes the index of the events that got numbers, in its order.
    void flush() {
        if (unwritten.isEmpty()) return;
        var rows = new ArrayList<Object[]>(unwritten.size());
        unwritten.forEach((id, number) -> rows.add(new Object[] {prefix(id.bytes()), number}));
        rows.sort(Comparator.comparing(row -> (Long) row[0]));
        file.writeAll("INSERT INTO event_prefix (prefix, number) VALUES (?, ?)", rows);
        unwritten.clear();
        unwrittenIds.clear();
    }

    EventId event(long number) {
        var cached = byNumber.get(number);
        if (cached != null) return cached;
        var fresh = unwrittenIds.get(number);
        if (fresh != null) return fresh;
        var id = EventId.of(file.first("SELECT id FROM event WHERE number = ?", row -> row.getBytes(1), number)
            .orElseThrow(() -> new IllegalStateException("a damaged view: event " + number + " is not there")));
        cache(id, number);
        return id;
    }

    private void cache(EventId id, long number) {
        byId.put(id, number);
        byNumber.put(number, id);
    }

    private static long prefix(byte[] id) {
        return ByteBuffer.wrap(id).getLong();
    }

    int word(String text) {
        var known = wordNumbers.get(text);
        if (known != null) return known;
        int number = words.size() + 1;
        file.write("INSERT INTO word (number, text) VALUES (?, ?)", number, text);
        words.put(number, text);
        wordNumbers.put(text, number);
        return number;
    }

    String word(int number) {
        var text = words.get(number);
        if (text == null) throw new IllegalStateException("a damaged view: word " + number + " is not there");
        return text;
    }

    Optional<Integer> knownWord(String text) {
        return Optional.ofNullable(wordNumbers.get(text));
    }

    Optional<Integer> knownChain(ChainId chain) {
        return Optional.ofNullable(chains.get(chain.text()));
    }

    int chain(ChainId chain) {
        var known = chains.get(chain.text());
        if (known != null) return known;
        int number = chains.size() + 1;
        file.write("INSERT INTO chain (number, text) VALUES (?, ?)", number, chain.text());
        chains.put(chain.text(), number);
        return number;
    }
}

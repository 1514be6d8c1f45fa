package dev.waggle.apps.table;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// The in-memory twin of `store.view.SqlRecordStore`: for tests and the simulator.
public final class MemoryRecordStore implements RecordStore {
    private final Map<EventId, EventLine> events = new HashMap<>();
    private final Map<ChainId, TreeMap<Integer, TreeMap<Long, EventLine>>> chains = new HashMap<>();
    private final Map<RecordId, Long> numbers = new HashMap<>();
    private final List<RecordState> records = new ArrayList<>();
    private final List<List<Change>> changes = new ArrayList<>();
    private final Map<Long, TreeSet<Long>> children = new HashMap<>();
    private final TreeMap<byte[], TreeSet<Long>> claims = new TreeMap<>(Arrays::compareUnsigned);
    private final TreeSet<Long> conflicted = new TreeSet<>();
    private final TreeMap<String, byte[]> metas = new TreeMap<>();
    private long cursor;

    @Override public long cursor() {
        return cursor;
    }

    @Override public void cursor(long offset) {
        cursor = offset;
    }

    @Override public Optional<EventLine> event(EventId id) {
        return Optional.ofNullable(events.get(id));
    }

    @Override public void addEvent(EventLine line) {
        putEvent(line);
    }

    @Override public void putEvent(EventLine line) {
        events.put(line.id(), line);
        chains.computeIfAbsent(line.chain(), _ -> new TreeMap<>()).computeIfAbsent(line.branch(), _ -> new TreeMap<>()).put(line.seq(), line);
    }

    @Override public List<EventLine> events(ChainId chain, int branch, long fromSeq, long toSeq) {
        var lines = chains.getOrDefault(chain, new TreeMap<>()).get(branch);
        return lines == null || fromSeq > toSeq ? List.of() : List.copyOf(lines.subMap(fromSeq, true, toSeq, true).values());
    }

    @Override public List<EventLine> tips(ChainId chain) {
        var branches = chains.get(chain);
        return branches == null ? List.of() : branches.values().stream().map(lines -> lines.lastEntry().getValue()).toList();
    }

    @Override public OptionalLong find(RecordId id) {
        var number = numbers.get(id);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    @Override public boolean isMentioned(EventId event) {
        return true;
    }

    @Override public long create(RecordId id) {
        long number = records.size() + 1L;
        if (numbers.putIfAbsent(id, number) != null) throw new IllegalArgumentException("the record is known");
        records.add(RecordState.unknown(number, id));
        changes.add(List.of());
        return number;
    }

    @Override public RecordState get(long number) {
        if (number < 1 || number > records.size()) throw new IllegalArgumentException("no record has the number " + number);
        return records.get((int) number - 1);
    }

    @Override public void put(RecordState state) {
        get(state.number());
        records.set((int) state.number() - 1, state);
    }

    @Override public List<Change> changes(long number) {
        get(number);
        return List.copyOf(changes.get((int) number - 1));
    }

    @Override public void add(long number, Change change) {
        var list = changes.get((int) number - 1);
        if (list.isEmpty()) {
            changes.set((int) number - 1, List.of(change));         // most records have one change
            return;
        }
        if (list.size() == 1) {
            list = new ArrayList<>(list);
            changes.set((int) number - 1, list);
        }
        list.add(change);
    }

    @Override public void replace(long number, List<Change> all) {
        get(number);
        changes.set((int) number - 1, all.size() == 1 ? List.copyOf(all) : new ArrayList<>(all));
    }

    @Override public List<Long> children(long parent) {
        var numbersOf = children.get(parent);
        return numbersOf == null ? List.of() : List.copyOf(numbersOf);
    }

    @Override public void link(long parent, long child) {
        children.computeIfAbsent(parent, _ -> new TreeSet<>()).add(child);
    }

    @Override public void unlink(long parent, long child) {
        var numbersOf = children.get(parent);
        if (numbersOf != null && numbersOf.remove(child) && numbersOf.isEmpty()) children.remove(parent);
    }

    @Override public List<Long> claimants(byte[] key) {
        var who = claims.get(key);
        return who == null ? List.of() : List.copyOf(who);
    }

    @Override public boolean claim(byte[] key, long number) {
        var who = claims.computeIfAbsent(key, _ -> new TreeSet<>());
        who.add(number);
        return who.size() > 1;
    }

    @Override public void unclaim(byte[] key, long number) {
        var who = claims.get(key);
        if (who != null && who.remove(number) && who.isEmpty()) claims.remove(key);
    }

    @Override public void forEachClaim(byte[] prefix, LongPredicate visitor) {
        for (var claim : claims.tailMap(prefix, true).entrySet()) {
            if (!startsWith(claim.getKey(), prefix)) return;
            for (long number : claim.getValue()) if (!visitor.test(number)) return;
        }
    }

    @Override public List<Long> lastClaimants(byte[] prefix) {
        var beyond = prefix.clone();
        beyond[beyond.length - 1]++;                                // a prefix ends in 00: nothing carries
        var last = claims.lowerEntry(beyond);
        return last == null || !startsWith(last.getKey(), prefix) ? List.of() : List.copyOf(last.getValue());
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override public void forEachOf(String table, LongConsumer visitor) {
        for (long number = 1; number <= records.size(); number++)
            if (get(number).folded().table().equals(table)) visitor.accept(number);
    }

    @Override public void conflicted(long number, boolean yes) {
        if (yes) conflicted.add(number);
        else conflicted.remove(number);
    }

    @Override public List<Long> conflicted() {
        return List.copyOf(conflicted);
    }

    @Override public Optional<byte[]> meta(String name) {
        return Optional.ofNullable(metas.get(name));
    }

    @Override public void putMeta(String name, byte[] value) {
        metas.put(name, value);
    }

    @Override public SortedMap<String, byte[]> metas(String prefix) {
        var found = new TreeMap<String, byte[]>();
        for (var meta : metas.tailMap(prefix, true).entrySet()) {
            if (!meta.getKey().startsWith(prefix)) break;
            found.put(meta.getKey(), meta.getValue());
        }
        return found;
    }
}

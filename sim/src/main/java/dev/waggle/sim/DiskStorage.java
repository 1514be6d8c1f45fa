package dev.waggle.sim;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Counts;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.LogStorage;
import dev.waggle.core.log.Segment;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// One log as it lies on a simulated disk: transactions that are rolled back whole, bytes that rot, and images that can be copied. What a
/// process knows of it is loaded anew after every crash, as from a database.
final class DiskStorage implements LogStorage {
    /// A write failed in the middle of a transaction.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String why) {
            super(why);
        }
    }

    private record Row(int branch, Event event, boolean damaged, boolean condensed) {}

    private record Guest(long run, Event event, long heldUntilMs) {}

    private final List<Object> entries = new ArrayList<>();                 // Row or Entry.VerdictChanged, by offset - 1
    private final Map<Integer, List<Long>> offsets = new HashMap<>();       // by branch, then seq - first
    private final Map<Integer, Long> firsts = new HashMap<>();
    private final TreeMap<Integer, Branch> branches = new TreeMap<>();
    private final Map<EventId, Long> byId = new HashMap<>();
    private final List<Long> control = new ArrayList<>();
    private final TreeSet<ChainId> cuts = new TreeSet<>();
    private final TreeMap<EventId, Guest> waiting = new TreeMap<>();
    private final Map<ChunkId, byte[]> chunks = new HashMap<>();
    private final TreeSet<ChunkId> rotten = new TreeSet<>();                // of the chunks, those whose bytes are not what was written
    private final Map<String, byte[]> marks = new HashMap<>();
    private final List<Chunk> segments = new ArrayList<>();                 // by number - 1
    private final Set<EventId> adopted = new HashSet<>();                    // only looked up
    private Counts counts = Saved.EMPTY.counts();
    private long lastOffset;
    private final List<Runnable> undo = new ArrayList<>();
    private int writesLeft = Integer.MAX_VALUE;

    // transactions

    /// @param failAfter how many writes succeed before the disk fails; [Integer#MAX_VALUE] for a good disk
    void begin(int failAfter) {
        undo.clear();
        writesLeft = failAfter;
    }

    boolean wrote() {
        return !undo.isEmpty();
    }

    /// Takes back all since [#begin]: a transaction that failed, or one that was never fsynced when the power went.
    void rollback() {
        for (var each : undo.reversed()) each.run();
        undo.clear();
        writesLeft = Integer.MAX_VALUE;
    }

    void commit() {
        writesLeft = Integer.MAX_VALUE;
    }

    private void change(Runnable inverse) {
        if (writesLeft-- <= 0) throw new Broken("the simulated disk failed in the middle of a transaction");
        undo.add(inverse);
    }

    private <K, V> void put(Map<K, V> map, K key, V value) {
        var old = map.get(key);
        change(() -> {
            if (old == null) map.remove(key);
            else map.put(key, old);
        });
        if (value == null) map.remove(key);
        else map.put(key, value);
    }

    // what a core writes

    @Override public Place at(int branch, long seq) {
        var event = row(branch, seq).event;
        return new Place(event.id(), event.signature().isPresent());
    }

    @Override public Optional<Event> eventAt(int branch, long seq) {
        var row = row(branch, seq);
        return row.damaged ? Optional.empty() : Optional.of(row.event);
    }

    private Row row(int branch, long seq) {
        return (Row) entries.get((int) offset(branch, seq) - 1);
    }

    long lastSeq(int branch) {
        return firsts.get(branch) + offsets.get(branch).size() - 1;
    }

    long offset(int branch, long seq) {
        return offsets.get(branch).get((int) (seq - firsts.get(branch)));
    }

    @Override public boolean hasChunk(ChunkId id) {
        return chunks.containsKey(id);
    }

    @Override public void insert(long offset, int branch, Event event) {
        requireNext(offset);
        boolean first = !firsts.containsKey(branch);
        change(() -> {
            entries.removeLast();
            offsets.get(branch).removeLast();
            byId.remove(event.id());
            if (first) {
                firsts.remove(branch);
                offsets.remove(branch);
            }
        });
        entries.add(new Row(branch, event, false, false));
        firsts.putIfAbsent(branch, event.seq());
        offsets.computeIfAbsent(branch, _ -> new ArrayList<>()).add(offset);
        byId.put(event.id(), offset);
    }

    @Override public int putSegment(Chunk segment) {
        for (int i = 0; i < segments.size(); i++) if (segments.get(i).id().equals(segment.id())) return i + 1;
        change(segments::removeLast);
        segments.add(segment);
        return segments.size();
    }

    @Override public void insertCondensed(long offset, int branch, Event event, int segment) {
        insert(offset, branch, event);
        entries.set((int) offset - 1, new Row(branch, event, false, true));
    }

    @Override public void condense(int branch, long seq, int segment, boolean keepSignature) {
        int index = (int) offset(branch, seq) - 1;
        var old = (Row) entries.get(index);
        change(() -> entries.set(index, old));
        entries.set(index, new Row(branch, keepSignature ? old.event : old.event.withoutSignature(), old.damaged, true));
    }

    /// For those who look from outside: these come with a segment, if this transaction succeeds.
    void adopting(Segment segment) {
        for (var event : segment.events()) if (!byId.containsKey(event.id())) adopted.add(event.id());
    }

    /// Whether an event came with a segment; also one of a transaction that failed.
    boolean isAdopted(EventId event) {
        return adopted.contains(event);
    }

    boolean hasAdopted() {
        return !adopted.isEmpty();
    }

    Optional<byte[]> segment(ChunkId id) {
        return segments.stream().filter(segment -> segment.id().equals(id)).map(Chunk::bytes).findFirst();
    }

    private void requireNext(long offset) {
        if (offset != entries.size() + 1) throw new IllegalStateException("offset " + offset + " leaves a gap");
    }

    @Override public void insertVerdictChange(Entry.VerdictChanged entry, int branch) {
        requireNext(entry.offset());
        change(entries::removeLast);
        entries.add(entry);
    }

    @Override public void insertControl(long offset) {
        change(control::removeLast);
        control.add(offset);
    }

    @Override public void setSignature(int branch, long seq, byte[] signature) {
        int index = (int) offset(branch, seq) - 1;
        var row = (Row) entries.get(index);
        change(() -> entries.set(index, row));
        entries.set(index, new Row(row.branch, row.event.withSignature(signature), row.damaged, row.condensed));
    }

    @Override public void putBranch(Branch branch) {
        put(branches, branch.key(), branch);
    }

    @Override public void putCut(ChainId chain) {
        change(() -> cuts.remove(chain));
        cuts.add(chain);
    }

    @Override public void putWaiting(long run, Event event, long heldUntilMs) {
        put(waiting, event.id(), new Guest(run, event, heldUntilMs));
    }

    @Override public void removeWaiting(EventId event) {
        put(waiting, event, null);
    }

    @Override public void putChunk(Chunk chunk) {
        put(chunks, chunk.id(), chunk.bytes());
    }

    @Override public void putMark(String name, byte[] value) {
        put(marks, name, value);
    }

    @Override public void putTotals(Counts newCounts, long newLastOffset) {
        var oldCounts = counts;
        long oldOffset = lastOffset;
        change(() -> {
            counts = oldCounts;
            lastOffset = oldOffset;
        });
        counts = newCounts;
        lastOffset = newLastOffset;
    }

    // what a process loads

    Saved load() {
        var runs = new TreeMap<Long, List<Guest>>();
        for (var guest : waiting.values()) runs.computeIfAbsent(guest.run, _ -> new ArrayList<>()).add(guest);
        var saved = runs.entrySet().stream().map(run -> new SavedRun(run.getKey(),
            run.getValue().stream().map(Guest::event).sorted(Comparator.comparingLong(Event::seq)).toList(),
            run.getValue().stream().mapToLong(Guest::heldUntilMs).max().orElse(0))).toList();
        var sorted = branches.values().stream().sorted(Comparator.comparing(Branch::chain).thenComparingInt(Branch::number)).toList();
        return new Saved(sorted, cuts, control.stream().map(offset -> ((Row) entries.get((int) (offset - 1))).event).toList(), saved, counts, lastOffset);
    }

    // what readers see

    int size() {
        return entries.size();
    }

    /// @throws dev.waggle.core.log.DamagedLog when its bytes are not what was written
    Entry entry(long offset) {
        return switch (entries.get((int) offset - 1)) {
            case Row row -> {
                if (row.damaged) throw new dev.waggle.core.log.DamagedLog("the event at offset " + offset + " is damaged");
                yield new Entry.Admitted(offset, row.event, branches.get(row.branch).verdict(row.event.seq()));
            }
            case Entry.VerdictChanged changed -> changed;
            default -> throw new IllegalStateException("neither an event nor a change of verdicts");
        };
    }

    /// What a scan for others meets at an offset; null for a change of verdicts.
    /// @param event empty when it is damaged
    record Met(int branch, long seq, Optional<Event> event, boolean condensed) {}

    Met met(long offset) {
        return entries.get((int) offset - 1) instanceof Row row
            ? new Met(row.branch, row.event.seq(), row.damaged ? Optional.empty() : Optional.of(row.event), row.condensed) : null;
    }

    /// The event at an offset as it was written, for those who look from outside; null for a change of verdicts.
    Event raw(long offset) {
        return entries.get((int) offset - 1) instanceof Row row ? row.event : null;
    }

    List<Long> offsetsOf(String prefix) {
        return byId.entrySet().stream().filter(each -> each.getKey().hex().startsWith(prefix)).map(Map.Entry::getValue).toList();
    }

    Optional<Long> offsetOf(EventId id) {
        return Optional.ofNullable(byId.get(id));
    }

    boolean waits(EventId id) {
        return waiting.containsKey(id);
    }

    /// @throws dev.waggle.core.log.DamagedLog when its bytes are not what was written
    Optional<byte[]> chunk(ChunkId id) {
        if (rotten.contains(id)) throw new dev.waggle.core.log.DamagedLog("chunk " + id.brief() + " is damaged");
        return Optional.ofNullable(chunks.get(id));
    }

    @Override public Optional<byte[]> mark(String name) {
        return Optional.ofNullable(marks.get(name));
    }

    // what happens to disks

    DiskStorage copy() {
        var copy = new DiskStorage();
        copy.entries.addAll(entries);
        offsets.forEach((branch, all) -> copy.offsets.put(branch, new ArrayList<>(all)));
        copy.firsts.putAll(firsts);
        copy.branches.putAll(branches);
        copy.byId.putAll(byId);
        copy.control.addAll(control);
        copy.cuts.addAll(cuts);
        copy.waiting.putAll(waiting);
        copy.chunks.putAll(chunks);
        copy.rotten.addAll(rotten);
        copy.marks.putAll(marks);
        copy.segments.addAll(segments);
        copy.adopted.addAll(adopted);
        copy.counts = counts;
        copy.lastOffset = lastOffset;
        return copy;
    }

    /// A control event that rots keeps the space from opening: that is the doctor's business alone.
    ///
    /// @return the event that rots, if there is one at this offset that may
    Optional<Event> flip(long offset) {
        if (!(entries.get((int) offset - 1) instanceof Row row) || row.damaged || control.contains(offset)) return Optional.empty();
        entries.set((int) offset - 1, new Row(row.branch, row.event, true, row.condensed));
        return Optional.of(row.event);
    }

    /// The chunks that events name, sorted; not the segments of checkpoints.
    List<ChunkId> chunks() {
        return chunks.keySet().stream().sorted().toList();
    }

    void flip(ChunkId chunk) {
        rotten.add(chunk);
    }

    List<ChunkId> damagedChunks() {
        return List.copyOf(rotten);
    }

    /// The doctor's, with bytes that fit the name: those of another node, or of a backup.
    void mend(ChunkId chunk) {
        rotten.remove(chunk);
    }

    boolean isDamaged() {
        return !rotten.isEmpty() || !damages().isEmpty();
    }

    List<Long> damages() {
        var found = new ArrayList<Long>();
        for (int i = 0; i < entries.size(); i++) if (entries.get(i) instanceof Row row && row.damaged) found.add(i + 1L);
        return found;
    }

    EventId damagedId(long offset) {
        return ((Row) entries.get((int) offset - 1)).event.id();
    }

    /// The bytes as another node has them; the signature stays what was stored.
    void mend(long offset, Event again) {
        var row = (Row) entries.get((int) offset - 1);
        if (!row.event.id().equals(again.id())) throw new IllegalArgumentException("another event");
        entries.set((int) offset - 1, new Row(row.branch, row.event, false, row.condensed));
    }

    /// The verdict of an event, for those who look from outside.
    Verdict verdict(long offset) {
        var row = (Row) entries.get((int) offset - 1);
        return branches.get(row.branch).verdict(row.event.seq());
    }
}

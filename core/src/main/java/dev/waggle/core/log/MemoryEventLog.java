package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The in-memory twin of the SQL log, for tests and the simulator: the same rules, durable as long as the object lives.
public final class MemoryEventLog implements EventLog {
    private record Row(int branch, Event event, boolean condensed) {}

    private final SpaceId space;
    private final Verifier verifier;
    private final StateBoard board = new StateBoard();
    private final Memory memory = new Memory();
    private final LogCore core;
    private final List<Runnable> listeners = new ArrayList<>();

    /// An empty log that accepts exactly the genesis whose id is `space`.
    ///
    /// @param fresh where the log gets an epoch from when it has to open one itself
    public MemoryEventLog(SpaceId space, Verifier verifier, Supplier<Epoch> fresh) {
        this.space = space;
        this.verifier = verifier;
        core = new LogCore(space, verifier, fresh, memory, LogStorage.Saved.EMPTY, board);
    }

    /// A log that begins with its genesis.
    public static MemoryEventLog create(Event genesis, Verifier verifier, Supplier<Epoch> fresh, long nowMs) {
        var log = new MemoryEventLog(genesis.space(), verifier, fresh);
        log.append(List.of(genesis), nowMs);
        return log;
    }

    @Override public SpaceId space() {
        return space;
    }

    @Override public LogState state() {
        return board.snapshot().state();
    }

    @Override public Counts counts() {
        return board.counts();
    }

    @Override public List<Admission> append(List<Event> batch, long nowMs) {
        if (batch.size() > APPEND_EVENTS_MAX) throw new IllegalArgumentException("more than " + APPEND_EVENTS_MAX + " events at once");
        var checked = CheckedBatch.of(space, batch, verifier, nowMs);
        return commit(() -> core.append(checked, nowMs));
    }

    @Override public List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
        chunks.forEach(Chunk::requireWhole);
        return commit(() -> core.write(author, drafts, chunks, marks, nowMs));
    }

    @Override public Optional<List<Entry.Admitted>> writeIf(String mark, Optional<byte[]> seen, Author author, List<Draft> drafts, Map<String, byte[]> marks, long nowMs) {
        return commit(() -> core.writeIf(mark, seen, author, drafts, marks, nowMs));
    }

    @Override public List<Admission> putChunks(List<Chunk> chunks, long nowMs) {
        chunks.forEach(Chunk::requireWhole);
        return commit(() -> core.putChunks(chunks, nowMs));
    }

    @Override public List<Admission> release(long nowMs) {
        return commit(() -> core.release(nowMs));
    }

    @Override public void marks(Map<String, byte[]> marks) {
        commit(() -> {
            marks.forEach(memory::putMark);
            return marks;
        });
    }

    private <T> T commit(Supplier<T> call) {
        List<Runnable> told = List.of();
        T answer;
        synchronized (this) {
            long before = board.lastOffset();
            answer = call.get();
            core.publish();
            if (board.lastOffset() > before) told = List.copyOf(listeners);
        }
        told.forEach(Runnable::run);
        return answer;
    }

    @Override public synchronized List<Entry> read(long after, int entriesMax, int bytesMax) {
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        for (long offset = after + 1; offset <= memory.entries.size() && entries.size() < entriesMax; offset++) {
            var entry = memory.entry(offset);
            bytes += entry instanceof Entry.Admitted admitted ? admitted.event().payload().length : 0;
            if (bytes > bytesMax && !entries.isEmpty()) break;
            entries.add(entry);
        }
        return entries;
    }

    @Override public synchronized Missing readMissing(List<Tip> have, long after, long until, int eventsMax, int bytesMax) {
        var lacking = Lacking.of(board.snapshot().branches(), have, (branch, seq) -> memory.at(branch, seq).id());
        var answer = new Lacking.Collector(after, eventsMax, bytesMax);
        long last = Math.min(until, memory.entries.size());
        for (long offset = after + 1; offset <= last; offset++) {
            if (!(memory.entries.get((int) offset - 1) instanceof Row(var branch, var event, var condensed)) || !lacking.contains(branch, event.seq())) continue;
            if (condensed ? !answer.stopAtCondensed() : !answer.take(offset, branch, event)) return answer.full();
        }
        return answer.end(last);
    }

    @Override public synchronized Optional<Entry.Admitted> at(ChainId chain, int branch, long seq) {
        return board.place(chain, branch, seq)
            .map(stored -> memory.admitted(memory.offsets.get(stored.key()).get((int) (seq - stored.first()))));
    }

    @Override public synchronized List<Entry.Admitted> readBranch(Branch branch, long fromSeq, long toSeq, int eventsMax, int bytesMax) {
        var entries = new ArrayList<Entry.Admitted>();
        var offsets = memory.offsets.get(branch.key());
        long end = Math.min(toSeq, branch.first() + offsets.size() - 1);
        long bytes = 0;
        for (long seq = Math.max(fromSeq, branch.first()); seq <= end && entries.size() < eventsMax; seq++) {
            var entry = memory.admitted(offsets.get((int) (seq - branch.first())));
            bytes += entry.event().payload().length;
            if (bytes > bytesMax && !entries.isEmpty()) break;
            entries.add(entry);
        }
        return entries;
    }

    @Override public List<Branch> branches() {
        return board.snapshot().branches();
    }

    @Override public void putSegment(Chunk segment) {
        segment.requireWhole();
        commit(() -> {
            core.putSegment(segment);
            return segment;
        });
    }

    @Override public void condense(Chunk segment, Set<EventId> signed) {
        segment.requireWhole();
        commit(() -> {
            core.condense(segment, signed);
            return segment;
        });
    }

    @Override public List<ChunkId> adopt(Segment segment, Map<EventId, Event> signed, long nowMs) {
        segment.chunk().requireWhole();
        return commit(() -> core.adopt(segment, signed, nowMs));
    }

    @Override public Adoption adoption(Event checkpoint) {
        return new Adoption(this, verifier, checkpoint);
    }

    @Override public synchronized Optional<Entry.Admitted> find(EventId id) {
        return Optional.ofNullable(memory.byId.get(id)).map(memory::admitted);
    }

    @Override public synchronized List<Entry.Admitted> findAll(String prefix, int eventsMax) {
        return memory.byId.entrySet().stream().filter(each -> each.getKey().hex().startsWith(prefix)).limit(eventsMax).map(each -> memory.admitted(each.getValue())).toList();
    }

    @Override public synchronized Standing standing(Event event) {
        return core.standing(event);
    }

    @Override public synchronized Optional<Entry> atOffset(long offset) {
        return offset < 1 || offset > memory.entries.size() ? Optional.empty() : Optional.of(memory.entry(offset));
    }

    @Override public synchronized Optional<byte[]> chunk(ChunkId id) {
        return Optional.ofNullable(memory.chunks.get(id)).or(() -> memory.segments.stream().filter(segment -> segment.id().equals(id)).map(Chunk::bytes).findFirst());
    }

    @Override public synchronized boolean hasWrongStamps(NodeId author, long nowMs) {
        return core.hasWrongStamps(author, nowMs);
    }

    @Override public synchronized List<Event> held(NodeId author) {
        return core.held(author);
    }

    @Override public synchronized List<Admission> waiting(int eventsMax) {
        return core.waiting(eventsMax);
    }

    @Override public synchronized Optional<byte[]> mark(String name) {
        return Optional.ofNullable(memory.marks.get(name));
    }

    @Override public synchronized AutoCloseable onAppend(Runnable listener) {
        listeners.add(listener);
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
            }
        };
    }

    @Override public void close() {
        // nothing is held outside this object
    }

    /// Waiting events live in the core alone: there is no restart.
    private static final class Memory implements LogStorage {
        private final List<Object> entries = new ArrayList<>();                 // Row or Entry.VerdictChanged, by offset - 1
        private final Map<Integer, List<Long>> offsets = new HashMap<>();       // by branch, then seq - first
        private final Map<Integer, Branch> branches = new HashMap<>();
        private final Map<Integer, Long> firsts = new HashMap<>();
        private final Map<EventId, Long> byId = new HashMap<>();
        private final Map<ChunkId, byte[]> chunks = new HashMap<>();
        private final Map<String, byte[]> marks = new HashMap<>();
        private final List<Chunk> segments = new ArrayList<>();                 // by number - 1

        Entry entry(long offset) {
            return switch (entries.get((int) offset - 1)) {
                case Entry.VerdictChanged changed -> changed;
                default -> admitted(offset);
            };
        }

        Entry.Admitted admitted(long offset) {
            var row = (Row) entries.get((int) offset - 1);
            return new Entry.Admitted(offset, row.event, branches.get(row.branch).verdict(row.event.seq()));
        }

        private int index(int branch, long seq) {
            return (int) (offsets.get(branch).get((int) (seq - firsts.get(branch))) - 1);
        }

        @Override public Place at(int branch, long seq) {
            var event = ((Row) entries.get(index(branch, seq))).event;
            return new Place(event.id(), event.signature().isPresent());
        }

        @Override public Optional<Event> eventAt(int branch, long seq) {
            return Optional.of(((Row) entries.get(index(branch, seq))).event);
        }

        @Override public boolean hasChunk(ChunkId id) {
            return chunks.containsKey(id);
        }

        @Override public void insert(long offset, int branch, Event event) {
            if (offset != entries.size() + 1) throw new IllegalStateException("offset " + offset + " leaves a gap");
            entries.add(new Row(branch, event, false));
            firsts.putIfAbsent(branch, event.seq());
            offsets.computeIfAbsent(branch, _ -> new ArrayList<>()).add(offset);
            byId.put(event.id(), offset);
        }

        @Override public int putSegment(Chunk segment) {
            for (int i = 0; i < segments.size(); i++) if (segments.get(i).id().equals(segment.id())) return i + 1;
            segments.add(segment);
            return segments.size();
        }

        @Override public void insertCondensed(long offset, int branch, Event event, int segment) {
            insert(offset, branch, event);
            entries.set((int) offset - 1, new Row(branch, event, true));
        }

        @Override public void condense(int branch, long seq, int segment, boolean keepSignature) {
            int index = index(branch, seq);
            var event = ((Row) entries.get(index)).event;
            entries.set(index, new Row(branch, keepSignature ? event : event.withoutSignature(), true));
        }

        @Override public void insertVerdictChange(Entry.VerdictChanged entry, int branch) {
            if (entry.offset() != entries.size() + 1) throw new IllegalStateException("offset " + entry.offset() + " leaves a gap");
            entries.add(entry);
        }

        @Override public void setSignature(int branch, long seq, byte[] signature) {
            int index = index(branch, seq);
            var row = (Row) entries.get(index);
            entries.set(index, new Row(row.branch, row.event.withSignature(signature), row.condensed));
        }

        @Override public void putBranch(Branch branch) {
            branches.put(branch.key(), branch);
        }

        @Override public void putChunk(Chunk chunk) {
            chunks.put(chunk.id(), chunk.bytes());
        }

        @Override public void putMark(String name, byte[] value) {
            if (value == null) marks.remove(name);
            else marks.put(name, value);
        }

        @Override public Optional<byte[]> mark(String name) {
            return Optional.ofNullable(marks.get(name));
        }

        @Override public void insertControl(long offset) {}

        @Override public void putCut(ChainId chain) {}

        @Override public void putWaiting(long run, Event event, long heldUntilMs) {}

        @Override public void removeWaiting(EventId event) {}

        @Override public void putTotals(Counts counts, long lastOffset) {}
    }
}

package dev.waggle.sim;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Adoption;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.CheckedBatch;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Counts;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Lacking;
import dev.waggle.core.log.LogCore;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Segment;
import dev.waggle.core.log.Standing;
import dev.waggle.core.log.StateBoard;
import dev.waggle.core.log.Tip;
import dev.waggle.core.log.WaitingLimits;
import dev.waggle.core.log.WriteRefused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// A node's log on a simulated disk: the real rules over [DiskStorage], with transactions that fail where the run wants it. What a failed one
/// wrote is gone, and the next call loads what was committed, as the log on SQLite does.
final class DiskLog implements EventLog {
    /// What happens to a transaction.
    sealed interface Fate {
        record Good() implements Fate {}

        /// The disk is full: nothing can be written.
        record Full() implements Fate {}

        /// The disk fails after so many writes.
        record FailsAfter(int writes) implements Fate {}

        /// The process dies.
        ///
        /// @param afterWrites in the middle, after so many writes; [Integer#MAX_VALUE] for right after the commit
        /// @param fsynced     whether what was written reached the disk
        record Dies(int afterWrites, boolean fsynced) implements Fate {}
    }

    static final Fate GOOD = new Fate.Good();

    /// The process is dead: whatever ran in it has ended here.
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final boolean committed;

        Died(boolean committed) {
            super("the simulated process died");
            this.committed = committed;
        }

        /// What was being written is durable, and nobody was told.
        boolean committed() {
            return committed;
        }
    }

    private final SpaceId space;
    private final Verifier verifier;
    private final Supplier<Epoch> fresh;
    private final DiskStorage storage;
    private final WaitingLimits limits;
    private final Supplier<Fate> fate;
    private final Runnable committed;
    private final Runnable refused;
    private final StateBoard board = new StateBoard();
    private final List<Runnable> listeners = new ArrayList<>();
    private LogCore core;

    /// @param fate      asked before every transaction
    /// @param committed called after every transaction that changed something
    /// @param refused   called after every transaction with what a peer sent that failed
    DiskLog(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, DiskStorage storage, WaitingLimits limits, Supplier<Fate> fate, Runnable committed, Runnable refused) {
        this.space = space;
        this.verifier = verifier;
        this.fresh = fresh;
        this.storage = storage;
        this.limits = limits;
        this.fate = fate;
        this.committed = committed;
        this.refused = refused;
        load();
    }

    private void load() {
        core = new LogCore(space, verifier, fresh, storage, storage.load(), board, limits);
    }

    DiskStorage storage() {
        return storage;
    }

    /// The process is gone; the next one knows what was committed.
    void reopen() {
        listeners.clear();
        load();
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

    // writing

    @Override public List<Admission> append(List<Event> batch, long nowMs) {
        if (batch.size() > APPEND_EVENTS_MAX) throw new IllegalArgumentException("more than " + APPEND_EVENTS_MAX + " events at once");
        var checked = CheckedBatch.of(space, batch, verifier, nowMs);
        return stored("append", core -> core.append(checked, nowMs));
    }

    @Override public List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
        chunks.forEach(Chunk::requireWhole);
        return commit("write", core -> core.write(author, drafts, chunks, marks, nowMs));
    }

    @Override public Optional<List<Entry.Admitted>> writeIf(String mark, Optional<byte[]> seen, Author author, List<Draft> drafts, Map<String, byte[]> marks, long nowMs) {
        return commit("write", core -> core.writeIf(mark, seen, author, drafts, marks, nowMs));
    }

    @Override public List<Admission> putChunks(List<Chunk> chunks, long nowMs) {
        chunks.forEach(Chunk::requireWhole);
        return stored("chunks", core -> core.putChunks(chunks, nowMs));
    }

    @Override public List<Admission> release(long nowMs) {
        return commit("release", core -> core.release(nowMs));
    }

    @Override public void marks(Map<String, byte[]> marks) {
        commit("marks", _ -> {
            marks.forEach(storage::putMark);
            return marks;
        });
    }

    private <T> T stored(String doing, Function<LogCore, T> call) {
        try {
            return commit(doing, call);
        } catch (LogUnavailable unavailable) {
            refused.run();
            throw unavailable;
        }
    }

    private <T> T commit(String doing, Function<LogCore, T> call) {
        var what = fate.get();
        if (what instanceof Fate.Full) throw new LogUnavailable(doing, new IllegalStateException("the simulated disk is full"));
        if (core == null) load();
        long before = board.lastOffset();
        storage.begin(switch (what) {
            case Fate.FailsAfter(var writes) -> writes;
            case Fate.Dies(var writes, var _) -> writes;
            default -> Integer.MAX_VALUE;
        });
        T answer;
        try {
            answer = call.apply(core);
        } catch (DiskStorage.Broken broken) {
            storage.rollback();
            core = null;
            if (what instanceof Fate.Dies) throw new Died(false);
            throw new LogUnavailable(doing, broken);
        } catch (DamagedLog damaged) {                       // what is to be judged cannot be read: all of it is tried again when that is mended
            storage.rollback();
            core = null;
            throw new LogUnavailable(doing, damaged);
        } catch (WriteRefused | PayloadTooLarge | IllegalArgumentException refused) {
            if (storage.wrote()) throw new IllegalStateException("a call that was refused had written something", refused);
            throw refused;
        }
        if (what instanceof Fate.Dies(var _, var fsynced)) {
            if (!fsynced) storage.rollback();
            core = null;
            throw new Died(fsynced && storage.wrote());
        }
        storage.commit();
        core.publish();
        if (storage.wrote()) committed.run();
        if (board.lastOffset() > before) List.copyOf(listeners).forEach(Runnable::run);
        return answer;
    }

    // reading

    @Override public List<Entry> read(long after, int entriesMax, int bytesMax) {
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        for (long offset = after + 1; offset <= storage.size() && entries.size() < entriesMax; offset++) {
            var entry = storage.entry(offset);
            bytes += entry instanceof Entry.Admitted admitted ? admitted.event().payload().length : 0;
            if (bytes > bytesMax && !entries.isEmpty()) break;
            entries.add(entry);
        }
        return entries;
    }

    @Override public Missing readMissing(List<Tip> have, long after, long until, int eventsMax, int bytesMax) {
        var lacking = Lacking.of(board.snapshot().branches(), have, (branch, seq) -> storage.at(branch, seq).id());
        var answer = new Lacking.Collector(after, eventsMax, bytesMax);
        long first = Long.MAX_VALUE;                            // what is lacking lies between these, mostly at the log's end
        long last = 0;
        for (var piece : lacking.pieces()) {
            first = Math.min(first, storage.offset(piece.branch().key(), piece.from()));
            last = Math.max(last, storage.offset(piece.branch().key(), piece.to()));
        }
        for (long offset = Math.max(after + 1, first); offset <= Math.min(last, until); offset++) {
            var met = storage.met(offset);
            if (met == null || !lacking.contains(met.branch(), met.seq())) continue;
            if (met.condensed()) {
                answer.stopAtCondensed();
                return answer.full();
            }
            if (met.event().isEmpty()) answer.skipDamaged();
            else if (!answer.take(offset, met.branch(), met.event().get())) return answer.full();
        }
        return answer.end(Math.min(until, storage.size()));
    }

    @Override public Optional<Entry.Admitted> at(ChainId chain, int branch, long seq) {
        return board.place(chain, branch, seq).map(stored -> (Entry.Admitted) storage.entry(storage.offset(stored.key(), seq)));
    }

    @Override public List<Entry.Admitted> readBranch(Branch branch, long fromSeq, long toSeq, int eventsMax, int bytesMax) {
        var entries = new ArrayList<Entry.Admitted>();
        long end = Math.min(toSeq, storage.lastSeq(branch.key()));
        long bytes = 0;
        for (long seq = Math.max(fromSeq, branch.first()); seq <= end && entries.size() < eventsMax; seq++) {
            var entry = (Entry.Admitted) storage.entry(storage.offset(branch.key(), seq));
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
        commit("segment", core -> {
            core.putSegment(segment);
            return segment;
        });
    }

    @Override public void condense(Chunk segment, Set<EventId> signed) {
        segment.requireWhole();
        commit("condense", core -> {
            core.condense(segment, signed);
            return segment;
        });
    }

    @Override public List<ChunkId> adopt(Segment segment, Map<EventId, Event> signed, long nowMs) {
        segment.chunk().requireWhole();
        storage.adopting(segment);
        return commit("adopt", core -> core.adopt(segment, signed, nowMs));
    }

    @Override public Adoption adoption(Event checkpoint) {
        return new Adoption(this, verifier, checkpoint);
    }

    @Override public Optional<Entry.Admitted> find(EventId id) {
        return storage.offsetOf(id).map(offset -> (Entry.Admitted) storage.entry(offset));
    }

    @Override public List<Entry.Admitted> findAll(String prefix, int eventsMax) {
        return storage.offsetsOf(prefix).stream().limit(eventsMax).map(offset -> (Entry.Admitted) storage.entry(offset)).toList();
    }

    @Override public Standing standing(Event event) {
        if (core == null) load();
        return core.standing(event);
    }

    @Override public Optional<Entry> atOffset(long offset) {
        return offset < 1 || offset > storage.size() ? Optional.empty() : Optional.of(storage.entry(offset));
    }

    @Override public Optional<byte[]> chunk(ChunkId id) {
        return storage.chunk(id).or(() -> storage.segment(id));
    }

    @Override public boolean hasWrongStamps(NodeId author, long nowMs) {
        if (core == null) load();
        return core.hasWrongStamps(author, nowMs);
    }

    @Override public List<Event> held(NodeId author) {
        if (core == null) load();
        return core.held(author);
    }

    @Override public List<Admission> waiting(int eventsMax) {
        if (core == null) load();
        return core.waiting(eventsMax);
    }

    @Override public Optional<byte[]> mark(String name) {
        return storage.mark(name);
    }

    @Override public AutoCloseable onAppend(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override public void close() {
        // nothing is held outside this object
    }
}

package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What [LogCore] needs of a store. Called by one thread at a time, inside a transaction that the store opens before and commits after the
/// call of the core; nothing that is written here may be seen by readers earlier. A store that fails throws, is rolled back, and loads a
/// new core.
public interface LogStorage {
    /// The event stored at a place: `seq` lies within the branch.
    record Place(EventId id, boolean signed) {}

    /// @throws IllegalStateException when the place is empty: the branch has a hole
    Place at(int branch, long seq);

    /// The event at a place; empty when its bytes are damaged, which makes it a missing parent that is fetched again.
    Optional<Event> eventAt(int branch, long seq);

    boolean hasChunk(ChunkId id);

    /// @param event its signature is present exactly when it was checked
    void insert(long offset, int branch, Event event);

    /// Keeps a segment, or finds the one that is kept already.
    ///
    /// @return the number by which events say that they are in it
    int putSegment(Chunk segment);

    /// As [#insert], for an event that is in a segment.
    void insertCondensed(long offset, int branch, Event event, int segment);

    /// Drops what is stored of an event besides the segment.
    ///
    /// @param keepSignature false to drop that, too
    void condense(int branch, long seq, int segment, boolean keepSignature);

    void insertVerdictChange(Entry.VerdictChanged entry, int branch);

    /// Remembers that the event at `offset` is a control event: they are loaded at start.
    void insertControl(long offset);

    void setSignature(int branch, long seq, byte[] signature);

    void putBranch(Branch branch);

    /// See [LogTips#markCut].
    void putCut(ChainId chain);

    /// @param run         events of one number are admitted together, in the order of their seq
    /// @param heldUntilMs 0 for an event that waits for others
    void putWaiting(long run, Event event, long heldUntilMs);

    void removeWaiting(EventId event);

    void putChunk(Chunk chunk);

    /// @param value null removes the mark
    void putMark(String name, byte[] value);

    /// As this transaction sees it.
    Optional<byte[]> mark(String name);

    /// The last call of every transaction that changed something.
    void putTotals(Counts counts, long lastOffset);

    /// What a core begins with.
    ///
    /// @param control the control events in offset order
    record Saved(List<Branch> branches, Set<ChainId> cut, List<Event> control, List<SavedRun> waiting, Counts counts, long lastOffset) {
        public static final Saved EMPTY = new Saved(List.of(), Set.of(), List.of(), List.of(), new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
    }

    record SavedRun(long number, List<Event> events, long heldUntilMs) {}
}

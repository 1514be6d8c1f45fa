package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One space's append-only log. Thread-safe; appends are serial, readers never block them.
///
/// There is one append for local and remote events, and the rules are the same ([Admission]). When a call that appends returns, what it
/// accepted survives a power cut. Marks are small named values stored with the entries (capture cursors, for example): a mark given to a
/// call becomes durable in the same transaction as the entries, or not at all.
///
/// Implementations: `core.log.MemoryEventLog` (tests, simulator) and `store.sql.SqlEventLog`. Both pass `EventLogContract`.
public interface EventLog extends AutoCloseable {
    /// An event stamped further ahead of the receiver's clock than this is held.
    long FUTURE_MS_MAX = 5 * 60_000;
    int APPEND_EVENTS_MAX = 1_000;
    int WAITING_EVENTS_MAX = 10_000;
    long WAITING_BYTES_MAX = 64L << 20;
    int WAITING_EVENTS_PER_AUTHOR_MAX = 2_000;
    long WAITING_BYTES_PER_AUTHOR_MAX = 16L << 20;
    /// A local run is signed at its last event, and at least this often, so that it can be served in small pieces.
    int UNSIGNED_RUN_BYTES_MAX = 128 * 1024;
    int UNSIGNED_RUN_EVENTS_MAX = 64;

    SpaceId space();

    /// The state after the last commit. Cheap: a reference to an immutable snapshot.
    LogState state();

    Counts counts();

    /// Offers events of others, any order, with or without signatures inside runs. Everything waiting that becomes admissible is
    /// admitted in the same call, after its parents. Chain runs are verified by their hashes and last signature.
    ///
    /// @param batch at most [#APPEND_EVENTS_MAX] events
    /// @param nowMs this node's wall clock, milliseconds since 1970 UTC
    /// @return an answer for each event, in the order given
    /// @throws LogUnavailable when disk or database failed; nothing was appended and a retry is safe
    List<Admission> append(List<Event> batch, long nowMs);

    /// Writes local events in the order given, all in one transaction with `marks` and `chunks`: each gets the chain's next sequence number,
    /// the heads it merges, the control heads, a stamp above all parents, and is signed (inner events of the run may be left unsigned).
    /// If this node's own chain ends in events stamped beyond [#FUTURE_MS_MAX] from `nowMs` (its clock was wrong and is repaired), the log
    /// first opens a new epoch with a rebase event and writes the void ones again.
    ///
    /// @param chunks stored before the events, in the same transaction
    /// @param marks  named values to store; a null value removes the mark
    /// @return the entries, in order, one per draft
    /// @throws WriteRefused when this node is no member that may write
    /// @throws dev.waggle.core.event.PayloadTooLarge when a draft does not fit one payload; nothing was written
    /// @throws LogUnavailable when disk or database failed; nothing was written and a retry is safe
    List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs);

    /// As [#write], unless a mark is not what the caller saw: then somebody else was there before, in another process on the same database perhaps. Both are one
    /// transaction, so of several who saw the same one writes.
    ///
    /// @param mark which
    /// @param seen its value; empty for none
    /// @return empty when it is another one by now; nothing was written
    Optional<List<Entry.Admitted>> writeIf(String mark, Optional<byte[]> seen, Author author, List<Draft> drafts, Map<String, byte[]> marks, long nowMs);

    /// Entries with offset > `after`, in order. At least one if there is one; stops before exceeding `bytesMax` of payload.
    List<Entry> read(long after, int entriesMax, int bytesMax);

    /// What a search has to look at, between two offsets (both left out): every event whose payload holds these bytes, every change of a verdict, and perhaps others. At least one if there is
    /// one; stops before exceeding `bytesMax` of payload. A store can pass over the rest without reading it into memory.
    ///
    /// @param newestFirst in descending order
    default List<Entry> readHolding(byte[] bytes, long after, long before, boolean newestFirst, int entriesMax, int bytesMax) {
        var between = new ArrayList<Entry>();
        for (var page = read(after, entriesMax, bytesMax); !page.isEmpty() && page.getFirst().offset() < before; page = read(page.getLast().offset(), entriesMax, bytesMax))
            for (var entry : page) if (entry.offset() < before) between.add(entry);
        var found = new ArrayList<Entry>();
        long bytesLeft = bytesMax;
        for (var entry : newestFirst ? between.reversed() : between) {
            if (entry instanceof Entry.Admitted admitted) bytesLeft -= admitted.event().payload().length;
            if (found.size() == entriesMax || bytesLeft < 0 && !found.isEmpty()) break;
            found.add(entry);
        }
        return found;
    }

    /// As below, up to the end of the log.
    default Missing readMissing(List<Tip> have, long after, int eventsMax, int bytesMax) {
        return readMissing(have, after, Long.MAX_VALUE, eventsMax, bytesMax);
    }

    /// What somebody who holds `have` lacks, in offset order, beginning after offset `after`.
    ///
    /// `have` holds the other side's tips (seq and id; its branch numbers mean nothing here). For every branch here the other side has what
    /// lies at or below the highest of its tips that is on this branch; a tip unknown here counts as nothing when its seq is at or below this
    /// branch's tip, and as everything when it is above. Events without a signature are returned only inside a chain run that ends in a signed
    /// event, so the result may exceed the limits by up to [#UNSIGNED_RUN_BYTES_MAX].
    ///
    /// @param until an offset that was the log's last at some time, so that no run goes beyond it, or more: what came later is not looked at
    Missing readMissing(List<Tip> have, long after, long until, int eventsMax, int bytesMax);

    /// @param events  in offset order
    /// @param upTo    all that lies at or below this offset is either in `events`, was returned before, is there already, or is damaged
    /// @param end     nothing else is missing now
    /// @param damaged something was left out because its bytes here are not what was written: whoever took all this does not have all up to `upTo`
    /// @param condensed the next that is missing was condensed here: it comes with a checkpoint's segments, and nothing after it is in `events`
    record Missing(List<Event> events, long upTo, boolean end, boolean damaged, boolean condensed) {
        public Missing(List<Event> events, long upTo, boolean end) {
            this(events, upTo, end, false, false);
        }
    }

    /// The event at (chain, branch, seq), if it is here.
    Optional<Entry.Admitted> at(dev.waggle.core.event.ChainId chain, int branch, long seq);

    /// The events of a branch with `fromSeq` <= seq <= `toSeq`, as far as it goes, by seq: at most `eventsMax`, and fewer when their payloads exceed `bytesMax`, but one at least.
    List<Entry.Admitted> readBranch(Branch branch, long fromSeq, long toSeq, int eventsMax, int bytesMax);

    /// All branches, by chain and number, after the last commit.
    List<Branch> branches();

    /// The entry of an event by id. May be slow (the index is optional): for people, repair and views, not on the append path.
    Optional<Entry.Admitted> find(EventId id);

    /// The admitted events whose ids begin with `prefix`, in no particular order. As slow as [#find] may be, and for the same.
    ///
    /// @param prefix 1 to 64 hexadecimal digits, lower case
    List<Entry.Admitted> findAll(String prefix, int eventsMax);

    /// What its author was and is, and why it is void when it is. For people: waits for the appends that go on.
    ///
    /// @throws IllegalArgumentException when the log does not hold the event
    /// @throws LogUnavailable when disk or database failed; a retry is safe
    Standing standing(Event event);

    /// The entry at an offset.
    Optional<Entry> atOffset(long offset);

    /// Stores chunks that events here wait for or will name; admits what waited for them. Idempotent.
    List<Admission> putChunks(List<Chunk> chunks, long nowMs);

    /// A chunk, or a segment that the log keeps.
    Optional<byte[]> chunk(ChunkId id);

    /// Stores a segment, to be served as a chunk. Idempotent.
    void putSegment(Chunk segment);

    /// Keeps a segment in place of its events; control events stay as they are. Whoever reads the log reads the same events as before, most of them unsigned.
    /// Idempotent.
    ///
    /// @param segment as this log computes it: see [Compaction], which is what calls this
    /// @param signed  events whose signatures are kept
    void condense(Chunk segment, Set<EventId> signed);

    /// Admits those of a segment's events that are not here: a checkpoint vouches for them, so nobody's right is asked for. Idempotent.
    ///
    /// @param segment as [Segment#read] reads it from a chunk that is what its id says
    /// @param signed  events with checked signatures: all control events that the segment may hold, or it is refused, and others
    /// @return the chunks that its events name and that are not here: when there are any, nothing was admitted
    /// @throws dev.waggle.core.event.MalformedPayload when it is no segment, or what comes before it is not here
    List<ChunkId> adopt(Segment segment, Map<EventId, Event> signed, long nowMs);

    /// Begins to take what this log lacks from a checkpoint.
    ///
    /// @throws dev.waggle.core.event.MalformedPayload when it is no checkpoint of this space
    Adoption adoption(Event checkpoint);

    /// Whether the next event of `author` would first write again what that node stamped more than [#FUTURE_MS_MAX] ahead of `nowMs`: what its chains
    /// end in, and what it lost and holds since others gave it back.
    ///
    /// @throws WriteRefused when an event that decides it is damaged
    boolean hasWrongStamps(NodeId author, long nowMs);

    /// Events that wait or are held, oldest first, with what they wait for.
    List<Admission> waiting(int eventsMax);

    /// What is held here of one author's chains for its stamps, in whole runs, oldest first: its author may have lost it, and then nobody else writes it again.
    /// Not what its author has written again.
    List<Event> held(NodeId author);

    /// Admits held events whose time has come. Called by a timer.
    List<Admission> release(long nowMs);

    Optional<byte[]> mark(String name);

    /// Sets marks alone, durably.
    void marks(Map<String, byte[]> marks);

    /// Called after every commit that added entries, on the committing thread: must return at once.
    ///
    /// @return closes the subscription
    AutoCloseable onAppend(Runnable listener);

    @Override void close();
}

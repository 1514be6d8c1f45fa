package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
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
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Segment;
import dev.waggle.core.log.Standing;
import dev.waggle.core.log.StateBoard;
import dev.waggle.core.log.Tip;
import dev.waggle.store.sqlite.UnusableFile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A space's log in a SQL database: a SQLite file of its own, or one that many logs share. Thread-safe: appends are serial and share their commits ([GroupWriter]), readers have their
/// own connections and never wait for them. Signatures are checked on the caller's thread.
public final class SqlEventLog implements EventLog {
    private static final int IDS_INDEXED_AT_ONCE = 20_000;
    /// So many entries are looked through rather than indexed.
    private static final int IDS_UNINDEXED_MAX = 1_000;

    private final SpaceId space;
    private final Verifier verifier;
    private final StateBoard board = new StateBoard();
    private final GroupWriter writer;
    private final ReaderPool readers;
    private final Segments segments;

    SqlEventLog(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, Database database) throws SQLException {
        this.space = space;
        this.verifier = verifier;
        writer = new GroupWriter(space, verifier, fresh, database, board);
        readers = new ReaderPool(database);
        segments = new Segments(space);
    }

    /// Opens the log of `space`, and makes an empty one (mode 0600) when there is no file. An empty log accepts exactly the genesis with
    /// that id.
    ///
    /// @param fresh where the log gets an epoch from when it has to open one itself: see [dev.waggle.core.log.EpochSource]
    /// @throws UnusableFile   when the file is something else, another space's log, or from a newer Waggle
    /// @throws DamagedLog     when a control event is damaged, so that nobody can be authorised: [LogScrub] repairs it
    /// @throws LogUnavailable when disk or database failed; a retry is safe
    public static SqlEventLog open(Path file, SpaceId space, Verifier verifier, Supplier<Epoch> fresh) {
        try {
            return new SqlEventLog(space, verifier, fresh, SqliteLog.toWrite(file));
        } catch (SQLException e) {
            throw new LogUnavailable("open " + file, e);
        }
    }

    /// Where the log in a file is, for what looks at it without opening it.
    ///
    /// @throws LogUnavailable when disk or database failed
    public static Database file(Path file) {
        try {
            return SqliteLog.at(file);
        } catch (SQLException e) {
            throw new LogUnavailable("open " + file, e);
        }
    }

    /// As above, in a database that holds the logs of many spaces.
    public static SqlEventLog open(Database database, SpaceId space, Verifier verifier, Supplier<Epoch> fresh) {
        try {
            return new SqlEventLog(space, verifier, fresh, database);
        } catch (SQLException e) {
            throw new LogUnavailable("open the log of space " + space.brief(), e);
        }
    }

    /// Makes a log that begins with its genesis. Safe to repeat.
    public static SqlEventLog create(Path file, Event genesis, Verifier verifier, Supplier<Epoch> fresh, long nowMs) {
        var log = open(file, genesis.space(), verifier, fresh);
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
        return writer.call("append " + batch.size() + " events", (core, _) -> core.append(checked, nowMs));
    }

    @Override public List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
        chunks.forEach(Chunk::requireWhole);
        return writer.write(author, drafts, chunks, marks, nowMs);
    }

    @Override public Optional<List<Entry.Admitted>> writeIf(String mark, Optional<byte[]> seen, Author author, List<Draft> drafts, Map<String, byte[]> marks, long nowMs) {
        return writer.call("write " + drafts.size() + " events", (core, _) -> core.writeIf(mark, seen, author, drafts, marks, nowMs));
    }

    @Override public List<Admission> putChunks(List<Chunk> chunks, long nowMs) {
        chunks.forEach(Chunk::requireWhole);
        return writer.call("store " + chunks.size() + " chunks", (core, _) -> core.putChunks(chunks, nowMs));
    }

    @Override public List<Admission> release(long nowMs) {
        return writer.call("release held events", (core, _) -> core.release(nowMs));
    }

    @Override public boolean hasWrongStamps(NodeId author, long nowMs) {
        return writer.call("look at stamps", (core, _) -> core.hasWrongStamps(author, nowMs));
    }

    @Override public List<Event> held(NodeId author) {
        return board.counts().held() == 0 ? List.of() : writer.call("list held events", (core, _) -> core.held(author));
    }

    @Override public List<Admission> waiting(int eventsMax) {
        return writer.call("list waiting events", (core, _) -> core.waiting(eventsMax));
    }

    @Override public void marks(Map<String, byte[]> marks) {
        writer.call("set marks", (_, storage) -> {
            marks.forEach(storage::putMark);
            return null;
        });
    }

    @Override public Optional<byte[]> mark(String name) {
        return readers.read("read mark " + name, connection -> new LogReader(connection, segments).mark(name));
    }

    @Override public Optional<byte[]> chunk(ChunkId id) {
        return readers.read("read chunk " + id.brief(), connection -> new LogReader(connection, segments).chunk(id));
    }

    /// @throws DamagedLog at the first damaged event: a view must not go on without it
    @Override public List<Entry> read(long after, int entriesMax, int bytesMax) {
        return readers.read("read after " + after, connection -> new LogReader(connection, segments).read(after, entriesMax, bytesMax));
    }

    @Override public List<Entry> readHolding(byte[] bytes, long after, long before, boolean newestFirst, int entriesMax, int bytesMax) {
        return readers.read("look for bytes", connection -> new LogReader(connection, segments).readHolding(bytes, after, before, newestFirst, entriesMax, bytesMax));
    }

    @Override public Missing readMissing(List<Tip> have, long after, long until, int eventsMax, int bytesMax) {
        var snapshot = board.snapshot();
        return readers.read("read what is missing elsewhere", connection -> {
            var reader = new LogReader(connection, segments);
            var lacking = Lacking.of(snapshot.branches(), have, (branch, seq) -> {
                try {
                    return reader.idAt(branch, seq);
                } catch (SQLException e) {
                    throw new LogUnavailable("compare tips", e);
                }
            });
            return new MissingScan(connection, lacking, Math.min(until, snapshot.state().lastOffset())).read(after, eventsMax, bytesMax);
        });
    }

    @Override public Optional<Entry.Admitted> at(ChainId chain, int branch, long seq) {
        var place = board.place(chain, branch, seq);
        if (place.isEmpty()) return Optional.empty();
        return readers.read("read a place", connection -> new LogReader(connection, segments).at(place.get().key(), seq));
    }

    @Override public List<Entry.Admitted> readBranch(Branch branch, long fromSeq, long toSeq, int eventsMax, int bytesMax) {
        return readers.read("read a branch", connection -> new LogReader(connection, segments).readBranch(branch.key(), fromSeq, toSeq, eventsMax, bytesMax));
    }

    @Override public List<Branch> branches() {
        return board.snapshot().branches();
    }

    @Override public void putSegment(Chunk segment) {
        segment.requireWhole();
        writer.call("store a segment", (core, _) -> {
            core.putSegment(segment);
            return null;
        });
    }

    @Override public void condense(Chunk segment, Set<EventId> signed) {
        segment.requireWhole();
        writer.call("condense a segment", (core, _) -> {
            core.condense(segment, signed);
            return null;
        });
    }

    @Override public List<ChunkId> adopt(Segment segment, Map<EventId, Event> signed, long nowMs) {
        segment.chunk().requireWhole();
        var lacking = writer.call("adopt a segment", (core, _) -> core.adopt(segment, signed, nowMs));
        if (lacking.isEmpty()) segments.expect(segment);                        // the view reads it next
        return lacking;
    }

    @Override public Adoption adoption(Event checkpoint) {
        return new Adoption(this, verifier, checkpoint);
    }

    @Override public Optional<Entry.Admitted> find(EventId id) {
        indexIds();
        return readers.read("find " + id.brief(), connection -> new LogReader(connection, segments).find(id));
    }

    @Override public List<Entry.Admitted> findAll(String prefix, int eventsMax) {
        if (!prefix.matches("[0-9a-f]{1,64}")) throw new IllegalArgumentException("no beginning of an id: " + prefix);
        indexIds();
        return readers.read("find " + prefix, connection -> new LogReader(connection, segments).findAll(prefix, eventsMax));
    }

    @Override public Standing standing(Event event) {
        return writer.call("judge an event", (core, _) -> core.standing(event));
    }

    /// Brings the index of ids up to date, in pieces, so that appends go on between them.
    private void indexIds() {
        long indexed = readers.read("read the index of ids", connection -> new LogReader(connection, segments).idsIndexed());
        while (board.lastOffset() - indexed > IDS_UNINDEXED_MAX) {
            long from = indexed;
            long to = Math.min(from + IDS_INDEXED_AT_ONCE, board.lastOffset());
            writer.call("index ids", (_, storage) -> {
                storage.indexIds(from, to);
                return null;
            });
            indexed = to;
        }
    }

    @Override public Optional<Entry> atOffset(long offset) {
        return readers.read("read offset " + offset, connection -> new LogReader(connection, segments).atOffset(offset));
    }

    @Override public AutoCloseable onAppend(Runnable listener) {
        return writer.onAppend(listener);
    }

    /// Takes in what another process has written to this log meanwhile, and tells those who listen.
    ///
    /// @throws LogUnavailable when the database is away or the log is closed
    public void refresh() {
        writer.call("look for what others wrote", (_, _) -> null);
    }

    public boolean isOpen() {
        return writer.isOpen();
    }

    @Override public void close() {
        writer.close();
        readers.close();
    }
}

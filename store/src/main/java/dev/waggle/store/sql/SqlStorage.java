package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Counts;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.LogStorage;
import dev.waggle.core.log.Verdict;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the rules read and write, on the writer's connection, within the transaction of a group. Entries are batched, branches and totals
/// written once, before the commit. Used by the writer's thread only.
final class SqlStorage implements LogStorage, AutoCloseable {
    /// The database failed. Nothing of the group is kept; the state is loaded again.
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private interface Use<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private static final String INSERT_ENTRY = """
        INSERT INTO entries (/*space,*/ "offset", branch, seq, id, signature, payload)
        VALUES (/*n,*/ ?, ?, ?, ?, ?, ?)
        """;
    private static final String PUT_BRANCH = """
        INSERT INTO branches
            (/*space,*/ id, origin, epoch, number, parent, first_seq, tip_seq, tip_id, tip_wall, tip_tick, control, head, void_from, continues, digest, void_ranges)
        VALUES (/*n,*/ ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (/*space,*/ id) DO UPDATE SET tip_seq = excluded.tip_seq, tip_id = excluded.tip_id, tip_wall = excluded.tip_wall,
            tip_tick = excluded.tip_tick, control = excluded.control, head = excluded.head, void_from = excluded.void_from,
            digest = excluded.digest, void_ranges = excluded.void_ranges
        """;
    private static final String PUT_TOTALS = """
        UPDATE log SET last_offset = ?, received = ?, accepted = ?, voided = ?, duplicate = ?, rejected = ?, pushed_back = ?, digest = ?
        WHERE /*space*/ true
        """;
    private static final String PUT_WAITING = """
        INSERT INTO waiting (/*space,*/ run, id, held_until, signature, payload)
        VALUES (/*n,*/ ?, ?, ?, ?, ?)
        ON CONFLICT (/*space,*/ id) DO UPDATE SET held_until = excluded.held_until, signature = excluded.signature
        """;
    static final String PUT_MARK = """
        INSERT INTO marks (/*space,*/ name, value, digest) VALUES (/*n,*/ ?, ?, ?)
        ON CONFLICT (/*space,*/ name) DO UPDATE SET value = excluded.value, digest = excluded.digest
        """;
    private static final String INDEX_IDS = """
        INSERT INTO id_prefixes (/*space,*/ prefix, "offset")
        SELECT /*n,*/ substr(id, 1, 8), "offset" FROM entries WHERE /*space*/ "offset" > ? AND "offset" <= ?
        ON CONFLICT DO NOTHING
        """;

    private static final int BATCH_MAX = 500;

    private final LogConnection connection;
    private final Segments segments;
    private final Map<Integer, Branch> branches = new LinkedHashMap<>();
    private Counts totals;
    private long lastOffset;
    private int entriesBatched;
    private final Set<EventId> waitingBatched = new HashSet<>();
    private long writes;
    private long writesBefore;                   // when the transaction began

    SqlStorage(SpaceId space, LogConnection connection) {
        this.connection = connection;
        this.segments = new Segments(space);
    }

    /// Grows with everything that is written: a call that left it alone changed nothing.
    long writes() {
        return writes;
    }

    /// @return false when another process wrote to this log meanwhile: what is in memory is old
    boolean begin() throws SQLException {
        writesBefore = writes;
        return connection.begin();
    }

    LogConnection connection() {
        return connection;
    }

    /// Writes what is still in memory and makes the transaction durable.
    void commit() throws SQLException {
        flushEntries();
        flushWaiting();
        try {
            for (var branch : branches.values()) use(PUT_BRANCH, statement -> {
                Rows.bind(statement, branch);
                return statement.executeUpdate();
            });
            if (totals != null) use(PUT_TOTALS, statement -> {
                var values = new long[] {lastOffset, totals.received(), totals.accepted(), totals.voided(), totals.duplicate(), totals.rejected(),
                    totals.pushedBack()};
                for (int i = 0; i < values.length; i++) statement.setLong(i + 1, values[i]);
                statement.setBytes(values.length + 1, Rows.digest(values));
                return statement.executeUpdate();
            });
        } catch (Failed e) {
            throw (SQLException) e.getCause();
        }
        connection.commit(writes > writesBefore);
        branches.clear();
        totals = null;
    }

    @Override public Place at(int branch, long seq) {
        flushEntries();
        return use("SELECT id, CASE WHEN signature IS NULL THEN 0 ELSE 1 END FROM entries WHERE /*space*/ branch = ? AND seq = ?", statement -> {
            statement.setInt(1, branch);
            statement.setLong(2, seq);
            try (var row = statement.executeQuery()) {
                if (!row.next()) throw new IllegalStateException("branch " + branch + " has a hole at " + seq);
                return new Place(EventId.of(row.getBytes(1)), row.getInt(2) != 0);
            }
        });
    }

    @Override public Optional<Event> eventAt(int branch, long seq) {
        flushEntries();
        return use("SELECT id, signature, payload FROM entries WHERE /*space*/ branch = ? AND seq = ?", statement -> {
            statement.setInt(1, branch);
            statement.setLong(2, seq);
            try (var row = statement.executeQuery()) {
                return row.next() ? segments.event(connection, row.getBytes(1), row.getBytes(2), row.getBytes(3)) : Optional.empty();
            }
        });
    }

    @Override public boolean hasChunk(ChunkId id) {
        return use("SELECT 1 FROM chunks WHERE /*space*/ id = ?", statement -> {
            statement.setBytes(1, id.bytes());
            try (var row = statement.executeQuery()) {
                return row.next();
            }
        });
    }

    @Override public void insert(long offset, int branch, Event event) {
        insert(offset, branch, event, event.payload());
    }

    @Override public void insertCondensed(long offset, int branch, Event event, int segment) {
        insert(offset, branch, event, Segments.pointer(segment));
    }

    private void insert(long offset, int branch, Event event, byte[] payload) {
        write(INSERT_ENTRY, statement -> {
            statement.setLong(1, offset);
            statement.setInt(2, branch);
            statement.setLong(3, event.seq());
            statement.setBytes(4, event.id().bytes());
            statement.setBytes(5, event.signature().orElse(null));
            statement.setBytes(6, payload);
            statement.addBatch();
            entriesBatched++;
            return null;
        });
        if (entriesBatched >= BATCH_MAX) flushEntries();
    }

    @Override public int putSegment(Chunk segment) {
        var known = use("SELECT number FROM segments WHERE /*space*/ id = ?", statement -> {
            statement.setBytes(1, segment.id().bytes());
            try (var row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        });
        if (known != 0) return known;
        writes++;
        return use("INSERT INTO segments (/*space,*/ id, size, bytes) VALUES (/*n,*/ ?, ?, ?) RETURNING number", statement -> {
            statement.setBytes(1, segment.id().bytes());
            statement.setInt(2, segment.bytes().length);
            statement.setBytes(3, Segments.deflated(segment.bytes()));
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    @Override public void condense(int branch, long seq, int segment, boolean keepSignature) {
        flushEntries();
        write("UPDATE entries SET payload = ?" + (keepSignature ? "" : ", signature = NULL") + " WHERE /*space*/ branch = ? AND seq = ?", statement -> {
            statement.setBytes(1, Segments.pointer(segment));
            statement.setInt(2, branch);
            statement.setLong(3, seq);
            return statement.executeUpdate();
        });
    }

    @Override public void insertVerdictChange(Entry.VerdictChanged entry, int branch) {
        write("INSERT INTO verdict_changes (/*space,*/ \"offset\", branch, from_seq, to_seq, void) VALUES (/*n,*/ ?, ?, ?, ?, ?)", statement -> {
            statement.setLong(1, entry.offset());
            statement.setInt(2, branch);
            statement.setLong(3, entry.fromSeq());
            statement.setLong(4, entry.toSeq());
            statement.setInt(5, entry.verdict() == Verdict.VOID ? 1 : 0);
            return statement.executeUpdate();
        });
    }

    @Override public void insertControl(long offset) {
        write("INSERT INTO control_events (/*space,*/ \"offset\") VALUES (/*n,*/ ?)", statement -> {
            statement.setLong(1, offset);
            return statement.executeUpdate();
        });
    }

    @Override public void setSignature(int branch, long seq, byte[] signature) {
        flushEntries();
        write("UPDATE entries SET signature = ? WHERE /*space*/ branch = ? AND seq = ?", statement -> {
            statement.setBytes(1, signature);
            statement.setInt(2, branch);
            statement.setLong(3, seq);
            return statement.executeUpdate();
        });
    }

    @Override public void putBranch(Branch branch) {
        writes++;
        branches.put(branch.key(), branch);
    }

    @Override public void putCut(ChainId chain) {
        write("INSERT INTO cuts (/*space,*/ origin, epoch) VALUES (/*n,*/ ?, ?) ON CONFLICT DO NOTHING", statement -> {
            statement.setBytes(1, chain.origin().bytes());
            statement.setBytes(2, chain.epoch().bytes());
            return statement.executeUpdate();
        });
    }

    @Override public void putWaiting(long run, Event event, long heldUntilMs) {
        if (!waitingBatched.add(event.id())) {                      // one statement may touch a row once only
            flushWaiting();
            waitingBatched.add(event.id());
        }
        write(PUT_WAITING, statement -> {
            statement.setLong(1, run);
            statement.setBytes(2, event.id().bytes());
            statement.setLong(3, heldUntilMs);
            statement.setBytes(4, event.signature().orElse(null));
            statement.setBytes(5, event.payload());
            statement.addBatch();
            return null;
        });
        if (waitingBatched.size() >= BATCH_MAX) flushWaiting();
    }

    @Override public void removeWaiting(EventId event) {
        flushWaiting();
        write("DELETE FROM waiting WHERE /*space*/ id = ?", statement -> {
            statement.setBytes(1, event.bytes());
            return statement.executeUpdate();
        });
    }

    @Override public void putChunk(Chunk chunk) {
        write("INSERT INTO chunks (/*space,*/ id, bytes) VALUES (/*n,*/ ?, ?) ON CONFLICT DO NOTHING", statement -> {
            statement.setBytes(1, chunk.id().bytes());
            statement.setBytes(2, chunk.bytes());
            return statement.executeUpdate();
        });
    }

    @Override public Optional<byte[]> mark(String name) {
        try {
            return LogReader.mark(connection, name);
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override public void putMark(String name, byte[] value) {
        if (value == null) write("DELETE FROM marks WHERE /*space*/ name = ?", statement -> {
            statement.setString(1, name);
            return statement.executeUpdate();
        });
        else write(PUT_MARK, statement -> {
            statement.setString(1, name);
            statement.setBytes(2, value);
            statement.setBytes(3, digest(name, value));
            return statement.executeUpdate();
        });
    }

    @Override public void putTotals(Counts counts, long offset) {
        writes++;
        totals = counts;
        lastOffset = offset;
    }

    /// Extends the index of ids; see `id_prefixes`.
    void indexIds(long after, long upTo) {
        flushEntries();
        write(INDEX_IDS, statement -> {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            return statement.executeUpdate();
        });
        write("UPDATE log SET ids_indexed = ? WHERE /*space*/ ids_indexed < ?", statement -> {
            statement.setLong(1, upTo);
            statement.setLong(2, upTo);
            return statement.executeUpdate();
        });
    }

    static byte[] digest(String name, byte[] value) {
        return Arrays.copyOf(Sha256.of(name.getBytes(StandardCharsets.UTF_8), new byte[1], value), 8);
    }

    private void flushWaiting() {
        if (waitingBatched.isEmpty()) return;
        waitingBatched.clear();
        use(PUT_WAITING, PreparedStatement::executeBatch);
    }

    private void flushEntries() {
        if (entriesBatched == 0) return;
        entriesBatched = 0;
        use(INSERT_ENTRY, PreparedStatement::executeBatch);
    }

    private <T> void write(String sql, Use<T> use) {
        writes++;
        use(sql, use);
    }

    private <T> T use(String sql, Use<T> use) {
        try {
            return use.with(connection.kept(sql));
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override public void close() throws SQLException {
        connection.close();                          // and with it the statements
    }
}

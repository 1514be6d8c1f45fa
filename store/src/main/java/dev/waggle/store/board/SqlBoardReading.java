package dev.waggle.store.board;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardReading;
import dev.waggle.apps.board.Change;
import dev.waggle.apps.board.Claim;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.ConflictRow;
import dev.waggle.apps.board.Effect;
import dev.waggle.apps.board.Naming;
import dev.waggle.apps.board.Rank;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.apps.board.Tenure;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads a board's rows as values. One thread.
class SqlBoardReading implements BoardReading {
    static final int ID_BYTES = 32;
    static final byte[] NONE = {};
    private static final String TASK_COLUMNS = """
        id, title, description, status, priority, labels, depends_on, assignee, assigned_node, external_id, deleted, created_by, created_ms, updated_by, updated_ms,
            version, holder, claim, token, lease_end_ms, conflicts, changed, assigned_alone""";
    static final String TASK = "SELECT " + TASK_COLUMNS + " FROM task ";
    static final String CLAIM = "SELECT task, ms, tick, origin, event, before, last, token, lease_ms, counts FROM claim ";
    static final String EFFECT = "SELECT task, claim, token, ms, tick, origin, event, kind, lease_ms, number, note, counts FROM effect ";
    private static final String CHANGE = "SELECT task, field, ms, tick, origin, event, kind, counts, claim, token, brief, bases, lead, \"offset\" FROM change ";
    private static final String NEWEST_FIRST = " ORDER BY ms DESC, tick DESC, origin DESC, event DESC LIMIT ?";
    /// By the claim's author, counting, up to a moment.
    private static final String OF_CLAIM = "WHERE claim = ? AND task = ? AND token = ? AND origin = ? AND counts = 1 AND (ms, tick) <= (?, ?) ";
    private static final Hlc END_OF_TIME = new Hlc(Hlc.WALL_MS_MAX, Hlc.TICK_MAX);
    private static final Field[] FIELDS = Field.values();
    private static final Change.Kind[] KINDS = Change.Kind.values();
    private static final Effect.Kind[] EFFECTS = Effect.Kind.values();

    final BoardFile db;

    SqlBoardReading(BoardFile db) {
        this.db = db;
    }

    @Override public List<Change> changes(String task, Field field, Optional<Stamp> below, int max) {
        if (below.isEmpty()) return db.all(CHANGE + "WHERE task = ? AND field = ?" + NEWEST_FIRST, SqlBoardReading::change, task, field.ordinal(), max);
        var at = below.get();
        return db.all(CHANGE + "WHERE task = ? AND field = ? AND (ms, tick, origin, event) < (?, ?, ?, ?)" + NEWEST_FIRST, SqlBoardReading::change,
            task, field.ordinal(), at.ts().wallMs(), at.ts().tick(), at.origin().bytes(), at.id().bytes(), max);
    }

    @Override public Optional<List<Change>> changes(String task, int max) {
        var all = db.all(CHANGE + "WHERE task = ? ORDER BY field, ms, tick, origin, event LIMIT ?", SqlBoardReading::change, task, max + 1);
        return all.size() > max ? Optional.empty() : Optional.of(all);
    }

    private static Change change(ResultSet row) throws SQLException {
        var bases = row.getBytes(12);
        var ids = new ArrayList<EventId>(bases.length / ID_BYTES);
        for (int i = 0; i < bases.length; i += ID_BYTES) ids.add(EventId.of(Arrays.copyOfRange(bases, i, i + ID_BYTES)));
        return new Change(row.getString(1), FIELDS[row.getInt(2)], stamp(row, 3), KINDS[row.getInt(7)], row.getInt(8) != 0, claimRef(row, 9), row.getString(11), ids,
            row.getInt(13) != 0, row.getLong(14));
    }

    static Stamp stamp(ResultSet row, int column) throws SQLException {
        return new Stamp(new Hlc(row.getLong(column), row.getInt(column + 1)), NodeId.of(row.getBytes(column + 2)), EventId.of(row.getBytes(column + 3)));
    }

    static Optional<ClaimRef> claimRef(ResultSet row, int column) throws SQLException {
        var claim = row.getBytes(column);
        return claim == null ? Optional.empty() : Optional.of(new ClaimRef(EventId.of(claim), row.getLong(column + 1)));
    }

    @Override public Optional<TaskStatus> statusOf(String task, EventId event) {
        return db.first("SELECT brief FROM change WHERE task = ? AND field = ? AND event = ? AND brief IS NOT NULL", row -> TaskStatus.of(row.getString(1)),
            task, Field.STATUS.ordinal(), event.bytes());
    }

    @Override public List<Claim> claims(String task, Optional<EventId> before, Optional<EventId> after, int max) {
        return db.all(CLAIM + "WHERE task = ? AND before = ? AND event > ? ORDER BY event LIMIT ?", SqlBoardReading::claim, task, before.map(EventId::bytes).orElse(NONE),
            after.map(EventId::bytes).orElse(NONE), max);
    }

    static Claim claim(ResultSet row) throws SQLException {
        return new Claim(row.getString(1), stamp(row, 2), eventId(row, 6), eventId(row, 7), row.getLong(8), row.getLong(9), row.getInt(10) != 0);
    }

    private static Optional<EventId> eventId(ResultSet row, int column) throws SQLException {
        var bytes = row.getBytes(column);
        return bytes == null || bytes.length == 0 ? Optional.empty() : Optional.of(EventId.of(bytes));
    }

    @Override public Optional<Hlc> under(Claim claim, EventId event) {
        if (event.equals(claim.id())) return Optional.of(claim.stamp().ts());
        return db.first("SELECT ms, tick FROM effect WHERE event = ? AND claim = ? AND task = ? AND token = ? AND origin = ? AND counts = 1", row -> new Hlc(row.getLong(1), row.getInt(2)),
            event.bytes(), claim.id().bytes(), claim.task(), claim.token(), claim.stamp().origin().bytes());
    }

    @Override public long leaseEndMs(Claim claim, Optional<Hlc> upTo) {
        var to = upTo.orElse(END_OF_TIME);
        long first = claim.stamp().ts().wallMs() + claim.leaseMs();
        return Math.max(first, db.first("SELECT coalesce(max(ms + lease_ms), 0) FROM effect " + OF_CLAIM + "AND kind = " + Effect.Kind.RENEWED.ordinal(), row -> row.getLong(1),
            claim.id().bytes(), claim.task(), claim.token(), claim.stamp().origin().bytes(), to.wallMs(), to.tick()).orElse(0L));
    }

    @Override public Optional<Effect> end(Claim claim, Optional<Hlc> upTo) {
        var to = upTo.orElse(END_OF_TIME);
        return db.first(EFFECT + OF_CLAIM + "AND kind >= " + Effect.Kind.FINISHED.ordinal() + " ORDER BY ms, tick, event LIMIT 1", SqlBoardReading::effect,
            claim.id().bytes(), claim.task(), claim.token(), claim.stamp().origin().bytes(), to.wallMs(), to.tick());
    }

    @Override public Optional<EventId> lastUnder(Claim claim) {
        return db.first("SELECT event FROM effect " + OF_CLAIM + "ORDER BY ms DESC, tick DESC, event DESC LIMIT 1", row -> EventId.of(row.getBytes(1)),
            claim.id().bytes(), claim.task(), claim.token(), claim.stamp().origin().bytes(), END_OF_TIME.wallMs(), END_OF_TIME.tick());
    }

    static Effect effect(ResultSet row) throws SQLException {
        int number = row.getInt(10);
        var counted = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
        return new Effect(row.getString(1), claimRef(row, 2).orElseThrow(), stamp(row, 4), EFFECTS[row.getInt(8)], row.getLong(9), counted, row.getString(11), row.getInt(12) != 0);
    }

    @Override public long cursor() {
        return meta("cursor").map(Long::parseLong).orElse(0L);
    }

    @Override public List<Naming> namings(Optional<EventId> before, Optional<EventId> after, int max) {
        return db.all("SELECT ms, tick, origin, event, term, before, node, last, by_owner, counts FROM naming WHERE before = ? AND event > ? ORDER BY event LIMIT ?",
            row -> new Naming(stamp(row, 1), row.getLong(5), eventId(row, 6), node(row, 7), row.getLong(8), row.getInt(9) != 0, row.getInt(10) != 0),
            before.map(EventId::bytes).orElse(NONE), after.map(EventId::bytes).orElse(NONE), max);
    }

    @Override public List<Tenure> tenures() {
        return db.all("SELECT term, node, last FROM tenure ORDER BY term", row -> new Tenure(row.getLong(1), node(row, 2), row.getLong(3)));
    }

    @Override public Optional<Rank> rank(EventId change) {
        return db.first("""
            SELECT s.term, p.number, s.ms, s.tick, s.origin, s.event FROM place p JOIN sequenced s ON s.event = p.event JOIN tenure t ON t.term = s.term
            WHERE p.change = ? AND s.counts = 1 AND t.node = s.origin AND p.number <= t.last ORDER BY s.term, p.number, s.ms, s.tick, s.event LIMIT 1
            """, row -> new Rank(row.getLong(1), row.getLong(2), stamp(row, 3)), change.bytes());
    }

    @Override public long lastSequence(long term) {
        return db.first("SELECT s.last FROM sequenced s JOIN tenure t ON t.term = s.term AND t.node = s.origin WHERE s.term = ? AND s.counts = 1 ORDER BY s.last DESC LIMIT 1",
            row -> row.getLong(1), term).orElse(0L);
    }

    @Override public Optional<TaskRow> task(String id) {
        return db.first(TASK + "WHERE id = ?", SqlBoardReading::taskRow, id);
    }

    static TaskRow taskRow(ResultSet row) throws SQLException {
        return new TaskRow(row.getString(1), row.getString(2), row.getString(3), TaskStatus.of(row.getString(4)), row.getInt(5), BoardFile.texts(row.getString(6)),
            BoardFile.texts(row.getString(7)), Optional.ofNullable(row.getString(8)), assigned(row), Optional.ofNullable(row.getString(10)), row.getInt(11) != 0,
            node(row, 12).orElseThrow(), row.getLong(13), node(row, 14).orElseThrow(), row.getLong(15), row.getLong(16), node(row, 17), claimRef(row, 18), row.getLong(20),
            row.getInt(21), row.getLong(22));
    }

    private static Optional<AssignedTo> assigned(ResultSet row) throws SQLException {
        var node = node(row, 9);
        return node.isEmpty() ? Optional.empty() : Optional.of(new AssignedTo(node.get(), row.getInt(23) != 0));
    }

    static Optional<NodeId> node(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getBytes(column)).map(NodeId::of);
    }

    @Override public List<ConflictRow> conflicts(String task) {
        return db.all("SELECT task, field, ms, tick, origin, event, value FROM conflict WHERE task = ? ORDER BY field, event", SqlBoardReading::conflict, task);
    }

    static ConflictRow conflict(ResultSet row) throws SQLException {
        return new ConflictRow(row.getString(1), FIELDS[row.getInt(2)], stamp(row, 3), Canonical.parse(row.getString(7).getBytes(StandardCharsets.UTF_8)));
    }

    @Override public boolean isLinked(NodeId node) {
        return db.first("SELECT kind FROM notice WHERE node = ? AND counts = 1 AND kind < 2 ORDER BY ms DESC, tick DESC, event DESC LIMIT 1", row -> row.getInt(1) == 0, node.bytes()).orElse(false);
    }

    @Override public boolean isClosed() {
        return db.first("SELECT 1 FROM notice WHERE kind = 2 AND entitled = 1 AND counts = 1 LIMIT 1", _ -> true).orElse(false);
    }

    @Override public boolean isRemoved() {
        return db.first("SELECT kind FROM notice WHERE kind > 2 AND entitled = 1 AND counts = 1 ORDER BY ms DESC, tick DESC, node DESC, event DESC LIMIT 1", row -> row.getInt(1) == 3).orElse(false);
    }

    Optional<String> meta(String name) {
        return db.first("SELECT value FROM meta WHERE name = ?", row -> row.getString(1), name);
    }
}

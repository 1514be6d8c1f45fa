package dev.waggle.store.board;

import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.BoardReading;
import dev.waggle.apps.board.BoardRules;
import dev.waggle.apps.board.ConflictRow;
import dev.waggle.apps.board.Effect;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.LogEntry;
import dev.waggle.apps.board.Sequencing;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.view.Snapshots;
import dev.waggle.store.view.TooSlow;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// What people and workers ask of one board. Reads beside the fold, in [Snapshots]; each call sees one state and fails with [TooSlow] when it takes too long.
/// Pages are at most [#PAGE_MAX] rows, found by an index. Thread-safe.
public final class BoardQueries implements AutoCloseable {
    public static final int PAGE_MAX = 500;
    /// Of an effect: whether the claim that it names does not hold for it.
    private static final String REFUSED = """
        (c.event IS NULL OR c.task <> e.task OR c.stands = 0 OR c.token <> e.token OR c.origin <> e.origin OR c.limit_ms IS NOT NULL AND (e.ms, e.tick) > (c.limit_ms, c.limit_tick))""";

    private static final String LOG = """
        SELECT e.task, e.ms, e.tick, e.origin, e.event, e.log_id, e.lines, e.claim, e.token, e.written_node, e.written_ms, e.claim IS NOT NULL AND\s""" + REFUSED + """
        , e."offset" FROM log e LEFT JOIN claim c ON c.event = e.claim
        """;
    /// Of lines that came several times under one id, the first.
    private static final String ONCE = """
         (e.log_id IS NULL OR NOT EXISTS (
            SELECT 1 FROM log f WHERE f.task = e.task AND f.log_id = e.log_id AND f.counts = 1 AND (f.ms, f.tick, f.origin, f.event) < (e.ms, e.tick, e.origin, e.event)))
        """;

    private final Snapshots<SqlBoardReading> snapshots;

    /// @param file of a board that a [BoardFold] keeps, or kept
    public BoardQueries(Path file) {
        snapshots = new Snapshots<>(() -> new SqlBoardReading(BoardFile.reader(file)), reading -> reading.db);
    }

    /// Decides on a command as of now.
    public BoardRules.Decision decide(BoardCommand command, BoardRules.Who who) {
        return snapshots.ask(rows -> new BoardRules(rows).decide(command, who));
    }

    /// Anything else that is decided by rows.
    public <T> T ask(Function<BoardReading, T> question) {
        return snapshots.ask(question::apply);
    }

    /// @param tasks     by status, deleted ones left out
    /// @param conflicts values that were passed over and wait for a decision
    /// @param refused   what was done under claims that did not hold
    public record Summary(String name, Optional<NodeId> owner, Map<TaskStatus, Long> tasks, long conflicts, long refused, boolean closed, long quarantined) {}

    public Summary summary() {
        return snapshots.ask(rows -> {
            var tasks = new TreeMap<TaskStatus, Long>();
            for (var status : TaskStatus.values()) tasks.put(status, count(rows, "SELECT count(*) FROM task WHERE deleted = 0 AND status = ?", status.wire()));
            return new Summary(rows.meta("name").orElse(""), rows.meta("owner").map(NodeId::new), tasks, count(rows, "SELECT count(*) FROM conflict"),
                count(rows, "SELECT count(*) FROM effect e LEFT JOIN claim c ON c.event = e.claim WHERE e.counts = 1 AND " + REFUSED), rows.isClosed(),
                rows.meta("quarantined").map(Long::parseLong).orElse(0L));
        });
    }

    /// The node that made the board; empty while its genesis is not here.
    public Optional<NodeId> owner() {
        return snapshots.ask(rows -> rows.meta("owner").map(NodeId::new));
    }

    public boolean isClosed() {
        return snapshots.ask(SqlBoardReading::isClosed);
    }

    /// Whether a hub had the board among its projects and has it no more.
    public boolean isRemoved() {
        return snapshots.ask(SqlBoardReading::isRemoved);
    }

    private static long count(SqlBoardReading rows, String sql, Object... parameters) {
        return rows.db.first(sql, row -> row.getLong(1), parameters).orElse(0L);
    }

    public Optional<TaskRow> task(String id) {
        return snapshots.ask(rows -> rows.task(id));
    }

    /// By what another tracker calls it.
    public Optional<TaskRow> byExternalId(String id) {
        return snapshots.ask(rows -> rows.db.first(SqlBoardReading.TASK + "WHERE external_id = ? ORDER BY created_ms, id LIMIT 1", SqlBoardReading::taskRow, id));
    }

    /// Where a page of tasks ended.
    public record After(long createdMs, String id) {}

    /// Tasks that are not deleted, oldest first.
    public List<TaskRow> tasks(Optional<TaskStatus> status, Optional<After> after, int limit) {
        var at = after.orElse(new After(Long.MIN_VALUE, ""));
        int max = Math.min(limit, PAGE_MAX);
        return snapshots.ask(rows -> status.isEmpty()
            ? rows.db.all(SqlBoardReading.TASK + "WHERE deleted = 0 AND (created_ms, id) > (?, ?) ORDER BY created_ms, id LIMIT ?", SqlBoardReading::taskRow, at.createdMs(), at.id(), max)
            : rows.db.all(SqlBoardReading.TASK + "WHERE deleted = 0 AND status = ? AND (created_ms, id) > (?, ?) ORDER BY created_ms, id LIMIT ?", SqlBoardReading::taskRow,
                status.get().wire(), at.createdMs(), at.id(), max));
    }

    /// All tasks, deleted ones too, in the order of their ids.
    public List<TaskRow> everything(String afterId, int limit) {
        return snapshots.ask(rows -> rows.db.all(SqlBoardReading.TASK + "WHERE id > ? ORDER BY id LIMIT ?", SqlBoardReading::taskRow, afterId, Math.min(limit, PAGE_MAX)));
    }

    /// Tasks whose rows changed after an offset of this node's log, deleted ones too, in that order.
    public List<TaskRow> changedSince(long offset, String afterId, int limit) {
        return snapshots.ask(rows -> rows.db.all(SqlBoardReading.TASK + "WHERE (changed, id) > (?, ?) ORDER BY changed, id LIMIT ?", SqlBoardReading::taskRow, offset, afterId, Math.min(limit, PAGE_MAX)));
    }

    /// Which tasks a worker carries out.
    ///
    /// @param labels     those with one of these
    /// @param prefix     what the labels begin with that are meant for workers
    /// @param unlabelled those without a label of that kind, too
    public record Wanted(Set<String> labels, String prefix, boolean unlabelled) {}

    /// Tasks that nobody holds now, that wait to be done, need nothing that is not done, and that a node may claim; most urgent first.
    ///
    /// @param here other nodes that are here: what is theirs first is left to them
    public List<TaskRow> claimable(NodeId node, Set<NodeId> here, Wanted wanted, long nowMs, int limit) {
        var labels = Canonical.text(Json.array(wanted.labels().stream().sorted().map(Json::of).toList()));
        return snapshots.ask(rows -> rows.db.all(SqlBoardReading.TASK + """
            WHERE deleted = 0 AND status IN (?1, ?2) AND (assigned_node IS NULL OR assigned_node = ?3
                    OR NOT assigned_alone AND hex(assigned_node) NOT IN (SELECT upper(h.value) FROM json_each(?10) h))
                AND (holder IS NULL AND status = ?1 OR holder IS NOT NULL AND lease_end_ms <= ?4)
                AND (EXISTS (SELECT 1 FROM json_each(task.labels) l WHERE l.value IN (SELECT w.value FROM json_each(?5) w))
                    OR ?6 AND NOT EXISTS (SELECT 1 FROM json_each(task.labels) l WHERE substr(l.value, 1, length(?7)) = ?7))
                AND NOT EXISTS (SELECT 1 FROM json_each(task.depends_on) d JOIN task n ON n.id = d.value WHERE n.deleted = 0 AND n.status IN (?1, ?2, ?8))
            ORDER BY priority, created_ms, id LIMIT ?9
            """, SqlBoardReading::taskRow, TaskStatus.TODO.wire(), TaskStatus.INPROGRESS.wire(), node.bytes(), nowMs, labels, wanted.unlabelled() ? 1 : 0, wanted.prefix(),
            TaskStatus.INREVIEW.wire(), Math.min(limit, PAGE_MAX), Canonical.text(Json.array(here.stream().map(NodeId::hex).sorted().map(Json::of).toList()))));
    }

    /// Whose tasks wait that others may claim while it is away.
    public Set<NodeId> firsts(NodeId but) {
        return Set.copyOf(snapshots.ask(rows -> rows.db.all("SELECT DISTINCT assigned_node FROM task WHERE assigned_node IS NOT NULL AND NOT assigned_alone AND assigned_node != ? AND deleted = 0 AND status IN (?, ?)",
            row -> SqlBoardReading.node(row, 1).orElseThrow(), but.bytes(), TaskStatus.TODO.wire(), TaskStatus.INPROGRESS.wire())));
    }

    /// The live versions of a task's fields, and what set them.
    public Versions versions(String task) {
        return snapshots.ask(rows -> {
            var claims = dev.waggle.apps.board.Claims.of(rows, task);
            var resolution = new dev.waggle.apps.board.Resolution(rows);
            var live = new TreeMap<Field, List<EventId>>();
            var edited = new java.util.TreeSet<Field>();
            long createdAt = 0;
            for (var field : Field.values()) {
                var register = resolution.register(task, field, claims);
                live.put(field, register.live());
                if (register.shown().filter(change -> change.kind() != dev.waggle.apps.board.Change.Kind.CREATED).isPresent()) edited.add(field);
                if (field == Field.LIFE) createdAt = register.first().map(dev.waggle.apps.board.Change::offset).orElse(0L);
            }
            return new Versions(live, edited, createdAt);
        });
    }

    /// @param live      by field
    /// @param edited    fields that show another value than the one they were made with
    /// @param createdAt the offset of the event that made it
    public record Versions(java.util.SortedMap<Field, List<EventId>> live, java.util.SortedSet<Field> edited, long createdAt) {}

    /// What this node stamps next, if it is the board's sequencer: see [Sequencing#next].
    public Optional<Sequencing.Step> sequencing(EventLog log, NodeId self, Optional<Sequencing.Mark> at) {
        return snapshots.ask(rows -> Sequencing.next(rows, log, self, at));
    }

    /// Whose order decides which of several values is shown; empty for nobody's.
    public Optional<NodeId> sequencer() {
        return snapshots.ask(rows -> {
            var tenures = rows.tenures();
            return tenures.isEmpty() ? Optional.<NodeId>empty() : tenures.getLast().node();
        });
    }

    /// A task's log, oldest first. Lines that came several times under one id are there once.
    public List<ShownLog> log(String task, Optional<Stamp> after, int limit) {
        var at = after.map(stamp -> new Object[] {stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), stamp.id().bytes()}).orElse(new Object[] {-1L, -1, new byte[0], new byte[0]});
        return snapshots.ask(rows -> rows.db.all(LOG + """
            WHERE e.task = ? AND e.counts = 1 AND (e.ms, e.tick, e.origin, e.event) > (?, ?, ?, ?) AND""" + ONCE + """
            ORDER BY e.ms, e.tick, e.origin, e.event LIMIT ?
            """, BoardQueries::shownLog, task, at[0], at[1], at[2], at[3], Math.min(limit, PAGE_MAX)));
    }

    /// A task's log in the order in which it came to this node: what follows it misses nothing, however old what came late says it is.
    ///
    /// @param after an offset; 0 to begin
    public List<ShownLog> logAsItCame(String task, long after, int limit) {
        return snapshots.ask(rows -> rows.db.all(LOG + """
            WHERE e.task = ? AND e.counts = 1 AND e."offset" > ? AND""" + ONCE + """
            ORDER BY e."offset" LIMIT ?
            """, BoardQueries::shownLog, task, after, Math.min(limit, PAGE_MAX)));
    }

    /// What one node wrote to a task's log itself, in the order in which it did.
    ///
    /// @param after of an entry; empty to begin
    public List<ShownLog> logBy(NodeId node, String task, Optional<Stamp> after, int limit) {
        var at = after.map(stamp -> new Object[] {stamp.ts().wallMs(), stamp.ts().tick(), stamp.id().bytes()}).orElse(new Object[] {-1L, -1, new byte[0]});
        return snapshots.ask(rows -> rows.db.all(LOG + """
            WHERE e.task = ? AND e.counts = 1 AND e.origin = ? AND (e.ms, e.tick, e.event) > (?, ?, ?)
            ORDER BY e.ms, e.tick, e.event LIMIT ?
            """, BoardQueries::shownLog, task, node.bytes(), at[0], at[1], at[2], Math.min(limit, PAGE_MAX)));
    }

    /// Of a node's own lines of a task, the last that came here.
    public Optional<Stamp> lastLogBy(NodeId node, String task) {
        return snapshots.ask(rows -> rows.db.first("SELECT ms, tick, origin, event FROM log WHERE task = ? AND origin = ? AND counts = 1 ORDER BY ms DESC, tick DESC, event DESC LIMIT 1",
            row -> SqlBoardReading.stamp(row, 1), task, node.bytes()));
    }

    /// Whether an event's lines are in the task's log.
    public boolean hasLogOf(Stamp event, String task) {
        return snapshots.ask(rows -> rows.db.first("SELECT 1 FROM log WHERE task = ? AND ms = ? AND tick = ? AND origin = ? AND event = ?", _ -> true, task, event.ts().wallMs(), event.ts().tick(),
            event.origin().bytes(), event.id().bytes()).orElse(false));
    }

    /// Whether lines under this id are in the task's log.
    public boolean hasLog(String task, String logId) {
        return snapshots.ask(rows -> rows.db.first("SELECT 1 FROM log WHERE task = ? AND log_id = ? AND counts = 1 LIMIT 1", _ -> true, task, logId).orElse(false));
    }

    private static ShownLog shownLog(ResultSet row) throws SQLException {
        var written = SqlBoardReading.node(row, 10);
        long writtenMs = row.getLong(11);
        return new ShownLog(new LogEntry(row.getString(1), SqlBoardReading.stamp(row, 2), Optional.ofNullable(row.getString(6)), BoardFile.texts(row.getString(7)),
            SqlBoardReading.claimRef(row, 8), written.map(node -> new BoardChange.Written(node, writtenMs)), true, row.getLong(13)), row.getInt(12) != 0);
    }

    /// Who claimed a task, newest first.
    public List<ShownClaim> claims(String task, int limit) {
        return snapshots.ask(rows -> {
            var shown = new ArrayList<ShownClaim>();
            var claims = rows.db.all(SqlBoardReading.CLAIM + "WHERE task = ? AND counts = 1 ORDER BY token DESC, ms DESC, event LIMIT ?", SqlBoardReading::claim, task, Math.min(limit, PAGE_MAX));
            for (var claim : claims) {
                boolean stands = rows.db.first("SELECT stands FROM claim WHERE event = ?", row -> row.getInt(1) == 1, claim.id().bytes()).orElse(false);
                var known = dev.waggle.apps.board.Claims.of(rows, task);
                var progress = rows.db.all(SqlBoardReading.EFFECT + "WHERE claim = ? AND task = ? AND kind = ? AND counts = 1 ORDER BY ms DESC, tick DESC LIMIT 1", SqlBoardReading::effect,
                    claim.id().bytes(), task, Effect.Kind.PROGRESS.ordinal()).stream().filter(effect -> known.holds(effect.claim(), effect.stamp())).findFirst();
                var end = rows.end(claim, Optional.empty()).filter(effect -> known.holds(effect.claim(), effect.stamp()));
                shown.add(new ShownClaim(claim, stands, rows.leaseEndMs(claim, Optional.empty()), progress, end));
            }
            return shown;
        });
    }

    /// What was done under claims that did not hold, or not any more, newest first: without effect.
    public List<Effect> refused(String task, int limit) {
        return snapshots.ask(rows -> rows.db.all("""
            SELECT e.task, e.claim, e.token, e.ms, e.tick, e.origin, e.event, e.kind, e.lease_ms, e.number, e.note, e.counts FROM effect e LEFT JOIN claim c ON c.event = e.claim
            WHERE e.task = ? AND e.counts = 1 AND """ + " " + REFUSED + " ORDER BY e.ms DESC, e.tick DESC, e.event LIMIT ?", SqlBoardReading::effect, task, Math.min(limit, PAGE_MAX)));
    }

    /// Where a page of conflicts begins.
    public record AfterConflict(String task, int field, String event) {
        public static final AfterConflict NONE = new AfterConflict("", -1, "");

        public static AfterConflict of(ConflictRow last) {
            return new AfterConflict(last.task(), last.field().ordinal(), last.stamp().id().hex());
        }
    }

    /// Open conflicts of all tasks, task by task.
    public List<ConflictRow> conflicts(AfterConflict after, int limit) {
        return snapshots.ask(rows -> rows.db.all("SELECT task, field, ms, tick, origin, event, value FROM conflict WHERE (task, field, event) > (?, ?, ?) ORDER BY task, field, event LIMIT ?",
            SqlBoardReading::conflict, after.task(), after.field(), Hex.bytes(after.event()), Math.min(limit, PAGE_MAX)));
    }

    /// Who takes part, by each node's own last word.
    public List<Participant> participants(long nowMs) {
        return snapshots.ask(rows -> rows.db.all("""
            SELECT n.node, n.name, n.url, n.executes, n.ms, (SELECT count(*) FROM task t WHERE t.holder = n.node AND t.deleted = 0 AND t.lease_end_ms > ?1),
                (SELECT count(*) FROM task t WHERE t.assigned_node = n.node AND t.deleted = 0 AND t.status IN (?2, ?3) AND NOT (t.holder IS n.node AND t.lease_end_ms > ?1))
            FROM notice n
            WHERE n.counts = 1 AND n.kind = 0 AND NOT EXISTS (
                SELECT 1 FROM notice m WHERE m.node = n.node AND m.counts = 1 AND m.kind < 2 AND (m.ms, m.tick, m.event) > (n.ms, n.tick, n.event))
            ORDER BY n.node LIMIT 500
            """, row -> new Participant(SqlBoardReading.node(row, 1).orElseThrow(), row.getString(2), Optional.ofNullable(row.getString(3)), row.getInt(4) != 0, row.getLong(5), row.getInt(6), row.getInt(7)),
            nowMs, TaskStatus.TODO.wire(), TaskStatus.INPROGRESS.wire()));
    }

    @Override public void close() {
        snapshots.close();
    }
}

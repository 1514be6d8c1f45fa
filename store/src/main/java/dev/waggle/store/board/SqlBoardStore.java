package dev.waggle.store.board;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardStore;
import dev.waggle.apps.board.Change;
import dev.waggle.apps.board.Claim;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.ConflictRow;
import dev.waggle.apps.board.Effect;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.LogEntry;
import dev.waggle.apps.board.Naming;
import dev.waggle.apps.board.Notice;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.apps.board.Tenure;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.time.Hlc;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// A board's rows in SQLite, for the one who writes them. One thread; after a rollback a new one must be made.
final class SqlBoardStore extends SqlBoardReading implements BoardStore {
    private static final int QUARANTINE_MAX = 1_000;

    SqlBoardStore(BoardFile db) {
        super(db);
    }

    @Override public void cursor(long offset) {
        putMeta("cursor", Long.toString(offset));
    }

    private void putMeta(String name, String value) {
        db.write("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
    }

    @Override public List<Event> control() {
        return db.all("SELECT payload FROM control ORDER BY number", row -> Event.read(row.getBytes(1), null));
    }

    @Override public void addControl(Event event) {
        db.write("INSERT INTO control (payload) VALUES (?)", (Object) event.payload());
        if (!event.type().equals(ControlType.GENESIS)) return;
        putMeta("name", event.body().text("name"));
        putMeta("owner", event.body().text("owner"));
    }

    @Override public void add(Change change) {
        var bases = ByteBuffer.allocate(change.bases().size() * ID_BYTES);
        change.bases().forEach(id -> bases.put(id.bytes()));
        var stamp = change.stamp();
        db.write("""
            INSERT INTO change (task, field, ms, tick, origin, event, kind, counts, claim, token, brief, bases, lead, "offset") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """, change.task(), change.field().ordinal(), stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), stamp.id().bytes(), change.kind().ordinal(),
            flag(change.counts()), id(change.claim()), token(change.claim()), change.brief(), bases.array(), flag(change.lead()), change.offset());
    }

    private static int flag(boolean truth) {
        return truth ? 1 : 0;
    }

    private static byte[] id(Optional<ClaimRef> claim) {
        return claim.map(ref -> ref.id().bytes()).orElse(null);
    }

    private static Long token(Optional<ClaimRef> claim) {
        return claim.map(ClaimRef::token).orElse(null);
    }

    @Override public void add(Claim claim) {
        var stamp = claim.stamp();
        db.write("INSERT INTO claim (event, task, ms, tick, origin, before, last, token, lease_ms, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", stamp.id().bytes(), claim.task(),
            stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), claim.before().map(EventId::bytes).orElse(NONE), claim.last().map(EventId::bytes).orElse(null), claim.token(),
            claim.leaseMs(), flag(claim.counts()));
    }

    @Override public void add(Effect effect) {
        var stamp = effect.stamp();
        db.write("INSERT INTO effect (event, task, claim, token, ms, tick, origin, kind, lease_ms, number, note, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", stamp.id().bytes(),
            effect.task(), effect.claim().id().bytes(), effect.claim().token(), stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), effect.kind().ordinal(), effect.leaseMs(),
            effect.number().isPresent() ? effect.number().getAsInt() : null, effect.note(), flag(effect.counts()));
    }

    @Override public void add(LogEntry lines) {
        var stamp = lines.stamp();
        db.write("INSERT INTO log (task, ms, tick, origin, event, log_id, lines, claim, token, written_node, written_ms, counts, \"offset\") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", lines.task(),
            stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), stamp.id().bytes(), lines.logId().orElse(null), array(lines.lines()), id(lines.claim()), token(lines.claim()),
            lines.written().map(by -> by.node().bytes()).orElse(null), lines.written().map(by -> by.ms()).orElse(null), flag(lines.counts()), lines.offset());
    }

    private static String array(List<String> texts) {
        return Canonical.text(Json.array(texts.stream().map(Json::of).toList()));
    }

    @Override public void add(Notice notice) {
        var stamp = notice.stamp();
        db.write("INSERT INTO notice (node, ms, tick, event, kind, name, url, executes, entitled, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", stamp.origin().bytes(), stamp.ts().wallMs(),
            stamp.ts().tick(), stamp.id().bytes(), notice.kind().ordinal(), notice.name(), notice.publicUrl().orElse(null), flag(notice.executes()), flag(notice.entitled()), flag(notice.counts()));
    }

    @Override public void add(Naming naming) {
        var stamp = naming.stamp();
        db.write("INSERT INTO naming (before, event, term, node, last, ms, tick, origin, by_owner, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            naming.before().map(EventId::bytes).orElse(NONE), stamp.id().bytes(), naming.term(), bytes(naming.node()), naming.last(), stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(),
            flag(naming.byOwner()), flag(naming.counts()));
    }

    @Override public void add(Stamp stamp, BoardChange.Sequenced sequenced, boolean counts) {
        db.write("INSERT INTO sequenced (event, term, last, ms, tick, origin, counts) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", stamp.id().bytes(), sequenced.term(),
            sequenced.first() + sequenced.events().size() - 1, stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), flag(counts));
        long number = sequenced.first();
        for (var change : sequenced.events())
            db.write("INSERT INTO place (change, number, event) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", change.bytes(), number++, stamp.id().bytes());
    }

    @Override public void tenures(List<Tenure> tenures) {
        db.write("DELETE FROM tenure");
        for (var each : tenures) db.write("INSERT INTO tenure (term, node, last) VALUES (?, ?, ?)", each.term(), bytes(each.node()), each.last());
    }

    @Override public Optional<String> taskOf(EventId event) {
        return db.first("SELECT task FROM change WHERE event = ? AND lead = 1", row -> row.getString(1), event.bytes());
    }

    @Override public List<String> contested(String afterId, int max) {
        return db.all("""
            SELECT task FROM conflict WHERE task > ? UNION SELECT task FROM (SELECT task FROM claim WHERE task > ? GROUP BY task, before HAVING count(*) > 1) ORDER BY task LIMIT ?
            """, row -> row.getString(1), afterId, afterId, max);
    }

    @Override public boolean isContested(String task) {
        return db.first("SELECT 1 FROM conflict WHERE task = ? UNION ALL SELECT 1 FROM claim WHERE task = ? GROUP BY before HAVING count(*) > 1 LIMIT 1", _ -> true, task, task).orElse(false);
    }

    @Override public void counts(Event event, List<Field> fields, String task, boolean counts) {
        var stamp = Stamp.of(event);
        var id = event.id().bytes();
        if (task.isEmpty()) {
            db.write("UPDATE naming SET counts = ? WHERE event = ?", flag(counts), id);
            db.write("UPDATE sequenced SET counts = ? WHERE event = ?", flag(counts), id);
        }
        for (var field : fields)
            db.write("UPDATE change SET counts = ? WHERE task = ? AND field = ? AND ms = ? AND tick = ? AND origin = ? AND event = ?", flag(counts), task, field.ordinal(),
                stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), id);
        db.write("UPDATE claim SET counts = ? WHERE event = ?", flag(counts), id);
        db.write("UPDATE effect SET counts = ? WHERE event = ?", flag(counts), id);
        db.write("UPDATE log SET counts = ? WHERE task = ? AND ms = ? AND tick = ? AND origin = ? AND event = ?", flag(counts), task, stamp.ts().wallMs(), stamp.ts().tick(),
            stamp.origin().bytes(), id);
        db.write("UPDATE notice SET counts = ? WHERE node = ? AND ms = ? AND tick = ? AND event = ?", flag(counts), stamp.origin().bytes(), stamp.ts().wallMs(), stamp.ts().tick(), id);
    }

    @Override public void noneStands(String task) {
        db.write("UPDATE claim SET stands = 0, limit_ms = NULL, limit_tick = NULL WHERE task = ? AND stands = 1", task);
    }

    @Override public void stands(Claim claim, Optional<Hlc> limit) {
        db.write("UPDATE claim SET stands = 1, limit_ms = ?, limit_tick = ? WHERE event = ?", limit.map(Hlc::wallMs).orElse(null), limit.map(Hlc::tick).orElse(null), claim.id().bytes());
    }

    @Override public void put(TaskRow task) {
        db.write("""
            INSERT INTO task (id, title, description, status, priority, labels, depends_on, assignee, assigned_node, assigned_alone, external_id, deleted, created_by, created_ms, updated_by, updated_ms,
                version, holder, claim, token, lease_end_ms, conflicts, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description, status = excluded.status, priority = excluded.priority, labels = excluded.labels,
                depends_on = excluded.depends_on, assignee = excluded.assignee, assigned_node = excluded.assigned_node, assigned_alone = excluded.assigned_alone, external_id = excluded.external_id, deleted = excluded.deleted,
                created_by = excluded.created_by, created_ms = excluded.created_ms, updated_by = excluded.updated_by, updated_ms = excluded.updated_ms, version = excluded.version,
                holder = excluded.holder, claim = excluded.claim, token = excluded.token, lease_end_ms = excluded.lease_end_ms, conflicts = excluded.conflicts, changed = excluded.changed
            """, task.id(), task.title(), task.description(), task.status().wire(), task.priority(), array(task.labels()), array(task.dependsOn()), task.assignee().orElse(null),
            bytes(task.assigned().map(AssignedTo::node)), flag(task.assigned().filter(AssignedTo::alone).isPresent()), task.externalId().orElse(null), flag(task.deleted()), task.createdBy().bytes(), task.createdMs(), task.updatedBy().bytes(), task.updatedMs(),
            task.version(), bytes(task.holder()), id(task.claim()), token(task.claim()), task.leaseEndMs(), task.conflicts(), task.changed());
    }

    private static byte[] bytes(Optional<NodeId> node) {
        return node.map(NodeId::bytes).orElse(null);
    }

    @Override public void removeTask(String id) {
        db.write("DELETE FROM task WHERE id = ?", id);
    }

    @Override public void putConflicts(String task, List<ConflictRow> conflicts) {
        db.write("DELETE FROM conflict WHERE task = ?", task);
        for (var each : conflicts)
            db.write("INSERT INTO conflict (task, field, event, ms, tick, origin, value) VALUES (?, ?, ?, ?, ?, ?, ?)", task, each.field().ordinal(), each.stamp().id().bytes(),
                each.stamp().ts().wallMs(), each.stamp().ts().tick(), each.stamp().origin().bytes(), Canonical.text(each.value()));
    }

    @Override public void quarantine(EventId event, String type, String why) {
        int kept = db.first("SELECT count(*) FROM quarantine", row -> row.getInt(1)).orElse(0);
        putMeta("quarantined", Long.toString(meta("quarantined").map(Long::parseLong).orElse(0L) + 1));
        if (kept < QUARANTINE_MAX) db.write("INSERT INTO quarantine (event, type, why) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", event.bytes(), type, why);
    }
}

package dev.waggle.apps.board;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.AuthorRoles;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// Tasks, claims, log lines and conflicts of a board, derived from its log. The rows are a pure function of the events that count: neither the order in which
/// entries arrive nor how they are grouped makes a difference (I2, I3, I8).
///
/// [#apply] notes which tasks an entry is about, [#settle] works out anew what is shown of them. One thread; the store's transaction belongs to the caller,
/// and after a rollback a new view must be made.
public final class BoardView {
    /// Entries and tasks that may be noted before they are settled: what bounds memory, whatever the log holds. Behind it an entry would have to be read from the log again for each of its fields.
    private static final int NOTED_MAX = 500;
    private static final int NEWS_MAX = 2_000;

    private final BoardStore store;
    private final EventLog log;
    private final Resolution resolution;
    private final AuthorRoles roles;
    private final Set<String> noted = new LinkedHashSet<>();
    private final Map<Long, BoardChange> fresh = new LinkedHashMap<>();           // of the entries since the last settling
    private final List<News> news = new ArrayList<>();
    private final List<Fenced> fenced = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();                         // tasks of whose work something was said since the last settling
    private long offset;

    private record Fenced(String task, ClaimRef claim, Stamp stamp) {}

    public BoardView(BoardStore store, EventLog log) {
        this.store = store;
        this.log = log;
        this.resolution = new Resolution(store);
        this.roles = new AuthorRoles(log);
        this.offset = store.cursor();
        store.control().forEach(roles::add);
    }

    /// Folds one entry. Those at or below the store's cursor change nothing.
    public void apply(Entry entry) {
        if (entry.offset() <= offset) return;
        offset = entry.offset();
        switch (entry) {
            case Entry.Admitted(_, var event, var verdict) -> admit(event, verdict == Verdict.COUNTS);
            case Entry.VerdictChanged(_, var chain, var branch, var from, var to, var verdict) -> {
                for (long seq = from; seq <= to; seq++) {
                    log.at(chain, branch, seq).ifPresent(admitted -> judge(admitted.event(), verdict == Verdict.COUNTS));
                    if (noted.size() >= NOTED_MAX) settle();
                }
            }
        }
        if (noted.size() >= NOTED_MAX || fresh.size() >= NOTED_MAX) settle();
    }

    private void admit(Event event, boolean counts) {
        if (ControlType.isControl(event.type())) {
            if (roles.add(event)) store.addControl(event);
            return;
        }
        try {
            var change = BoardCodec.read(event);
            if (change.isEmpty()) return;                                 // another space type's, or a newer node's: nothing to see here
            add(event, change.get(), counts);
            fresh.put(offset, change.get());
        } catch (MalformedPayload malformed) {
            store.quarantine(event.id(), event.type(), malformed.getMessage());
        }
    }

    private void add(Event event, BoardChange change, boolean counts) {
        var stamp = Stamp.of(event);
        var changes = BoardCodec.changes(event, change, counts, offset);          // before anything is stored: it may be malformed
        changes.forEach(store::add);
        switch (change) {
            case BoardChange.Claimed(var task, var before, var last, var token, var leaseMs) -> store.add(new Claim(task, stamp, before, last, token, leaseMs, counts));
            case BoardChange.Renewed(var task, var claim, var leaseMs) -> store.add(new Effect(task, claim, stamp, Effect.Kind.RENEWED, leaseMs, OptionalInt.empty(), "", counts));
            case BoardChange.Progressed(var task, var claim, _, var percent, var note) -> {
                store.add(new Effect(task, claim, stamp, Effect.Kind.PROGRESS, 0, percent, note.orElse(""), counts));
                reported.add(task);
            }
            case BoardChange.Finished(var task, var claim, _, var exitCode, var note) ->
                store.add(new Effect(task, claim, stamp, Effect.Kind.FINISHED, 0, exitCode, note.orElse(""), counts));
            case BoardChange.Released(var task, var claim, var note) ->
                store.add(new Effect(task, claim, stamp, Effect.Kind.RELEASED, 0, OptionalInt.empty(), note.orElse(""), counts));
            case BoardChange.Logged(var task, var logId, var lines, var claim, var written) -> {
                claim.ifPresent(under -> store.add(new Effect(task, under, stamp, Effect.Kind.LOGGED, 0, OptionalInt.empty(), "", counts)));
                store.add(new LogEntry(task, stamp, logId, lines, claim, written, counts, offset));
                claim.ifPresent(under -> fence(task, under, stamp));
                tell(News.Kind.LOGGED, task);
            }
            case BoardChange.Linked(var name, var url, var executes) -> notice(event, new Notice(stamp, Notice.Kind.LINKED, name, url, executes, false, counts));
            case BoardChange.Unlinked() -> notice(event, new Notice(stamp, Notice.Kind.UNLINKED, "", Optional.empty(), false, false, counts));
            case BoardChange.Closed() -> notice(event, new Notice(stamp, Notice.Kind.CLOSED, "", Optional.empty(), false, isOwner(event), counts));
            case BoardChange.AtHub(var listed) -> notice(event, new Notice(stamp, listed ? Notice.Kind.LISTED : Notice.Kind.REMOVED, "", Optional.empty(), false, isModerator(event), counts));
            case BoardChange.SequencerNamed(var node, var term, var before, var last) -> {
                store.add(new Naming(stamp, term, before, node, last, isOwner(event), counts));
                nameSequencer();
            }
            case BoardChange.Sequenced sequenced -> {
                store.add(stamp, sequenced, counts);
                reorder(sequenced);
            }
            case BoardChange.Created _, BoardChange.Updated _, BoardChange.Deleted _, BoardChange.Restored _ -> { }
        }
        if (change instanceof BoardChange.Fenced under) fence(under.task(), under.claim(), stamp);
        if (change instanceof BoardChange.OfTask about) noted.add(about.task());
    }

    private boolean isOwner(Event author) {
        return roles.of(author).filter(role -> role == Role.OWNER).isPresent();
    }

    private boolean isModerator(Event author) {
        return roles.of(author).filter(Role::mayAddMembers).isPresent();
    }

    /// Works out anew who sequences the board, and what is shown of all tasks where that makes a difference.
    private void nameSequencer() {
        var tenures = Tenure.line(store);
        if (tenures.equals(store.tenures())) return;
        store.tenures(tenures);
        tell(News.Kind.BOARD, "");
        for (var after = "";;) {
            var page = store.contested(after, BoardReading.PAGE);
            for (var task : page) note(task);
            if (page.size() < BoardReading.PAGE) return;
            after = page.getLast();
        }
    }

    /// Notes the tasks whose changes have got a place in the order, or lost it, where that makes a difference.
    private void reorder(BoardChange.Sequenced sequenced) {
        for (var event : sequenced.events()) store.taskOf(event).filter(store::isContested).ifPresent(this::note);
    }

    private void note(String task) {
        noted.add(task);
        if (noted.size() >= NOTED_MAX) settle();
    }

    /// Remembers what was done under a claim, to tell if it is refused.
    private void fence(String task, ClaimRef claim, Stamp stamp) {
        if (fenced.size() < NOTED_MAX) fenced.add(new Fenced(task, claim, stamp));
    }

    private void notice(Event event, Notice notice) {
        store.add(notice);
        tell(News.Kind.BOARD, "");
    }

    private void judge(Event event, boolean counts) {
        try {
            var change = BoardCodec.read(event);
            if (change.isEmpty()) return;
            var task = change.get() instanceof BoardChange.OfTask about ? about.task() : "";
            store.counts(event, BoardCodec.changes(event, change.get(), counts, 0).stream().map(Change::field).toList(), task, counts);
            switch (change.get()) {
                case BoardChange.SequencerNamed _ -> nameSequencer();
                case BoardChange.Sequenced sequenced -> reorder(sequenced);
                case BoardChange.OfTask _ -> noted.add(task);
                default -> tell(News.Kind.BOARD, "");
            }
        } catch (MalformedPayload _) {
            // it was without effect and stays so
        }
    }

    /// Works out what is shown of every task that was noted.
    public void settle() {
        var tasks = List.copyOf(noted);
        noted.clear();
        tasks.forEach(this::settle);
        fresh.clear();
        fenced.clear();
        reported.clear();
        store.cursor(offset);
    }

    private void settle(String task) {
        var claims = Claims.of(store, task);
        store.noneStands(task);
        claims.chain().forEach(standing -> store.stands(standing.claim(), standing.limit()));
        if (fenced.stream().anyMatch(done -> done.task().equals(task) && !claims.holds(done.claim(), done.stamp()))) tell(News.Kind.REFUSED, task);
        var registers = resolution.registers(task, claims);
        var before = store.task(task);
        var life = registers.get(Field.LIFE);
        if (life.first().isEmpty()) {
            if (before.isEmpty()) return;                                 // an edit of what is not here (any more)
            store.removeTask(task);
            store.putConflicts(task, List.of());
            tell(News.Kind.DELETED, task);
            return;
        }
        var conflicts = conflicts(registers);
        store.putConflicts(task, conflicts);
        var row = row(task, registers, claims, conflicts.size());
        if (before.filter(row::shows).isPresent()) {
            if (reported.contains(task)) tell(News.Kind.CHANGED, task);          // who looks at the task sees how far its work is
            return;
        }
        store.put(row);
        tell(before.isEmpty() ? News.Kind.CREATED : row.deleted() && !before.get().deleted() ? News.Kind.DELETED : News.Kind.CHANGED, task);
        if (before.map(TaskRow::conflicts).orElse(0) < row.conflicts()) tell(News.Kind.CONFLICT, task);
    }

    private List<ConflictRow> conflicts(Map<Field, Resolution.Register> registers) {
        var conflicts = new ArrayList<ConflictRow>();
        registers.forEach((field, register) -> {
            if (field == Field.LIFE || register.shown().isEmpty()) return;
            var shown = value(register.shown().get());
            for (var other : register.others()) {
                var value = value(other);
                if (!value.equals(shown)) conflicts.add(new ConflictRow(other.task(), field, other.stamp(), value));
            }
        });
        return conflicts;
    }

    private TaskRow row(String task, Map<Field, Resolution.Register> registers, Claims claims, int conflicts) {
        var values = new TreeMap<Field, Json>();
        long version = 0;
        Change newest = null;
        boolean edited = false;
        for (var each : registers.entrySet()) {
            var register = each.getValue();
            version += register.count();
            edited |= register.edited();
            var shown = register.shown();
            var touched = register.touched();
            if (touched.isPresent() && (newest == null || touched.get().stamp().compareTo(newest.stamp()) > 0)) newest = touched.get();
            if (each.getKey() != Field.LIFE) shown.ifPresent(change -> values.put(each.getKey(), value(change)));
        }
        var created = registers.get(Field.LIFE).first().orElseThrow();
        var createdMs = ((BoardChange.Created) read(created)).createdMs().orElse(created.stamp().ts().wallMs());
        var held = claims.open();
        return new TaskRow(task, text(values, Field.TITLE).orElseThrow(), text(values, Field.DESCRIPTION).orElse(""), text(values, Field.STATUS).map(TaskStatus::of).orElse(TaskStatus.TODO),
            (int) Optional.ofNullable(values.get(Field.PRIORITY)).map(Json::asInteger).orElse((long) BoardLimits.PRIORITY_DEFAULT).longValue(), texts(values, Field.LABELS),
            texts(values, Field.DEPENDS_ON), text(values, Field.ASSIGNEE), text(values, Field.ASSIGNED_NODE).map(AssignedTo::of), text(values, Field.EXTERNAL_ID), !edited,
            created.stamp().origin(), createdMs, newest.stamp().origin(), newest.stamp().ts().wallMs(), version, held.map(claim -> claim.stamp().origin()), held.map(Claim::ref),
            held.map(claim -> store.leaseEndMs(claim, Optional.empty())).orElse(0L), conflicts, offset);
    }

    private static Optional<String> text(Map<Field, Json> values, Field field) {
        return Optional.ofNullable(values.get(field)).filter(value -> !(value instanceof Json.Null)).map(Json::asText);
    }

    private static List<String> texts(Map<Field, Json> values, Field field) {
        return values.containsKey(field) ? values.get(field).asArray().stream().map(Json::asText).toList() : List.of();
    }

    private Json value(Change change) {
        return BoardCodec.value(read(change), change.field());
    }

    private BoardChange read(Change change) {
        var known = fresh.get(change.offset());
        if (known != null) return known;
        if (log.atOffset(change.offset()).orElseThrow(() -> new IllegalStateException("the log has no entry " + change.offset())) instanceof Entry.Admitted admitted)
            return BoardCodec.read(admitted.event()).orElseThrow();
        throw new IllegalStateException("entry " + change.offset() + " is no event");
    }

    private void tell(News.Kind kind, String task) {
        if (news.size() < NEWS_MAX) news.add(new News(kind, task));
    }

    /// What is shown otherwise since the last call; after very much of it not all.
    public List<News> takeNews() {
        var told = List.copyOf(news);
        news.clear();
        return told;
    }
}

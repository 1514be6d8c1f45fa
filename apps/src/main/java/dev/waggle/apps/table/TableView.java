package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/// The rows of a space's tables, derived from its log. What is shown is a pure function of the events that count: neither the order in which
/// entries arrive nor how they are grouped between two calls of [#settle] makes a difference (I2, I3, I8).
///
/// Entries are folded with [#apply]; [#settle] then says which rows are shown otherwise than before. Everything else answers as of the last
/// settling and refuses to be asked between the two. One thread; the store's transaction belongs to the caller, and after a rollback a new view
/// must be made.
public final class TableView {
    private static final String FACT = "fact/";
    static final String QUARANTINE = "quarantine/";
    /// Quarantined events that are listed; all are counted.
    private static final int QUARANTINE_MAX = 1_000;

    private final RecordStore store;
    private final ChunkSource chunks;
    private final Constraints constraints;
    private final Map<Long, Touched> touched = new LinkedHashMap<>();
    private final SortedMap<EventId, Fact> factEvents = new TreeMap<>();
    private Facts facts;
    private Facts settledFacts;

    private record Fact(Event event, boolean counts) {}

    public TableView(RecordStore store, RowRules rules, ChunkSource chunks) {
        this.store = store;
        this.chunks = chunks;
        this.constraints = new Constraints(rules, chunks);
        store.metas(FACT).forEach((name, bytes) -> {
            var event = Event.read(Arrays.copyOfRange(bytes, 1, bytes.length), null);
            factEvents.put(event.id(), new Fact(event, bytes[0] == 1));
        });
        facts = readFacts();
        settledFacts = facts;
    }

    /// A row that is shown otherwise than before; both sides are whole rows.
    ///
    /// @param before empty when it was not shown
    /// @param after  empty when it is not shown any more
    public record Shown(String table, RecordId record, Optional<SortedMap<String, Value>> before, Optional<SortedMap<String, Value>> after) {}

    /// @see #forEachShownRow
    public interface RowVisitor {
        /// @return false to stop
        boolean visit(List<Value> key, SortedMap<String, Value> row);
    }

    /// @see #forEachShown
    public interface ShownVisitor {
        /// @return false to stop
        boolean visit(List<Value> key, RecordId record, SortedMap<String, Value> row);
    }

    /// What a program's file says about one key.
    ///
    /// @param key the row's key now (or the key that disappeared)
    /// @param was the key it had before when the program changed the key
    /// @param row all stored columns, empty when the row is gone
    public record Observed(String table, List<Value> key, Optional<List<Value>> was, Optional<SortedMap<String, Value>> row) {}

    /// An event of a type that this view reads, whose content it cannot: it has no effect here.
    public record Quarantined(EventId event, String type, String why) {}

    /// The offset of the last entry folded.
    public long cursor() {
        return store.cursor();
    }

    /// How many records the entries folded since the last [#settle] touched: they stay in memory until then, so whoever folds much settles in
    /// between. It makes no difference to what is shown.
    public int unsettled() {
        return touched.size();
    }

    /// Folds one log entry. Entries at or below the cursor change nothing.
    public void apply(Entry entry) {
        apply(entry, List.of());
    }

    /// As [#apply], for a change set that the caller has just written.
    ///
    /// @param written what [ChangeSetCodec#encode] made the event of, so that it need not be read again; empty to read it
    public void apply(Entry entry, List<RowChange> written) {
        if (entry.offset() <= store.cursor()) return;
        switch (entry) {
            case Entry.Admitted(_, var event, var verdict) -> admit(event, verdict == Verdict.COUNTS, written);
            case Entry.VerdictChanged(_, var chain, var branch, var from, var to, var verdict) -> {
                for (var line : store.events(chain, branch, from, to)) judge(line, verdict == Verdict.COUNTS);
            }
        }
        store.cursor(entry.offset());
    }

    private void admit(Event event, boolean counts, List<RowChange> written) {
        if (isKnown(event)) return;
        List<Long> records = List.of();
        try {
            switch (event.type()) {
                case ChangeSetCodec.BATCH, ChangeSetCodec.BULK -> records = addChanges(event, written.isEmpty() ? ChangeSetCodec.decodeChunked(event, chunks) : written, counts);
                case String type when Facts.isFact(type) -> {
                    Facts.requireReadable(event);
                    putFact(new Fact(event, counts));
                }
                default -> { }                              // another space type's, or a newer node's: nothing to see here
            }
        } catch (MalformedPayload malformed) {
            quarantine(event, malformed.getMessage());
        }
        store.addEvent(new EventLine(event.id(), event.chain(), branch(event), event.seq(), counts, records));
    }

    /// What continues a branch's tip is new: no need to look for it among all events.
    private boolean isKnown(Event event) {
        var tips = store.tips(event.chain());
        var prev = event.envelope().prev();
        if (tips.isEmpty() || prev.isPresent() && tips.stream().anyMatch(tip -> tip.id().equals(prev.get()))) return false;
        return store.event(event.id()).isPresent();
    }

    /// The number that the log gives the branch: an event that does not continue a branch's tip begins the next one.
    private int branch(Event event) {
        var tips = store.tips(event.chain());
        if (event.seq() == 1) return tips.size();
        var prev = event.envelope().prev().orElseThrow();
        for (var tip : tips) if (tip.id().equals(prev)) return tip.branch();
        return tips.size();
    }

    private List<Long> addChanges(Event event, List<RowChange> changes, boolean counts) {
        var ids = new ArrayList<RecordId>(changes.size());
        for (int item = 0; item < changes.size(); item++) ids.add(recordOf(changes.get(item), event.id(), item));
        var resolved = new ArrayList<SortedMap<Integer, RecordId>>();
        for (var change : changes) {                        // everything that may be malformed comes before the first write
            var refs = change.refs().isEmpty() ? Collections.<Integer, RecordId>emptySortedMap() : new TreeMap<Integer, RecordId>();
            change.refs().forEach((key, ref) -> refs.put(key, ChangeSetReader.resolve(ref, event.id())));
            resolved.add(refs);
        }
        var numbers = new ArrayList<Long>(changes.size());
        var seen = new HashMap<RecordId, Long>();
        boolean mentioned = store.isMentioned(event.id());
        for (int item = 0; item < ids.size(); item++) {
            boolean first = changes.get(item).record().isEmpty() && !mentioned;        // made here, and nobody spoke of it before
            numbers.add(first ? seen.computeIfAbsent(ids.get(item), this::newRecord) : seen.computeIfAbsent(ids.get(item), this::numberForChange));
        }
        for (int item = 0; item < changes.size(); item++) {
            var change = changes.get(item);
            var refs = change.refs().isEmpty() ? Collections.<Integer, Long>emptySortedMap() : new TreeMap<Integer, Long>();
            resolved.get(item).forEach((key, id) -> refs.put(key, seen.computeIfAbsent(id, this::numberForReference)));
            var stamped = new Change(Facts.stamp(event, item), change.kind(), change.table(), change.base(), change.set(),
                refs, counts);
            fold(touched.get(numbers.get(item)), stamped);
        }
        return numbers;
    }

    private static RecordId recordOf(RowChange change, EventId event, int item) {
        return change.record().map(ref -> ChangeSetReader.resolve(ref, event)).orElseGet(() -> RecordId.created(new VersionId(event, item)));
    }

    private long numberForChange(RecordId id) {
        var known = store.find(id);
        if (known.isPresent()) {
            touch(known.getAsLong());
            return known.getAsLong();
        }
        return newRecord(id);
    }

    private long newRecord(RecordId id) {
        long number = store.create(id);
        touched.put(number, new Touched(RecordState.unknown(number, id), true));
        return number;
    }

    private long numberForReference(RecordId id) {
        var known = store.find(id);
        return known.isPresent() ? known.getAsLong() : store.create(id);
    }

    private Touched touch(long number) {
        return touched.computeIfAbsent(number, n -> new Touched(store.get(n), false));
    }

    /// The fast path: an insert of a new record, or a change based on all that is live. Everything else is folded from the record's changes.
    private void fold(Touched touch, Change change) {
        store.add(touch.number, change);
        if (touch.refold) return;
        var schema = facts.schema(change.table());
        boolean first = touch.fresh && touch.folded == Folded.UNKNOWN;
        boolean simple = facts.policy(change.table()) != Policy.UNION;
        if (first && simple && change.counts() && change.kind() == RowChange.Kind.INSERT) {
            touch.folded = Folded.inserted(change, Constraints.inForce(schema, change.set(), refsSet(schema, change, Collections.emptySortedMap())));
        } else if (simple && touch.folded.isFollowedBy(change)) {
            var followed = touch.folded.followed(change, refsSet(schema, change, touch.folded.refs()));
            touch.folded = followed.withRefs(Constraints.inForce(schema, followed.row(), followed.refs()));
        } else {
            touch.refold = true;
        }
    }

    private static SortedMap<Integer, Long> refsSet(Optional<TableSchema> schema, Change change, SortedMap<Integer, Long> old) {
        if (change.kind() == RowChange.Kind.DELETE) return old;
        var set = Fold.refsSet(schema, change);
        if (set.isEmpty()) return old;
        var refs = new TreeMap<>(old);
        for (int key : set) {
            var ref = change.refs().get(key);
            if (ref == null) refs.remove(key);
            else refs.put(key, ref);
        }
        return refs;
    }

    private void judge(EventLine line, boolean counts) {
        if (line.counts() == counts) return;
        store.putEvent(new EventLine(line.id(), line.chain(), line.branch(), line.seq(), counts, line.records()));
        var fact = factEvents.get(line.id());
        if (fact != null) putFact(new Fact(fact.event, counts));
        line.records().stream().distinct().forEach(number -> {
            touch(number).refold = true;
            store.replace(number, store.changes(number).stream()
                .map(change -> change.version().event().equals(line.id()) ? change.counting(counts) : change).toList());
        });
    }

    private void putFact(Fact fact) {
        factEvents.put(fact.event.id(), fact);
        var payload = fact.event.payload();
        var bytes = new byte[payload.length + 1];
        bytes[0] = (byte) (fact.counts ? 1 : 0);
        System.arraycopy(payload, 0, bytes, 1, payload.length);
        store.putMeta(FACT + fact.event.id().hex(), bytes);
        facts = readFacts();
        touchWhereFactsChanged();
    }

    private Facts readFacts() {
        return Facts.of(factEvents.values().stream().filter(Fact::counts).map(Fact::event).toList());
    }

    /// Policies, schemas and moderators decide about rows that are there already.
    private void touchWhereFactsChanged() {
        var tables = new java.util.TreeSet<>(facts.schemas().keySet());
        tables.addAll(settledFacts.schemas().keySet());
        for (var table : tables) {
            boolean policy = facts.policy(table) != settledFacts.policy(table)
                || facts.policy(table) == Policy.UNION && !facts.moderators().equals(settledFacts.moderators());
            var judgedNow = facts.schema(table).map(constraints::judged);
            var judgedBefore = settledFacts.schema(table).map(constraints::judged);
            if (!policy && judgedNow.equals(judgedBefore)) continue;
            store.forEachOf(table, number -> touch(number).refold = true);
            for (var touch : touched.values()) if (touch.fresh) touch.refold = true;
        }
    }

    /// A malformed event is known to everybody who has it and has no effect anywhere: the view goes on.
    private void quarantine(Event event, String why) {
        long count = quarantinedCount() + 1;
        store.putMeta("quarantined", Long.toString(count).getBytes(StandardCharsets.US_ASCII));
        if (count <= QUARANTINE_MAX) store.putMeta(QUARANTINE + event.id().hex(), (event.type() + " " + why).getBytes(StandardCharsets.UTF_8));
    }

    /// How many events of the types that this view reads have no effect because they are malformed.
    public long quarantinedCount() {
        return store.meta("quarantined").map(bytes -> Long.parseLong(new String(bytes, StandardCharsets.US_ASCII))).orElse(0L);
    }

    /// The first thousand of them, by id.
    public List<Quarantined> quarantined() {
        var listed = new ArrayList<Quarantined>();
        store.metas(QUARANTINE).forEach((name, bytes) -> listed.add(quarantined(new EventId(name.substring(QUARANTINE.length())), bytes)));
        return listed;
    }

    static Quarantined quarantined(EventId event, byte[] stored) {
        var text = new String(stored, StandardCharsets.UTF_8);
        int space = text.indexOf(' ');
        return new Quarantined(event, text.substring(0, space), text.substring(space + 1));
    }

    /// Recomputes what should be shown, for everything that the entries since the last call have an effect on.
    ///
    /// @return only rows whose shown state differs from before, by table and record
    public List<Shown> settle() {
        if (touched.isEmpty()) {
            settledFacts = facts;
            return List.of();
        }
        var shown = new ArrayList<Shown>();
        for (var touch : new Settling(store, constraints, settledFacts, facts, touched).run()) {
            var state = touch.now();
            if (!state.equals(touch.before) || touch.fresh) store.put(state);
            if (state.isConflicted() || touch.before.isConflicted()) store.conflicted(state.number(), state.isConflicted());
            var before = touch.before.shown();
            var after = state.shown();
            if (before.equals(after)) continue;
            var table = after.isPresent() ? state.folded().table() : touch.before.folded().table();
            shown.add(new Shown(table, state.id(), before.map(this::whole), after.map(this::whole)));
        }
        touched.clear();
        settledFacts = facts;
        shown.sort(Comparator.comparing(Shown::table).thenComparing(Shown::record));
        return shown;
    }

    private SortedMap<String, Value> whole(SortedMap<String, Value> row) {
        return Row.of(Values.whole(row, chunks));
    }

    /// The row shown under a key.
    public Optional<SortedMap<String, Value>> shown(String table, List<Value> key) {
        return lookup().shown(table, key).flatMap(RecordState::shown).map(this::whole);
    }

    /// All rows shown of a table, in order of their keys as SQLite sorts them. Streaming.
    public void forEachShownRow(String table, RowVisitor visitor) {
        walk(table, (schema, number) -> {
            var shown = store.shown(number);
            if (shown.isEmpty()) return true;
            var row = whole(shown.get());
            return visitor.visit(Lookup.key(schema, row), row);
        });
    }

    /// As [#forEachShownRow], with the record of each row.
    public void forEachShown(String table, ShownVisitor visitor) {
        walk(table, (schema, number) -> {
            var state = store.get(number);
            var shown = state.shown();
            if (shown.isEmpty()) return true;
            var row = whole(shown.get());
            return visitor.visit(Lookup.key(schema, row), state.id(), row);
        });
    }

    private void walk(String table, BiPredicate<TableSchema, Long> visitor) {
        var schema = lookup().facts().schema(table);
        if (schema.isPresent()) store.forEachClaim(KeyBytes.prefix(table, ""), number -> visitor.test(schema.get(), number));
    }

    /// What a program changed, given what is shown now. One call is one change set: references to rows inserted in the same call become [RowChange.Ref.SameSet].
    ///
    /// @return empty when nothing differs
    public List<RowChange> capture(List<Observed> observed) {
        return new Capturing(lookup()).capture(observed);
    }

    /// Every open conflict, by table and key.
    public List<Conflict> conflicts() {
        return new Conflicts(lookup()).list();
    }

    /// Some of the [#conflicts], by the record's number here: they cost what they are, however many there are besides.
    ///
    /// @param after 0, or what the page before said
    /// @param limit after so many no further record is looked at
    public ConflictPage conflicts(long after, int limit) {
        return new Conflicts(lookup()).page(after, limit);
    }

    /// Open conflicts whose id begins like this.
    public List<Conflict> conflictsNamed(String begin) {
        return new Conflicts(lookup()).named(begin);
    }

    /// How many [#conflicts] there are. Reads every record that has one, and keeps none.
    public int conflictCount() {
        return new Conflicts(lookup()).count();
    }

    /// How many records something is passed over of; cheap, and at least the number of [#conflicts].
    public int conflictedCount() {
        return store.conflicted().size();
    }

    /// The changes that settle a conflict on every node, to be written to the log as one change set.
    ///
    /// @throws ResolutionRefused when there is no such conflict any more, or it cannot be settled in this way
    public List<RowChange> resolve(String conflictId, Resolution how) {
        return new Resolving(lookup()).resolve(conflictId, how);
    }

    /// The same for one that was listed: it need not be looked for.
    public List<RowChange> resolve(Conflict listed, Resolution how) {
        return new Resolving(lookup()).resolveListed(listed, how);
    }

    /// How the rows under a key came to be what they are: the one that is shown first, then those that are kept out; else those that were deleted.
    ///
    /// @return nothing when no event speaks of such a row, or there is no such table
    public List<RowStory> explain(String table, List<Value> key) {
        var lookup = lookup();
        return lookup.facts().schema(table).filter(schema -> schema.key().size() == key.size()).map(schema -> new Explaining(lookup).at(schema, key)).orElse(List.of());
    }

    /// What an event did to the rows, told of the first `storiesMax` records that it changed.
    public RowStory.Effects explain(EventId event, int storiesMax) {
        return new Explaining(lookup()).effects(event, storiesMax);
    }

    public SortedMap<String, TableSchema> schemas() {
        return facts.schemas();
    }

    public Policy policy(String table) {
        return facts.policy(table);
    }

    private Lookup lookup() {
        if (!touched.isEmpty()) throw new IllegalStateException("settle() first: entries were folded since");
        return new Lookup(store, facts, constraints, chunks);
    }
}

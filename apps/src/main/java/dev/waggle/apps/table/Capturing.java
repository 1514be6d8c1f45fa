package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns what a file says now into the smallest change set, given what is shown. Used once.
///
/// First every row found is given its record: rows whose key changed take theirs along, the others have the one shown under their key, the rest
/// is new. What was shown under a key seen here and is nobody's now was deleted. References are found by the values of the foreign keys among the
/// rows of this set and then among the rows shown.
final class Capturing {
    private final Lookup lookup;
    private final Parents parents;
    private final Map<ByteBuffer, Row> rows = new LinkedHashMap<>();        // by primary key, as KeyBytes.claim
    private final Map<ByteBuffer, Row> byClaim = new HashMap<>();           // rows that a foreign key may refer to, by every unique key
    private final Map<Long, Row> taken = new HashMap<>();                   // records that have a row in this set
    private final Map<Long, RecordState> gone = new LinkedHashMap<>();
    private final Map<List<Object>, List<Change>> groups = new LinkedHashMap<>();
    private List<Change> lastGroup;
    private final Map<String, Boolean> referredTo = new HashMap<>();
    private final Map<Row, Integer> items = new HashMap<>();

    /// A key of the file: what is there now.
    private static final class Row {
        final TableSchema schema;
        final TableView.Observed observed;
        final ByteBuffer key;
        RecordState record;                 // null for a new one
        boolean identifying;

        Row(TableSchema schema, TableView.Observed observed, ByteBuffer key) {
            this.schema = schema;
            this.observed = observed;
            this.key = key;
        }

        SortedMap<String, Value> values() {
            return observed.row().orElseThrow();
        }

        boolean isEvent() {
            return schema.identity() == TableSchema.Identity.EVENT;
        }
    }

    /// A change whose item numbers are not known yet.
    private record Change(RowChange.Kind kind, TableSchema schema, Row row, RecordState record, SortedMap<String, Value> set, SortedMap<String, Value> whole) {}

    Capturing(Lookup lookup) {
        this.lookup = lookup;
        this.parents = new Parents(lookup);
    }

    List<RowChange> capture(List<TableView.Observed> observed) {
        for (var one : observed) add(one);
        assignRecords();
        rows.values().forEach(this::indexAsParent);
        continueKeyed();
        collectGone(observed);
        var released = released();
        for (var row : rows.values()) if (row.observed.row().isPresent()) change(row, released.getOrDefault(row.record == null ? 0 : row.record.number(), Set.of()));
        gone.values().forEach(this::delete);
        released.forEach((number, columns) -> {
            if (!taken.containsKey(number)) release(lookup.store().get(number), columns);
        });
        return number();
    }

    private void add(TableView.Observed one) {
        var schema = lookup.facts().schema(one.table()).orElseThrow(() -> new IllegalArgumentException(one.table() + " is not tracked"));
        var key = claim(schema, one.key());
        var known = rows.get(key);
        var was = one.was().or(() -> known == null ? Optional.empty() : known.observed.was());
        // Two spellings of one key ('m', 'M' under NOCASE) are one key: if either has a row, the row is there.
        var row = one.row().or(() -> known == null ? Optional.empty() : known.observed.row());
        rows.put(key, new Row(schema, new TableView.Observed(one.table(), one.key(), was, row), key));
    }

    private static ByteBuffer claim(TableSchema schema, List<Value> key) {
        return ByteBuffer.wrap(KeyBytes.claim(schema.name(), "", key, schema.uniques().getFirst().collations()));
    }

    private Optional<RecordState> shown(ByteBuffer claim) {
        return lookup.shownClaimant(claim.array());
    }

    private void assignRecords() {
        for (var row : rows.values()) {
            if (row.observed.row().isEmpty() || !row.isEvent()) continue;
            origin(row).ifPresent(record -> take(row, record));
        }
        for (var row : rows.values())
            if (row.observed.row().isPresent() && row.record == null) shown(row.key).filter(this::isFree).ifPresent(record -> take(row, record));
    }

    private void take(Row row, RecordState record) {
        row.record = record;
        taken.put(record.number(), row);
    }

    private boolean isFree(RecordState record) {
        return !taken.containsKey(record.number());
    }

    /// The record that was shown under the key that this row had before, if its key changed.
    private Optional<RecordState> origin(Row row) {
        var seen = new HashSet<ByteBuffer>();
        var at = row;
        while (at != null && at.observed.was().isPresent() && seen.add(at.key)) {
            var was = claim(row.schema, at.observed.was().get());
            if (was.equals(at.key)) return Optional.empty();
            var record = shown(was).filter(this::isFree);
            if (record.isPresent()) return record;
            at = rows.get(was);                             // it passed through a key that was not shown
        }
        return Optional.empty();
    }

    private void indexAsParent(Row row) {
        if (row.observed.row().isEmpty() || !referredTo.computeIfAbsent(row.schema.name(), table -> !lookup.facts().referring(table).isEmpty())) return;
        for (var claim : lookup.constraints().claims(row.schema, row.values())) byClaim.put(ByteBuffer.wrap(claim), row);
    }

    /// A row under a new key can be a record that is there: a child that is identified by the record its key refers to, whose key changed; or a
    /// record that was deleted and whose key is used again.
    private void continueKeyed() {
        for (var row : rows.values()) {
            if (row.observed.row().isEmpty() || row.isEvent() || row.record != null) continue;
            if (!(identity(row, 0) instanceof RowChange.Ref.Known(var id))) continue;
            var number = lookup.store().find(id);
            if (number.isEmpty()) continue;
            var state = lookup.store().get(number.getAsLong());
            boolean leavesItsKey = state.settled().status() == RecordState.Status.SHOWN && isFree(state) && isGone(state);
            if (leavesItsKey) take(row, state);
        }
    }

    private boolean isGone(RecordState state) {
        var schema = lookup.facts().schema(state.folded().table()).orElseThrow();
        var claim = claim(schema, Lookup.key(schema, lookup.whole(state.wanted())));
        var there = rows.get(claim);
        if (there != null) return there.observed.row().isEmpty() || there.record == null || there.record.number() != state.number();
        return rows.values().stream().anyMatch(row -> row.schema == schema && row.observed.was().map(was -> claim(schema, was).equals(claim)).orElse(false));
    }

    private void collectGone(List<TableView.Observed> observed) {
        for (var row : rows.values()) {
            shown(row.key).filter(this::isFree).ifPresent(record -> gone.put(record.number(), record));
            row.observed.was().flatMap(was -> shown(claim(row.schema, was))).filter(this::isFree).ifPresent(record -> gone.put(record.number(), record));
        }
        for (var one : observed) {                              // a key seen twice may have had two former keys
            if (one.was().isEmpty()) continue;
            var schema = lookup.facts().schema(one.table()).orElseThrow();
            shown(claim(schema, one.was().get())).filter(this::isFree).ifPresent(record -> gone.put(record.number(), record));
        }
    }

    /// @param also columns to set even where they did not change
    private void change(Row row, Set<String> also) {
        var values = row.values();
        if (row.record == null) {
            add(new Change(RowChange.Kind.INSERT, row.schema, row, null, values, values));
            return;
        }
        var shown = lookup.whole(row.record.shown().orElseThrow());
        var set = new TreeMap<String, Value>();
        values.forEach((column, value) -> {
            if (!value.equals(shown.get(column)) || also.contains(column)) set.put(column, value);
        });
        if (!set.isEmpty()) add(new Change(RowChange.Kind.UPDATE, row.schema, row, row.record, set, values));
    }

    private void delete(RecordState record) {
        var schema = lookup.facts().schema(record.folded().table()).orElseThrow();
        var set = new TreeMap<String, Value>();
        for (var column : schema.key()) set.put(column, record.wanted().get(column));
        add(new Change(RowChange.Kind.DELETE, schema, null, record, set, set));
    }

    private void add(Change change) {
        boolean another = lastGroup == null || lastGroup.getFirst().schema != change.schema || lastGroup.getFirst().kind != change.kind
            || !dev.waggle.apps.table.Row.sameColumns(lastGroup.getFirst().set, change.set);
        if (another) lastGroup = groups.computeIfAbsent(List.of(change.schema.name(), change.kind, change.set.keySet()), _ -> new ArrayList<>());
        lastGroup.add(change);
    }

    /// A program that does not enforce foreign keys may delete a row, or change its key, and leave those that refer to it as they are. They then
    /// refer to no row any more, or to another: otherwise the deleted row would come back, or they would follow the changed key.
    ///
    /// @return per record the foreign key columns whose reference has to be written anew
    private SortedMap<Long, Set<String>> released() {
        var left = new ArrayList<>(gone.values());
        for (var row : taken.values()) if (changesReferredColumn(row)) left.add(row.record);
        var released = new TreeMap<Long, Set<String>>();
        for (var parent : left) {
            for (long number : lookup.store().children(parent.number())) {
                var child = lookup.store().get(number);
                if (child.settled().status() != RecordState.Status.SHOWN || gone.containsKey(number)) continue;
                var columns = releasedColumns(parent, child);
                if (!columns.isEmpty()) released.computeIfAbsent(number, _ -> new HashSet<>()).addAll(columns);
            }
        }
        return released;
    }

    private Set<String> releasedColumns(RecordState parent, RecordState child) {
        var row = taken.containsKey(child.number()) ? taken.get(child.number()).values() : lookup.whole(child.wanted());
        var columns = new HashSet<String>();
        for (var key : lookup.facts().schema(child.folded().table()).orElseThrow().foreignKeys()) {
            if (!Long.valueOf(parent.number()).equals(child.folded().refs().get(key.id()))) continue;
            var refersStill = parents.claim(key, row).flatMap(this::parent).map(found -> found.number() == parent.number()).orElse(false);
            if (!refersStill) columns.addAll(key.columns());
        }
        return columns;
    }

    private boolean changesReferredColumn(Row row) {
        var shown = lookup.whole(row.record.shown().orElseThrow());
        for (var foreign : lookup.facts().referring(row.schema.name()))
            for (var column : foreign.key().parentColumns())
                if (row.values().containsKey(column) && !row.values().get(column).equals(shown.get(column))) return true;
        return false;
    }

    private void release(RecordState child, Set<String> columns) {
        var schema = lookup.facts().schema(child.folded().table()).orElseThrow();
        var shown = lookup.whole(child.wanted());
        var set = new TreeMap<String, Value>();
        for (var column : columns) set.put(column, shown.get(column));
        var observed = new TableView.Observed(schema.name(), Lookup.key(schema, shown), Optional.empty(), Optional.of(shown));
        add(new Change(RowChange.Kind.UPDATE, schema, new Row(schema, observed, claim(schema, observed.key())), child, set, shown));
    }

    /// @param row    in this set, or null
    /// @param number of the record, 0 for a new one
    private record Parent(Row row, RecordState state, long number) {}

    private Optional<Parent> parent(byte[] claim) {
        var row = byClaim.get(ByteBuffer.wrap(claim));
        if (row != null) return Optional.of(new Parent(row, row.record, row.record == null ? 0 : row.record.number()));
        return lookup.shownClaimant(claim).filter(state -> isFree(state) && !gone.containsKey(state.number()))
            .map(state -> new Parent(null, state, state.number()));
    }

    private List<RowChange> number() {
        int item = 0;
        for (var group : groups.values()) for (var change : group) {
            if (change.row != null && change.kind == RowChange.Kind.INSERT) items.put(change.row, item);
            item++;
        }
        var changes = new ArrayList<RowChange>(item);
        for (var group : groups.values()) for (var change : group) changes.add(finish(change));
        return changes;
    }

    private RowChange finish(Change change) {
        var refs = change.kind == RowChange.Kind.DELETE ? Collections.<Integer, RowChange.Ref>emptySortedMap() : refs(change);
        if (change.record != null)
            return new RowChange(change.kind, change.schema.name(), Optional.of(new RowChange.Ref.Known(change.record.id())), change.record.folded().live(),
                change.set, refs);
        if (change.row.isEvent()) return new RowChange(change.kind, change.schema.name(), Optional.empty(), List.of(), change.set, refs);
        var identity = unused(identity(change.row, 0));
        return new RowChange(change.kind, change.schema.name(), Optional.of(identity), knownBase(identity), change.set, refs);
    }

    /// A deleted record whose key is used again goes on. One that is kept out was not seen by the program: a concurrent insert.
    private List<VersionId> knownBase(RowChange.Ref identity) {
        if (!(identity instanceof RowChange.Ref.Known(var id))) return List.of();
        var number = lookup.store().find(id);
        if (number.isEmpty()) return List.of();
        var state = lookup.store().get(number.getAsLong());
        return state.settled().status() == RecordState.Status.KEPT_OUT ? List.of() : state.folded().live();
    }

    /// A record that was restored under another key still has the identity of its first; a new row under that key must not become part of it.
    private RowChange.Ref unused(RowChange.Ref identity) {
        var parts = new ArrayList<Value>();
        while (identity instanceof RowChange.Ref.Known(var id)) {
            var number = lookup.store().find(id);
            if (number.isEmpty() || lookup.store().get(number.getAsLong()).settled().status() != RecordState.Status.SHOWN
                || gone.containsKey(number.getAsLong())) return identity;
            var items = new ArrayList<>(id.keyItems());
            parts.add(new Value.Int(parts.size() + 1));
            items.add(parts.getLast().toJson());
            identity = new RowChange.Ref.Known(RecordId.keyed(items.getFirst().asText(), items.subList(1, items.size())));
        }
        return identity;
    }

    private SortedMap<Integer, RowChange.Ref> refs(Change change) {
        if (change.schema.foreignKeys().isEmpty()) return Collections.emptySortedMap();
        var refs = new TreeMap<Integer, RowChange.Ref>();
        for (var key : change.schema.foreignKeys()) {
            if (key.columns().stream().noneMatch(change.set::containsKey)) continue;
            parents.claim(key, change.whole).flatMap(this::parent).ifPresent(parent -> refs.put(key.id(), ref(parent, 0)));
        }
        return refs;
    }

    private RowChange.Ref ref(Parent parent, int depth) {
        if (parent.state != null) return new RowChange.Ref.Known(parent.state.id());
        if (parent.row.isEvent()) return new RowChange.Ref.SameSet(items.getOrDefault(parent.row, 0));
        return identity(parent.row, depth + 1);
    }

    /// The identity of a new record of a keyed table. A key column that refers to a record whose identity is an event is identified by that record, so
    /// the children of two records that were given one integer key stay apart. Before items are numbered a new parent has item 0: only whether
    /// the identity is known already matters then.
    private RowChange.Ref identity(Row row, int depth) {
        var parts = new ArrayList<RowChange.Part>();
        boolean known = true;
        var collations = row.schema.uniques().getFirst().collations();
        row.identifying = true;
        for (int i = 0; i < row.schema.key().size(); i++) {
            var column = row.schema.key().get(i);
            var parent = depth > 8 ? Optional.<RowChange.Ref>empty() : keyParent(row, column, depth);
            known &= parent.isEmpty() || parent.get() instanceof RowChange.Ref.Known;
            parts.add(parent.<RowChange.Part>map(RowChange.Part.Of::new)
                .orElseGet(() -> new RowChange.Part.Plain(KeyBytes.identify(row.values().getOrDefault(column, Value.NULL), collation(collations, column, row)))));
        }
        row.identifying = false;
        var keyed = new RowChange.Ref.Keyed(row.schema.name(), parts);
        return known ? new RowChange.Ref.Known(ChangeSetReader.resolve(keyed, null)) : keyed;
    }

    private static String collation(List<String> collations, String column, Row row) {
        return collations.get(row.schema.key().indexOf(column));
    }

    private Optional<RowChange.Ref> keyParent(Row row, String column, int depth) {
        for (var key : row.schema.foreignKeys()) {
            if (!key.columns().contains(column)) continue;
            var parent = parents.claim(key, row.values()).flatMap(this::parent);
            if (parent.isEmpty() || parent.get().row != null && parent.get().row.identifying) continue;
            var ref = ref(parent.get(), depth);
            if (dependsOnEvent(ref)) return Optional.of(ref);
        }
        return Optional.empty();
    }

    private static boolean dependsOnEvent(RowChange.Ref ref) {
        return switch (ref) {
            case RowChange.Ref.SameSet _ -> true;
            case RowChange.Ref.Known(var id) -> id.dependsOnEvent();
            case RowChange.Ref.Keyed(_, var parts) -> parts.stream().anyMatch(part -> part instanceof RowChange.Part.Of);
        };
    }
}

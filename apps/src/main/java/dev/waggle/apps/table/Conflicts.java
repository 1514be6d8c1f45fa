package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Lists what is passed over. Records kept out only because a record that they refer to is kept out are counted there.
final class Conflicts {
    private final Lookup lookup;
    private final RecordStore store;

    Conflicts(Lookup lookup) {
        this.lookup = lookup;
        this.store = lookup.store();
    }

    List<Conflict> list() {
        var found = new ArrayList<Conflict>();
        for (long number : store.conflicted()) found.addAll(of(store.get(number)));
        found.sort(Comparator.comparing(Conflict::table)
            .thenComparing(conflict -> KeyBytes.claim(conflict.table(), "", conflict.key(), List.of()), Arrays::compareUnsigned)
            .thenComparing(Conflict::record).thenComparing(Conflict::kind));
        return found;
    }

    int count() {
        int count = 0;
        for (long number : store.conflicted()) count += of(store.get(number)).size();
        return count;
    }

    /// Those of the records behind `after`, by record, until there are `limit`; all of one record's are together.
    ConflictPage page(long after, int limit) {
        var found = new ArrayList<Conflict>();
        long at = after;
        for (long number : store.conflicted()) {
            if (number <= after) continue;
            if (found.size() >= limit) return new ConflictPage(found, OptionalLong.of(at));
            found.addAll(of(store.get(number)));
            at = number;
        }
        return new ConflictPage(found, OptionalLong.empty());
    }

    Optional<Conflict> find(String id) {
        return named(id).stream().filter(conflict -> conflict.id().equals(id)).findFirst();
    }

    /// Those whose id begins so. Ids are made from the record: the others are not read.
    List<Conflict> named(String begin) {
        var found = new ArrayList<Conflict>();
        for (long number : store.conflicted()) {
            var state = store.get(number);
            if (Arrays.stream(Conflict.Kind.values()).noneMatch(kind -> Conflict.id(kind, state.id()).startsWith(begin))) continue;
            for (var conflict : of(state)) if (conflict.id().startsWith(begin)) found.add(conflict);
        }
        return found;
    }

    List<Conflict> of(RecordState state) {
        var schema = lookup.facts().schema(state.folded().table());
        if (schema.isEmpty() || !state.isAlive()) return List.of();
        if (state.settled().status() == RecordState.Status.SHOWN) return ofShown(state, schema.get());
        var settled = state.settled();
        if (!settled.lost() && !settled.broken() || isUnderOther(state)) return List.of();
        return List.of(settled.broken() ? constraint(state, schema.get()) : sameKey(state, schema.get()));
    }

    private List<Conflict> ofShown(RecordState state, TableSchema schema) {
        var changes = store.changes(state.number());
        var result = Settling.refolded(state.id(), changes, lookup.facts(), lookup.constraints());
        var conflicts = new ArrayList<Conflict>();
        var row = lookup.whole(state.wanted());
        var key = Lookup.key(schema, row);
        if (!result.rivals().isEmpty()) {
            var fields = new TreeSet<String>();
            result.rivals().forEach(rival -> fields.addAll(rival.values().keySet()));
            conflicts.add(conflict(Conflict.Kind.SAME_FIELD, state, key, List.copyOf(fields), Optional.of(shownVersion(changes, fields, row)),
                result.rivals().stream().map(rival -> version(rival.change(), lookup.whole(rival.values()))).toList(), 0,
                lookup.facts().policy(state.folded().table()).sentence()));
        }
        var deletes = state.folded().present() ? result.deletes() : liveChanges(state, changes);
        if (!deletes.isEmpty()) conflicts.add(conflict(Conflict.Kind.DELETE_AGAINST_EDIT, state, key, List.of(),
            Optional.of(shownVersion(changes, row.keySet(), row)), deletes.stream().map(delete -> version(delete, Collections.emptySortedMap())).toList(), 0,
            state.folded().present() ? "an edit beats a delete that did not know it" : "a row that others refer to is not deleted"));
        return conflicts;
    }

    private static List<Change> liveChanges(RecordState state, List<Change> changes) {
        return changes.stream().filter(change -> state.folded().live().contains(change.version())).sorted(Comparator.comparing(Change::stamp)).toList();
    }

    private Conflict sameKey(RecordState state, TableSchema schema) {
        var row = lookup.whole(state.wanted());
        var fields = new TreeSet<String>();
        Optional<RecordState> holder = Optional.empty();
        for (var unique : schema.uniques()) {
            var values = lookup.constraints().key(schema, unique, row);
            if (values.isEmpty()) continue;
            var other = lookup.holder(KeyBytes.claim(schema.name(), unique.name(), values.get(), unique.collations()));
            if (other.isEmpty() || other.get().number() == state.number()) continue;
            fields.addAll(unique.columns());
            if (holder.isEmpty()) holder = other;
        }
        var shown = holder.map(other -> creation(other, lookup.whole(other.wanted())));
        return conflict(Conflict.Kind.SAME_KEY, state, Lookup.key(schema, row), List.copyOf(fields), shown, List.of(creation(state, row)),
            descendants(state).size(), "the record that was created first has the key");
    }

    private Conflict constraint(RecordState state, TableSchema schema) {
        var row = lookup.whole(state.wanted());
        var why = lookup.constraints().violation(schema, row).orElse("it refers to a row that no event here has created");
        return conflict(Conflict.Kind.CONSTRAINT, state, Lookup.key(schema, row), List.of(), Optional.empty(), List.of(creation(state, row)),
            descendants(state).size(), why);
    }

    private static Conflict conflict(Conflict.Kind kind, RecordState state, List<Value> key, List<String> fields, Optional<Conflict.Version> shown,
                                     List<Conflict.Version> others, int children, String rule) {
        return new Conflict(Conflict.id(kind, state.id()), kind, state.folded().table(), state.id(), key, fields, shown, others, children, rule);
    }

    private static Conflict.Version version(Change change, SortedMap<String, Value> values) {
        return new Conflict.Version(change.version(), change.stamp().origin(), change.stamp().ts(), change.kind() == RowChange.Kind.DELETE, values);
    }

    private static Conflict.Version creation(RecordState state, SortedMap<String, Value> row) {
        var created = state.folded().created().orElseThrow();
        return new Conflict.Version(created.version(), created.origin(), created.ts(), false, row);
    }

    /// The newest change that says of one of the fields what is shown.
    private Conflict.Version shownVersion(List<Change> changes, Set<String> fields, SortedMap<String, Value> row) {
        Change shown = null;
        for (var change : changes) {
            if (!change.counts() || change.kind() == RowChange.Kind.DELETE || shown != null && change.stamp().compareTo(shown.stamp()) < 0) continue;
            for (var field : fields)
                if (change.set().containsKey(field) && Values.whole(change.set().get(field), lookup.chunks()).equals(row.get(field))) shown = change;
        }
        if (shown == null) shown = changes.stream().filter(Change::counts).max(Comparator.comparing(Change::stamp)).orElseThrow();
        var values = new TreeMap<String, Value>();
        for (var field : fields) if (row.containsKey(field)) values.put(field, row.get(field));
        return version(shown, values);
    }

    /// Every record that is kept out because it refers, itself or through others, to this one; the record itself not among them.
    Set<Long> descendants(RecordState state) {
        var found = new TreeSet<Long>();
        var queue = new ArrayDeque<>(List.of(state.number()));
        while (!queue.isEmpty())
            for (long child : store.children(queue.remove()))
                if (child != state.number() && store.get(child).isAlive() && found.add(child)) queue.add(child);
        return found;
    }

    /// True when a record that it refers to is kept out for a reason of its own: that one has to be settled first. In a circle the oldest comes first.
    private boolean isUnderOther(RecordState state) {
        for (long above : ancestors(state.number())) {
            var other = store.get(above);
            if (above == state.number() || !other.settled().lost() && !other.settled().broken()) continue;
            if (!ancestors(above).contains(state.number())) return true;
            if (other.folded().created().orElseThrow().compareTo(state.folded().created().orElseThrow()) < 0) return true;
        }
        return false;
    }

    private Set<Long> ancestors(long number) {
        var found = new HashSet<Long>();
        var queue = new ArrayDeque<>(List.of(number));
        while (!queue.isEmpty())
            for (long parent : store.get(queue.remove()).folded().refs().values()) {
                if (!found.add(parent)) continue;
                if (store.get(parent).isAlive()) queue.add(parent);
            }
        found.removeIf(parent -> !store.get(parent).isAlive());
        return found;
    }
}

package dev.waggle.apps.table;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Stage 1 for one record: from all its changes to the row it wants, and what is passed over. A pure function of the changes that count,
/// whatever order they arrived in.
///
/// Changes are taken in order of their stamps. A base counts when it is an earlier change of the same record; a void base stands for its own
/// bases. Histories are cut at *necks* (changes that descend from everything before and that everything later descends from), so that ancestors
/// are computed within short segments only: a record edited a million times by one node after the other folds in one pass.
final class Fold {
    /// How many steps back the fallback for a broken row looks for one that is whole; beyond it the row is kept out.
    private static final int FALLBACK_STEPS_MAX = 64;

    /// What the space says of the record's table.
    ///
    /// @param acceptable false for a row that breaks CHECK or NOT NULL
    record Rules(Policy policy, java.util.Set<NodeId> moderators, Optional<TableSchema> schema, Predicate<SortedMap<String, Value>> acceptable) {}

    /// A version of which something is passed over.
    ///
    /// @param values what it says of the fields where something else is shown
    record Rival(Change change, SortedMap<String, Value> values) {}

    /// @param rivals  by stamp
    /// @param deletes live deletes that live edits beat, by stamp
    record Result(Folded folded, List<Rival> rivals, List<Change> deletes) {}

    /// Where what is shown comes from.
    ///
    /// @param from      per column the change that set it
    /// @param effective the changes that have effect
    record Origins(SortedMap<String, Change> from, Set<VersionId> effective, List<Rival> rivals, List<Change> deletes) {
        /// Where only the newest changes of a record are at hand: the newest that sets a column to what is shown made it so.
        static Origins among(List<Change> changes, SortedMap<String, Value> row) {
            var counting = changes.stream().filter(Change::counts).sorted(Comparator.comparing(Change::stamp)).toList();
            var from = new TreeMap<String, Change>();
            for (var change : counting) claim(change, row, from);
            return new Origins(from, new HashSet<>(counting.stream().map(Change::version).toList()), List.of(), List.of());
        }

        private static void claim(Change change, SortedMap<String, Value> row, SortedMap<String, Change> from) {
            if (change.kind() != RowChange.Kind.DELETE) change.set().forEach((column, value) -> {
                if (value.equals(row.get(column))) from.put(column, change);
            });
        }
    }

    private record Row(SortedMap<String, Value> values, SortedMap<Integer, Long> refs) {}

    private final Rules rules;
    private final List<Change> active = new ArrayList<>();      // those with effect, by stamp
    private int[][] bases;                                      // per active change, indexes of active changes
    private final SortedMap<String, List<Integer>> setters = new TreeMap<>();   // per field the setters that no other setter knew
    private final Map<Integer, Integer> refSetters = new TreeMap<>();           // per foreign key the last setter

    private Fold(Rules rules) {
        this.rules = rules;
    }

    static String table(RecordId id, List<Change> changes) {
        if (!id.isCreated()) return id.keyItems().getFirst().asText();
        var creator = id.creator();
        for (var change : changes) if (change.version().equals(creator)) return change.table();
        return "";
    }

    /// @param table of the record: see [#table]
    static Result fold(String table, List<Change> changes, Rules rules) {
        return new Fold(rules).run(table, changes);
    }

    /// As [#fold], and which change each value is from.
    static Origins origins(String table, List<Change> changes, Rules rules) {
        var fold = new Fold(rules);
        var result = fold.run(table, changes);
        var from = new TreeMap<String, Change>();
        for (int index : fold.sources(result.folded().row())) Origins.claim(fold.active.get(index), result.folded().row(), from);
        return new Origins(from, new HashSet<>(fold.active.stream().map(Change::version).toList()), result.rivals(), result.deletes());
    }

    /// The changes that a row is made of, by stamp: all of them where fields are merged, else the shown version and what it was based on.
    private List<Integer> sources(SortedMap<String, Value> row) {
        if (active.isEmpty() || row.isEmpty()) return List.of();
        boolean merges = rules.policy == Policy.MERGE && merged().values.equals(row);
        int best = best(live());
        var sources = merges ? new BitSet() : ancestors(best);
        if (merges) sources.set(0, active.size());
        else sources.set(best);
        return sources.stream().boxed().toList();
    }

    private Result run(String table, List<Change> changes) {
        var sorted = new ArrayList<Change>();
        for (var change : changes) if (change.table().equals(table)) sorted.add(change);
        sorted.sort((one, other) -> one.stamp().compareTo(other.stamp()));
        activate(sorted);
        var created = active.stream().filter(change -> change.kind() == RowChange.Kind.INSERT).findFirst().map(Change::stamp);
        if (created.isEmpty()) return new Result(unknown(table), List.of(), List.of());
        collectSetters();
        var live = live();
        boolean present = live.stream().anyMatch(index -> isEdit(index));
        var merged = merged();
        var row = rules.policy == Policy.MERGE ? acceptable(merged, live, FALLBACK_STEPS_MAX) : snapshot(best(live));
        var rivals = rules.policy == Policy.MERGE ? fieldRivals(row) : versionRivals(row, live);
        var deletes = present ? live.stream().filter(index -> !isEdit(index)).map(active::get).toList() : List.<Change>of();
        boolean disputed = !rivals.isEmpty() || !deletes.isEmpty();
        var folded = new Folded(table, created, Optional.of(active.getLast().stamp()), live.stream().map(index -> active.get(index).version()).sorted().toList(),
            !disputed && (row == merged || rules.policy != Policy.MERGE), present, row.values, Constraints.inForce(rules.schema, row.values, row.refs), disputed);
        return new Result(folded, rivals, deletes);
    }

    private Folded unknown(String table) {
        var live = new ArrayList<VersionId>();
        if (!active.isEmpty()) live().forEach(index -> live.add(active.get(index).version()));
        Collections.sort(live);
        return new Folded(table, Optional.empty(), Optional.empty(), live, false, false, Collections.emptySortedMap(), Collections.emptySortedMap(), false);
    }

    /// Drops what has no effect (void events; under union, edits by others) and lets what was based on it inherit its bases.
    private void activate(List<Change> sorted) {
        var author = sorted.stream().filter(change -> change.counts() && change.kind() == RowChange.Kind.INSERT).findFirst().map(change -> change.stamp().origin());
        var index = new HashMap<VersionId, Integer>();
        var effective = new int[sorted.size()][];                   // per sorted change, indexes of active changes
        var activeIndex = new int[sorted.size()];
        var kept = new ArrayList<int[]>();
        for (int i = 0; i < sorted.size(); i++) {
            var change = sorted.get(i);
            var own = new int[0];
            for (var version : change.base()) {
                var base = index.get(version);
                if (base == null) continue;                         // not here, another record's, or stamped later: no ancestor
                own = union(own, activeIndex[base] >= 0 ? new int[] {activeIndex[base]} : effective[base]);
            }
            effective[i] = own;
            index.put(change.version(), i);
            boolean counts = change.counts() && (rules.policy != Policy.UNION || author.filter(change.stamp().origin()::equals).isPresent()
                || rules.moderators.contains(change.stamp().origin()));
            activeIndex[i] = counts ? active.size() : -1;
            if (!counts) continue;
            active.add(change);
            kept.add(own);
        }
        bases = kept.toArray(int[][]::new);
    }

    /// Both are ascending, each index once; so is what comes of it.
    private static int[] union(int[] some, int[] more) {
        if (some.length == 0) return more;
        var all = new int[some.length + more.length];
        int count = 0;
        for (int i = 0, j = 0; i < some.length || j < more.length; ) {
            int next = j == more.length || i < some.length && some[i] <= more[j] ? some[i++] : more[j++];
            if (count == 0 || all[count - 1] != next) all[count++] = next;
        }
        return Arrays.copyOf(all, count);
    }

    private List<Integer> live() {
        var based = new BitSet();
        for (var own : bases) for (int base : own) based.set(base);
        var live = new ArrayList<Integer>();
        for (int i = 0; i < active.size(); i++) if (!based.get(i)) live.add(i);
        return live;
    }

    private boolean isEdit(int index) {
        return active.get(index).kind() != RowChange.Kind.DELETE;
    }

    /// Fills `setters` and `refSetters`, segment by segment between necks.
    private void collectSetters() {
        int count = active.size();
        var lowestLater = new int[count + 1];
        lowestLater[count] = Integer.MAX_VALUE;
        for (int i = count - 1; i >= 0; i--) lowestLater[i] = Math.min(lowestLater[i + 1], bases[i].length == 0 ? -1 : bases[i][0]);
        var covered = new BitSet();
        int maximal = 0;                                            // of those so far: how many no other of them is based on
        int from = 0;
        for (int i = 0; i < count; i++) {
            for (int base : bases[i]) {
                if (!covered.get(base)) maximal--;
                covered.set(base);
            }
            maximal++;
            boolean neck = maximal == 1 && lowestLater[i + 1] >= i;
            if (!neck && i < count - 1) continue;
            segment(from, i + 1);
            from = i + 1;
        }
    }

    private void segment(int from, int to) {
        if (to - from == 1) {                                       // the rule where nobody wrote at the same time
            if (!isEdit(from)) return;
            for (var field : active.get(from).set().keySet()) setters.put(field, List.of(from));
            for (int key : refsSet(active.get(from))) refSetters.put(key, from);
            return;
        }
        var ancestors = new BitSet[to - from];
        for (int i = from; i < to; i++) {
            var own = new BitSet();
            for (int base : bases[i]) {
                if (base < from) continue;                          // beyond the neck: an ancestor of everything here
                own.set(base - from);
                own.or(ancestors[base - from]);
            }
            ancestors[i - from] = own;
        }
        var here = new TreeMap<String, List<Integer>>();
        for (int i = from; i < to; i++) {
            if (!isEdit(i)) continue;
            for (var field : active.get(i).set().keySet()) here.computeIfAbsent(field, _ -> new ArrayList<>()).add(i);
            for (int key : refsSet(active.get(i))) refSetters.put(key, i);
        }
        here.forEach((field, all) -> setters.put(field, all.size() == 1 ? all : unknownToOthers(all, from, ancestors)));
    }

    private static List<Integer> unknownToOthers(List<Integer> all, int from, BitSet[] ancestors) {
        var known = new BitSet();
        for (int i : all) known.or(ancestors[i - from]);
        return all.stream().filter(i -> !known.get(i - from)).toList();
    }

    /// The foreign keys of which a change sets a column.
    private List<Integer> refsSet(Change change) {
        return refsSet(rules.schema, change);
    }

    static List<Integer> refsSet(Optional<TableSchema> schema, Change change) {
        if (schema.isEmpty()) return List.copyOf(change.refs().keySet());
        if (schema.get().foreignKeys().isEmpty()) return List.of();
        var keys = new ArrayList<Integer>();
        for (var key : schema.get().foreignKeys()) if (key.columns().stream().anyMatch(change.set()::containsKey)) keys.add(key.id());
        return keys;
    }

    private Row merged() {
        var values = new TreeMap<String, Value>();
        setters.forEach((field, all) -> values.put(field, active.get(all.getLast()).set().get(field)));
        var refs = new TreeMap<Integer, Long>();
        refSetters.forEach((key, setter) -> {
            var ref = active.get(setter).refs().get(key);
            if (ref != null) refs.put(key, ref);
        });
        return new Row(values, refs);
    }

    /// A merged row that breaks the table's rules gives way to the whole row, as its author saw it, of the newest live version; if that one breaks
    /// them, too, it stands.
    private Row acceptable(Row merged, List<Integer> live, int steps) {
        if (rules.acceptable.test(merged.values)) return merged;
        var fallback = seen(best(live), steps);
        return rules.acceptable.test(fallback.values) ? fallback : merged;
    }

    /// The row that the author of `index` saw after that change.
    private Row seen(int index, int steps) {
        if (steps == 0) return snapshot(index);
        var ancestors = ancestors(index);
        if (ancestors.isEmpty()) return snapshot(index);
        var values = new TreeMap<String, Value>();
        var refs = new TreeMap<Integer, Long>();
        ancestors.stream().forEach(i -> lay(active.get(i), values, refs));
        var covered = new BitSet();
        ancestors.stream().forEach(i -> { for (int base : bases[i]) covered.set(base); });
        var top = ancestors.stream().filter(i -> !covered.get(i)).boxed().toList();
        var before = acceptable(new Row(values, refs), top, steps - 1);
        var after = new Row(new TreeMap<>(before.values), new TreeMap<>(before.refs));
        lay(active.get(index), after.values, after.refs);
        return after;
    }

    private BitSet ancestors(int index) {
        var found = new BitSet();
        for (int base : bases[index]) found.set(base);
        for (int i = found.previousSetBit(index); i >= 0; i = i == 0 ? -1 : found.previousSetBit(i - 1)) for (int base : bases[i]) found.set(base);
        return found;
    }

    /// The whole row of one version: its own values over those of the best version it was based on.
    private Row snapshot(int index) {
        var chain = new ArrayList<Integer>();
        for (int i = index; ; i = best(newest(bases[i]))) {
            chain.add(i);
            if (bases[i].length == 0) break;
        }
        var values = new TreeMap<String, Value>();
        var refs = new TreeMap<Integer, Long>();
        for (int i : chain.reversed()) lay(active.get(i), values, refs);
        return new Row(values, refs);
    }

    /// Those of `some` that no other of them knew: a base that is void hands on bases which those named beside it may have known, and an author names
    /// what it likes.
    ///
    /// @param some ascending
    private List<Integer> newest(int[] some) {
        var found = new BitSet();
        var known = new BitSet();
        for (int i : some) found.set(i);
        if (some.length > 1)
            for (int i = some[some.length - 1]; i > some[0]; i = Math.max(found.previousSetBit(i - 1), known.previousSetBit(i - 1)))
                for (int base : bases[i]) known.set(base);
        found.andNot(known);
        return found.stream().boxed().toList();
    }

    private void lay(Change change, SortedMap<String, Value> values, SortedMap<Integer, Long> refs) {
        if (change.kind() == RowChange.Kind.DELETE) return;
        values.putAll(change.set());
        for (int key : refsSet(change)) {
            var ref = change.refs().get(key);
            if (ref == null) refs.remove(key);
            else refs.put(key, ref);
        }
    }

    /// The newest edit, or the newest delete where there is no edit.
    private int best(List<Integer> indexes) {
        int best = -1;
        for (int index : indexes) if (best < 0 || (isEdit(index) == isEdit(best) ? index > best : isEdit(index))) best = index;
        return best;
    }

    private List<Rival> fieldRivals(Row row) {
        var passedOver = new TreeMap<Integer, SortedMap<String, Value>>();
        setters.forEach((field, all) -> {
            for (int setter : all) {
                var value = active.get(setter).set().get(field);
                if (!value.equals(row.values.get(field))) passedOver.computeIfAbsent(setter, _ -> new TreeMap<>()).put(field, value);
            }
        });
        return rivals(passedOver);
    }

    private List<Rival> versionRivals(Row row, List<Integer> live) {
        var passedOver = new TreeMap<Integer, SortedMap<String, Value>>();
        for (int index : live) {
            if (!isEdit(index)) continue;
            snapshot(index).values.forEach((field, value) -> {
                if (!value.equals(row.values.get(field))) passedOver.computeIfAbsent(index, _ -> new TreeMap<>()).put(field, value);
            });
        }
        return rivals(passedOver);
    }

    private List<Rival> rivals(SortedMap<Integer, SortedMap<String, Value>> passedOver) {
        var rivals = new ArrayList<Rival>();
        passedOver.forEach((index, values) -> rivals.add(new Rival(active.get(index), values)));
        return rivals;
    }
}

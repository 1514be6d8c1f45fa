package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules of design section 3 and docs/decisions.md, spelt out slowly: everything sorted, everything recomputed, fixpoints by iteration. It shares
/// only the codec, the key bytes and the constraint checks with the view.
final class Oracle {
    private final List<TableSchema> schemas;
    private final RowRules rules;
    private final Policy policy;
    private final ChunkSource chunks;
    private final Map<RecordId, List<Version>> versions = new TreeMap<>();
    private final Map<RecordId, Rec> records = new TreeMap<>();

    private record Version(Stamp stamp, RowChange change, Set<VersionId> base, Map<Integer, RecordId> refs, boolean counts) {}

    private static final class Rec {
        String table;
        Stamp created;
        boolean present;
        boolean alive;
        boolean out;
        SortedMap<String, Value> row = new TreeMap<>();
        SortedMap<String, Value> wanted = new TreeMap<>();
        Map<Integer, RecordId> refs = new TreeMap<>();
    }

    Oracle(List<TableSchema> schemas, RowRules rules, Policy policy, ChunkSource chunks) {
        this.schemas = schemas;
        this.rules = rules;
        this.policy = policy;
        this.chunks = chunks;
    }

    static SortedMap<String, SortedMap<String, Value>> rows(Collection<Event> events, Set<EventId> voids, List<TableSchema> schemas, RowRules rules, Policy policy,
                                                            ChunkSource chunks) {
        var oracle = new Oracle(schemas, rules, policy, chunks);
        for (var event : events) if (event.type().equals("batch") || event.type().equals("bulk")) oracle.read(event, !voids.contains(event.id()));
        oracle.versions.forEach((id, all) -> oracle.records.put(id, oracle.fold(id, all)));
        oracle.constrain();
        var rows = new TreeMap<String, SortedMap<String, Value>>();
        oracle.records.forEach((id, record) -> {
            if (record.alive && !record.out) rows.put(record.table + " " + id, record.wanted);
        });
        return rows;
    }

    private void read(Event event, boolean counts) {
        var changes = ChangeSetCodec.decode(event, chunks);
        for (int item = 0; item < changes.size(); item++) {
            var change = changes.get(item);
            var own = new VersionId(event.id(), item);
            var id = change.record().map(ref -> ChangeSetReader.resolve(ref, event.id())).orElse(RecordId.created(own));
            var refs = new TreeMap<Integer, RecordId>();
            change.refs().forEach((key, ref) -> refs.put(key, ChangeSetReader.resolve(ref, event.id())));
            versions.computeIfAbsent(id, _ -> new ArrayList<>()).add(new Version(new Stamp(event.envelope().ts(), event.chain().origin(), own), change,
                new HashSet<>(change.base()), refs, counts));
        }
    }

    private Optional<TableSchema> schema(String table) {
        return schemas.stream().filter(schema -> schema.name().equals(table)).findFirst();
    }

    private Rec fold(RecordId id, List<Version> all) {
        all.sort(Comparator.comparing(Version::stamp));
        var record = new Rec();
        record.table = all.getFirst().change.table();
        NodeId author = all.stream().filter(v -> v.counts && v.change.kind() == RowChange.Kind.INSERT).map(v -> v.stamp.origin()).findFirst().orElse(null);
        var active = all.stream().filter(v -> v.counts && (policy != Policy.UNION || v.stamp.origin().equals(author))).toList();
        var ancestors = new HashMap<VersionId, Set<VersionId>>();      // of active versions: active ancestors
        for (var version : all) {
            var found = new HashSet<VersionId>();
            for (var other : all) {
                if (other.stamp.compareTo(version.stamp) >= 0 || !version.base.contains(other.stamp.version())) continue;
                found.addAll(ancestors.get(other.stamp.version()));
                if (active.contains(other)) found.add(other.stamp.version());
            }
            ancestors.put(version.stamp.version(), found);
        }
        record.created = active.stream().filter(v -> v.change.kind() == RowChange.Kind.INSERT).map(Version::stamp).findFirst().orElse(null);
        if (record.created == null) return record;
        var live = maximal(active, ancestors);
        record.present = live.stream().anyMatch(v -> v.change.kind() != RowChange.Kind.DELETE);
        var schema = schema(record.table).orElseThrow();
        if (policy == Policy.MERGE) see(active, ancestors, schema, record);
        else layBest(live, active, ancestors, schema, record);
        return record;
    }

    private static List<Version> maximal(List<Version> some, Map<VersionId, Set<VersionId>> ancestors) {
        return some.stream().filter(v -> some.stream().noneMatch(other -> ancestors.get(other.stamp.version()).contains(v.stamp.version()))).toList();
    }

    /// What somebody who knows `some` sees of a record under `merge`.
    private void see(List<Version> some, Map<VersionId, Set<VersionId>> ancestors, TableSchema schema, Rec into) {
        into.row = new TreeMap<>();
        into.refs = new TreeMap<>();
        for (var version : some) lay(version, schema, into);
        if (violates(schema, into.row)) {
            var fallback = new Rec();
            var best = best(maximal(some, ancestors));
            see(some.stream().filter(v -> ancestors.get(best.stamp.version()).contains(v.stamp.version())).toList(), ancestors, schema, fallback);
            lay(best, schema, fallback);
            if (!violates(schema, fallback.row)) {
                into.row = fallback.row;
                into.refs = fallback.refs;
            }
        }
    }

    private boolean violates(TableSchema schema, SortedMap<String, Value> row) {
        return !row.isEmpty() && new Constraints(rules, chunks).violation(schema, row).isPresent();
    }

    private void layBest(List<Version> live, List<Version> active, Map<VersionId, Set<VersionId>> ancestors, TableSchema schema, Rec into) {
        if (live.isEmpty()) return;
        var best = best(live);
        var before = active.stream().filter(v -> ancestors.get(best.stamp.version()).contains(v.stamp.version())).toList();
        layBest(maximal(before, ancestors), active, ancestors, schema, into);
        lay(best, schema, into);
    }

    private static Version best(List<Version> some) {
        return some.stream().max(Comparator.<Version, Boolean>comparing(v -> v.change.kind() != RowChange.Kind.DELETE).thenComparing(Version::stamp)).orElseThrow();
    }

    private static void lay(Version version, TableSchema schema, Rec into) {
        if (version.change.kind() == RowChange.Kind.DELETE) return;
        into.row.putAll(version.change.set());
        for (var key : schema.foreignKeys()) {
            if (key.columns().stream().noneMatch(version.change.set()::containsKey)) continue;
            if (version.refs.containsKey(key.id())) into.refs.put(key.id(), version.refs.get(key.id()));
            else into.refs.remove(key.id());
        }
    }

    private void constrain() {
        records.values().forEach(record -> schema(record.table).orElseThrow().foreignKeys().forEach(key -> {
            if (key.columns().stream().anyMatch(column -> record.row.getOrDefault(column, Value.NULL) instanceof Value.Null)) record.refs.remove(key.id());
        }));
        records.values().forEach(record -> record.alive = record.present);
        for (boolean more = true; more; ) {
            more = false;
            for (var record : records.values()) {
                if (!record.alive) continue;
                for (var ref : record.refs.values()) {
                    var parent = records.get(ref);
                    if (parent == null || parent.created == null || parent.alive) continue;
                    parent.alive = true;
                    more = true;
                }
            }
        }
        var alive = records.entrySet().stream().filter(entry -> entry.getValue().alive).toList();
        for (var entry : alive) entry.getValue().wanted = followed(entry.getKey());
        var constraints = new Constraints(rules, chunks);
        var claims = new TreeMap<byte[], TreeSet<Stamp>>(Arrays::compareUnsigned);
        for (var entry : alive)
            for (var claim : constraints.claims(schema(entry.getValue().table).orElseThrow(), entry.getValue().wanted))
                claims.computeIfAbsent(claim, _ -> new TreeSet<>()).add(entry.getValue().created);
        for (var entry : alive) {
            var record = entry.getValue();
            var schema = schema(record.table).orElseThrow();
            record.out = violates(schema, record.wanted);
            for (var claim : constraints.claims(schema, record.wanted)) record.out |= !claims.get(claim).first().equals(record.created);
            for (var ref : record.refs.values()) record.out |= !records.containsKey(ref) || records.get(ref).created == null;
        }
        for (boolean more = true; more; ) {
            more = false;
            for (var entry : alive) {
                var record = entry.getValue();
                if (record.out || record.refs.values().stream().noneMatch(ref -> records.get(ref).out)) continue;
                record.out = true;
                more = true;
            }
        }
    }

    private SortedMap<String, Value> followed(RecordId id) {
        var record = records.get(id);
        var wanted = new TreeMap<>(record.row);
        for (var key : schema(record.table).orElseThrow().foreignKeys()) {
            if (!record.refs.containsKey(key.id())) continue;
            for (var column : key.columns()) {
                var target = target(id, column, new HashSet<>());
                if (target != null && !Objects.equals(KeyBytes.normal(target, "BINARY"), KeyBytes.normal(record.row.get(column), "BINARY"))) wanted.put(column, target);
            }
        }
        return wanted;
    }

    private Value target(RecordId id, String column, Set<String> seen) {
        if (!seen.add(id + " " + column)) return null;
        var record = records.get(id);
        for (var key : schema(record.table).orElseThrow().foreignKeys()) {
            int index = key.columns().indexOf(column);
            var parent = records.get(record.refs.get(key.id()) == null ? id : record.refs.get(key.id()));
            if (index < 0 || !record.refs.containsKey(key.id()) || parent == null || parent.created == null) continue;
            return target(record.refs.get(key.id()), key.parentColumns().get(index), seen);
        }
        return record.row.get(column);
    }
}

package dev.waggle.sim.oracle;

import dev.waggle.apps.table.Policy;
import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.function.BiPredicate;

/// All versions of one record: which live, which row they want together, and what is passed over. Other records do not matter here.
final class Story {
    /// What a policy passes over: a version's values of fields where something else is shown.
    record Rival(Version version, SortedMap<String, Value> values) {}

    /// A row and, per foreign key, the record it refers to.
    record Row(SortedMap<String, Value> values, SortedMap<Integer, String> refs) {
        static final Row NONE = new Row(Collections.emptySortedMap(), Collections.emptySortedMap());
    }

    final String record;
    final String table;
    private final Policy policy;
    private final Optional<TableSchema> schema;
    private final BiPredicate<TableSchema, SortedMap<String, Value>> acceptable;
    /// The versions with effect, in their order, and whom each knew of them.
    private final List<Version> versions = new ArrayList<>();
    private final Map<Version, Set<Version>> known = new HashMap<>();
    final Optional<Version> creation;
    final List<Version> live;
    final boolean present;
    final Row row;

    /// @param acceptable false for a row that breaks NOT NULL or a CHECK
    Story(String record, List<Version> all, Space space, BiPredicate<TableSchema, SortedMap<String, Value>> acceptable) {
        this.record = record;
        this.table = table(record, all);
        this.policy = space.policy(table);
        this.schema = space.schema(table);
        this.acceptable = acceptable;
        var mine = all.stream().filter(version -> version.table().equals(table)).sorted().toList();
        var author = mine.stream().filter(version -> version.counts() && version.kind() == RowChange.Kind.INSERT).map(version -> version.event().chain().origin().hex()).findFirst();
        for (var version : mine) {
            var origin = version.event().chain().origin().hex();
            boolean mayEdit = policy != Policy.UNION || author.filter(origin::equals).isPresent() || space.isModerator(origin);
            if (version.counts() && mayEdit) versions.add(version);
        }
        know(mine);
        creation = versions.stream().filter(version -> version.kind() == RowChange.Kind.INSERT).findFirst();
        live = newest(versions);
        present = creation.isPresent() && live.stream().anyMatch(Version::isEdit);
        row = creation.isEmpty() ? Row.NONE : inForce(policy == Policy.MERGE ? merged(versions) : whole(best(live)));
    }

    /// A record is of the table where it was created, or the one that its key names.
    private static String table(String record, List<Version> all) {
        if (record.startsWith("k:")) return Canonical.parse(record.substring(2).getBytes(StandardCharsets.UTF_8)).asArray().getFirst().asText();
        return all.stream().filter(version -> record.equals("v:" + version.id().text())).map(Version::table).findFirst().orElse("");
    }

    /// A version knows what it was based on, and what that knew. One without effect stands for its own bases. Nobody knows what was stamped later.
    private void know(List<Version> mine) {
        var byId = new HashMap<VersionId, Version>();
        var closure = new HashMap<Version, Set<Version>>();
        for (var version : mine) {
            var knows = new HashSet<Version>();
            for (var base : version.base()) {
                var older = byId.get(base);
                if (older == null) continue;
                knows.add(older);
                knows.addAll(closure.get(older));
            }
            closure.put(version, knows);
            byId.put(version.id(), version);
        }
        for (var version : versions) {
            var knows = new HashSet<>(closure.get(version));
            knows.retainAll(versions);
            known.put(version, knows);
        }
    }

    /// Those of `some` that no other of them knew.
    private List<Version> newest(Collection<Version> some) {
        return some.stream().filter(version -> some.stream().noneMatch(other -> known.get(other).contains(version))).sorted().toList();
    }

    /// A live edit beats a live delete; else the later one.
    private static Version best(List<Version> some) {
        return some.stream().max(Comparator.comparing(Version::isEdit).thenComparing(Comparator.naturalOrder())).orElseThrow();
    }

    /// Per field the latest of `some` that set it. A row that breaks the table's rules gives way to the whole row, as its author saw it, of the newest
    /// version; if that one breaks them too, it stands (and is kept out later).
    private Row merged(Collection<Version> some) {
        var merged = Row.NONE;
        for (var version : some.stream().sorted().toList()) merged = laid(version, merged);
        if (merged.values.isEmpty() || accepts(merged)) return merged;
        var newest = best(newest(some));
        var seen = laid(newest, merged(known.get(newest)));
        return accepts(seen) ? seen : merged;
    }

    private boolean accepts(Row some) {
        return schema.isEmpty() || acceptable.test(schema.get(), some.values);
    }

    /// The whole row of one version: what it set, over the whole row of the best that it knew.
    private Row whole(Version version) {
        var knew = known.get(version);
        return laid(version, knew.isEmpty() ? Row.NONE : whole(best(newest(knew))));
    }

    private Row laid(Version version, Row under) {
        if (!version.isEdit()) return under;
        var values = new TreeMap<>(under.values);
        var refs = new TreeMap<>(under.refs);
        values.putAll(version.set());
        for (var key : foreignKeys()) {
            if (key.columns().stream().noneMatch(version.set()::containsKey)) continue;
            refs.remove(key.id());
            if (version.refs().containsKey(key.id())) refs.put(key.id(), version.refs().get(key.id()));
        }
        return new Row(values, refs);
    }

    private List<TableSchema.ForeignKey> foreignKeys() {
        return schema.map(TableSchema::foreignKeys).orElse(List.of());
    }

    /// A foreign key with a NULL refers to nothing.
    private Row inForce(Row some) {
        var refs = new TreeMap<>(some.refs);
        for (var key : foreignKeys())
            if (key.columns().stream().anyMatch(column -> some.values.getOrDefault(column, Value.NULL) instanceof Value.Null)) refs.remove(key.id());
        return new Row(some.values, refs);
    }

    /// Under `merge` a field is in conflict until a change that sets it knew all values; under the others every live edit with another row is passed over.
    List<Rival> rivals() {
        var rivals = new TreeMap<Version, SortedMap<String, Value>>();
        if (policy == Policy.MERGE) {
            var fields = new java.util.TreeSet<String>();
            versions.stream().filter(Version::isEdit).forEach(version -> fields.addAll(version.set().keySet()));
            for (var field : fields)
                for (var version : newest(versions.stream().filter(each -> each.isEdit() && each.set().containsKey(field)).toList()))
                    passedOver(rivals, version, field, version.set().get(field));
        } else {
            for (var version : live) if (version.isEdit()) whole(version).values.forEach((field, value) -> passedOver(rivals, version, field, value));
        }
        return rivals.entrySet().stream().map(entry -> new Rival(entry.getKey(), entry.getValue())).toList();
    }

    private void passedOver(Map<Version, SortedMap<String, Value>> rivals, Version version, String field, Value value) {
        if (!value.equals(row.values.get(field))) rivals.computeIfAbsent(version, _ -> new TreeMap<>()).put(field, value);
    }
}

package dev.waggle.sim.oracle;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The conflicts that a person should see: values and deletes that a policy passes over, records that a constraint keeps out. A record that is kept out only
/// because of one that it refers to is counted there.
final class Disputes {
    private final Oracle oracle;
    private final List<String> lines = new ArrayList<>();
    /// How many records refer to each, themselves or through others.
    private final Map<Oracle.Rec, Integer> below = new HashMap<>();

    Disputes(Oracle oracle) {
        this.oracle = oracle;
    }

    String text() {
        for (var record : oracle.records.values())
            if (record.alive) for (var above : oracle.above(record)) if (above != record) below.merge(above, 1, Integer::sum);
        for (var record : oracle.records.values()) {
            var schema = oracle.schema(record);
            if (!record.alive || schema.isEmpty()) continue;
            if (!record.out) ofShown(record, schema.get());
            else if ((record.lost || record.broken) && !isUnderOther(record)) ofKeptOut(record, schema.get());
        }
        return ConflictText.joined(lines);
    }

    private void ofShown(Oracle.Rec record, TableSchema schema) {
        var story = record.story;
        var rivals = story.rivals();
        if (!rivals.isEmpty()) {
            var fields = new TreeSet<String>();
            rivals.forEach(rival -> fields.addAll(rival.values().keySet()));
            var others = rivals.stream().map(rival -> ConflictText.other(rival.version().id().text(), false, rival.values())).toList();
            add("same_field", record, schema, fields, only(record.wanted, fields), others, 0);
        }
        var deletes = story.present ? story.live.stream().filter(version -> !version.isEdit()).toList() : story.live;
        if (deletes.isEmpty()) return;
        var others = deletes.stream().map(version -> ConflictText.other(version.id().text(), true, new TreeMap<>())).toList();
        add("delete_against_edit", record, schema, List.of(), record.wanted, others, 0);
    }

    private static SortedMap<String, Value> only(SortedMap<String, Value> row, Set<String> fields) {
        var only = new TreeMap<>(row);
        only.keySet().retainAll(fields);
        return only;
    }

    private void ofKeptOut(Oracle.Rec record, TableSchema schema) {
        var fields = new TreeSet<String>();
        Optional<SortedMap<String, Value>> shown = Optional.empty();
        if (!record.broken)
            for (var unique : schema.uniques()) {
                var claim = oracle.claim(schema, unique, record.wanted);
                if (claim.isEmpty() || oracle.holder(claim.get()) == record) continue;
                if (shown.isEmpty()) shown = Optional.of(oracle.holder(claim.get()).wanted);
                fields.addAll(unique.columns());
            }
        var own = ConflictText.other(record.story.creation.orElseThrow().id().text(), false, record.wanted);
        add(record.broken ? "constraint" : "same_key", record, schema, fields, shown.orElse(new TreeMap<>()), List.of(own), below.getOrDefault(record, 0));
    }

    private void add(String kind, Oracle.Rec record, TableSchema schema, Collection<String> fields, SortedMap<String, Value> shown, List<String> others, int children) {
        var key = schema.key().stream().map(column -> record.wanted.getOrDefault(column, Value.NULL)).toList();
        lines.add(ConflictText.line(kind, record.story.table, record.story.record, key, List.copyOf(fields), shown, others, children));
    }

    /// A record that it refers to is kept out for a reason of its own: that one is settled first. Where they refer to one another the oldest comes first.
    private boolean isUnderOther(Oracle.Rec record) {
        return oracle.above(record).stream().anyMatch(other -> other != record && (other.lost || other.broken)
            && (!oracle.above(other).contains(record) || other.isOlderThan(record)));
    }
}

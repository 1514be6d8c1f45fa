package dev.waggle.sim.oracle;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.ChunkSource;
import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;
import dev.waggle.sim.workload.FileRows;
import dev.waggle.sim.workload.SqlValues;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rules from events to rows, spelt out:
///
/// 1. each record's versions give the row it wants, and say whether it is there ([Story])
/// 2. a deleted record that a live record refers to comes back
/// 3. columns that refer to a record follow its key; unique keys go to the records that want them in order of their creation
/// 4. a record whose key is taken, whose row breaks a rule, or that refers to nothing is kept out, and with it every record that refers to it
///
/// Everything is computed for all records, again and again until nothing changes.
public final class Oracle {
    /// What every node should show.
    ///
    /// @param rows      by table and record
    /// @param conflicts as [ConflictText]
    public record Answer(SortedMap<String, String> rows, String conflicts) {}

    private final RowRules rules;
    private final ChunkSource chunks;
    final Space space;
    final SortedMap<String, Rec> records = new TreeMap<>();
    final Map<String, List<Rec>> claimants = new HashMap<>();

    /// A record among the others.
    static final class Rec {
        final Story story;
        boolean alive;
        boolean lost;
        boolean broken;
        boolean out;
        SortedMap<String, Value> wanted = new TreeMap<>();
        List<String> claims = List.of();
        private Set<Rec> above;

        Rec(Story story) {
            this.story = story;
            this.alive = story.present;
        }

        boolean hasRow() {
            return story.creation.isPresent();
        }

        boolean isOlderThan(Rec other) {
            return story.creation.orElseThrow().compareTo(other.story.creation.orElseThrow()) < 0;
        }
    }

    private Oracle(EventLog log, RowRules rules) {
        this.rules = rules;
        this.chunks = log::chunk;
        var counting = new ArrayList<Event>();
        var versions = new TreeMap<String, List<Version>>();
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
            if (!(entry instanceof Entry.Admitted(_, var event, var verdict))) continue;
            if (verdict == Verdict.COUNTS) counting.add(event);
            if (ChangeSetCodec.isChangeSet(event)) readChanges(event, verdict == Verdict.COUNTS, versions);
        }
        space = new Space(counting);
        versions.forEach((record, all) -> records.put(record, new Rec(new Story(record, all, space, (schema, row) -> violation(schema, row).isEmpty()))));
    }

    /// @param log whatever a node holds
    public static Answer of(EventLog log, RowRules rules) {
        var oracle = new Oracle(log, rules);
        oracle.revive();
        oracle.want();
        oracle.contend();
        oracle.keepOut();
        var rows = new TreeMap<String, String>();
        oracle.records.forEach((id, record) -> {
            if (record.alive && !record.out) rows.put(record.story.table + " " + id, FileRows.show(record.wanted));
        });
        return new Answer(rows, new Disputes(oracle).text());
    }

    private void readChanges(Event event, boolean counts, Map<String, List<Version>> into) {
        try {
            var changes = ChangeSetCodec.decode(event, chunks);
            for (int item = 0; item < changes.size(); item++) {
                var change = changes.get(item);
                var record = change.record().map(ref -> record(ref, event)).orElse("v:" + new VersionId(event.id(), item).text());
                var refs = new TreeMap<Integer, String>();
                change.refs().forEach((key, ref) -> refs.put(key, record(ref, event)));
                into.computeIfAbsent(record, _ -> new ArrayList<>()).add(new Version(event, item, change.kind(), change.table(), new LinkedHashSet<>(change.base()), change.set(),
                    refs, counts));
            }
        } catch (MalformedPayload _) {
            return;                                         // quarantined: the event has no effect
        }
    }

    private static String record(RowChange.Ref ref, Event event) {
        return switch (ref) {
            case RowChange.Ref.Known(var id) -> id.text();
            case RowChange.Ref.SameSet(var item) -> "v:" + new VersionId(event.id(), item).text();
            case RowChange.Ref.Keyed(var table, var parts) -> {
                var items = new ArrayList<Json>();
                items.add(Json.of(table));
                for (var part : parts) items.add(switch (part) {
                    case RowChange.Part.Plain(var value) -> value.toJson();
                    case RowChange.Part.Of(var inner) -> Json.object("r", record(inner, event));
                });
                yield "k:" + Canonical.text(Json.array(items));
            }
        };
    }

    Optional<TableSchema> schema(Rec record) {
        return space.schema(record.story.table);
    }

    /// The live records that this one refers to and that have a row.
    List<Rec> parents(Rec record) {
        return record.story.row.refs().values().stream().distinct().map(records::get).filter(parent -> parent != null && parent.hasRow()).toList();
    }

    private void revive() {
        for (boolean more = true; more; ) {
            more = false;
            for (var record : records.values())
                if (record.alive) for (var parent : parents(record)) {
                    more |= !parent.alive;
                    parent.alive = true;
                }
        }
    }

    private void want() {
        for (var record : records.values()) {
            if (!record.alive) continue;
            var wanted = new TreeMap<>(record.story.row.values());
            for (var key : schema(record).map(TableSchema::foreignKeys).orElse(List.of()))
                for (var column : key.columns()) follow(record, column).ifPresent(value -> wanted.put(column, value));
            record.wanted = wanted;
        }
    }

    /// @param record whose value the column shows in the end
    private record Place(Rec record, String column) {}

    /// What a column that refers to a record shows: that record's key, which may itself follow another's, and may be NULL by now. A circle leaves every value as it is.
    private Optional<Value> follow(Rec record, String column) {
        var own = record.story.row.values().get(column);
        var start = new Place(record, column);
        var seen = new HashSet<Place>();
        var place = start;
        for (var next = Optional.of(start); next.isPresent(); next = referred(place)) {
            place = next.get();
            if (!seen.add(place)) return Optional.empty();
        }
        var end = place.record.story.row.values().getOrDefault(place.column, Value.NULL);
        if (own == null || place == start) return Optional.empty();
        var value = SqlValues.stored(columnOf(record, column).map(TableSchema.Column::type).orElse(""), end);
        var collation = columnOf(place.record, place.column).map(TableSchema.Column::collation).orElse("BINARY");
        boolean same = SqlValues.comparable(value, collation).equals(SqlValues.comparable(own, collation));
        return same ? Optional.empty() : Optional.of(value);
    }

    private Optional<Place> referred(Place place) {
        for (var key : schema(place.record).map(TableSchema::foreignKeys).orElse(List.of())) {
            int part = key.columns().indexOf(place.column);
            var parent = part < 0 ? null : records.get(place.record.story.row.refs().getOrDefault(key.id(), ""));
            if (parent == null || !parent.hasRow() || !parent.story.table.equals(key.parent())) continue;
            var column = key.parentColumns().get(part);
            if (parent.story.row.values().containsKey(column)) return Optional.of(new Place(parent, column));
        }
        return Optional.empty();
    }

    private Optional<TableSchema.Column> columnOf(Rec record, String name) {
        return schema(record).flatMap(schema -> schema.columns().stream().filter(column -> column.name().equals(name)).findFirst());
    }

    private void contend() {
        for (var record : records.values()) {
            if (!record.alive || schema(record).isEmpty()) continue;
            var schema = schema(record).get();
            var claims = new ArrayList<String>();
            for (var unique : schema.uniques()) claim(schema, unique, record.wanted).ifPresent(claims::add);
            record.claims = claims;
            for (var claim : claims) claimants.computeIfAbsent(claim, _ -> new ArrayList<>()).add(record);
        }
        for (var record : records.values()) {
            if (!record.alive) continue;
            record.lost = record.claims.stream().anyMatch(claim -> holder(claim) != record);
            boolean dangling = record.story.row.refs().values().stream().anyMatch(ref -> !records.containsKey(ref) || !records.get(ref).hasRow());
            record.broken = dangling || schema(record).isEmpty() || violation(schema(record).get(), record.wanted).isPresent();
        }
    }

    /// The oldest that wants the key.
    Rec holder(String claim) {
        Rec oldest = null;
        for (var record : claimants.get(claim)) if (oldest == null || record.isOlderThan(oldest)) oldest = record;
        return oldest;
    }

    private void keepOut() {
        for (var record : records.values()) record.out = record.alive && (record.lost || record.broken);
        for (boolean more = true; more; ) {
            more = false;
            for (var record : records.values()) {
                if (!record.alive || record.out || parents(record).stream().noneMatch(parent -> parent.out)) continue;
                record.out = true;
                more = true;
            }
        }
    }

    private static SortedMap<String, Value> stored(TableSchema schema, SortedMap<String, Value> row) {
        var stored = new TreeMap<String, Value>();
        for (var column : schema.columns()) if (!column.generated() && row.containsKey(column.name())) stored.put(column.name(), row.get(column.name()));
        return stored;
    }

    /// Why no file would take the row.
    private Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
        for (var column : rules.needed(schema)) if (row.get(column) == null) return Optional.of("nothing for " + column);
        for (var column : schema.columns()) {
            var value = row.get(column.name());
            boolean key = schema.key().contains(column.name());
            if (value instanceof Value.Null && (column.notNull() || key) || value == null && key) return Optional.of("NULL in " + column.name());
            if (key && rules.isRowidKey(schema) && !(value instanceof Value.Int)) return Optional.of("no integer");
        }
        return rules.judged(schema).isEmpty() ? Optional.empty() : rules.violation(schema, stored(schema, row));
    }

    /// The key of a unique index; NULLs never collide.
    Optional<String> claim(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
        boolean computed = unique.columns().isEmpty() || unique.where().isPresent()
            || schema.columns().stream().anyMatch(column -> column.generated() && unique.columns().contains(column.name()));
        var key = computed ? rules.key(schema, unique, stored(schema, row))
            : Optional.of(unique.columns().stream().map(column -> row.getOrDefault(column, Value.NULL)).toList());
        return key.filter(values -> values.stream().noneMatch(Value.Null.class::isInstance))
            .map(values -> schema.name() + "\0" + unique.name() + "\0" + SqlValues.key(values, unique.collations()));
    }

    /// All records that this one refers to, itself or through others, as far as they are alive.
    Set<Rec> above(Rec record) {
        if (record.above != null) return record.above;          // asked for again and again once everything has settled
        var above = new LinkedHashSet<Rec>();
        var next = new ArrayList<>(List.of(record));
        while (!next.isEmpty())
            for (var parent : parents(next.removeLast())) if (parent.alive && above.add(parent)) next.add(parent);
        record.above = above;
        return above;
    }
}

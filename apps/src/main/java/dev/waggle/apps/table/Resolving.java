package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns a person's choice into changes. Each is based on all live versions of its record, so it settles the conflict on every node that gets it.
final class Resolving {
    private final Lookup lookup;
    private final RecordStore store;
    private final Conflicts conflicts;
    private final Map<String, Long> lastKey = new HashMap<>();

    Resolving(Lookup lookup) {
        this.lookup = lookup;
        this.store = lookup.store();
        this.conflicts = new Conflicts(lookup);
    }

    List<RowChange> resolve(String conflictId, Resolution how) {
        return resolve(conflicts.find(conflictId).orElseThrow(() -> new ResolutionRefused("no open conflict has the id " + conflictId)), how);
    }

    /// @param listed as it was listed; what was settled since is refused
    List<RowChange> resolveListed(Conflict listed, Resolution how) {
        var number = store.find(listed.record());
        var now = number.isEmpty() ? Optional.<Conflict>empty() : conflicts.of(store.get(number.getAsLong())).stream().filter(conflict -> conflict.id().equals(listed.id())).findFirst();
        return resolve(now.orElseThrow(() -> new ResolutionRefused("the conflict " + listed.id() + " is settled already")), how);
    }

    private List<RowChange> resolve(Conflict conflict, Resolution how) {
        var state = store.get(store.find(conflict.record()).orElseThrow());
        return switch (conflict.kind()) {
            case SAME_FIELD -> sameField(conflict, state, how);
            case DELETE_AGAINST_EDIT -> deleteAgainstEdit(state, how);
            case SAME_KEY -> sameKey(conflict, state, how);
            case CONSTRAINT -> constraint(state, how);
        };
    }

    private List<RowChange> sameField(Conflict conflict, RecordState state, Resolution how) {
        return switch (how) {
            case Resolution.KeepShown _, Resolution.Dismiss _ -> List.of(update(state, shownFields(conflict, state), state.folded().refs()));
            case Resolution.TakeOther(var wanted) -> List.of(takeOther(conflict, state, wanted.orElse(conflict.others().getLast().version())));
            case Resolution.Restore(var columns) -> {
                if (columns.isEmpty()) throw new ResolutionRefused("say which values the row should have");
                yield List.of(updateTo(state, columns));
            }
        };
    }

    private static SortedMap<String, Value> shownFields(Conflict conflict, RecordState state) {
        var set = new TreeMap<String, Value>();
        for (var field : conflict.fields()) if (state.folded().row().containsKey(field)) set.put(field, state.folded().row().get(field));
        return set;
    }

    /// All fields of the conflict are set, so that all of it is settled: where the other version says nothing, what is shown stays.
    private RowChange takeOther(Conflict conflict, RecordState state, VersionId version) {
        var other = conflict.others().stream().filter(one -> one.version().equals(version)).findFirst()
            .orElseThrow(() -> new ResolutionRefused("the conflict has no version " + version.text()));
        var change = store.changes(state.number()).stream().filter(one -> one.version().equals(version)).findFirst().orElseThrow();
        var set = shownFields(conflict, state);
        set.putAll(other.values());
        var row = new TreeMap<>(lookup.whole(state.wanted()));
        row.putAll(set);
        lookup.constraints().violation(schema(state), row).ifPresent(why -> {
            throw new ResolutionRefused("together with the other fields that breaks a rule (" + why + "): say which values the row should have");
        });
        var refs = new TreeMap<>(state.folded().refs());
        for (var key : schema(state).foreignKeys()) {
            if (key.columns().stream().noneMatch(other.values()::containsKey)) continue;
            refs.remove(key.id());
            if (change.refs().containsKey(key.id())) refs.put(key.id(), change.refs().get(key.id()));
        }
        return update(state, set, refs);
    }

    private List<RowChange> deleteAgainstEdit(RecordState state, Resolution how) {
        return switch (how) {
            case Resolution.KeepShown _, Resolution.Dismiss _ -> List.of(update(state, Collections.emptySortedMap(), Collections.emptySortedMap()));
            case Resolution.TakeOther _ -> deleteWithDescendants(state);
            case Resolution.Restore _ -> throw new ResolutionRefused("the row is there: keep it, or take the delete");
        };
    }

    private List<RowChange> sameKey(Conflict conflict, RecordState state, Resolution how) {
        return switch (how) {
            case Resolution.KeepShown _, Resolution.Dismiss _ -> deleteWithDescendants(state);
            case Resolution.TakeOther _ -> {
                var schema = schema(state);
                if (!conflict.fields().equals(schema.key())) throw new ResolutionRefused("change the row that has the key, or restore this one with another");
                var claim = lookup.constraints().claims(schema, lookup.whole(state.wanted())).getFirst();
                var holder = lookup.holder(claim).orElseThrow();
                yield List.of(updateTo(holder, nextKey(schema(holder))));
            }
            case Resolution.Restore(var columns) -> restore(state, columns.isEmpty() ? nextKey(schema(state)) : columns);
        };
    }

    private List<RowChange> constraint(RecordState state, Resolution how) {
        return switch (how) {
            case Resolution.KeepShown _, Resolution.Dismiss _ -> deleteWithDescendants(state);
            case Resolution.TakeOther _ -> throw new ResolutionRefused("no file takes this row as it is: restore it with other values, or dismiss it");
            case Resolution.Restore(var columns) -> {
                if (columns.isEmpty()) throw new ResolutionRefused("say which values the row should have");
                yield restore(state, columns);
            }
        };
    }

    /// The record with other values, and those below it that lost an integer key of their own with free ones.
    private List<RowChange> restore(RecordState state, SortedMap<String, Value> columns) {
        var schema = schema(state);
        var row = new TreeMap<>(lookup.whole(state.wanted()));
        for (var column : columns.keySet())
            if (schema.columns().stream().noneMatch(one -> one.name().equals(column) && !one.generated()))
                throw new ResolutionRefused(schema.name() + " has no column " + column + " that can be set");
        row.putAll(columns);
        for (var claim : lookup.constraints().claims(schema, row))
            if (store.claimants(claim).stream().anyMatch(number -> number != state.number())) throw new ResolutionRefused("another record has that key too");
        lookup.constraints().violation(schema, row).ifPresent(why -> { throw new ResolutionRefused(why); });
        var changes = new ArrayList<RowChange>();
        changes.add(updateTo(state, columns));
        for (long number : conflicts.descendants(state)) {
            var below = store.get(number);
            if (below.settled().lost() && lostIntegerKey(below)) changes.add(updateTo(below, nextKey(schema(below))));
        }
        return changes;
    }

    private boolean lostIntegerKey(RecordState state) {
        var schema = schema(state);
        if (schema.identity() != TableSchema.Identity.EVENT || schema.key().size() != 1) return false;
        var claims = lookup.constraints().claims(schema, lookup.whole(state.wanted()));
        return !claims.isEmpty() && lookup.holder(claims.getFirst()).filter(holder -> holder.number() != state.number()).isPresent();
    }

    /// The key column with the first integer above all that are wanted in this table, and above those given away before in this resolution.
    private SortedMap<String, Value> nextKey(TableSchema schema) {
        if (schema.identity() != TableSchema.Identity.EVENT || schema.key().size() != 1)
            throw new ResolutionRefused("say under which key: only integer keys can be chosen");
        var column = schema.key().getFirst();
        long last = lastKey.computeIfAbsent(schema.name(), table -> {
            var claimants = store.lastClaimants(KeyBytes.prefix(table, ""));
            if (claimants.isEmpty()) return 0L;
            if (KeyBytes.normal(store.get(claimants.getFirst()).wanted().get(column), "BINARY") instanceof Value.Int(var integer)) return integer;
            throw new ResolutionRefused("say under which key: the greatest key of " + table + " is no integer");
        });
        if (last == Long.MAX_VALUE) throw new ResolutionRefused("say under which key: the greatest integer is taken");
        lastKey.put(schema.name(), last + 1);
        return new TreeMap<>(Map.of(column, new Value.Int(last + 1)));
    }

    /// Those that refer to a deleted record would bring it back: they go with it.
    private List<RowChange> deleteWithDescendants(RecordState state) {
        var changes = new ArrayList<RowChange>();
        changes.add(delete(state));
        for (long number : conflicts.descendants(state)) changes.add(delete(store.get(number)));
        return changes;
    }

    private RowChange delete(RecordState state) {
        var set = new TreeMap<String, Value>();
        for (var column : schema(state).key()) if (state.wanted().containsKey(column)) set.put(column, state.wanted().get(column));
        return new RowChange(RowChange.Kind.DELETE, state.folded().table(), Optional.of(new RowChange.Ref.Known(state.id())), state.folded().live(), set,
            Collections.emptySortedMap());
    }

    /// @param from where the references of the foreign keys set are taken from
    private RowChange update(RecordState state, SortedMap<String, Value> set, SortedMap<Integer, Long> from) {
        var refs = new TreeMap<Integer, RowChange.Ref>();
        for (var key : schema(state).foreignKeys()) {
            var parent = from.get(key.id());
            if (parent != null && key.columns().stream().anyMatch(set::containsKey)) refs.put(key.id(), new RowChange.Ref.Known(store.get(parent).id()));
        }
        return change(state, set, refs);
    }

    /// References of foreign keys that are set are looked up by the new values.
    private RowChange updateTo(RecordState state, SortedMap<String, Value> set) {
        var row = new TreeMap<>(lookup.whole(state.wanted()));
        row.putAll(set);
        var refs = new TreeMap<Integer, RowChange.Ref>();
        var parents = new Parents(lookup);
        for (var key : schema(state).foreignKeys()) {
            if (key.columns().stream().noneMatch(set::containsKey)) continue;
            parents.claim(key, row).flatMap(lookup::shownClaimant).ifPresent(parent -> refs.put(key.id(), new RowChange.Ref.Known(parent.id())));
        }
        return change(state, set, refs);
    }

    private static RowChange change(RecordState state, SortedMap<String, Value> set, SortedMap<Integer, RowChange.Ref> refs) {
        return new RowChange(RowChange.Kind.UPDATE, state.folded().table(), Optional.of(new RowChange.Ref.Known(state.id())), state.folded().live(), set, refs);
    }

    private TableSchema schema(RecordState state) {
        return lookup.facts().schema(state.folded().table()).orElseThrow();
    }
}

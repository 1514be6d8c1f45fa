package dev.waggle.apps.table;

import dev.waggle.core.event.EventId;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Tells how records came to be what they are. Reads only what a settled view holds, and of a record's changes no more than [RowStory#CHANGES_LOOKED_MAX].
final class Explaining {
    /// A deleted record with an integer key is found by its key only among so many records of its table, the newest.
    static final int DELETED_LOOKED_MAX = 10_000;

    private final Lookup lookup;
    private final RecordStore store;

    Explaining(Lookup lookup) {
        this.lookup = lookup;
        this.store = lookup.store();
    }

    /// The records that a key speaks of: those that have it or want it, the one that is shown first; else those that had it when they were deleted.
    List<RowStory> at(TableSchema schema, List<Value> key) {
        var collations = schema.uniques().getFirst().collations();
        var numbers = store.claimants(KeyBytes.claim(schema.name(), "", key, collations));
        if (numbers.isEmpty()) numbers = deleted(schema, key, collations);
        return numbers.stream().map(this::story).sorted(Comparator.comparing(RowStory::status, Comparator.comparing(status -> status != RecordState.Status.SHOWN))).toList();
    }

    private List<Long> deleted(TableSchema schema, List<Value> key, List<String> collations) {
        var parts = new ArrayList<Value>();
        for (int i = 0; i < key.size(); i++) parts.add(KeyBytes.identify(key.get(i), i < collations.size() ? collations.get(i) : "BINARY"));
        var named = schema.identity() == TableSchema.Identity.KEY ? store.find(RecordId.ofKey(schema.name(), parts)) : OptionalLong.empty();
        if (named.isPresent()) return List.of(named.getAsLong());
        var newest = new long[DELETED_LOOKED_MAX];
        var count = new long[1];
        store.forEachOf(schema.name(), number -> newest[(int) (count[0]++ % DELETED_LOOKED_MAX)] = number);
        var claim = KeyBytes.claim(schema.name(), "", key, collations);
        var found = new ArrayList<Long>();
        for (int i = 0; i < Math.min(count[0], DELETED_LOOKED_MAX); i++) {
            var state = store.get(newest[i]);
            if (state.folded().hasRow() && Arrays.equals(claim, KeyBytes.claim(schema.name(), "", Lookup.key(schema, lookup.whole(state.wanted())), collations))) found.add(newest[i]);
        }
        return found;
    }

    /// What an event did, told of the first records that it changed.
    RowStory.Effects effects(EventId event, int storiesMax) {
        var line = store.event(event);
        if (line.isEmpty()) return new RowStory.Effects(false, 0, List.of(), Optional.empty());
        var records = line.get().records().stream().distinct().toList();
        return new RowStory.Effects(true, records.size(), records.stream().limit(storiesMax).map(this::story).toList(),
            store.meta(TableView.QUARANTINE + event.hex()).map(bytes -> TableView.quarantined(event, bytes).why()));
    }

    private RowStory story(long number) {
        var state = store.get(number);
        long known = store.changesCount(number);
        var changes = store.newestChanges(number, RowStory.CHANGES_LOOKED_MAX);
        boolean all = known <= changes.size();
        var table = state.folded().table().isEmpty() ? Fold.table(state.id(), changes) : state.folded().table();
        var schema = lookup.facts().schema(table);
        var row = state.wanted();
        var origins = all ? Settling.origins(state.id(), changes, lookup.facts(), lookup.constraints()) : Fold.Origins.among(changes, state.folded().row());
        var conflicts = all ? new Conflicts(lookup).of(state) : List.<Conflict>of();
        var fields = new ArrayList<RowStory.Field>();
        lookup.whole(row).forEach((column, value) -> fields.add(new RowStory.Field(column, value, Optional.ofNullable(origins.from().get(column)).map(Change::stamp),
            state.settled().followed().containsKey(column), lost(origins, column))));
        var declared = schema.map(TableSchema::columns).orElse(List.of()).stream().map(TableSchema.Column::name).toList();
        fields.sort(Comparator.comparingInt(field -> declared.indexOf(field.column())));
        return new RowStory(table, state.id(), state.settled().status(), lookup.facts().policy(table), schema.map(of -> Lookup.key(of, lookup.whole(row))).orElse(List.of()), fields,
            made(state, changes, origins), known, changes.size(), conflicts);
    }

    private List<RowStory.Lost> lost(Fold.Origins origins, String column) {
        var lost = new ArrayList<RowStory.Lost>();
        for (var rival : origins.rivals())
            if (rival.values().containsKey(column)) lost.add(new RowStory.Lost(rival.change().stamp(), Values.whole(rival.values().get(column), lookup.chunks())));
        return lost;
    }

    private static List<RowStory.Made> made(RecordState state, List<Change> changes, Fold.Origins origins) {
        Set<VersionId> sources = new HashSet<>();
        origins.from().values().forEach(change -> sources.add(change.version()));
        Set<VersionId> lost = new HashSet<>();
        origins.rivals().forEach(rival -> lost.add(rival.change().version()));
        if (state.folded().present()) origins.deletes().forEach(delete -> lost.add(delete.version()));
        var live = new HashSet<>(state.folded().live());
        return changes.stream().sorted(Comparator.comparing(Change::stamp).reversed()).limit(RowStory.CHANGES_SHOWN_MAX).map(change -> {
            boolean deletes = change.kind() == RowChange.Kind.DELETE;
            var fate = !change.counts() ? RowStory.Fate.VOID
                : !origins.effective().contains(change.version()) ? RowStory.Fate.WITHOUT_EFFECT
                : lost.contains(change.version()) ? RowStory.Fate.LOST
                : deletes ? live.contains(change.version()) && !state.folded().present() ? RowStory.Fate.SHOWN : RowStory.Fate.REPLACED
                : sources.contains(change.version()) && state.isAlive() ? RowStory.Fate.SHOWN : RowStory.Fate.REPLACED;
            return new RowStory.Made(change.stamp(), change.kind(), fate, change.set());
        }).toList();
    }
}

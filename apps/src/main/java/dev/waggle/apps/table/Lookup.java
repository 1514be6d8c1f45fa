package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Reads of a settled view.
record Lookup(RecordStore store, Facts facts, Constraints constraints, ChunkSource chunks) {
    /// The record whose row is shown under a key.
    Optional<RecordState> shown(String table, List<Value> key) {
        var schema = facts.schema(table);
        if (schema.isEmpty() || key.size() != schema.get().key().size()) return Optional.empty();
        return shownClaimant(KeyBytes.claim(table, "", key, schema.get().uniques().getFirst().collations()));
    }

    Optional<RecordState> shownClaimant(byte[] claim) {
        for (long number : store.claimants(claim)) {
            var state = store.get(number);
            if (state.settled().status() == RecordState.Status.SHOWN) return Optional.of(state);
        }
        return Optional.empty();
    }

    /// The record that holds a claim, shown or kept out with another: the oldest that wants it.
    Optional<RecordState> holder(byte[] claim) {
        RecordState holder = null;
        for (long number : store.claimants(claim)) {
            var state = store.get(number);
            if (holder == null || state.folded().created().orElseThrow().compareTo(holder.folded().created().orElseThrow()) < 0) holder = state;
        }
        return Optional.ofNullable(holder);
    }

    static List<Value> key(TableSchema schema, SortedMap<String, Value> row) {
        var key = new ArrayList<Value>();
        for (var column : schema.key()) key.add(row.getOrDefault(column, Value.NULL));
        return key;
    }

    SortedMap<String, Value> whole(SortedMap<String, Value> row) {
        return Values.whole(row, chunks);
    }
}

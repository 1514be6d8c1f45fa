package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.util.List;

/// Where a row stands: its table and key values, see [TrackedTable#at].
record RowKey(String table, List<Value> key) {
    RowKey {
        key = List.copyOf(key);
    }

    boolean hasNull() {
        return key.stream().anyMatch(Value.Null.class::isInstance);
    }

    /// For people.
    String show() {
        return table + key.stream().map(value -> value.show(40)).toList();
    }
}

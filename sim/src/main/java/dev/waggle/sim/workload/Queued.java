package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.util.List;

/// What a trigger of a tracked file queues: keys only.
///
/// @param old the key before an update; else empty
public record Queued(Operation operation, String table, List<Value> key, List<Value> old) {
    public enum Operation {
        INSERT, UPDATE, DELETE,
        /// A row that REPLACE may have removed through another unique index.
        REPLACE
    }

    static Queued inserted(String table, List<Value> key) {
        return new Queued(Operation.INSERT, table, key, List.of());
    }

    static Queued updated(String table, List<Value> old, List<Value> key) {
        return new Queued(Operation.UPDATE, table, key, old);
    }

    static Queued deleted(String table, List<Value> key) {
        return new Queued(Operation.DELETE, table, key, List.of());
    }

    static Queued replaced(String table, List<Value> key) {
        return new Queued(Operation.REPLACE, table, key, List.of());
    }
}

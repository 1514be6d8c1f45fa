package dev.waggle.node.cli;

import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;
import dev.waggle.store.view.ScratchRules;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// SQLite's judgement for many simulated runs at a time: each thread asks a scratch database of its own.
final class SharedRules implements RowRules, AutoCloseable {
    private final Queue<ScratchRules> opened = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<ScratchRules> own = ThreadLocal.withInitial(() -> {
        var rules = new ScratchRules();
        opened.add(rules);
        return rules;
    });

    @Override public String judged(TableSchema schema) {
        return own.get().judged(schema);
    }

    @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
        return own.get().violation(schema, row);
    }

    @Override public boolean isRowidKey(TableSchema schema) {
        return own.get().isRowidKey(schema);
    }

    @Override public Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
        return own.get().key(schema, unique, row);
    }

    /// Once all threads are done.
    @Override public void close() {
        opened.forEach(ScratchRules::close);
    }
}

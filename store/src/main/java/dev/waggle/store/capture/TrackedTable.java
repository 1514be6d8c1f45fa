package dev.waggle.store.capture;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// A table of the file that can be tracked.
///
/// @param stored        the columns that hold data, in declared order: all but the generated ones
/// @param keyCollations one for each key column: what makes two keys equal
/// @param rowidKey      the key is the rowid itself
record TrackedTable(TableSchema schema, List<String> stored, List<String> keyCollations, boolean rowidKey) {
    TrackedTable {
        stored = List.copyOf(stored);
        keyCollations = List.copyOf(keyCollations);
    }

    static TrackedTable of(TableSchema schema, boolean rowidKey) {
        var stored = schema.columns().stream().filter(column -> !column.generated()).map(TableSchema.Column::name).toList();
        return new TrackedTable(schema, stored, schema.uniques().getFirst().collations(), rowidKey);
    }

    String name() {
        return schema.name();
    }

    List<Value> keyOf(SortedMap<String, Value> row) {
        var key = new ArrayList<Value>(schema.key().size());
        for (var column : schema.key()) key.add(row.getOrDefault(column, Value.NULL));
        return key;
    }

    boolean hasExpressionIndex() {
        return schema.uniques().stream().anyMatch(unique -> unique.columns().isEmpty());
    }
}

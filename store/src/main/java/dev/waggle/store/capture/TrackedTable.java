package dev.waggle.store.capture;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
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

    /// Where a row with this key stands: keys that the file counts as one are spelt in one way here, and find the row as the file spells it.
    RowKey at(List<Value> exactKey) {
        var key = new ArrayList<Value>(exactKey.size());
        for (int part = 0; part < exactKey.size(); part++) key.add(normal(exactKey.get(part), keyCollations.get(part)));
        return new RowKey(name(), key);
    }

    RowKey at(SortedMap<String, Value> row) {
        return at(keyOf(row));
    }

    private static Value normal(Value value, String collation) {
        return switch (value) {
            case Value.Real(var number) when number == Math.rint(number) && Math.abs(number) <= 1L << 53 -> new Value.Int((long) number);
            case Value.Text(var bytes) when collation.equalsIgnoreCase("NOCASE") -> {
                var lower = bytes.clone();
                for (int i = 0; i < lower.length; i++) if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] += 'a' - 'A';
                yield new Value.Text(lower);
            }
            case Value.Text(var bytes) when collation.equalsIgnoreCase("RTRIM") -> {
                int length = bytes.length;
                while (length > 0 && bytes[length - 1] == ' ') length--;
                yield new Value.Text(Arrays.copyOf(bytes, length));
            }
            default -> value;
        };
    }

    boolean hasExpressionIndex() {
        return schema.uniques().stream().anyMatch(unique -> unique.columns().isEmpty());
    }
}

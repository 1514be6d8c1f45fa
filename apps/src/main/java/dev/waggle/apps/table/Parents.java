package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedMap;

/// Finds by its values the row that a foreign key refers to.
final class Parents {
    private final Lookup lookup;

    Parents(Lookup lookup) {
        this.lookup = lookup;
    }

    /// The unique key of the parent table that the foreign key's columns of `row` name, as [KeyBytes#claim].
    ///
    /// @return empty when a column is NULL, the parent is not tracked, or its columns are no unique key
    Optional<byte[]> claim(TableSchema.ForeignKey key, SortedMap<String, Value> row) {
        var parent = lookup.facts().schema(key.parent());
        if (parent.isEmpty()) return Optional.empty();
        for (var unique : parent.get().uniques()) {
            if (unique.where().isPresent() || unique.columns().size() != key.parentColumns().size() || !unique.columns().containsAll(key.parentColumns())) continue;
            var values = new ArrayList<Value>();
            for (var column : unique.columns()) {
                var value = row.get(key.columns().get(key.parentColumns().indexOf(column)));
                if (value == null || value instanceof Value.Null) return Optional.empty();
                values.add(Constraints.stored(Constraints.type(parent.get(), column), value));
            }
            return Optional.of(KeyBytes.claim(key.parent(), unique.name(), values, unique.collations()));
        }
        return Optional.empty();
    }
}

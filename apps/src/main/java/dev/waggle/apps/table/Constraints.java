package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a table's schema asks of a row, as far as it can be said without SQLite; the rest is asked of [RowRules].
final class Constraints {
    private static final int ASKED_MAX = 1_000;

    private final RowRules rules;
    private final ChunkSource chunks;
    private final Map<TableSchema, Asked> asked = new IdentityHashMap<>();     // a schema's hash would read all of it, once a row

    /// What a schema asks of every row.
    ///
    /// @param rowidKey the key takes integers only
    /// @param judged   whether [RowRules] have to be asked, too
    private record Asked(List<String> notNull, List<String> needed, boolean rowidKey, boolean judged) {}

    Constraints(RowRules rules, ChunkSource chunks) {
        this.rules = rules;
        this.chunks = chunks;
    }

    /// When this changes with a schema, all rows of the table are looked at again.
    List<Object> judged(TableSchema schema) {
        return List.of(schema.key(), schema.uniques(), schema.foreignKeys(), schema.identity(), rules.judged(schema), rules.needed(schema), rules.isRowidKey(schema),
            schema.columns().stream().filter(TableSchema.Column::notNull).map(TableSchema.Column::name).toList(),
            schema.columns().stream().filter(TableSchema.Column::generated).map(TableSchema.Column::name).toList());
    }

    /// Why no file would take this row; empty when it fits. A row may lack columns: what made it whole is void, or the columns came later than the row.
    Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
        var asked = asked(schema);
        for (var name : asked.notNull) if (row.get(name) instanceof Value.Null) return Optional.of(name + " must not be NULL");
        for (var name : asked.needed) if (!row.containsKey(name)) return Optional.of(name + " is missing, and has no default");
        for (var name : schema.key())
            if (row.getOrDefault(name, Value.NULL) instanceof Value.Null) return Optional.of(name + " is part of the key and must not be NULL");
        if (asked.rowidKey && !(row.get(schema.key().getFirst()) instanceof Value.Int))
            return Optional.of(schema.key().getFirst() + " must be an integer");
        return asked.judged ? rules.violation(schema, Values.whole(stored(schema, row), chunks)) : Optional.empty();
    }

    private Asked asked(TableSchema schema) {
        if (asked.size() > ASKED_MAX) asked.clear();                           // schemas are read anew now and then; old ones are not asked for again
        return asked.computeIfAbsent(schema, _ -> new Asked(schema.columns().stream().filter(TableSchema.Column::notNull).map(TableSchema.Column::name).toList(),
            List.copyOf(rules.needed(schema)), rules.isRowidKey(schema), !rules.judged(schema).isEmpty()));
    }

    /// The columns that the table has; others wait until the table has them too.
    static SortedMap<String, Value> stored(TableSchema schema, SortedMap<String, Value> row) {
        int known = 0;
        for (var column : schema.columns()) if (!column.generated() && row.containsKey(column.name())) known++;
        if (known == row.size()) return row;
        var stored = new TreeMap<String, Value>();
        for (var column : schema.columns())
            if (!column.generated() && row.containsKey(column.name())) stored.put(column.name(), row.get(column.name()));
        return stored;
    }

    /// The unique keys that a row wants, as [KeyBytes#claim]; the primary key first. NULLs never collide.
    List<byte[]> claims(TableSchema schema, SortedMap<String, Value> row) {
        var claims = new ArrayList<byte[]>();
        for (var unique : schema.uniques()) key(schema, unique, row).ifPresent(key -> claims.add(KeyBytes.claim(schema.name(), unique.name(), key, unique.collations())));
        return claims;
    }

    Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
        if (needsRules(schema, unique)) {
            var key = rules.key(schema, unique, Values.whole(stored(schema, row), chunks));
            return key.filter(values -> values.stream().noneMatch(Value.Null.class::isInstance));
        }
        var key = new ArrayList<Value>(unique.columns().size());
        for (var column : unique.columns()) {
            var value = row.get(column);
            if (value == null || value instanceof Value.Null) return Optional.empty();
            key.add(Values.whole(value, chunks));
        }
        return Optional.of(key);
    }

    private static boolean needsRules(TableSchema schema, TableSchema.Unique unique) {
        if (unique.columns().isEmpty() || unique.where().isPresent()) return true;
        for (var column : schema.columns()) if (column.generated() && unique.columns().contains(column.name())) return true;
        return false;
    }

    /// References without those of which a column is NULL: such a foreign key is not in force.
    static SortedMap<Integer, Long> inForce(Optional<TableSchema> schema, SortedMap<String, Value> row, SortedMap<Integer, Long> refs) {
        if (refs.isEmpty() || schema.isEmpty()) return refs;
        Set<Integer> off = new HashSet<>(refs.keySet());
        for (var key : schema.get().foreignKeys()) if (!hasNull(row, key.columns())) off.remove(key.id());
        if (off.isEmpty()) return refs;
        var left = new TreeMap<>(refs);
        left.keySet().removeAll(off);
        return left;
    }

    private static boolean hasNull(SortedMap<String, Value> row, List<String> columns) {
        for (var column : columns) if (row.getOrDefault(column, Value.NULL) instanceof Value.Null) return true;
        return false;
    }

    static String collation(TableSchema schema, String column) {
        for (var one : schema.columns()) if (one.name().equals(column)) return one.collation();
        return "BINARY";
    }

    static String type(TableSchema schema, String column) {
        for (var one : schema.columns()) if (one.name().equals(column)) return one.type();
        return "";
    }

    /// The value as a column of this declared type stores it (datatype3.html section 3.1), for keys that travel between tables.
    static Value stored(String type, Value value) {
        var upper = type.toUpperCase(Locale.ROOT);
        if (upper.contains("INT")) return number(value);
        if (upper.contains("CHAR") || upper.contains("CLOB") || upper.contains("TEXT"))
            return value instanceof Value.Int(var integer) ? Value.Text.of(Long.toString(integer)) : value;
        if (upper.isEmpty() || upper.contains("BLOB")) return value;
        if (upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB"))
            return number(value) instanceof Value.Int(var integer) && (long) (double) integer == integer ? new Value.Real(integer) : value;
        return number(value);
    }

    private static Value number(Value value) {
        if (!(value instanceof Value.Text text)) return KeyBytes.normal(value, "BINARY");
        if (text.bytes().length > 20) return value;
        try {
            var digits = text.lossy();
            long integer = Long.parseLong(digits);
            return Long.toString(integer).equals(digits) ? new Value.Int(integer) : value;
        } catch (NumberFormatException _) {
            return value;                                   // text that is no integer stays text, as in SQLite
        }
    }
}

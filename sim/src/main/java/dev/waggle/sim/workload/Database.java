package dev.waggle.sim.workload;

import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.TableSchema.ForeignKey;
import dev.waggle.apps.table.TableSchema.Unique;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tables that every node's programs share, with all that SQLite knows of them.
public final class Database {
    /// What happens to a row whose parent goes or changes its key.
    public enum Action {
        /// The statement fails when the child still refers to nothing at its end.
        NO_ACTION,
        /// The statement fails at once.
        RESTRICT,
        SET_NULL, SET_DEFAULT, CASCADE;

        /// @param words as `PRAGMA foreign_key_list` spells them
        public static Action of(String words) {
            return switch (words.toUpperCase(Locale.ROOT)) {
                case "SET NULL" -> SET_NULL;
                case "SET DEFAULT" -> SET_DEFAULT;
                case "CASCADE" -> CASCADE;
                case "RESTRICT" -> RESTRICT;
                default -> NO_ACTION;
            };
        }
    }

    public record Actions(Action onDelete, Action onUpdate) {
        public static final Actions NONE = new Actions(Action.NO_ACTION, Action.NO_ACTION);
    }

    /// @param stored   columns that hold data: all but the generated ones
    /// @param actions  by the number of the foreign key; one that is missing does nothing
    /// @param defaults of columns that have a constant one; others default to NULL
    public record Table(TableSchema schema, List<TableSchema.Column> stored, SortedMap<Integer, Actions> actions, SortedMap<String, Value> defaults) {
        public Table(TableSchema schema, SortedMap<Integer, Actions> actions, SortedMap<String, Value> defaults) {
            this(schema, schema.columns().stream().filter(column -> !column.generated()).toList(), actions, defaults);
        }

        public static Table of(TableSchema schema) {
            return new Table(schema, Collections.emptySortedMap(), Collections.emptySortedMap());
        }

        public String name() {
            return schema.name();
        }

        Actions action(ForeignKey key) {
            return actions.getOrDefault(key.id(), Actions.NONE);
        }

        boolean isRowidKey() {
            return schema.identity() == TableSchema.Identity.EVENT && !schema.withoutRowid() && type(schema.key().getFirst()).equalsIgnoreCase("INTEGER");
        }

        String type(String column) {
            return column(column).type();
        }

        TableSchema.Column column(String name) {
            for (var column : schema.columns()) if (column.name().equals(name)) return column;
            throw new IllegalArgumentException(schema.name() + " has no column " + name);
        }

        public List<Value> key(SortedMap<String, Value> row) {
            return values(schema.key(), row);
        }

        /// What tells this row's key from all others of the table.
        public String keyText(List<Value> key) {
            return SqlValues.key(key, schema.uniques().getFirst().collations());
        }
    }

    /// A foreign key of `child`, and the unique index of the parent that it looks in.
    record Reference(Table child, ForeignKey key, Table parent, Unique index) {}

    private final SortedMap<String, Table> tables;
    private final RowRules rules;
    private final Map<String, String> judged = new HashMap<>();
    private final Map<String, List<Reference>> byChild = new HashMap<>();
    private final Map<String, List<Reference>> byParent = new HashMap<>();

    public Database(List<Table> tables, RowRules rules) {
        var byName = new TreeMap<String, Table>();
        for (var table : tables) byName.put(table.name(), table);
        this.tables = Collections.unmodifiableSortedMap(byName);
        this.rules = rules;
        for (var table : byName.values()) {
            judged.put(table.name(), rules.judged(table.schema()));
            for (var key : table.schema().foreignKeys()) reference(table, key).ifPresent(found -> {
                byChild.computeIfAbsent(table.name(), _ -> new ArrayList<>()).add(found);
                byParent.computeIfAbsent(key.parent(), _ -> new ArrayList<>()).add(found);
            });
        }
    }

    /// Empty where SQLite would say "foreign key mismatch": nothing can be looked up then, and nothing is enforced here.
    private Optional<Reference> reference(Table child, ForeignKey key) {
        var parent = tables.get(key.parent());
        if (parent == null) return Optional.empty();
        return parent.schema().uniques().stream()
            .filter(unique -> unique.where().isEmpty() && unique.columns().size() == key.parentColumns().size() && unique.columns().containsAll(key.parentColumns()))
            .findFirst().map(unique -> new Reference(child, key, parent, unique));
    }

    public SortedMap<String, Table> tables() {
        return tables;
    }

    public RowRules rules() {
        return rules;
    }

    /// The table of this name, whatever the case of its letters, as in SQL.
    public Optional<Table> find(String name) {
        return tables.values().stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst();
    }

    /// The schemas, parents before their children.
    public List<TableSchema> schemas() {
        var ordered = new ArrayList<TableSchema>();
        var left = new TreeMap<>(tables);
        while (!left.isEmpty()) {
            var free = left.values().stream().filter(table -> table.schema().foreignKeys().stream()
                .noneMatch(key -> !key.parent().equals(table.name()) && left.containsKey(key.parent()))).toList();
            for (var table : free.isEmpty() ? List.of(left.firstEntry().getValue()) : free) {
                ordered.add(table.schema());
                left.remove(table.name());
            }
        }
        return ordered;
    }

    /// The foreign keys that rows of this table must satisfy.
    List<Reference> references(String child) {
        return byChild.getOrDefault(child, List.of());
    }

    /// The foreign keys that refer to rows of this table.
    List<Reference> referring(String parent) {
        return byParent.getOrDefault(parent, List.of());
    }

    /// Why SQLite would not take this row, whatever else is in the table; empty when it would.
    Optional<String> violation(Table table, SortedMap<String, Value> row) {
        for (var column : table.stored())
            if ((column.notNull() || table.schema().key().contains(column.name())) && row.getOrDefault(column.name(), Value.NULL) instanceof Value.Null)
                return Optional.of("NOT NULL " + table.name() + "." + column.name());
        if (table.isRowidKey() && !(row.get(table.schema().key().getFirst()) instanceof Value.Int))
            return Optional.of("an integer is expected in " + table.name() + "." + table.schema().key().getFirst());
        return judged.get(table.name()).isEmpty() ? Optional.empty() : rules.violation(table.schema(), row);
    }

    /// The keys of unique indexes that a row takes, by the index's name; the primary key is named "". NULLs take none.
    List<String> claims(Table table, SortedMap<String, Value> row) {
        var claims = new ArrayList<String>();
        for (var unique : table.schema().uniques())
            uniqueKey(table, unique, row).ifPresent(key -> claims.add(claim(table, unique, key)));
        return claims;
    }

    private Optional<List<Value>> uniqueKey(Table table, Unique unique, SortedMap<String, Value> row) {
        var key = isComputed(table, unique) ? rules.key(table.schema(), unique, row) : Optional.of(values(unique.columns(), row));
        return key.filter(values -> !values.contains(Value.NULL));
    }

    private static boolean isComputed(Table table, Unique unique) {
        if (unique.columns().isEmpty() || unique.where().isPresent()) return true;
        for (var column : unique.columns()) if (table.column(column).generated()) return true;
        return false;
    }

    private static List<Value> values(List<String> columns, SortedMap<String, Value> row) {
        var values = new Value[columns.size()];
        for (int i = 0; i < values.length; i++) values[i] = row.getOrDefault(columns.get(i), Value.NULL);
        return List.of(values);
    }

    private static String claim(Table table, Unique unique, List<Value> key) {
        return table.name() + "\0" + unique.name() + "\0" + SqlValues.key(key, unique.collations());
    }

    /// What the foreign key looks for among the parent's keys; empty when it is not in force because a column is NULL.
    Optional<String> wantedParent(Reference reference, SortedMap<String, Value> row) {
        var key = new ArrayList<Value>();
        for (var column : reference.index().columns()) {
            var own = reference.key().columns().get(reference.key().parentColumns().indexOf(column));
            var value = row.getOrDefault(own, Value.NULL);
            if (value instanceof Value.Null) return Optional.empty();
            key.add(SqlValues.stored(reference.parent().type(column), value));
        }
        return Optional.of(claim(reference.parent(), reference.index(), key));
    }

    /// What children of this row look for.
    Optional<String> offered(Reference reference, SortedMap<String, Value> parentRow) {
        return uniqueKey(reference.parent(), reference.index(), parentRow).map(key -> claim(reference.parent(), reference.index(), key));
    }
}

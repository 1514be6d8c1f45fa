package dev.waggle.sim.workload;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// A program that writes to one file: transactions of statements drawn from a workload. A statement that SQLite would refuse changes nothing, and the
/// program goes on with the next.
public final class Program {
    /// Told of every statement.
    public interface Observer {
        /// @param without it changed nothing
        void ran(Workload.Statement statement, boolean without);
    }

    private static final int PARENTS_DEPTH_MAX = 6;
    private static final int TRIES = 4;

    private final Workload workload;
    private final Database database;
    private final FileRows rows;
    private final Observer observer;
    private RandomGenerator random;
    private Typical typical;
    private final int weights;

    public Program(Workload workload, FileRows rows, Observer observer) {
        this.workload = workload;
        this.database = workload.database();
        this.rows = rows;
        this.observer = observer;
        this.weights = workload.statements().stream().mapToInt(Workload.Statement::weight).sum();
    }

    /// One transaction.
    ///
    /// @return what the file's triggers queue, in order
    public List<Queued> transaction(RandomGenerator chance) {
        if (chance != random) {
            random = chance;
            typical = new Typical(chance);
        }
        var queued = new ArrayList<Queued>();
        int count = random.nextInt(workload.statementsMin(), workload.statementsMax() + 1);
        for (int i = 0; i < count; i++) {
            var statement = draw();
            boolean done = false;
            for (int attempt = 0; attempt < TRIES && !done; attempt++) done = run(statement, queued);
            observer.ran(statement, !done);
        }
        return queued;
    }

    private Workload.Statement draw() {
        int at = random.nextInt(weights);
        for (var statement : workload.statements()) {
            at -= statement.weight();
            if (at < 0) return statement;
        }
        throw new IllegalStateException("weights add up");
    }

    /// @return false when nothing changed: SQLite would refuse it, or there is no row
    private boolean run(Workload.Statement statement, List<Queued> queued) {
        var table = database.tables().get(statement.table());
        try {
            switch (statement) {
                case Workload.Statement.Insert(_, _, var columns, var replace) -> insert(table, columns, replace, queued, 0);
                case Workload.Statement.Update(_, _, var columns) -> {
                    var row = some(table);
                    if (row.isEmpty()) return false;
                    var next = changed(table, columns, row.get(), queued);
                    if (next.equals(row.get())) return false;
                    queued.addAll(attempt().run(attempt -> attempt.update(table, row.get(), next)));
                }
                case Workload.Statement.Delete _ -> {
                    var row = some(table);
                    if (row.isEmpty()) return false;
                    queued.addAll(attempt().run(attempt -> attempt.delete(table, row.get())));
                }
            }
            return true;
        } catch (Attempt.Refused _) {
            return false;
        }
    }

    private Attempt attempt() {
        return new Attempt(rows, workload.foreignKeys());
    }

    private Optional<SortedMap<String, Value>> some(Database.Table table) {
        int count = rows.count(table.name());
        return count == 0 ? Optional.empty() : Optional.of(rows.at(table.name(), random.nextInt(count)));
    }

    private void insert(Database.Table table, Map<String, Generator> columns, boolean replace, List<Queued> queued, int depth) {
        var row = new TreeMap<String, Value>();
        for (var column : table.stored()) {
            var generator = columns.get(column.name());
            if (generator != null) row.put(column.name(), drawn(generator, table, column.name(), Value.NULL));
        }
        fillReferences(table, row, queued, depth);
        for (var column : table.stored())
            if (!row.containsKey(column.name())) row.put(column.name(), typical(table, column.name()));
        requireRowid(table, row);
        var stored = stored(table, row);
        queued.addAll(attempt().run(attempt -> attempt.insert(table, stored, replace)));
    }

    /// SQLite gives a row without an id the next one.
    private void requireRowid(Database.Table table, SortedMap<String, Value> row) {
        var key = table.schema().key().getFirst();
        if (table.isRowidKey() && row.get(key) instanceof Value.Null) row.put(key, next(table, key));
    }

    private Value typical(Database.Table table, String column) {
        boolean alone = table.schema().key().equals(List.of(column));
        if (alone && SqlValues.Affinity.of(table.type(column)) == SqlValues.Affinity.INTEGER && random.nextInt(3) != 0) return next(table, column);
        return typical.of(table, Typical.Column.of(table, column));
    }

    /// Fills foreign key columns that are not set yet, each key from one parent; a parent that is needed and not there is inserted first.
    private void fillReferences(Database.Table table, SortedMap<String, Value> row, List<Queued> queued, int depth) {
        for (var reference : database.references(table.name())) {
            var key = reference.key();
            if (row.keySet().containsAll(key.columns())) continue;
            boolean needed = key.columns().stream().anyMatch(column -> table.column(column).notNull() || table.schema().key().contains(column));
            if (!needed && random.nextInt(4) == 0) continue;
            var parent = parentFor(reference, row);
            if (parent.isEmpty() && depth < PARENTS_DEPTH_MAX && reference.parent() != table && (needed || random.nextBoolean())) {
                insert(reference.parent(), Map.of(), false, queued, depth + 1);
                parent = parentFor(reference, row);
            }
            for (int i = 0; i < key.columns().size(); i++) {
                var column = key.parentColumns().get(i);
                var value = parent.map(found -> found.getOrDefault(column, Value.NULL)).orElse(Value.NULL);
                if (!row.containsKey(key.columns().get(i))) row.put(key.columns().get(i), value);
            }
        }
    }

    /// A parent that agrees with the columns set already: foreign keys may share columns.
    private Optional<SortedMap<String, Value>> parentFor(Database.Reference reference, SortedMap<String, Value> row) {
        var parent = some(reference.parent());
        var key = reference.key();
        if (parent.isEmpty() || key.columns().stream().noneMatch(row::containsKey)) return parent;
        var fitting = rows.all(reference.parent().name()).stream().filter(each -> {
            for (int i = 0; i < key.columns().size(); i++) {
                var own = row.get(key.columns().get(i));
                if (own != null && !own.equals(each.get(key.parentColumns().get(i)))) return false;
            }
            return true;
        }).toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(fitting.get(random.nextInt(fitting.size())));
    }

    private SortedMap<String, Value> changed(Database.Table table, Map<String, Generator> columns, SortedMap<String, Value> row, List<Queued> queued) {
        var next = new TreeMap<>(row);
        columns.forEach((column, generator) -> next.put(column, drawn(generator, table, column, row.getOrDefault(column, Value.NULL))));
        if (columns.isEmpty()) {
            var stored = table.stored();
            int count = random.nextInt(1, 3);
            for (int i = 0; i < count; i++) changeColumn(table, stored.get(random.nextInt(stored.size())), next, queued);
        }
        return stored(table, next);
    }

    /// Keys change now and then; a reference goes to another parent as a whole.
    private void changeColumn(Database.Table table, TableSchema.Column column, SortedMap<String, Value> row, List<Queued> queued) {
        if (table.schema().key().contains(column.name()) && random.nextInt(3) != 0) return;
        var shared = new TreeSet<String>();
        database.references(table.name()).stream().filter(reference -> reference.key().columns().contains(column.name()))
            .forEach(reference -> shared.addAll(reference.key().columns()));
        if (shared.isEmpty()) {
            row.put(column.name(), typical.of(table, Typical.Column.of(table, column.name())));
            return;
        }
        shared.forEach(row::remove);
        fillReferences(table, row, queued, PARENTS_DEPTH_MAX);
        for (var each : shared) row.putIfAbsent(each, Value.NULL);
    }

    private static SortedMap<String, Value> stored(Database.Table table, SortedMap<String, Value> row) {
        var stored = new TreeMap<String, Value>();
        row.forEach((column, value) -> stored.put(column, SqlValues.stored(table.type(column), value)));
        return stored;
    }

    private Value next(Database.Table table, String column) {
        long largest = 0;
        for (var row : rows.all(table.name())) if (row.get(column) instanceof Value.Int(var integer) && integer < 1L << 40) largest = Math.max(largest, integer);
        return new Value.Int(largest + 1);
    }

    private Value drawn(Generator generator, Database.Table table, String column, Value old) {
        return switch (generator) {
            case Generator.OneOf(var values) -> values.get(random.nextInt(values.size()));
            case Generator.Range(var low, var high) -> new Value.Int(high == Long.MAX_VALUE ? random.nextLong(low, high) : random.nextLong(low, high + 1));
            case Generator.RealRange(var low, var high) -> new Value.Real(low == high ? low : random.nextDouble(low, high));
            case Generator.Characters(var low, var high) -> Value.Text.of(characters(random.nextInt(low, high + 1)));
            case Generator.Bytes(var low, var high) -> {
                var bytes = new byte[random.nextInt(low, high + 1)];
                random.nextBytes(bytes);
                yield new Value.Blob(bytes);
            }
            case Generator.RowOf(var from, var of) -> some(database.tables().get(from)).map(row -> row.getOrDefault(of, Value.NULL)).orElse(Value.NULL);
            case Generator.Next _ -> next(table, column);
            case Generator.Add(var low, var high) -> old instanceof Value.Int(var integer) ? new Value.Int(integer + random.nextLong(low, high + 1)) : old;
            case Generator.Uuid _ -> Value.Text.of("%08x-%04x-4%03x-8%03x-%012x".formatted(random.nextInt(), random.nextInt(1 << 16), random.nextInt(1 << 12),
                random.nextInt(1 << 12), random.nextLong(1L << 48)));
            case Generator.Typical _ -> typical(table, column);
            case Generator.OrNull(var inner, var percent) -> random.nextInt(100) < percent ? Value.NULL : drawn(inner, table, column, old);
        };
    }

    private String characters(int count) {
        var out = new StringBuilder(count);
        for (int i = 0; i < count; i++) out.append(random.nextInt(7) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
        return out.toString();
    }
}

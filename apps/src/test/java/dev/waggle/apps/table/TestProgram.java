package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// A program that writes a few random rows into a node's file in one transaction: the file shows what the view shows, keeps unique keys and CHECKs as
/// SQLite would (REPLACE removes what is in the way), and enforces no foreign keys.
final class TestProgram {
    private record Key(String table, List<Value> key) {}

    private final TestNode node;
    private final RandomGenerator random;
    private final Map<Key, SortedMap<String, Value>> file = new LinkedHashMap<>();
    private final Map<Key, Optional<List<Value>>> touched = new LinkedHashMap<>();

    TestProgram(TestNode node, RandomGenerator random) {
        this.node = node;
        this.random = random;
        for (var table : node.view.schemas().keySet())
            node.view.forEachShown(table, (key, _, row) -> file.put(new Key(table, key), new TreeMap<>(row)) == null);
    }

    void run(long nowMs) {
        boolean quiet = node.view.conflictedCount() == 0 && node.view.policy("person") != Policy.UNION;   // under union another's edit has no effect
        int statements = random.nextInt(1, 4);
        for (int i = 0; i < statements; i++) statement();
        var observed = new ArrayList<TableView.Observed>();
        touched.forEach((key, was) -> observed.add(new TableView.Observed(key.table, key.key, was, Optional.ofNullable(file.get(key)))));
        var changes = node.view.capture(observed);
        if (changes.isEmpty()) return;
        assertThat(ChangeSetCodec.encode(changes)).isNotNull();
        node.write(changes, nowMs);
        node.view.settle();
        if (!quiet) return;                                 // with records kept out, freeing a key shows another row
        var shown = new LinkedHashMap<Key, SortedMap<String, Value>>();
        for (var table : node.view.schemas().keySet())
            node.view.forEachShown(table, (key, _, row) -> shown.put(new Key(table, key), new TreeMap<>(row)) == null);
        assertThat(shown.entrySet()).as("the view shows what the program wrote: %s", changes).containsExactlyInAnyOrderElementsOf(file.entrySet());
    }

    private void statement() {
        var schema = TestTables.ALL.get(random.nextInt(TestTables.ALL.size()));
        var keys = file.keySet().stream().filter(key -> key.table.equals(schema.name())).toList();
        switch (random.nextInt(keys.isEmpty() ? 1 : 5)) {
            case 0, 1 -> put(schema, Optional.empty(), randomRow(schema));
            case 2 -> {
                var key = keys.get(random.nextInt(keys.size()));
                var row = new TreeMap<>(file.get(key));
                var columns = row.keySet().stream().filter(column -> !schema.key().contains(column)).toList();
                var column = columns.get(random.nextInt(columns.size()));
                row.put(column, randomRow(schema).get(column));
                put(schema, Optional.of(key), row);
            }
            case 3 -> remove(keys.get(random.nextInt(keys.size())));
            default -> {
                var key = keys.get(random.nextInt(keys.size()));
                var row = new TreeMap<>(file.get(key));
                for (var column : schema.key()) row.put(column, randomRow(schema).get(column));
                put(schema, Optional.of(key), row);
            }
        }
    }

    private void remove(Key key) {
        file.remove(key);
        touched.putIfAbsent(key, Optional.empty());
    }

    private void put(TableSchema schema, Optional<Key> old, SortedMap<String, Value> row) {
        if (TestTables.RULES.violation(schema, row).isPresent()) return;
        var constraints = new Constraints(TestTables.RULES, ChunkSource.NONE);
        old.ifPresent(file::remove);
        var wanted = constraints.claims(schema, row);
        for (var other : List.copyOf(file.entrySet())) {
            if (!other.getKey().table.equals(schema.name())) continue;
            for (var claim : constraints.claims(schema, other.getValue()))
                if (wanted.stream().anyMatch(one -> java.util.Arrays.equals(one, claim))) remove(other.getKey());
        }
        var key = new Key(schema.name(), Lookup.key(schema, row));
        file.put(key, row);
        if (old.isPresent() && !old.get().equals(key)) {
            touched.put(key, Optional.of(old.get().key));
            touched.putIfAbsent(old.get(), Optional.empty());
        } else {
            touched.putIfAbsent(key, Optional.empty());
        }
    }

    private SortedMap<String, Value> randomRow(TableSchema schema) {
        return switch (schema.name()) {
            case "person" -> TestTables.row("id", random.nextInt(1, 5), "name", pick(null, "a", "A", "b", "c", "d", "e"), "boss", pick(null, 1, 2, 3), "age", random.nextInt(3));
            case "task" -> TestTables.row("id", random.nextInt(1, 5), "person_id", pick(null, 1, 2, 3, 4), "note", pick("x", "y", null), "n", random.nextInt(9));
            case "tag" -> TestTables.row("person_id", random.nextInt(1, 4), "tag", pick("s", "t"), "weight", random.nextInt(4));
            case "vote" -> TestTables.row("person_id", random.nextInt(1, 4), "tag", pick("s", "t"), "k", random.nextInt(2), "v", random.nextInt(4));
            case "range" -> TestTables.row("name", pick("m", "M", "n"), "low", random.nextInt(6), "high", random.nextInt(6));
            default -> throw new IllegalStateException(schema.name());
        };
    }

    private Object pick(Object... some) {
        return some[random.nextInt(some.length)];
    }
}

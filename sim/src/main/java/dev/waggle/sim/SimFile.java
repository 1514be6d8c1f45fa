package dev.waggle.sim;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.MemoryRecordStore;
import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.TableSchema.Column;
import dev.waggle.apps.table.TableSchema.ForeignKey;
import dev.waggle.apps.table.TableSchema.Identity;
import dev.waggle.apps.table.TableSchema.Unique;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A tracked file as a program and the follower see it, without SQLite: two tables, a queue of changed keys, and the view.
///
/// `owner` has an integer key (two nodes may hand out one number) and a unique name; `item` has a text key and may refer to an owner.
final class SimFile {
    static final TableSchema OWNER = new TableSchema("owner",
        List.of(new Column("id", "INTEGER", true, "BINARY", false), new Column("name", "TEXT", false, "NOCASE", false)),
        List.of("id"), Identity.EVENT,
        List.of(new Unique("", List.of("id"), List.of("BINARY"), Optional.empty()), new Unique("owner_name", List.of("name"), List.of("NOCASE"), Optional.empty())),
        List.of(), false, List.of("CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE)"));
    static final TableSchema ITEM = new TableSchema("item",
        List.of(new Column("code", "TEXT", true, "BINARY", false), new Column("title", "TEXT", false, "BINARY", false),
            new Column("count", "INTEGER", false, "BINARY", false), new Column("owner", "INTEGER", false, "BINARY", false)),
        List.of("code"), Identity.KEY, List.of(new Unique("", List.of("code"), List.of("BINARY"), Optional.empty())),
        List.of(new ForeignKey(0, List.of("owner"), "owner", List.of("id"))), false,
        List.of("CREATE TABLE item (code TEXT NOT NULL PRIMARY KEY, title TEXT, count INTEGER, owner INTEGER REFERENCES owner(id))"));

    private record Key(String table, String text) {}

    private final EventLog log;
    private final TableView view;
    private final TreeMap<String, TreeMap<String, SortedMap<String, Value>>> rows = new TreeMap<>(Map.of("owner", new TreeMap<>(), "item", new TreeMap<>()));
    private final LinkedHashSet<Key> queue = new LinkedHashSet<>();

    SimFile(EventLog log) {
        this.log = log;
        this.view = new TableView(new MemoryRecordStore(), RowRules.NONE, log::chunk);
    }

    static List<Draft> schemaDrafts() {
        return List.of(ChangeSetCodec.schema(OWNER), ChangeSetCodec.schema(ITEM));
    }

    /// One transaction of a program: it keeps every constraint, as SQLite would make it.
    void transaction(RandomGenerator random) {
        if (!view.schemas().containsKey("item")) return;          // the schema has not arrived: the program has no table yet
        int statements = random.nextInt(1, 5);
        for (int i = 0; i < statements; i++) statement(random);
    }

    private void statement(RandomGenerator random) {
        var owners = rows.get("owner");
        var items = rows.get("item");
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                long id = random.nextInt(1, 40);
                var name = random.nextInt(3) == 0 ? Value.NULL : Value.Text.of((random.nextBoolean() ? "N" : "n") + random.nextInt(12));
                if (owners.containsKey(key(new Value.Int(id))) || nameTaken(name, id)) return;
                put("owner", new Value.Int(id), new TreeMap<>(Map.of("id", new Value.Int(id), "name", name)));
            }
            case 2, 3, 4 -> {
                var code = Value.Text.of("c" + random.nextInt(60));
                var row = items.get(key(code));
                SortedMap<String, Value> next = row == null ? new TreeMap<>(Map.of("code", code, "title", Value.NULL, "count", new Value.Int(0), "owner", Value.NULL)) : new TreeMap<>(row);
                switch (random.nextInt(3)) {
                    case 0 -> next.put("title", Value.Text.of("t" + random.nextInt(1000)));
                    case 1 -> next.put("count", new Value.Int(random.nextInt(1000)));
                    default -> next.put("owner", pick(owners, "id", random));
                }
                put("item", code, next);
            }
            case 5 -> {
                if (items.isEmpty()) return;
                remove("item", List.copyOf(items.keySet()).get(random.nextInt(items.size())));
            }
            case 6 -> {
                if (owners.isEmpty()) return;
                var id = List.copyOf(owners.keySet()).get(random.nextInt(owners.size()));
                var owner = owners.get(id).get("id");
                if (items.values().stream().anyMatch(row -> row.get("owner").equals(owner))) return;
                remove("owner", id);
            }
            default -> {
                if (owners.isEmpty()) return;
                var id = List.copyOf(owners.keySet()).get(random.nextInt(owners.size()));
                var name = Value.Text.of("n" + random.nextInt(12));
                var row = new TreeMap<>(owners.get(id));
                if (nameTaken(name, ((Value.Int) row.get("id")).value())) return;
                row.put("name", name);
                put("owner", row.get("id"), row);
            }
        }
    }

    private boolean nameTaken(Value name, long id) {
        return name instanceof Value.Text text && rows.get("owner").values().stream().anyMatch(row ->
            !row.get("id").equals(new Value.Int(id)) && row.get("name") instanceof Value.Text other && other.lossy().equalsIgnoreCase(text.lossy()));
    }

    private static Value pick(TreeMap<String, SortedMap<String, Value>> from, String column, RandomGenerator random) {
        if (from.isEmpty() || random.nextInt(5) == 0) return Value.NULL;
        return List.copyOf(from.values()).get(random.nextInt(from.size())).get(column);
    }

    private static String key(Value value) {
        return value.show(100);
    }

    private void put(String table, Value key, SortedMap<String, Value> row) {
        rows.get(table).put(key(key), row);
        queue.add(new Key(table, key(key)));
    }

    private void remove(String table, String key) {
        rows.get(table).remove(key);
        queue.add(new Key(table, key));
    }

    /// Drains what programs wrote into the log, then applies what the log says.
    ///
    /// @return the events that are durable here now
    List<Entry.Admitted> follow(Author author, long wallMs) {
        var drained = List.copyOf(queue);
        var written = drain(author, wallMs);
        apply();
        for (var key : drained) standAsShown(key);
        return written;
    }

    /// The rules may show something else than what the program wrote: a row whose unique key an older record holds is kept out.
    private void standAsShown(Key key) {
        var shown = view.shown(key.table, List.of(value(key)));
        if (shown.isPresent()) rows.get(key.table).put(key.text, shown.get());
        else rows.get(key.table).remove(key.text);
    }

    private static Value value(Key key) {
        return key.table.equals("owner") ? new Value.Int(Long.parseLong(key.text)) : Value.Text.of(key.text);
    }

    private List<Entry.Admitted> drain(Author author, long wallMs) {
        if (queue.isEmpty()) return List.of();
        var observed = new ArrayList<TableView.Observed>();
        for (var key : queue) {
            observed.add(new TableView.Observed(key.table, List.of(value(key)), Optional.empty(), Optional.ofNullable(rows.get(key.table).get(key.text))));
        }
        var changes = view.capture(observed);
        List<Entry.Admitted> written = List.of();
        if (!changes.isEmpty()) {
            var encoded = ChangeSetCodec.encode(changes);
            written = log.write(author, List.of(encoded.draft()), encoded.chunks(), Map.of(), wallMs);
        }
        queue.clear();                                         // only now: a write that failed is drained again
        return written;
    }

    private void apply() {
        while (true) {
            var entries = log.read(view.cursor(), 100, 1 << 20);
            if (entries.isEmpty()) break;
            entries.forEach(view::apply);
        }
        var shown = view.settle();
        for (var change : shown) change.before().ifPresent(row -> rows.get(change.table()).remove(key(keyOf(change.table(), row))));
        for (var change : shown) change.after().ifPresent(row -> rows.get(change.table()).put(key(keyOf(change.table(), row)), row));
    }

    private static Value keyOf(String table, SortedMap<String, Value> row) {
        return row.get(table.equals("owner") ? "id" : "code");
    }

    /// Events that no view can read.
    long quarantined() {
        return view.quarantinedCount();
    }

    boolean hasUndrained() {
        return !queue.isEmpty();
    }

    /// All rows, as one text: equal texts mean equal files.
    String content() {
        var out = new StringBuilder();
        rows.forEach((table, all) -> all.forEach((key, row) -> out.append(table).append(' ').append(key).append(' ').append(show(row)).append('\n')));
        return out.toString();
    }

    private static String show(SortedMap<String, Value> row) {
        var out = new StringBuilder();
        row.forEach((column, value) -> out.append(column).append('=').append(value.getClass().getSimpleName()).append(':').append(value.show(200)).append(' '));
        return out.toString();
    }

    String conflicts() {
        var out = new StringBuilder();
        view.conflicts().forEach(each -> out.append(each.id()).append(' ').append(each.kind()).append(' ').append(each.fields()).append('\n'));
        return out.toString();
    }

    /// I12: what SQLite would enforce holds in the rows.
    Optional<String> brokenConstraint() {
        var names = new TreeMap<String, String>();
        for (var row : rows.get("owner").values())
            if (row.get("name") instanceof Value.Text name) {
                var before = names.put(name.lossy().toLowerCase(java.util.Locale.ROOT), row.toString());
                if (before != null) return Optional.of("two owners are called " + name.lossy());
            }
        for (var row : rows.get("item").values())
            if (row.get("owner") instanceof Value.Int(var owner) && !rows.get("owner").containsKey(Long.toString(owner)))
                return Optional.of("an item refers to owner " + owner + ", who is not there");
        return Optional.empty();
    }
}

package dev.waggle.sim.workload;

import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.TableSchema.Column;
import dev.waggle.apps.table.TableSchema.ForeignKey;
import dev.waggle.apps.table.TableSchema.Identity;
import dev.waggle.apps.table.TableSchema.Unique;
import dev.waggle.core.record.Value;
import dev.waggle.sim.workload.Database.Action;
import dev.waggle.sim.workload.Database.Actions;
import dev.waggle.sim.workload.Database.Table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The workloads of a run without a schema of its own. Each stresses other rules; the seed draws one.
public final class BuiltIn {
    private BuiltIn() {}

    /// In one run of five the programs do not enforce foreign keys, as is SQLite's default.
    public static Workload draw(RandomGenerator random) {
        var all = all();
        return all.get(random.nextInt(all.size())).withForeignKeys(random.nextInt(5) != 0);
    }

    public static List<Workload> all() {
        return List.of(shop(), people(), ledger());
    }

    /// Integer keys that two nodes hand out twice, a unique name, children with text keys.
    private static Workload shop() {
        var owner = table("owner", "id INTEGER, name TEXT NOCASE", List.of("id"), List.of(unique("owner_name", "name", "NOCASE")), List.of(), false,
            "CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE)");
        var item = table("item", "code TEXT!, title TEXT, count INTEGER, owner INTEGER", List.of("code"), List.of(),
            List.of(new ForeignKey(0, List.of("owner"), "owner", List.of("id"))), false,
            "CREATE TABLE item (code TEXT NOT NULL PRIMARY KEY, title TEXT, count INTEGER, owner INTEGER REFERENCES owner(id))");
        return WorkloadFile.read("shop", """
            transaction 1..4
            insert 2 owner
              id   range 1..39
              name values 'N1' 'n1' 'N2' 'n3' 'n4' 'n5' 'N6' 'n7' 'n8' null 30%
            insert 2 item
              code  values 'c1' 'c2' 'c3' 'c4' 'c5' 'c6' 'c7' 'c8' 'c9' 'c10' 'c11' 'c12'
              count range 0..999
            insert 1 item
              code text 1..2
            update 1 item
              title text 0..20
            update 1 item
              count add -5..5
            update 1 item
              owner row owner.id null 20%
            update 1 owner
              name values 'n1' 'N2' 'n3' 'n9' 'n10'
            delete 1 item
            delete 1 owner
            """, new Database(List.of(owner, item), new NoRules()));
    }

    /// Text keys that differ in case only, composite keys over foreign keys, a tree, two unique keys, cascades, no rowids.
    private static Workload people() {
        var person = new Table(schema("person", "id INTEGER, handle TEXT! NOCASE, mail TEXT, boss INTEGER", List.of("id"),
            List.of(unique("person_handle", "handle", "NOCASE"), unique("person_mail", "mail", "BINARY")),
            List.of(new ForeignKey(0, List.of("boss"), "person", List.of("id"))), false, """
                CREATE TABLE person (id INTEGER PRIMARY KEY, handle TEXT NOT NULL COLLATE NOCASE, mail TEXT, boss INTEGER REFERENCES person (id)
                    ON DELETE SET NULL ON UPDATE CASCADE)""", "CREATE UNIQUE INDEX person_handle ON person (handle)", "CREATE UNIQUE INDEX person_mail ON person (mail)"),
            actions(0, Action.SET_NULL, Action.CASCADE), Collections.emptySortedMap());
        var label = table("label", "name TEXT! NOCASE, colour TEXT", List.of("name"), List.of(), List.of(), true,
            "CREATE TABLE label (name TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, colour TEXT) WITHOUT ROWID");
        var wears = new Table(schema("person_label", "person INTEGER!, label TEXT! NOCASE, note", List.of("person", "label"), List.of(),
            List.of(new ForeignKey(0, List.of("label"), "label", List.of("name")), new ForeignKey(1, List.of("person"), "person", List.of("id"))), true, """
                CREATE TABLE person_label (person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE ON UPDATE CASCADE,
                    label TEXT COLLATE NOCASE NOT NULL REFERENCES label (name) ON DELETE CASCADE ON UPDATE CASCADE, note, PRIMARY KEY (person, label)) WITHOUT ROWID"""),
            both(actions(0, Action.CASCADE, Action.CASCADE), actions(1, Action.CASCADE, Action.CASCADE)), Collections.emptySortedMap());
        var folder = new Table(schema("folder", "path TEXT!, parent TEXT, owner TEXT NOCASE", List.of("path"), List.of(),
            List.of(new ForeignKey(0, List.of("owner"), "person", List.of("handle")), new ForeignKey(1, List.of("parent"), "folder", List.of("path"))), false, """
                CREATE TABLE folder (path TEXT NOT NULL PRIMARY KEY, parent TEXT REFERENCES folder (path) ON DELETE CASCADE ON UPDATE CASCADE,
                    owner TEXT COLLATE NOCASE REFERENCES person (handle) ON UPDATE CASCADE)"""),
            both(actions(0, Action.NO_ACTION, Action.CASCADE), actions(1, Action.CASCADE, Action.CASCADE)), Collections.emptySortedMap());
        return Workload.derived("people", new Database(List.of(person, label, wears, folder), new NoRules()));
    }

    /// CHECKs, a partial unique index, long and odd values, lines that only their author edits, settings of which the last write wins.
    private static Workload ledger() {
        var account = table("account", "code TEXT! RTRIM, low INTEGER!, high INTEGER!, slot INTEGER, closed INTEGER!", List.of("code"),
            List.of(new Unique("account_slot", List.of("slot"), List.of("BINARY"), Optional.of("closed = 0"))), List.of(), false,
            "CREATE TABLE account (code TEXT COLLATE RTRIM NOT NULL PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL, slot INTEGER, closed INTEGER NOT NULL,"
                + " CHECK (low <= high))", "CREATE UNIQUE INDEX account_slot ON account (slot) WHERE closed = 0");
        var line = table("line", "id INTEGER, account TEXT! RTRIM, amount REAL, note TEXT, proof BLOB", List.of("id"), List.of(),
            List.of(new ForeignKey(0, List.of("account"), "account", List.of("code"))), false,
            "CREATE TABLE line (id INTEGER PRIMARY KEY, account TEXT COLLATE RTRIM NOT NULL REFERENCES account (code), amount REAL, note TEXT, proof BLOB)");
        var setting = table("setting", "scope TEXT!, name TEXT!, value", List.of("scope", "name"), List.of(), List.of(), false,
            "CREATE TABLE setting (scope TEXT NOT NULL, name TEXT NOT NULL, value, PRIMARY KEY (scope, name))");
        return WorkloadFile.read("ledger", """
            transaction 1..5
            policy line union
            policy setting last-write
            insert 3 account
              low    range 0..50
              high   range 40..100
              slot   range 1..6 null 20%
              closed values 0 0 0 1
            update 2 account
              low    add -30..30
            update 2 account
              high   add -30..30
            update 2 account
              closed values 0 1
            update 1 account
              slot   range 1..6
            update 1 account
            delete 1 account
            insert 4 line
            update 2 line
            delete 1 line
            insert 2 setting
            insert or replace 3 setting
            update 3 setting
            delete 1 setting
            """, new Database(List.of(account, line, setting), new LedgerRules()));
    }

    /// No column here has a default.
    private static Set<String> needed(TableSchema schema) {
        return schema.columns().stream().filter(column -> column.notNull() && !column.generated() && !schema.key().contains(column.name())).map(TableSchema.Column::name)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Tables without CHECKs.
    private record NoRules() implements RowRules {
        @Override public String judged(TableSchema schema) {
            return "";
        }

        @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
            return Optional.empty();
        }

        @Override public Set<String> needed(TableSchema schema) {
            return BuiltIn.needed(schema);
        }

        @Override public Optional<List<Value>> key(TableSchema schema, Unique unique, SortedMap<String, Value> row) {
            return Optional.empty();
        }
    }

    /// What SQLite would say of the ledger's CHECK and partial index.
    private record LedgerRules() implements RowRules {
        @Override public String judged(TableSchema schema) {
            return schema.name().equals("account") ? "low <= high" : "";
        }

        @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
            boolean broken = schema.name().equals("account") && row.get("low") instanceof Value.Int(var low) && row.get("high") instanceof Value.Int(var high) && low > high;
            return broken ? Optional.of("CHECK constraint failed: low <= high") : Optional.empty();
        }

        @Override public Set<String> needed(TableSchema schema) {
            return BuiltIn.needed(schema);
        }

        @Override public Optional<List<Value>> key(TableSchema schema, Unique unique, SortedMap<String, Value> row) {
            return new Value.Int(0).equals(row.get("closed")) ? Optional.of(List.of(row.getOrDefault("slot", Value.NULL))) : Optional.empty();
        }
    }

    private static SortedMap<Integer, Actions> actions(int key, Action onDelete, Action onUpdate) {
        return new TreeMap<>(Map.of(key, new Actions(onDelete, onUpdate)));
    }

    private static SortedMap<Integer, Actions> both(SortedMap<Integer, Actions> one, SortedMap<Integer, Actions> other) {
        var both = new TreeMap<>(one);
        both.putAll(other);
        return both;
    }

    private static Unique unique(String name, String column, String collation) {
        return new Unique(name, List.of(column), List.of(collation), Optional.empty());
    }

    private static Table table(String name, String columns, List<String> key, List<Unique> uniques, List<ForeignKey> foreignKeys, boolean withoutRowid, String... sql) {
        return Table.of(schema(name, columns, key, uniques, foreignKeys, withoutRowid, sql));
    }

    /// @param columns name, type (with `!` for NOT NULL) and collation, separated by commas
    private static TableSchema schema(String name, String columns, List<String> key, List<Unique> uniques, List<ForeignKey> foreignKeys, boolean withoutRowid,
                                      String... sql) {
        var parsed = new ArrayList<Column>();
        for (var column : columns.split(", ")) {
            var parts = column.split(" ");
            var type = parts.length > 1 ? parts[1] : "";
            parsed.add(new Column(parts[0], type.replace("!", ""), type.endsWith("!"), parts.length > 2 ? parts[2] : "BINARY", false));
        }
        var collations = key.stream().map(part -> parsed.stream().filter(column -> column.name().equals(part)).findFirst().orElseThrow().collation()).toList();
        var all = new ArrayList<Unique>();
        all.add(new Unique("", key, collations, Optional.empty()));
        all.addAll(uniques);
        var identity = key.size() == 1 && parsed.stream().anyMatch(column -> column.name().equals(key.getFirst()) && column.type().equals("INTEGER")) ? Identity.EVENT : Identity.KEY;
        return new TableSchema(name, parsed, key, identity, all, foreignKeys, withoutRowid, List.of(sql));
    }
}

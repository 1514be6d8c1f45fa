package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One statement of a program: it does all that SQLite would do, cascades included, or nothing.
final class Attempt {
    /// SQLite would refuse the statement.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    private static final int CASCADE_DEPTH_MAX = 50;

    private final FileRows rows;
    private final Database database;
    private final boolean foreignKeys;
    private final List<Runnable> undo = new ArrayList<>();
    private final List<Queued> queued = new ArrayList<>();
    private final List<Touched> touched = new ArrayList<>();
    /// Parent keys that went, with who may still look for them.
    private final List<Gone> gone = new ArrayList<>();

    private record Touched(Database.Table table, String keyText) {}

    private record Gone(Database.Reference reference, String offered) {}

    /// @param foreignKeys as PRAGMA foreign_keys
    Attempt(FileRows rows, boolean foreignKeys) {
        this.rows = rows;
        this.database = rows.database();
        this.foreignKeys = foreignKeys;
    }

    /// Runs the statement and checks what SQLite checks at its end.
    ///
    /// @return what the file's triggers queue
    /// @throws Refused when it changed nothing
    List<Queued> run(Consumer<Attempt> statement) {
        try {
            statement.accept(this);
            if (foreignKeys) requireParents();
            return queued;
        } catch (Refused refused) {
            for (var step : undo.reversed()) step.run();
            throw refused;
        }
    }

    /// @param replace as INSERT OR REPLACE: rows in the way are deleted
    void insert(Database.Table table, SortedMap<String, Value> row, boolean replace) {
        requireValid(table, row);
        var keyText = table.keyText(table.key(row));
        for (var other : rows.inTheWay(table, row)) {
            if (!replace) throw new Refused("UNIQUE " + table.name());
            var key = table.key(rows.find(table.name(), other).orElseThrow());
            removeWithChildren(table, other, 0);
            if (!other.equals(keyText)) queued.add(Queued.replaced(table.name(), key));
        }
        put(table, row);
        queued.add(Queued.inserted(table.name(), table.key(row)));
    }

    void update(Database.Table table, SortedMap<String, Value> old, SortedMap<String, Value> row) {
        update(table, old, row, 0);
    }

    private void update(Database.Table table, SortedMap<String, Value> old, SortedMap<String, Value> row, int depth) {
        if (depth > CASCADE_DEPTH_MAX) throw new Refused("too deep");
        requireValid(table, row);
        var oldKey = table.key(old);
        var oldText = table.keyText(oldKey);
        if (rows.find(table.name(), oldText).isEmpty()) throw new Refused("a cascade removed the row");
        for (var other : rows.inTheWay(table, row)) if (!other.equals(oldText)) throw new Refused("UNIQUE " + table.name());
        remove(table, oldText);
        put(table, row);
        queued.add(Queued.updated(table.name(), oldKey, table.key(row)));
        if (!foreignKeys) return;
        for (var reference : database.referring(table.name())) {
            var before = database.offered(reference, old);
            if (before.isEmpty() || before.equals(database.offered(reference, row))) continue;
            var action = reference.child().action(reference.key()).onUpdate();
            if (isLeft(reference, before.get(), action)) continue;
            for (var child : rows.children(reference, before.get())) moveChild(reference, child, action, row, depth);
        }
    }

    private void moveChild(Database.Reference reference, SortedMap<String, Value> child, Database.Action action, SortedMap<String, Value> parent, int depth) {
        var moved = new TreeMap<>(child);
        var columns = reference.key().columns();
        for (int i = 0; i < columns.size(); i++) {
            var value = switch (action) {
                case CASCADE -> parent.getOrDefault(reference.key().parentColumns().get(i), Value.NULL);
                case SET_DEFAULT -> reference.child().defaults().getOrDefault(columns.get(i), Value.NULL);
                default -> Value.NULL;
            };
            moved.put(columns.get(i), SqlValues.stored(reference.child().type(columns.get(i)), value));
        }
        if (moved.equals(child)) touched.add(new Touched(reference.child(), reference.child().keyText(reference.child().key(child))));   // it must find a parent all the same
        else update(reference.child(), child, moved, depth + 1);
    }

    void delete(Database.Table table, SortedMap<String, Value> row) {
        var key = table.key(row);
        removeWithChildren(table, table.keyText(key), 0);
        queued.add(Queued.deleted(table.name(), key));
    }

    private void removeWithChildren(Database.Table table, String keyText, int depth) {
        if (depth > CASCADE_DEPTH_MAX) throw new Refused("too deep");
        var row = remove(table, keyText);
        if (!foreignKeys) return;
        for (var reference : database.referring(table.name())) {
            var offered = database.offered(reference, row);
            if (offered.isEmpty()) continue;
            var action = reference.child().action(reference.key()).onDelete();
            if (isLeft(reference, offered.get(), action)) continue;
            for (var child : rows.children(reference, offered.get())) {
                var childKey = reference.child().key(child);
                if (rows.find(reference.child().name(), childKey).isEmpty()) continue;      // gone with another child
                if (action == Database.Action.CASCADE) {
                    removeWithChildren(reference.child(), reference.child().keyText(childKey), depth + 1);
                    queued.add(Queued.deleted(reference.child().name(), childKey));
                } else {
                    moveChild(reference, child, action, row, depth);
                }
            }
        }
    }

    /// @return true when children are left as they are, for now or at all
    private boolean isLeft(Database.Reference reference, String offered, Database.Action action) {
        if (action == Database.Action.RESTRICT && !rows.children(reference, offered).isEmpty()) throw new Refused("FOREIGN KEY of " + reference.child().name());
        if (action != Database.Action.NO_ACTION) return action == Database.Action.RESTRICT;
        gone.add(new Gone(reference, offered));
        return true;
    }

    private void requireValid(Database.Table table, SortedMap<String, Value> row) {
        database.violation(table, row).ifPresent(why -> {
            throw new Refused(why);
        });
    }

    private void put(Database.Table table, SortedMap<String, Value> row) {
        rows.put(table.name(), row).ifPresent(claim -> {
            throw new Refused("UNIQUE " + claim);
        });
        var keyText = table.keyText(table.key(row));
        undo.add(() -> rows.remove(table.name(), keyText));
        touched.add(new Touched(table, keyText));
    }

    private SortedMap<String, Value> remove(Database.Table table, String keyText) {
        var row = rows.remove(table.name(), keyText).orElseThrow(() -> new Refused("a cascade removed the row"));
        undo.add(() -> rows.put(table.name(), row));
        return row;
    }

    private void requireParents() {
        for (var touch : touched) {
            Optional<SortedMap<String, Value>> row = rows.find(touch.table.name(), touch.keyText);
            if (row.isEmpty()) continue;
            for (var reference : database.references(touch.table.name()))
                database.wantedParent(reference, row.get()).filter(wanted -> !rows.isTaken(wanted)).ifPresent(wanted -> {
                    throw new Refused("FOREIGN KEY " + touch.table.name() + reference.key().columns());
                });
        }
        for (var each : gone)
            if (!rows.isTaken(each.offered) && !rows.children(each.reference, each.offered).isEmpty())
                throw new Refused("FOREIGN KEY of " + each.reference.child().name());
    }
}

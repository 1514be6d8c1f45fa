package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rows of one file and its unique indexes. Rows of a table are in order of their keys' texts, so that a run is the same everywhere.
public final class FileRows {
    /// A row, and what it alone decides, worked out once.
    private static final class Stored {
        final SortedMap<String, Value> row;
        final List<String> claims;                     // its keys in unique indexes
        private Optional<String> violation;            // null before somebody asked
        private List<Wanted> wanted;

        Stored(SortedMap<String, Value> row, List<String> claims) {
            this.row = row;
            this.claims = claims;
        }

        SortedMap<String, Value> row() {
            return row;
        }

        Optional<String> violation(Database database, Database.Table table) {
            if (violation == null) violation = database.violation(table, row);
            return violation;
        }

        List<Wanted> wanted(Database database, Database.Table table) {
            if (wanted == null) {
                wanted = new ArrayList<>();
                for (var reference : database.references(table.name()))
                    database.wantedParent(reference, row).ifPresent(claim -> wanted.add(new Wanted(reference, claim)));
            }
            return wanted;
        }
    }

    /// A unique key that a foreign key looks for.
    private record Wanted(Database.Reference reference, String claim) {}

    private final Database database;
    private final SortedMap<String, TreeMap<String, Stored>> tables = new TreeMap<>();
    private final Map<String, String> indexes = new HashMap<>();                      // unique key: the key text of the row that has it
    private boolean checked;                                                          // all rows, since the last change

    public FileRows(Database database) {
        this.database = database;
        database.tables().keySet().forEach(table -> tables.put(table, new TreeMap<>()));
    }

    public Database database() {
        return database;
    }

    /// The rows of a table by their keys' texts.
    public Collection<SortedMap<String, Value>> all(String table) {
        return tables.get(table).values().stream().map(Stored::row).toList();
    }

    public int count(String table) {
        return tables.get(table).size();
    }

    public Optional<SortedMap<String, Value>> find(String table, List<Value> key) {
        return find(table, database.tables().get(table).keyText(key));
    }

    Optional<SortedMap<String, Value>> find(String table, String keyText) {
        return Optional.ofNullable(tables.get(table).get(keyText)).map(Stored::row);
    }

    /// The row at this place in order of keys.
    SortedMap<String, Value> at(String table, int index) {
        var each = tables.get(table).values().iterator();
        for (int i = 0; i < index; i++) each.next();
        return each.next().row;
    }

    /// Writes a row in the place of the one with its key, if there is one.
    ///
    /// @return the unique key that another row has, and then nothing was written
    public Optional<String> put(String table, SortedMap<String, Value> row) {
        var description = database.tables().get(table);
        var keyText = description.keyText(description.key(row));
        var claims = database.claims(description, row);
        for (var claim : claims) {
            var holder = indexes.get(claim);
            if (holder != null && !holder.equals(keyText)) return Optional.of(claim.replace('\0', ' '));
        }
        checked = false;
        remove(table, keyText);
        tables.get(table).put(keyText, new Stored(row, claims));
        for (var claim : claims) indexes.put(claim, keyText);
        return Optional.empty();
    }

    /// @return what was there
    public Optional<SortedMap<String, Value>> remove(String table, List<Value> key) {
        return remove(table, database.tables().get(table).keyText(key));
    }

    Optional<SortedMap<String, Value>> remove(String table, String keyText) {
        var old = tables.get(table).remove(keyText);
        if (old == null) return Optional.empty();
        checked = false;
        for (var claim : old.claims) indexes.remove(claim);
        return Optional.of(old.row);
    }

    /// The rows that have one of the unique keys that `row` wants, by their keys' texts; the row with the same primary key among them.
    List<String> inTheWay(Database.Table table, SortedMap<String, Value> row) {
        return database.claims(table, row).stream().map(indexes::get).filter(java.util.Objects::nonNull).distinct().toList();
    }

    /// True when some row has this unique key.
    boolean isTaken(String claim) {
        return indexes.containsKey(claim);
    }

    /// The children that look for `offered`.
    List<SortedMap<String, Value>> children(Database.Reference reference, String offered) {
        return tables.get(reference.child().name()).values().stream().map(Stored::row)
            .filter(row -> database.wantedParent(reference, row).filter(offered::equals).isPresent()).toList();
    }

    /// I12: the first constraint that some row breaks; unique keys hold by construction.
    ///
    /// @param foreignKeys whether the programs of this file enforce them: one that does not may leave rows that refer to nothing
    public Optional<String> brokenConstraint(boolean foreignKeys) {
        if (checked) return Optional.empty();
        for (var table : database.tables().values())
            for (var stored : tables.get(table.name()).values()) {
                var violation = stored.violation(database, table);
                if (violation.isPresent()) return Optional.of(table.name() + " has the row " + show(stored.row) + ", which breaks " + violation.get());
                if (!foreignKeys) continue;
                for (var wanted : stored.wanted(database, table))
                    if (!isTaken(wanted.claim))
                        return Optional.of(table.name() + " has the row " + show(stored.row) + ", which refers to no " + wanted.reference.parent().name()
                            + " by " + wanted.reference.key().columns());
            }
        checked = true;
        return Optional.empty();
    }

    /// All rows as one text: equal texts mean equal files.
    public String content() {
        var out = new StringBuilder();
        tables.forEach((table, rows) -> rows.values().forEach(stored -> out.append(table).append(' ').append(show(stored.row)).append('\n')));
        return out.toString();
    }

    /// Each value with its storage class; long ones by their length and hash.
    public static String show(SortedMap<String, Value> row) {
        var out = new StringBuilder();
        row.forEach((column, value) -> {
            out.append(out.isEmpty() ? "" : " ").append(column).append('=').append(value.getClass().getSimpleName());
            if (!(value instanceof Value.Null)) out.append(':').append(value.show(60).replace("\n", "\\n")).append('#').append(Integer.toHexString(value.hashCode()));
        });
        return out.toString();
    }
}

package dev.waggle.store.capture;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Compares a file with the space it is to join, and makes the tables it lacks.
final class Joining {
    private static final int PAGE_ROWS = 1_000;
    private static final int SHOWN_CHARS = 80;

    private final Follower follower;
    private final List<String> notes = new ArrayList<>();

    Joining(Follower follower) {
        this.follower = follower;
    }

    List<String> notes() {
        return notes;
    }

    /// Compares table by table. The view must have folded the whole log. Changes nothing.
    JoinPlan plan(Progress progress) throws SQLException {
        var file = follower.file;
        var schema = file.snapshot(() -> FileSchema.read(file.connection()));
        var create = new ArrayList<String>();
        var compared = new ArrayList<JoinPlan.TablePlan>();
        var different = new ArrayList<JoinPlan.Different>();
        var refused = new ArrayList<Refusal>();
        for (var wanted : follower.view.table().schemas().values()) {
            var name = wanted.name();
            if (FileSchema.isOurs(name) || name.startsWith("sqlite_")) {
                refused.add(new Refusal(name, Refusal.Reason.NAME_TAKEN, ""));
                continue;
            }
            var here = schema.tables().get(name);
            var objection = schema.refused().stream().filter(refusal -> refusal.table().equalsIgnoreCase(name)).findFirst();
            if (here != null && objection.isEmpty()) objection = file.snapshot(() -> FileSchema.nullKey(file.connection(), here));
            if (objection.isPresent()) refused.add(objection.get());
            else if (here == null) create.add(name);
            else compared.add(compare(here, different, progress));
        }
        return new JoinPlan(create, compared, different, refused);
    }

    private JoinPlan.TablePlan compare(TrackedTable table, List<JoinPlan.Different> different, Progress progress) throws SQLException {
        long equal = 0;
        long differing = 0;
        long onlyHere = 0;
        long[] shownRows = {0};
        follower.view.table().forEachShownRow(table.name(), (key, row) -> ++shownRows[0] > 0);
        try (var sql = new TableSql(follower.file, table)) {
            Optional<List<Value>> after = Optional.empty();
            while (true) {
                var last = after;
                var page = follower.file.snapshot(() -> sql.page(last, PAGE_ROWS));
                if (page.isEmpty()) break;
                for (var row : page) {
                    var key = table.keyOf(row);
                    var shown = follower.view.table().shown(table.name(), key);
                    if (shown.isEmpty()) onlyHere++;
                    else if (Same.rows(row, shown.get(), follower.file.textForm())) equal++;
                    else {
                        differing++;
                        addDifferent(different, new RowKey(table.name(), key), row, shown.get());
                    }
                }
                progress.at(table.name(), equal + differing + onlyHere, 0);
                after = Optional.of(table.keyOf(page.getLast()));
            }
        }
        return new JoinPlan.TablePlan(table.name(), equal, differing, onlyHere, shownRows[0] - equal - differing);
    }

    private void addDifferent(List<JoinPlan.Different> different, RowKey key, SortedMap<String, Value> here, SortedMap<String, Value> there) {
        for (var column : here.entrySet()) {
            var other = there.getOrDefault(column.getKey(), Value.NULL);
            if (different.size() >= JoinPlan.DIFFERENT_MAX || Same.inFile(column.getValue(), other, follower.file.textForm())) continue;
            different.add(new JoinPlan.Different(key.table(), key.show(), column.getKey(), column.getValue().show(SHOWN_CHARS), other.show(SHOWN_CHARS)));
        }
    }

    /// Makes the tables that the file lacks, with their indexes and triggers, in one transaction.
    void create(List<String> tables) {
        var file = follower.file;
        var schemas = new ArrayList<TableSchema>();
        for (var table : tables) schemas.add(follower.view.table().schemas().get(table));
        if (schemas.isEmpty()) return;
        file.locked(() -> {
            var texts = new TreeMap<String, Create>();
            for (var schema : schemas) {
                var first = Create.read(schema.sql().getFirst());
                if (first.isEmpty() || !first.get().kind.equals("TABLE") || !first.get().isFor(schema.name()))
                    throw new FileRefused("the schema of table " + schema.name() + " in the space is not one CREATE TABLE for it; nothing was made");
                Rows.run(file.connection(), first.get().sql);
            }
            for (var schema : schemas)
                for (var sql : schema.sql().subList(1, schema.sql().size())) {
                    var create = Create.read(sql).filter(it -> !it.kind.equals("TABLE") && it.isFor(schema.name()) && !FileSchema.isOurs(it.name));
                    if (create.isPresent()) texts.put(create.get().kind + create.get().name, create.get());
                    else notes.add("left out, not an index or trigger of table " + schema.name() + ": " + cut(sql));
                }
            for (var create : texts.values()) make(file.connection(), create);
            return null;
        });
    }

    /// A trigger that needs something which is not synced (a full-text table, for example) would make every write fail: it is left out.
    private void make(Connection file, Create create) throws SQLException {
        Rows.run(file, "SAVEPOINT waggle_make");
        try {
            Rows.run(file, create.sql);
            if (create.kind.equals("TRIGGER")) UserTriggers.probe(file, create.table);
        } catch (SQLException e) {
            Rows.run(file, "ROLLBACK TO waggle_make");
            notes.add(create.kind.toLowerCase(java.util.Locale.ROOT) + " " + create.name + " was left out: " + e.getMessage());
        }
        Rows.run(file, "RELEASE waggle_make");
    }

    private static String cut(String sql) {
        return sql.length() <= SHOWN_CHARS ? sql : sql.substring(0, SHOWN_CHARS) + "…";
    }

    /// One CREATE statement that came from another node.
    ///
    /// @param table the table itself, or the one the index or trigger belongs to
    private record Create(String kind, String name, String table, String sql) {
        static Optional<Create> read(String sql) {
            var words = SqlWords.of(sql);
            int i = 1;
            if (words.size() > 1 && words.get(1).is("UNIQUE")) i++;
            if (i + 1 >= words.size()) return Optional.empty();
            var kind = words.get(i).text().toUpperCase(java.util.Locale.ROOT);
            if (!kind.equals("TABLE") && !kind.equals("INDEX") && !kind.equals("TRIGGER")) return Optional.empty();
            i = words.get(i + 1).is("IF") ? i + 4 : i + 1;
            if (i >= words.size()) return Optional.empty();
            var name = words.get(i).text();
            var table = name;
            if (!kind.equals("TABLE")) {
                while (i < words.size() && !words.get(i).is("ON")) i++;
                if (i + 1 >= words.size()) return Optional.empty();
                table = words.get(i + 1).text();
            }
            return SqlWords.isSingleCreate(sql, kind, name, table) ? Optional.of(new Create(kind, name, table, sql)) : Optional.empty();
        }

        boolean isFor(String wanted) {
            return table.equalsIgnoreCase(wanted);
        }
    }

    /// A plan for a file that does not exist yet: everything would be made.
    static JoinPlan forNewFile(Map<String, TableSchema> schemas) {
        return new JoinPlan(List.copyOf(schemas.keySet()), List.of(), List.of(), List.of());
    }
}

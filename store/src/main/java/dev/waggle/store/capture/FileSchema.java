package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.TableSchema.Column;
import dev.waggle.apps.table.TableSchema.ForeignKey;
import dev.waggle.apps.table.TableSchema.Identity;
import dev.waggle.apps.table.TableSchema.Unique;
import dev.waggle.core.event.Canonical;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a file's schema says, read through PRAGMAs: its tables as they can be tracked, and why others cannot.
///
/// @param version  PRAGMA schema_version when it was read
/// @param tables   by name
/// @param refused  ordinary tables that cannot be tracked, and virtual ones with their shadows
/// @param triggers the programs' own, not ours
record FileSchema(long version, SortedMap<String, TrackedTable> tables, List<Refusal> refused, List<UserTrigger> triggers) {
    FileSchema {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
        refused = List.copyOf(refused);
        triggers = List.copyOf(triggers);
    }

    /// Rows without a whole key cannot be told apart on another machine. Empty when every row has one.
    static Optional<Refusal> nullKey(Connection file, TrackedTable table) throws SQLException {
        for (var column : table.schema().key())
            if (Rows.number(file, "SELECT EXISTS (SELECT 1 FROM " + Sql.name(table.name()) + " WHERE " + Sql.name(column) + " IS NULL)") == 1)
                return Optional.of(new Refusal(table.name(), Refusal.Reason.NULL_KEY, "column " + column));
        return Optional.empty();
    }

    FileSchema at(long newVersion) {
        return new FileSchema(newVersion, tables, refused, triggers);
    }

    record UserTrigger(String name, String table, String sql) {}

    static boolean isOurs(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.equals(QueueTable.NAME) || lower.startsWith("waggle_");
    }

    static FileSchema read(Connection file) throws SQLException {
        long version = Rows.number(file, "PRAGMA schema_version");
        var tables = new TreeMap<String, TrackedTable>();
        var refused = new ArrayList<Refusal>();
        try (var statement = file.prepareStatement("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' ORDER BY name");
             var rows = statement.executeQuery()) {
            while (rows.next()) {
                var name = rows.getString(1);
                if (name.startsWith("sqlite_") || isOurs(name)) continue;
                switch (rows.getString(2)) {
                    case "view" -> { }
                    case "virtual" -> refused.add(new Refusal(name, Refusal.Reason.VIRTUAL, ""));
                    case "shadow" -> refused.add(new Refusal(name, Refusal.Reason.SHADOW, ""));
                    default -> {
                        var table = new Reader(file, name, rows.getBoolean(3));
                        table.read().ifPresentOrElse(found -> tables.put(name, found), () -> refused.add(table.refusal));
                    }
                }
            }
        }
        return new FileSchema(version, tables, refused, userTriggers(file));
    }

    private static List<UserTrigger> userTriggers(Connection file) throws SQLException {
        try (var statement = file.prepareStatement("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name");
             var rows = statement.executeQuery()) {
            var triggers = new ArrayList<UserTrigger>();
            while (rows.next())
                if (!isOurs(rows.getString(1))) triggers.add(new UserTrigger(rows.getString(1), rows.getString(2), rows.getString(3)));
            return triggers;
        }
    }

    /// Parents before children; tables that refer to one another stand in order of name.
    static List<TrackedTable> parentsFirst(Map<String, TrackedTable> tables) {
        var ordered = new ArrayList<TrackedTable>();
        var left = new TreeMap<>(tables);
        while (!left.isEmpty()) {
            var free = left.values().stream().filter(table -> table.schema().foreignKeys().stream()
                .noneMatch(key -> !key.parent().equals(table.name()) && left.containsKey(key.parent()))).toList();
            if (free.isEmpty()) free = List.of(left.firstEntry().getValue());
            for (var table : free) {
                ordered.add(table);
                left.remove(table.name());
            }
        }
        return ordered;
    }

    /// Reads one table.
    private static final class Reader {
        private final Connection file;
        private final String name;
        private final boolean withoutRowid;
        private Refusal refusal;

        private Reader(Connection file, String name, boolean withoutRowid) {
            this.file = file;
            this.name = name;
            this.withoutRowid = withoutRowid;
        }

        private record RawColumn(String name, String type, boolean notNull, int keyPart, int hidden) {}

        private record RawIndex(String name, boolean unique, String origin, boolean partial, List<String> columns, List<String> collations, String sql) {}

        private Optional<TrackedTable> read() throws SQLException {
            var createSql = Rows.texts(file, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", name).getFirst();
            var raw = columns();
            var indexes = indexes(file, name);
            var sql = new ArrayList<String>();
            sql.add(createSql);
            for (var index : indexes) if (index.origin.equals("c")) sql.add(index.sql);
            Map<String, String> collations;
            try {
                collations = collations(sql, raw);
            } catch (SQLException e) {
                return refuse(Refusal.Reason.PRIVATE_FUNCTION, String.valueOf(e.getMessage()));
            }
            sql.addAll(Rows.texts(file, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? AND name NOT LIKE 'waggle\\_%' ESCAPE '\\' ORDER BY name", name));

            var columns = raw.stream().map(c -> new Column(c.name, c.type, c.notNull, collations.getOrDefault(c.name, "BINARY"), c.hidden >= 2)).toList();
            boolean rowidKey = isRowidKey(raw, indexes);
            var key = key(raw, indexes, collations, rowidKey);
            if (key.isEmpty()) return refuse(Refusal.Reason.NO_KEY, "");
            var uniques = new ArrayList<Unique>();
            uniques.add(key.get());
            indexes.stream().filter(index -> index.unique && !index.name.equals(keyIndex)).sorted(Comparator.comparing(RawIndex::name))
                .map(index -> new Unique(index.name, index.columns, index.collations, index.partial ? Optional.of(SqlWords.whereOf(index.sql)) : Optional.empty()))
                .forEach(uniques::add);
            var schema = new TableSchema(name, columns, key.get().columns(), identity(raw, key.get()), uniques, foreignKeys(), withoutRowid, sql);
            int bytes = Canonical.unlimited(ChangeSetCodec.schema(schema).body()).length;
            if (bytes > ChangeSetCodec.BATCH_BYTES_MAX) return refuse(Refusal.Reason.LONG, bytes + " bytes");
            return Optional.of(TrackedTable.of(schema, rowidKey));
        }

        private Optional<TrackedTable> refuse(Refusal.Reason reason, String detail) {
            refusal = new Refusal(name, reason, detail);
            return Optional.empty();
        }

        private List<RawColumn> columns() throws SQLException {
            try (var statement = file.prepareStatement("SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid")) {
                statement.setString(1, name);
                try (var rows = statement.executeQuery()) {
                    var columns = new ArrayList<RawColumn>();
                    while (rows.next())
                        columns.add(new RawColumn(rows.getString(1), rows.getString(2), rows.getBoolean(3), rows.getInt(4), rows.getInt(5)));
                    return columns;
                }
            }
        }

        private static List<RawIndex> indexes(Connection from, String table) throws SQLException {
            var indexes = new ArrayList<RawIndex>();
            try (var list = from.prepareStatement("""
                    SELECT l.name, l."unique", l.origin, l.partial, coalesce(s.sql, '')
                      FROM pragma_index_list(?) l LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name
                     ORDER BY l.name
                    """)) {
                list.setString(1, table);
                try (var rows = list.executeQuery()) {
                    while (rows.next()) {
                        var columns = new ArrayList<String>();
                        var collations = new ArrayList<String>();
                        readIndex(from, rows.getString(1), columns, collations);
                        indexes.add(new RawIndex(rows.getString(1), rows.getBoolean(2), rows.getString(3), rows.getBoolean(4), columns, collations, rows.getString(5)));
                    }
                }
            }
            return indexes;
        }

        /// Leaves both lists empty for an index over expressions.
        private static void readIndex(Connection from, String index, List<String> columns, List<String> collations) throws SQLException {
            try (var statement = from.prepareStatement("SELECT cid, name, coll FROM pragma_index_xinfo(?) WHERE \"key\" = 1 ORDER BY seqno")) {
                statement.setString(1, index);
                boolean expression = false;
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        expression |= rows.getInt(1) == -2;
                        columns.add(rows.getString(2));
                        collations.add(rows.getString(3));
                    }
                }
                if (!expression) return;
                columns.clear();
                collations.clear();
            }
        }

        /// The collation of each column. SQLite tells it of indexes only, so the table is made again in memory with an index over all
        /// columns, which also shows whether its schema needs something that only its own program has.
        private Map<String, String> collations(List<String> sql, List<RawColumn> raw) throws SQLException {
            try (var scratch = DriverManager.getConnection("jdbc:sqlite::memory:")) {
                for (var create : sql) Rows.run(scratch, create);
                var byColumn = new HashMap<String, String>();
                for (var column : raw) {
                    Rows.run(scratch, "CREATE INDEX waggle_scratch ON " + Sql.name(name) + " (" + Sql.name(column.name) + ")");
                    byColumn.put(column.name, Rows.text(scratch, "SELECT coll FROM pragma_index_xinfo('waggle_scratch') WHERE seqno = 0"));
                    Rows.run(scratch, "DROP INDEX waggle_scratch");
                }
                return byColumn;
            }
        }

        /// A table with one INTEGER PRIMARY KEY column has no index for it: the column is the rowid.
        private boolean isRowidKey(List<RawColumn> raw, List<RawIndex> indexes) {
            var parts = raw.stream().filter(column -> column.keyPart > 0).toList();
            return !withoutRowid && parts.size() == 1 && parts.getFirst().type.equalsIgnoreCase("INTEGER")
                && indexes.stream().noneMatch(index -> index.origin.equals("pk"));
        }

        private String keyIndex = "";

        private Optional<Unique> key(List<RawColumn> raw, List<RawIndex> indexes, Map<String, String> columnCollations, boolean rowidKey) {
            var declared = raw.stream().filter(column -> column.keyPart > 0).sorted(Comparator.comparingInt(RawColumn::keyPart)).map(RawColumn::name).toList();
            if (rowidKey) return Optional.of(new Unique("", declared, List.of("BINARY"), Optional.empty()));
            var notNull = raw.stream().filter(column -> column.notNull && column.hidden == 0).map(RawColumn::name).toList();
            var index = indexes.stream().filter(candidate -> candidate.origin.equals("pk")).findFirst()
                .or(() -> indexes.stream().filter(candidate -> candidate.unique && !candidate.partial && !candidate.columns.isEmpty()
                    && notNull.containsAll(candidate.columns)).min(Comparator.comparing(RawIndex::name)));
            if (index.isEmpty()) return Optional.empty();
            keyIndex = index.get().name;
            return Optional.of(new Unique("", index.get().columns, index.get().collations, Optional.empty()));
        }

        private static Identity identity(List<RawColumn> raw, Unique key) {
            if (key.columns().size() != 1) return Identity.KEY;
            var type = raw.stream().filter(column -> column.name.equals(key.columns().getFirst())).findFirst().orElseThrow().type;
            return type.toUpperCase(Locale.ROOT).contains("INT") ? Identity.EVENT : Identity.KEY;
        }

        private List<ForeignKey> foreignKeys() throws SQLException {
            var found = new TreeMap<Integer, ForeignKey>();
            try (var statement = file.prepareStatement("SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?) ORDER BY id, seq")) {
                statement.setString(1, name);
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        var before = found.get(rows.getInt(1));
                        var columns = new ArrayList<>(before == null ? List.<String>of() : before.columns());
                        var parentColumns = new ArrayList<>(before == null ? List.<String>of() : before.parentColumns());
                        columns.add(rows.getString(3));
                        if (rows.getString(4) != null) parentColumns.add(rows.getString(4));
                        found.put(rows.getInt(1), new ForeignKey(rows.getInt(1), columns, parentName(rows.getString(2)), parentColumns));
                    }
                }
            }
            var complete = new ArrayList<ForeignKey>();
            for (var key : found.values()) {
                var parentColumns = key.parentColumns().size() == key.columns().size() ? parentColumns(key)
                    : Rows.texts(file, "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", key.parent());
                if (parentColumns.size() == key.columns().size()) complete.add(new ForeignKey(key.id(), key.columns(), key.parent(), parentColumns));
            }
            return complete;
        }

        /// Foreign keys may spell their parent and its columns in other letters than its CREATE TABLE.
        private String parentName(String spelt) throws SQLException {
            var names = Rows.texts(file, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE", spelt);
            return names.isEmpty() ? spelt : names.getFirst();
        }

        private List<String> parentColumns(ForeignKey key) throws SQLException {
            var declared = Rows.texts(file, "SELECT name FROM pragma_table_xinfo(?)", key.parent());
            return key.parentColumns().stream().map(spelt -> declared.stream().filter(spelt::equalsIgnoreCase).findFirst().orElse(spelt)).toList();
        }
    }
}

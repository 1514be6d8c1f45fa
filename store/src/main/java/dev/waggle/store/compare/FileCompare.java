package dev.waggle.store.compare;

import dev.waggle.core.record.Value;
import dev.waggle.store.compare.Comparison.Difference;
import dev.waggle.store.compare.Comparison.SchemaDifference;
import dev.waggle.store.compare.Comparison.TableCount;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/// Compares two SQLite files table by table and row by row, with exact types and bytes: 1 is not 1.0, 0.0 is not -0.0, text is not a blob.
///
/// Rows are matched by primary key; in a table without one, or where the key is declared differently, all rows are compared as a multiset.
/// Hidden rowids, the order of columns, indexes, triggers and views are not compared, nor are `sync_queue`, `waggle_*`, `sqlite_*` and
/// virtual tables. Both files are read in one transaction each and streamed: memory does not grow with the rows. A file in a rollback
/// journal mode keeps its writers waiting meanwhile.
public final class FileCompare {
    private static final int PROGRESS_ROWS = 4_096;

    private final Side left;
    private final Side right;
    private final int differencesMax;
    private final LongConsumer progress;
    private final List<TableCount> tables = new ArrayList<>();
    private final List<SchemaDifference> schema = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private long rowsRead;

    private FileCompare(Side left, Side right, int differencesMax, LongConsumer progress) {
        this.left = left;
        this.right = right;
        this.differencesMax = differencesMax;
        this.progress = progress;
    }

    /// @param differencesMax how many row differences to keep; all are counted
    /// @throws CannotCompare when a file cannot be read as a SQLite database
    public static Comparison compare(Path left, Path right, int differencesMax) {
        return compare(left, right, differencesMax, _ -> { });
    }

    /// @param progress told now and then how many rows, of both files, were read so far
    public static Comparison compare(Path left, Path right, int differencesMax, LongConsumer progress) {
        try (var leftSide = Side.open(left); var rightSide = Side.open(right)) {
            return new FileCompare(leftSide, rightSide, differencesMax, progress).all();
        }
    }

    private Comparison all() {
        var names = new TreeSet<>(left.tables.keySet());
        names.addAll(right.tables.keySet());
        for (var name : names) {
            var leftTable = left.tables.get(name);
            var rightTable = right.tables.get(name);
            if (leftTable == null) schema.add(new SchemaDifference(rightTable.name(), Optional.empty(), "absent", "table"));
            else if (rightTable == null) schema.add(new SchemaDifference(leftTable.name(), Optional.empty(), "table", "absent"));
            else compareTable(leftTable, rightTable);
        }
        return new Comparison(tables, schema, differences);
    }

    private void compareTable(Side.Table leftTable, Side.Table rightTable) {
        compareColumns(leftTable, rightTable);
        var key = leftTable.key().equals(rightTable.key()) ? leftTable.key() : List.<String>of();
        var shared = new ArrayList<>(key);               // the key's columns first
        for (var name : leftTable.columns().keySet()) if (rightTable.columns().containsKey(name) && !key.contains(name)) shared.add(name);
        if (shared.isEmpty()) return;                    // nothing to compare but what the schema differences say

        int sortedBy = key.isEmpty() ? shared.size() : key.size();
        try (var leftRows = open(left, leftTable, shared, sortedBy); var rightRows = open(right, rightTable, shared, sortedBy)) {
            var names = shared.stream().map(name -> leftTable.columns().get(name).name()).toList();
            new Merge(leftTable.name(), names, sortedBy, !key.isEmpty()).run(leftRows, rightRows);
        }
    }

    private void compareColumns(Side.Table leftTable, Side.Table rightTable) {
        var names = new TreeSet<>(leftTable.columns().keySet());
        names.addAll(rightTable.columns().keySet());
        for (var name : names) {
            var leftColumn = Optional.ofNullable(leftTable.columns().get(name));
            var rightColumn = Optional.ofNullable(rightTable.columns().get(name));
            var leftText = leftColumn.map(Side.Column::declaration).orElse("absent");
            var rightText = rightColumn.map(Side.Column::declaration).orElse("absent");
            if (leftText.equals(rightText)) continue;
            schema.add(new SchemaDifference(leftTable.name(), Optional.of(leftColumn.or(() -> rightColumn).orElseThrow().name()), leftText, rightText));
        }
    }

    private static Rows open(Side side, Side.Table table, List<String> columns, int sortedBy) {
        try {
            var names = columns.stream().map(name -> table.columns().get(name).name()).toList();
            return new Rows(side, RowCursor.open(side, table.name(), names, sortedBy), sortedBy);
        } catch (SQLException e) {
            throw new CannotCompare(side.file, "table " + table.name() + ": " + Side.describe(e), e);
        }
    }

    /// Rows with the same key, one group at a time. A group is one row but for tables without a key and for NULL in a key.
    private static final class Rows implements AutoCloseable {
        private final Side side;
        private final RowCursor cursor;
        private final int keyColumns;
        private List<Value> ahead;
        long count;

        Rows(Side side, RowCursor cursor, int keyColumns) {
            this.side = side;
            this.cursor = cursor;
            this.keyColumns = keyColumns;
            this.ahead = read();
        }

        /// The key of the next group, or null after the last.
        List<Value> key() {
            return ahead == null ? null : ahead.subList(0, keyColumns);
        }

        List<List<Value>> group() {
            var group = new ArrayList<List<Value>>(1);
            var key = key();
            do {
                group.add(ahead);
                ahead = read();
            } while (ahead != null && ValueOrder.compareKeys(key(), key) == 0);
            count += group.size();
            return group;
        }

        private List<Value> read() {
            try {
                return cursor.next();
            } catch (SQLException e) {
                throw new CannotCompare(side.file, Side.describe(e), e);
            }
        }

        @Override public void close() {
            try {
                cursor.close();
            } catch (SQLException e) {
                throw new CannotCompare(side.file, Side.describe(e), e);
            }
        }
    }

    /// Walks both sides of one table in key order.
    private final class Merge {
        private final String table;
        private final List<String> columns;
        private final int keyColumns;
        private final boolean hasKey;
        private long found;

        Merge(String table, List<String> columns, int keyColumns, boolean hasKey) {
            this.table = table;
            this.columns = columns;
            this.keyColumns = keyColumns;
            this.hasKey = hasKey;
        }

        void run(Rows leftRows, Rows rightRows) {
            while (leftRows.key() != null || rightRows.key() != null) {
                int order = leftRows.key() == null ? 1
                    : rightRows.key() == null ? -1
                    : ValueOrder.compareKeys(leftRows.key(), rightRows.key());
                var leftGroup = order <= 0 ? leftRows.group() : List.<List<Value>>of();
                var rightGroup = order >= 0 ? rightRows.group() : List.<List<Value>>of();
                if (hasKey && leftGroup.size() == 1 && rightGroup.size() == 1) compareRow(leftGroup.getFirst(), rightGroup.getFirst());
                else compareGroups(leftGroup, rightGroup);
                tellProgress(leftGroup.size() + rightGroup.size());
            }
            tables.add(new TableCount(table, leftRows.count, rightRows.count, found));
        }

        private void compareRow(List<Value> leftRow, List<Value> rightRow) {
            var key = List.copyOf(leftRow.subList(0, keyColumns));
            for (int i = 0; i < leftRow.size(); i++) {
                if (leftRow.get(i).equals(rightRow.get(i))) continue;
                add(new Difference(table, key, Optional.of(columns.get(i)), Optional.of(leftRow.get(i)), Optional.of(rightRow.get(i))));
            }
        }

        private void compareGroups(List<List<Value>> leftGroup, List<List<Value>> rightGroup) {
            if (leftGroup.equals(rightGroup)) return;
            Map<List<Value>, Integer> surplus = new LinkedHashMap<>();
            for (var row : leftGroup) surplus.merge(row, 1, Integer::sum);
            for (var row : rightGroup) surplus.merge(row, -1, Integer::sum);
            surplus.forEach((row, times) -> {
                var key = List.copyOf(row.subList(0, keyColumns));
                var here = Optional.of(row.getFirst());
                var difference = times > 0 ? new Difference(table, key, Optional.empty(), here, Optional.empty())
                    : new Difference(table, key, Optional.empty(), Optional.empty(), here);
                for (int i = 0; i < Math.abs(times); i++) add(difference);
            });
        }

        private void add(Difference difference) {
            found++;
            if (differences.size() < differencesMax) differences.add(difference);
        }
    }

    private void tellProgress(int rows) {
        long before = rowsRead / PROGRESS_ROWS;
        rowsRead += rows;
        if (rowsRead / PROGRESS_ROWS != before) progress.accept(rowsRead);
    }
}

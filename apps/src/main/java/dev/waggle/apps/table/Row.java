package dev.waggle.apps.table;

import dev.waggle.core.event.NamedValues;
import dev.waggle.core.record.Value;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/// One row's values by column, sorted by name. Immutable. Rows of one table share their [Columns]: a row costs two objects besides its values,
/// where a tree would cost one for each column.
public final class Row extends NamedValues<Value> {
    /// Column names in order, each once.
    public static final class Columns {
        private final String[] names;

        private Columns(String[] sorted) {
            names = sorted;
        }

        /// @param names in any order
        public static Columns of(List<String> names) {
            var sorted = names.toArray(String[]::new);
            Arrays.sort(sorted);
            for (int i = 1; i < sorted.length; i++)
                if (sorted[i].equals(sorted[i - 1])) throw new IllegalArgumentException("a column is named twice");
            return new Columns(sorted);
        }

        public int count() {
            return names.length;
        }

        public String name(int index) {
            return names[index];
        }

        /// Where a column's value is among a row's values, negative when it is not there.
        public int indexOf(String name) {
            for (int i = 0; i < names.length; i++) if (names[i] == name) return i;      // mostly the very same string
            return Arrays.binarySearch(names, name);
        }
    }

    private final Columns columns;
    private final Value[] values;

    private Row(Columns columns, Value[] values) {
        this.columns = columns;
        this.values = values;
    }

    /// @param values one for each column, in the columns' order; not changed afterwards
    public static Row of(Columns columns, Value[] values) {
        if (values.length != columns.names.length) throw new IllegalArgumentException("a row has a value for each column");
        return new Row(columns, values);
    }

    /// @param row in the order of names
    public static Row of(SortedMap<String, Value> row) {
        if (row instanceof Row same) return same;
        if (row.comparator() != null) throw new IllegalArgumentException("columns are sorted by name");
        return new Row(new Columns(row.keySet().toArray(String[]::new)), row.values().toArray(Value[]::new));
    }

    /// True when both have the same columns.
    public static boolean sameColumns(SortedMap<String, Value> one, SortedMap<String, Value> other) {
        if (one instanceof Row a && other instanceof Row b) return a.columns == b.columns || Arrays.equals(a.columns.names, b.columns.names);
        return one.keySet().equals(other.keySet());
    }

    public Columns columns() {
        return columns;
    }

    @Override public int size() {
        return values.length;
    }

    @Override protected String name(int index) {
        return columns.names[index];
    }

    @Override public Value at(int index) {
        return values[index];
    }

    @Override protected int indexOf(String name) {
        return columns.indexOf(name);
    }

    @Override public boolean equals(Object other) {
        if (this == other) return true;
        if (other instanceof Row row && row.columns == columns) return Arrays.equals(values, row.values);
        return super.equals(other);
    }

    @Override public int hashCode() {
        return super.hashCode();
    }
}

package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;

/// Rows of one table as the file has them at one moment, in the order of their key. Rows that hold a NULL in their key are not tracked and not among them.
///
/// @param key     the columns of the key
/// @param columns the columns that the cells of every row stand for: the first [#COLUMNS_MAX] that hold data
/// @param more    how many further columns there are
/// @param isEnd   there are no rows behind these
/// @param count   how many rows there are, as far as [#COUNT_MAX]; empty when it was not asked for
public record RowPage(List<String> key, List<String> columns, int more, List<Row> rows, boolean isEnd, Optional<Long> count) {
    public static final int COLUMNS_MAX = 500;
    public static final long COUNT_MAX = 1_000_000;
    /// Of a longer text only the beginning is read.
    public static final int TEXT_BYTES_MAX = 800;
    /// What a page holds before it ends: more by one row at most.
    static final long PAGE_BYTES_MAX = 1 << 20;

    public RowPage {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /// @param key exactly; it may be long
    public record Row(List<Value> key, List<Cell> cells) {
        public Row {
            key = List.copyOf(key);
            cells = List.copyOf(cells);
        }
    }

    /// @param value of a long text its beginning, of a blob none of its bytes
    /// @param bytes how long the text or blob is in the file
    /// @param whole whether the value is all of it
    public record Cell(Value value, long bytes, boolean whole) {}
}

package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.util.List;

/// Where a statement takes a column's value from.
public sealed interface Generator {
    record OneOf(List<Value> values) implements Generator {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /// Both ends included.
    record Range(long low, long high) implements Generator {}

    record RealRange(double low, double high) implements Generator {}

    /// Printable text of so many characters.
    record Characters(int low, int high) implements Generator {}

    record Bytes(int low, int high) implements Generator {}

    /// The value of this column in a row that is there; NULL when the table is empty.
    record RowOf(String table, String column) implements Generator {}

    /// One more than the largest there, as SQLite hands out row ids: two machines may hand out the same.
    record Next() implements Generator {}

    /// The old value and so much; for updates.
    record Add(long low, long high) implements Generator {}

    record Uuid() implements Generator {}

    /// As the column's type, keys and CHECKs suggest.
    record Typical() implements Generator {}

    /// NULL in so many of a hundred.
    record OrNull(Generator generator, int percent) implements Generator {}
}

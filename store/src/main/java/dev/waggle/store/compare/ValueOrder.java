package dev.waggle.store.compare;

import dev.waggle.core.record.Value;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The order in which SQLite sorts values under the BINARY collation of a UTF-8 database: NULL, numbers, text, blobs. An integer and a
/// real of the same size are equal here, and so are 0.0 and -0.0; whether values are the same is `Value.equals`.
final class ValueOrder implements Comparator<Value> {
    static final ValueOrder INSTANCE = new ValueOrder();

    private ValueOrder() {}

    @Override public int compare(Value a, Value b) {
        int byClass = Integer.compare(storageClass(a), storageClass(b));
        if (byClass != 0) return byClass;
        return switch (a) {
            case Value.Null _ -> 0;
            case Value.Int(var left) -> b instanceof Value.Int(var right) ? Long.compare(left, right) : compareMixed(left, ((Value.Real) b).value());
            case Value.Real(var left) -> b instanceof Value.Real(var right) ? compareReals(left, right) : -compareMixed(((Value.Int) b).value(), left);
            case Value.Text(var left) -> Arrays.compareUnsigned(left, ((Value.Text) b).bytes());
            case Value.Blob(var left) -> Arrays.compareUnsigned(left, ((Value.Blob) b).bytes());
            case Value.Chunked _ -> throw new IllegalArgumentException("a chunked value is never in a file");
        };
    }

    static int compareKeys(List<Value> a, List<Value> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = INSTANCE.compare(a.get(i), b.get(i));
            if (order != 0) return order;
        }
        return 0;
    }

    private static int storageClass(Value value) {
        return switch (value) {
            case Value.Null _ -> 0;
            case Value.Int _, Value.Real _ -> 1;
            case Value.Text _ -> 2;
            case Value.Blob _ -> 3;
            case Value.Chunked _ -> 4;
        };
    }

    private static int compareReals(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;                // Double.compare would tell the zeros apart
    }

    private static int compareMixed(long integer, double real) {
        if (Double.isInfinite(real)) return real > 0 ? -1 : 1;
        return BigDecimal.valueOf(integer).compareTo(new BigDecimal(real));
    }
}

package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Values as a column's type, keys and CHECKs suggest: few for keys, so that nodes meet at them; elsewhere everything that SQLite can store, now and then
/// what programs get wrong.
final class Typical {
    private static final long[] INTEGERS = {Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1, -(1L << 53) - 1, 1L << 31, -1, 0};
    private static final double[] REALS = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, 1.0, 1e300, 5e-324, 0.1, -2.5, 0x1p53, 0x1p63};
    private static final List<String> TEXTS = List.of("", "~", "~i:5", "Ünïcödé ☃", "line\nbreak", "it's \"quoted\"", "👩‍👩‍👧", " padded ", "NULL", "1", "1.0");
    private static final int LONG_BYTES_MIN = Value.INLINE_BYTES_MAX - 1;
    private static final int LONG_BYTES_MAX = 3 * Value.INLINE_BYTES_MAX;
    private final RandomGenerator random;
    private final Map<String, CheckHints> hints = new HashMap<>();

    Typical(RandomGenerator random) {
        this.random = random;
    }

    Value of(Database.Table table, Column column) {
        var hinted = hints.computeIfAbsent(table.name(), _ -> new CheckHints(table)).of(column.name());
        if (!hinted.isEmpty() && random.nextInt(8) != 0) return hinted.get(random.nextInt(hinted.size()));
        if (!column.notNull() && !column.inKey() && random.nextInt(6) == 0) return Value.NULL;
        var defaulted = table.defaults().get(column.name());
        if (defaulted != null && !column.unique() && random.nextInt(4) == 0) return defaulted;
        return column.unique() ? few(column) : any(column);
    }

    /// @param unique alone or with others in a unique index
    record Column(String name, String type, String collation, boolean notNull, boolean inKey, boolean unique, boolean composite) {
        static Column of(Database.Table table, String name) {
            var column = table.column(name);
            var uniques = table.schema().uniques().stream().filter(unique -> unique.columns().contains(name)).toList();
            return new Column(name, column.type(), column.collation(), column.notNull(), table.schema().key().contains(name), !uniques.isEmpty(),
                uniques.stream().allMatch(unique -> unique.columns().size() > 1));
        }
    }

    private Value few(Column column) {
        int number = random.nextInt(column.composite ? 6 : 40);
        return switch (SqlValues.Affinity.of(column.type)) {
            case INTEGER, NUMERIC -> new Value.Int(number + 1);
            case REAL -> new Value.Real(number / 4.0);
            case BLOB -> random.nextBoolean() ? new Value.Blob(new byte[] {(byte) number}) : new Value.Int(number);
            case TEXT -> Value.Text.of(spelt("k" + number, column.collation));
        };
    }

    private String spelt(String text, String collation) {
        return switch (collation.toUpperCase(java.util.Locale.ROOT)) {
            case "NOCASE" -> random.nextBoolean() ? text.toUpperCase(java.util.Locale.ROOT) : text;
            case "RTRIM" -> text + " ".repeat(random.nextInt(3));
            default -> text;
        };
    }

    private Value any(Column column) {
        return switch (SqlValues.Affinity.of(column.type)) {
            case INTEGER -> new Value.Int(integer());
            case NUMERIC -> isMoment(column.type) ? moment() : random.nextBoolean() ? new Value.Int(integer()) : new Value.Real(real());
            case REAL -> new Value.Real(real());
            case BLOB -> random.nextInt(4) == 0 ? new Value.Int(integer()) : new Value.Blob(bytes());
            case TEXT -> text();
        };
    }

    private long integer() {
        return random.nextInt(12) == 0 ? INTEGERS[random.nextInt(INTEGERS.length)] : random.nextInt(1_000);
    }

    private double real() {
        return random.nextInt(8) == 0 ? REALS[random.nextInt(REALS.length)] : random.nextInt(100_000) / 100.0;
    }

    private static boolean isMoment(String type) {
        var upper = type.toUpperCase(java.util.Locale.ROOT);
        return upper.contains("DATE") || upper.contains("TIME");
    }

    private Value moment() {
        return Value.Text.of("2026-%02d-%02d %02d:%02d:00".formatted(random.nextInt(1, 13), random.nextInt(1, 29), random.nextInt(24), random.nextInt(60)));
    }

    private Value text() {
        return switch (random.nextInt(40)) {
            case 0 -> new Value.Text(longBytes());
            case 1 -> new Value.Text("nul\0inside".getBytes(StandardCharsets.UTF_8));
            case 2 -> new Value.Text(new byte[] {'b', 'a', 'd', (byte) 0xff});
            case 3, 4, 5 -> Value.Text.of(TEXTS.get(random.nextInt(TEXTS.size())));
            default -> Value.Text.of("text " + random.nextInt(1_000));
        };
    }

    private byte[] bytes() {
        if (random.nextInt(40) == 0) return longBytes();
        var bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Long enough to travel in chunks, or just not.
    private byte[] longBytes() {
        var bytes = new byte[random.nextInt(LONG_BYTES_MIN, LONG_BYTES_MAX)];
        java.util.Arrays.fill(bytes, (byte) ('a' + random.nextInt(26)));
        return bytes;
    }
}

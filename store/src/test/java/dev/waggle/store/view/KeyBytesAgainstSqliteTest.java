package dev.waggle.store.view;

import dev.waggle.apps.table.KeyBytes;
import dev.waggle.core.Property;
import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// Key bytes are equal exactly when SQLite calls the values equal, and under BINARY they sort as SQLite sorts.
class KeyBytesAgainstSqliteTest {
    private static final long[] INTEGERS = {0, 1, -1, 2, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1, -(1L << 53) - 1};
    private static final double[] REALS = {0.0, -0.0, 1.0, 0.5, -0.5, -1e-300, 1e-300, 0x1p53, 0x1p63, -0x1p63, 0x1p62, 1e300, -1e300, Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY, 1.5, 9007199254740993.0, -1.5, Double.MIN_VALUE};
    private static final String[] TEXTS = {"", "a", "A", "b", "a ", "a  ", "A ", " a", "é", "É", "a\0b", "a\0c", "A\0b", "a\0", "ab", "a\0bc", "1", "\u0001"};

    @Test void keys_compare_as_in_sqlite() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            for (var collation : List.of("BINARY", "NOCASE", "RTRIM")) {
                try (var compare = connection.prepareStatement("""
                    WITH pair (a, b) AS (SELECT CASE ?1 WHEN 't' THEN CAST(?2 AS TEXT) ELSE ?2 END, CASE ?3 WHEN 't' THEN CAST(?4 AS TEXT) ELSE ?4 END)
                    SELECT CASE WHEN a = b COLLATE %s THEN 0 WHEN a < b COLLATE %s THEN -1 ELSE 1 END FROM pair
                    """.formatted(collation, collation))) {
                    Property.check(3_000, random -> {
                        var a = value(random);
                        var b = value(random);
                        int order = order(compare, a, b);
                        int own = Arrays.compareUnsigned(key(a, collation), key(b, collation));
                        assertThat(own == 0).as("%s and %s under %s", a.show(50), b.show(50), collation).isEqualTo(order == 0);
                        if (collation.equals("BINARY")) assertThat(Integer.signum(own)).as("%s and %s", a.show(50), b.show(50)).isEqualTo(order);
                    });
                }
            }
        }
    }

    private static byte[] key(Value value, String collation) {
        return KeyBytes.claim("t", "", List.of(value), List.of(collation));
    }

    private static Value value(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Value.Int(INTEGERS[random.nextInt(INTEGERS.length)]);
            case 1, 2 -> new Value.Real(REALS[random.nextInt(REALS.length)]);
            case 3, 4 -> Value.Text.of(TEXTS[random.nextInt(TEXTS.length)]);
            default -> new Value.Blob(TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8));
        };
    }

    private static int order(PreparedStatement compare, Value a, Value b) throws SQLException {
        bind(compare, 1, a);
        bind(compare, 3, b);
        try (var rows = compare.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void bind(PreparedStatement compare, int place, Value value) throws SQLException {
        compare.setString(place, value instanceof Value.Text ? "t" : "");
        switch (value) {
            case Value.Int(var integer) -> compare.setLong(place + 1, integer);
            case Value.Real(var real) -> compare.setDouble(place + 1, real);
            case Value.Text(var bytes) -> compare.setBytes(place + 1, bytes);
            case Value.Blob(var bytes) -> compare.setBytes(place + 1, bytes);
            default -> throw new IllegalStateException();
        }
    }
}

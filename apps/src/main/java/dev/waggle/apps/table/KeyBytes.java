package dev.waggle.apps.table;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.record.Value;

import java.util.Arrays;
import java.util.List;

/// Keys as SQLite compares them. Two keys that a unique index would call equal have equal normal values and equal bytes, and the bytes sort as
/// SQLite sorts the keys: numbers (integers and reals together), then text, then blobs.
///
/// NOCASE folds ASCII letters only and, as SQLite does, looks no further than the first NUL (but compares lengths); RTRIM drops trailing spaces; every
/// other collation is taken as BINARY.
public final class KeyBytes {
    private static final double TWO_63 = 0x1p63;
    /// Key values with more bytes than this are named by their hash in a record id.
    private static final int PLAIN_BYTES_MAX = 512;

    private byte[] out = new byte[64];
    private int length;

    private KeyBytes() {}

    /// The representative of all values that are equal to `value` under `collation`. 1.0 becomes 1, -0.0 becomes 0.
    public static Value normal(Value value, String collation) {
        return switch (value) {
            case Value.Real(var real) when isInteger(real) -> new Value.Int((long) real);
            case Value.Text(var bytes) when collation.equalsIgnoreCase("NOCASE") -> new Value.Text(foldCase(bytes));
            case Value.Text(var bytes) when collation.equalsIgnoreCase("RTRIM") -> new Value.Text(trimRight(bytes));
            default -> value;
        };
    }

    /// The part of a record id: the normal value, or its hash where it is long.
    static Value identify(Value value, String collation) {
        var normal = normal(value, collation);
        int size = switch (normal) {
            case Value.Text(var bytes) -> bytes.length;
            case Value.Blob(var bytes) -> bytes.length;
            default -> 0;
        };
        return size <= PLAIN_BYTES_MAX ? normal : Value.Text.of("#" + Hex.of(Sha256.of(new KeyBytes().add(normal).bytes())));
    }

    /// The bytes under which a record claims a key of a unique index; `prefix` of the index, then the values.
    public static byte[] claim(String table, String unique, List<Value> values, List<String> collations) {
        var key = new KeyBytes().text(utf8(table)).text(utf8(unique));
        for (int i = 0; i < values.size(); i++) key.add(normal(values.get(i), i < collations.size() ? collations.get(i) : "BINARY"));
        return key.bytes();
    }

    /// What the claims of one unique index begin with.
    public static byte[] prefix(String table, String unique) {
        return new KeyBytes().text(utf8(table)).text(utf8(unique)).bytes();
    }

    private KeyBytes add(Value value) {
        return switch (value) {
            case Value.Null _ -> put(0x05);
            case Value.Int(var integer) -> put(0x11).put8(integer ^ Long.MIN_VALUE).put(0);
            case Value.Real(var real) when real < -TWO_63 -> put(0x10).put8(ordered(real));
            case Value.Real(var real) when real >= TWO_63 -> put(0x12).put8(ordered(real));
            case Value.Real(var real) when isInteger(real) -> put(0x11).put8((long) real ^ Long.MIN_VALUE).put(0);
            case Value.Real(var real) -> put(0x11).put8((long) Math.floor(real) ^ Long.MIN_VALUE).put(1).put8(ordered(real));
            case Value.Text(var bytes) -> put(0x20).text(bytes);
            case Value.Blob(var bytes) -> put(0x30).text(bytes);
            case Value.Chunked _ -> throw new IllegalStateException("a key is compared with its whole value");
        };
    }

    private static boolean isInteger(double real) {
        return real >= -TWO_63 && real < TWO_63 && real == Math.rint(real);
    }

    /// Bits that sort, unsigned, as the doubles do.
    private static long ordered(double real) {
        long bits = Double.doubleToRawLongBits(real);
        return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    }

    /// NUL inside is written as 00 FF, the end as 00 00: shorter text sorts first and no text is a prefix of another.
    private KeyBytes text(byte[] bytes) {
        for (byte b : bytes) {
            put(b);
            if (b == 0) put(0xff);
        }
        return put(0).put(0);
    }

    private KeyBytes put8(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) put((int) (value >>> shift));
        return this;
    }

    private KeyBytes put(int value) {
        if (length == out.length) out = Arrays.copyOf(out, length * 2);
        out[length++] = (byte) value;
        return this;
    }

    private byte[] bytes() {
        return Arrays.copyOf(out, length);
    }

    private static byte[] foldCase(byte[] bytes) {
        var folded = bytes.clone();
        for (int i = 0; i < folded.length; i++) {
            if (folded[i] >= 'A' && folded[i] <= 'Z') folded[i] += 'a' - 'A';
            if (folded[i] == 0) {                            // equal up to here and equally long: SQLite calls them equal
                Arrays.fill(folded, i, folded.length, (byte) 0);
                break;
            }
        }
        return folded;
    }

    private static byte[] trimRight(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == ' ') end--;
        return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}

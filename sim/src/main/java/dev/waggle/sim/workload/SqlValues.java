package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Values as SQLite stores and compares them, written from its manual (datatype3.html) and apart from the engine's own code for keys.
public final class SqlValues {
    private SqlValues() {}

    /// What a column prefers to store (section 3.1 of the manual).
    public enum Affinity {
        INTEGER, TEXT, BLOB, REAL, NUMERIC;

        public static Affinity of(String type) {
            var upper = type.toUpperCase(Locale.ROOT);
            if (upper.contains("INT")) return INTEGER;
            if (upper.contains("CHAR") || upper.contains("CLOB") || upper.contains("TEXT")) return TEXT;
            if (upper.isEmpty() || upper.contains("BLOB")) return BLOB;
            if (upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB")) return REAL;
            return NUMERIC;
        }
    }

    /// The value as a column of this declared type stores it.
    public static Value stored(String type, Value value) {
        return switch (Affinity.of(type)) {
            case BLOB -> value;
            case TEXT -> switch (value) {
                case Value.Int(var integer) -> Value.Text.of(Long.toString(integer));
                case Value.Real(var real) -> Value.Text.of(Double.toString(real));
                default -> value;
            };
            case INTEGER, NUMERIC -> whole(number(value));
            case REAL -> number(value) instanceof Value.Int(var integer) && (long) (double) integer == integer ? new Value.Real(integer) : number(value);
        };
    }

    private static Value number(Value value) {
        if (!(value instanceof Value.Text(var bytes)) || bytes.length == 0 || bytes.length > 40) return value;
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.matches("[+-]?[0-9]{1,18}")) return new Value.Int(Long.parseLong(text));
        return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?") ? new Value.Real(Double.parseDouble(text)) : value;
    }

    private static Value whole(Value value) {
        return value instanceof Value.Real(var real) && real == Math.rint(real) && Math.abs(real) < 0x1p63 ? new Value.Int((long) real) : value;
    }

    /// A text that two values share exactly when a unique index with this collation calls them equal.
    public static String comparable(Value value, String collation) {
        return switch (value) {
            case Value.Null _ -> "null";
            case Value.Int(var integer) -> "n" + integer;
            case Value.Real real when whole(real) instanceof Value.Int(var integer) -> "n" + integer;
            case Value.Real(var real) -> "n" + real;
            case Value.Text(var bytes) -> "t" + collated(new String(bytes, StandardCharsets.ISO_8859_1), collation);
            case Value.Blob(var bytes) -> "b" + new String(bytes, StandardCharsets.ISO_8859_1);
            case Value.Chunked _ -> throw new IllegalArgumentException("keys are compared whole");
        };
    }

    private static String collated(String text, String collation) {
        return switch (collation.toUpperCase(Locale.ROOT)) {
            case "NOCASE" -> noCase(text);
            case "RTRIM" -> text.replaceFirst(" +$", "");
            default -> text;
        };
    }

    /// SQLite folds ASCII letters, stops at a NUL, and then compares lengths.
    private static String noCase(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) return out.append('\0').append(text.length()).toString();
            out.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return out.toString();
    }

    /// One text for a whole key: equal for keys that a unique index calls equal, sorted so that a run is the same everywhere.
    public static String key(List<Value> values, List<String> collations) {
        var out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            var part = comparable(values.get(i), i < collations.size() ? collations.get(i) : "BINARY");
            out.append(part.length()).append(':').append(part);
        }
        return out.toString();
    }
}

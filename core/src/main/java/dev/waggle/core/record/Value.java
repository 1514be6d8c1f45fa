package dev.waggle.core.record;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// One SQLite value with its exact storage class and bytes. Two values are equal when a program reading them could not tell them apart:
/// 1 and 1.0 differ, 0.0 and -0.0 differ, text is compared by its bytes.
///
/// In JSON most values are spelt plainly (null, integers up to 2^53, reals with a fraction, Unicode text). What JSON cannot carry exactly
/// is a string that begins with the tag mark `~`: see [#toJson].
public sealed interface Value {
    Null NULL = new Null();

    record Null() implements Value {}

    record Int(long value) implements Value {}

    /// Never NaN: SQLite stores NaN as NULL.
    record Real(double value) implements Value {
        public Real {
            if (Double.isNaN(value)) throw new IllegalArgumentException("NaN is no SQLite value");
        }

        @Override public boolean equals(Object other) {
            return other instanceof Real(var v) && Double.doubleToRawLongBits(v) == Double.doubleToRawLongBits(value);
        }

        @Override public int hashCode() {
            return Double.hashCode(value);
        }
    }

    /// @param bytes UTF-8 as SQLite stores it; may hold NUL or be no valid Unicode
    record Text(byte[] bytes) implements Value {
        /// @throws IllegalArgumentException when `text` holds an unpaired surrogate, which would silently become `?`
        public static Text of(String text) {
            if (!Canonical.isUnicode(text)) throw new IllegalArgumentException("text with an unpaired surrogate has no UTF-8");
            return new Text(text.getBytes(StandardCharsets.UTF_8));
        }

        /// For people: invalid bytes become U+FFFD.
        public String lossy() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override public boolean equals(Object other) {
            return other instanceof Text(var b) && Arrays.equals(b, bytes);
        }

        @Override public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    record Blob(byte[] bytes) implements Value {
        @Override public boolean equals(Object other) {
            return other instanceof Blob(var b) && Arrays.equals(b, bytes);
        }

        @Override public int hashCode() {
            return 31 * Arrays.hashCode(bytes) + 1;
        }
    }

    /// Text or a blob of more than [#INLINE_BYTES_MAX] bytes, in chunks. Exists in payloads only: it is resolved before a row is compared or written.
    ///
    /// @param text true for text, false for a blob
    record Chunked(boolean text, long bytes, List<ChunkId> chunks) implements Value {
        public Chunked {
            if (bytes < 1 || chunks.isEmpty()) throw new IllegalArgumentException("a chunked value has bytes and chunks");
            chunks = List.copyOf(chunks);
        }
    }

    int INLINE_BYTES_MAX = 16 * 1024;
    /// The mark with which a tagged string begins; ordinary text that begins with it is tagged too.
    char TAG = '~';

    /// The spelling of this value in a payload:
    ///
    /// | value | JSON |
    /// |---|---|
    /// | NULL | `null` |
    /// | integer within ±(2^53 - 1) | number |
    /// | other integer | `"~i:9223372036854775807"` |
    /// | real with a fraction | number |
    /// | integral or infinite real | `"~r:"` and its 16 hexadecimal IEEE 754 digits |
    /// | text that is valid Unicode and does not begin with `~` | string |
    /// | other valid text | `"~s:~…"` |
    /// | text that is not valid UTF-8 | `"~t:"` and base64 |
    /// | blob | `"~b:"` and base64 |
    /// | chunked text or blob | `["t" or "b", bytes, chunk id …]` |
    default Json toJson() {
        return switch (this) {
            case Null _ -> Json.NULL;
            case Int(var value) when value >= -Json.INTEGER_MAX && value <= Json.INTEGER_MAX -> Json.of(value);
            case Int(var value) -> Json.of("~i:" + value);
            case Real(var value) when Double.isFinite(value) && value != Math.rint(value) -> new Json.Num(value);
            case Real(var value) -> Json.of("~r:" + HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value)));
            case Text(var bytes) -> textToJson(bytes);
            case Blob(var bytes) -> Json.of("~b:" + Base64.getEncoder().encodeToString(bytes));
            case Chunked(var text, var bytes, var chunks) -> {
                var items = new ArrayList<Json>();
                items.add(Json.of(text ? "t" : "b"));
                items.add(Json.of(bytes));
                chunks.forEach(id -> items.add(Json.of(id.hex())));
                yield Json.array(items);
            }
        };
    }

    private static Json textToJson(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            return Json.of("~t:" + Base64.getEncoder().encodeToString(bytes));
        }
        return Json.of(!text.isEmpty() && text.charAt(0) == TAG ? "~s:" + text : text);
    }

    /// @throws MalformedPayload when `json` is not the one spelling of a value
    static Value fromJson(Json json) {
        try {
            var value = decode(json);
            if (json instanceof Json.Str(var text) && !text.isEmpty() && text.charAt(0) == TAG && !value.toJson().equals(json))
                throw new MalformedPayload("a tagged value has one spelling");
            return value;
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("tagged value: " + e.getMessage());
        }
    }

    private static Value decode(Json json) {
        return switch (json) {
            case Json.Null _ -> NULL;
            case Json.Num(var number) when number == Math.rint(number) && Math.abs(number) <= Json.INTEGER_MAX -> new Int((long) number);
            case Json.Num(var number) when number != Math.rint(number) -> new Real(number);
            case Json.Num _ -> throw new MalformedPayload("a number that only a tag carries exactly");
            case Json.Str(var text) when text.isEmpty() || text.charAt(0) != TAG -> Text.of(text);
            case Json.Str(var text) -> tagged(text);
            case Json.Arr(var items) -> chunked(items);
            case Json.Bool _, Json.Obj _ -> throw new MalformedPayload("not a column value");
        };
    }

    private static Value tagged(String text) {
        if (text.length() < 3 || text.charAt(2) != ':') throw new MalformedPayload("an unknown tag");
        var rest = text.substring(3);
        return switch (text.charAt(1)) {
            case 'i' -> new Int(Long.parseLong(rest));
            case 'r' -> new Real(Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(rest)));
            case 's' -> Text.of(rest);
            case 't' -> new Text(Base64.getDecoder().decode(rest));
            case 'b' -> new Blob(Base64.getDecoder().decode(rest));
            default -> throw new MalformedPayload("an unknown tag");
        };
    }

    private static Value chunked(List<Json> items) {
        if (items.size() < 3) throw new MalformedPayload("a chunked value is [kind, bytes, chunk …]");
        var kind = items.get(0).asText();
        if (!kind.equals("t") && !kind.equals("b")) throw new MalformedPayload("a chunked value is text or blob");
        return new Chunked(kind.equals("t"), items.get(1).asInteger(),
            items.subList(2, items.size()).stream().map(id -> new ChunkId(id.asText())).toList());
    }

    /// For people: what a program would print, at most `charsMax` characters.
    default String show(int charsMax) {
        var text = switch (this) {
            case Null _ -> "NULL";
            case Int(var value) -> Long.toString(value);
            case Real(var value) -> Double.toString(value);
            case Text t -> t.lossy();
            case Blob(var bytes) -> "x'" + Hex.of(Arrays.copyOf(bytes, Math.min(bytes.length, charsMax))) + "'";
            case Chunked(_, var bytes, _) -> "(" + bytes + " bytes)";
        };
        return text.length() <= charsMax ? text : text.substring(0, charsMax - 1) + "…";
    }

    /// True when the text can be spelt in canonical JSON as it is.
    static boolean isPlain(String text) {
        return Canonical.isUnicode(text) && (text.isEmpty() || text.charAt(0) != TAG);
    }
}

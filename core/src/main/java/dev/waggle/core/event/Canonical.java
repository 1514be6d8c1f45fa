package dev.waggle.core.event;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// Canonical JSON (RFC 8785): one value has one spelling, so its bytes can be hashed and signed.
///
/// Reading checks the spelling while parsing, in one pass, instead of writing the value again and comparing: bytes that are not
/// canonical, repeat a member, nest deeper than [#DEPTH_MAX] or have longer names than [#NAME_BYTES_MAX] are refused.
public final class Canonical {
    /// Levels of arrays and objects, the outermost counted.
    public static final int DEPTH_MAX = 32;
    public static final int MEMBERS_MAX = 256;
    public static final int NAME_BYTES_MAX = 256;

    private Canonical() {}

    /// The one spelling of `value`. What this writes, [#parse] reads: nobody signs bytes that every reader refuses.
    ///
    /// @throws IllegalArgumentException when a string holds an unpaired surrogate (such text travels tagged, see `Value`), or when
    ///     the value is beyond a limit of this class
    public static byte[] bytes(Json value) {
        return spelled(value, true);
    }

    /// The same spelling without the limits on members and names, for what nobody signs: a table may have 2,000 columns.
    public static byte[] unlimited(Json value) {
        return spelled(value, false);
    }

    private static byte[] spelled(Json value, boolean limited) {
        var out = new StringBuilder();
        write(value, 1, limited, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static String text(Json value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /// @throws MalformedPayload when `bytes` are not the canonical spelling of one JSON value
    public static Json parse(byte[] bytes) {
        return parse(bytes, Integer.MAX_VALUE);
    }

    /// As [#parse], for bytes of which there may be many: `[],[],[]` takes thirty times its size in memory.
    ///
    /// @param valuesMax of any kind, the outermost counted
    /// @throws MalformedPayload also when there are more
    public static Json parse(byte[] bytes, int valuesMax) {
        return new CanonicalParser(bytes, valuesMax).whole();
    }

    /// @throws MalformedPayload when `bytes` are not the canonical spelling of one JSON object
    public static Json.Obj parseObject(byte[] bytes) {
        if (parse(bytes) instanceof Json.Obj object) return object;
        throw new MalformedPayload("not a JSON object");
    }

    /// Checks all of an object as [#parseObject] does and builds only some of its members, for whoever reads of many events what all have.
    ///
    /// @param wanted names at the top level
    /// @return the wanted members that are there
    /// @throws MalformedPayload when `bytes` are not the canonical spelling of one JSON object
    public static Json.Obj members(byte[] bytes, Set<String> wanted) {
        return new CanonicalParser(bytes, Integer.MAX_VALUE).members(wanted);
    }

    /// True when every surrogate in `text` has its partner.
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            if (Character.isLowSurrogate(c) || i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) return false;
            i++;
        }
        return true;
    }

    private static void requireUnicode(String text) {
        if (!isUnicode(text)) throw new IllegalArgumentException("text with an unpaired surrogate has no canonical JSON");
    }

    private static void write(Json value, int depth, boolean limited, StringBuilder out) {
        switch (value) {
            case Json.Null _ -> out.append("null");
            case Json.Bool(var truth) -> out.append(truth);
            case Json.Num(var number) -> out.append(number(number));
            case Json.Str(var text) -> writeString(text, out);
            case Json.Arr(var items) -> {
                requireDepth(depth);
                out.append('[');
                for (int i = 0; i < items.size(); i++) {
                    if (i > 0) out.append(',');
                    write(items.get(i), depth + 1, limited, out);
                }
                out.append(']');
            }
            case Json.Obj(var members) -> {
                requireDepth(depth);
                if (limited && members.size() > MEMBERS_MAX) throw new IllegalArgumentException("an object has more than " + MEMBERS_MAX + " members");
                out.append('{');
                boolean first = true;
                for (var member : members.entrySet()) {
                    if (!first) out.append(',');
                    first = false;
                    writeName(member.getKey(), limited, out);
                    out.append(':');
                    write(member.getValue(), depth + 1, limited, out);
                }
                out.append('}');
            }
        }
    }

    private static void requireDepth(int depth) {
        if (depth > DEPTH_MAX) throw new IllegalArgumentException("nested deeper than " + DEPTH_MAX);
    }

    private static void writeName(String name, boolean limited, StringBuilder out) {
        int start = out.length();
        writeString(name, out);
        int chars = out.length() - start - 2;                         // as the reader counts: escapes spelt out, no quotes
        if (limited && chars > NAME_BYTES_MAX / 3 && out.substring(start + 1, start + 1 + chars).getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX)
            throw new IllegalArgumentException("a member's name is longer than " + NAME_BYTES_MAX + " bytes");
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        int from = 0;                                                 // what needs no escape is copied in runs
        boolean surrogates = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            surrogates |= Character.isSurrogate(c);
            if (c >= 0x20 && c != '"' && c != '\\') continue;
            out.append(text, from, i).append(escape(c));
            from = i + 1;
        }
        if (surrogates) requireUnicode(text);
        out.append(text, from, text.length()).append('"');
    }

    static String escape(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u00" + Character.forDigit(c >> 4, 16) + Character.forDigit(c & 15, 16);
        };
    }

    /// A double as ECMAScript's Number::toString spells it (RFC 8785 section 3.2.2.3). Java's shortest digits (JDK 19 and newer)
    /// are the same digits but for one case ([#shortest]); the layout differs.
    static String number(double value) {
        if (value == 0) return "0";
        if (value == Math.rint(value) && Math.abs(value) <= Json.INTEGER_MAX) return Long.toString((long) value);
        var decimal = shortest(Math.abs(value));
        var digits = decimal.unscaledValue().toString();
        int point = digits.length() - decimal.scale();               // value = 0.digits * 10^point
        var sign = value < 0 ? "-" : "";
        int count = digits.length();
        if (count <= point && point <= 21) return sign + digits + "0".repeat(point - count);
        if (0 < point && point <= 21) return sign + digits.substring(0, point) + "." + digits.substring(point);
        if (-6 < point && point <= 0) return sign + "0." + "0".repeat(-point) + digits;
        int exponent = point - 1;
        var mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }

    /// Java always gives two digits, and takes the closest decimal of two where one digit would do: 4.9E-324 for what ECMAScript calls 5e-324.
    private static BigDecimal shortest(double value) {
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() != 2) return decimal;
        var oneDigit = new BigDecimal(value).round(new MathContext(1, RoundingMode.HALF_EVEN));
        return oneDigit.doubleValue() == value ? oneDigit.stripTrailingZeros() : decimal;
    }

    /// Convenience for arrays of strings.
    static List<String> texts(List<Json> items) {
        return items.stream().map(Json::asText).toList();
    }
}

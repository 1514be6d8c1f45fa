package dev.waggle.core.event;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
        var out = new StringBuilder();
        write(value, 1, out);
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
        return new Parser(bytes, valuesMax).whole();
    }

    /// @throws MalformedPayload when `bytes` are not the canonical spelling of one JSON object
    public static Json.Obj parseObject(byte[] bytes) {
        if (parse(bytes) instanceof Json.Obj object) return object;
        throw new MalformedPayload("not a JSON object");
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

    private static void write(Json value, int depth, StringBuilder out) {
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
                    write(items.get(i), depth + 1, out);
                }
                out.append(']');
            }
            case Json.Obj(var members) -> {
                requireDepth(depth);
                if (members.size() > MEMBERS_MAX) throw new IllegalArgumentException("an object has more than " + MEMBERS_MAX + " members");
                out.append('{');
                boolean first = true;
                for (var member : members.entrySet()) {
                    if (!first) out.append(',');
                    first = false;
                    writeName(member.getKey(), out);
                    out.append(':');
                    write(member.getValue(), depth + 1, out);
                }
                out.append('}');
            }
        }
    }

    private static void requireDepth(int depth) {
        if (depth > DEPTH_MAX) throw new IllegalArgumentException("nested deeper than " + DEPTH_MAX);
    }

    private static void writeName(String name, StringBuilder out) {
        int start = out.length();
        writeString(name, out);
        int chars = out.length() - start - 2;                         // as the reader counts: escapes spelt out, no quotes
        if (chars > NAME_BYTES_MAX / 3 && out.substring(start + 1, start + 1 + chars).getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX)
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

    private static String escape(char c) {
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

    /// Reads forward once; every check is made where the byte is read.
    private static final class Parser {
        private final byte[] in;
        private int at;
        private int depth;
        private int valuesLeft;

        Parser(byte[] in, int valuesMax) {
            this.in = in;
            this.valuesLeft = valuesMax;
        }

        Json whole() {
            var value = value();
            if (at != in.length) throw malformed("bytes after the value");
            return value;
        }

        private Json value() {
            if (--valuesLeft < 0) throw malformed("too many values");
            return switch (peek()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> new Json.Str(string());
                case 't' -> word("true", Json.TRUE);
                case 'f' -> word("false", Json.FALSE);
                case 'n' -> word("null", Json.NULL);
                default -> numberValue();
            };
        }

        private Json object() {
            enter();
            var names = new ArrayList<String>();
            var values = new ArrayList<Json>();
            String last = null;
            if (peek() != '}') {
                while (true) {
                    int start = at;
                    var name = string();
                    if (at - start - 2 > NAME_BYTES_MAX) throw malformed("a member's name is longer than " + NAME_BYTES_MAX + " bytes");
                    if (last != null && last.compareTo(name) >= 0)
                        throw malformed(last.equals(name) ? "a member is repeated" : "members are not in order");
                    last = name;
                    expect(':');
                    names.add(name);
                    values.add(value());
                    if (names.size() > MEMBERS_MAX) throw malformed("an object has more than " + MEMBERS_MAX + " members");
                    if (peek() == '}') break;
                    expect(',');
                }
            }
            at++;
            depth--;
            return new Json.Obj(new Members(names, values));
        }

        private Json array() {
            enter();
            var items = new ArrayList<Json>();
            if (peek() != ']') {
                while (true) {
                    items.add(value());
                    if (peek() == ']') break;
                    expect(',');
                }
            }
            at++;
            depth--;
            return new Json.Arr(items);
        }

        private void enter() {
            at++;
            if (++depth > DEPTH_MAX) throw malformed("nested deeper than " + DEPTH_MAX);
        }

        private String string() {
            expect('"');
            int start = at;
            while (true) {                                            // the common case: plain ASCII, one copy
                int b = peek();
                if (b == '"') {
                    var plain = new String(in, start, at - start, StandardCharsets.ISO_8859_1);
                    at++;
                    return plain;
                }
                if (b == '\\' || b < 0x20) break;
                at++;
            }
            var out = new StringBuilder(new String(in, start, at - start, StandardCharsets.ISO_8859_1));
            while (true) {
                int b = peek();
                if (b == '"') {
                    at++;
                    return out.toString();
                }
                if (b == '\\') out.append(escaped());
                else if (b >= 0x20) {
                    out.append((char) b);
                    at++;
                } else if (b >= 0) throw malformed("a control character must be escaped");
                else out.appendCodePoint(utf8());
            }
        }

        private char escaped() {
            int start = at;
            at++;
            int kind = peek();
            at++;
            char c = switch (kind) {
                case '"' -> '"';
                case '\\' -> '\\';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    int code = 0;
                    for (int i = 0; i < 4; i++) {
                        int digit = Character.digit(peek(), 16);
                        if (digit < 0) throw malformed("\\u needs four hexadecimal digits");
                        code = code << 4 | digit;
                        at++;
                    }
                    yield (char) code;
                }
                default -> throw malformed("unknown escape");
            };
            boolean needed = c < 0x20 || c == '"' || c == '\\';
            if (!needed || !matches(start, escape(c))) throw malformed("an escape that RFC 8785 does not use");
            return c;
        }

        private boolean matches(int start, String text) {
            if (at - start != text.length()) return false;
            for (int i = 0; i < text.length(); i++) if (in[start + i] != text.charAt(i)) return false;
            return true;
        }

        /// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
        private int utf8() {
            int lead = in[at++] & 0xff;
            int more = lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
            if (more < 0) throw malformed("not UTF-8");
            int code = lead & (0x3f >> more);
            for (int i = 0; i < more; i++) {
                int next = at < in.length ? in[at] & 0xff : 0;
                if ((next & 0xc0) != 0x80) throw malformed("not UTF-8");
                code = code << 6 | next & 0x3f;
                at++;
            }
            boolean overlong = more == 2 && code < 0x800 || more == 3 && code < 0x10000;
            if (overlong || code > 0x10ffff || code >= 0xd800 && code <= 0xdfff) throw malformed("not UTF-8");
            return code;
        }

        private Json numberValue() {
            int start = at;
            while (at < in.length && isNumberByte(in[at])) at++;
            int length = at - start;
            if (length == 0) throw malformed("expected a value");
            if (length <= 16 && isPlainInteger(start)) {
                long value = Long.parseLong(new String(in, start, length, StandardCharsets.ISO_8859_1));
                if (Math.abs(value) <= Json.INTEGER_MAX) return new Json.Num(value);
            }
            if (length > 32) throw malformed("a number that RFC 8785 would spell otherwise");
            var text = new String(in, start, length, StandardCharsets.ISO_8859_1);
            double value;
            try {
                value = Double.parseDouble(text);
            } catch (NumberFormatException _) {
                throw malformed("not a number");
            }
            if (!Double.isFinite(value) || !number(value).equals(text)) throw malformed("a number that RFC 8785 would spell otherwise");
            return new Json.Num(value);
        }

        private static boolean isNumberByte(byte b) {
            return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
        }

        private boolean isPlainInteger(int start) {
            int first = in[start] == '-' ? start + 1 : start;
            if (first == at || in[first] == '0' && (at - first > 1 || first > start)) return false;   // 01, -0
            for (int i = first; i < at; i++) if (in[i] < '0' || in[i] > '9') return false;
            return true;
        }

        private Json word(String word, Json value) {
            for (int i = 0; i < word.length(); i++) expect(word.charAt(i));
            return value;
        }

        /// The next byte, negative for the bytes of a multi-byte character.
        private int peek() {
            if (at >= in.length) throw malformed("ends too early");
            return in[at];
        }

        private void expect(char c) {
            if (peek() != c) throw malformed("expected '" + c + "'");
            at++;
        }

        private MalformedPayload malformed(String what) {
            return new MalformedPayload("not canonical JSON at byte " + at + ": " + what);
        }
    }

    /// Convenience for arrays of strings.
    static List<String> texts(List<Json> items) {
        return items.stream().map(Json::asText).toList();
    }
}

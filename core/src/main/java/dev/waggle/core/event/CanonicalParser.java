package dev.waggle.core.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Reads canonical JSON forward once; every check is made where the byte is read. What nobody wants is checked as strictly and not built.
final class CanonicalParser {
    private final byte[] in;
    private int at;
    private int depth;
    private int valuesLeft;
    private Json[] values = new Json[32];            // of the arrays and objects that are open, the innermost last
    private String[] names = new String[32];
    private int valuesOpen;
    private int namesOpen;

    CanonicalParser(byte[] in, int valuesMax) {
        this.in = in;
        this.valuesLeft = valuesMax;
    }

    Json whole() {
        var value = value(true);
        requireEnd();
        return value;
    }

    /// One object, of which only the members `wanted` are built.
    Json.Obj members(Set<String> wanted) {
        if (peek() != '{') {
            value(false);
            requireEnd();
            throw new MalformedPayload("not a JSON object");
        }
        countValue();
        var found = object(wanted, true);
        requireEnd();
        return found;
    }

    private void requireEnd() {
        if (at != in.length) throw malformed("bytes after the value");
    }

    private void countValue() {
        if (--valuesLeft < 0) throw malformed("too many values");
    }

    /// @return null when it is not to be built
    private Json value(boolean build) {
        countValue();
        return switch (peek()) {
            case '{' -> object(null, build);
            case '[' -> array(build);
            case '"' -> {
                var text = string(build);
                yield build ? new Json.Str(text) : null;
            }
            case 't' -> word("true", Json.TRUE);
            case 'f' -> word("false", Json.FALSE);
            case 'n' -> word("null", Json.NULL);
            default -> number(build);
        };
    }

    /// @param wanted the members to build; null for all
    private Json.Obj object(Set<String> wanted, boolean build) {
        enter();
        int firstValue = valuesOpen;
        int firstName = namesOpen;
        int members = 0;
        int last = -1;                                                // where the name before this one begins
        if (peek() != '}') {
            while (true) {
                int start = at;
                var name = string(build);
                if (at - start - 2 > Canonical.NAME_BYTES_MAX) throw malformed("a member's name is longer than " + Canonical.NAME_BYTES_MAX + " bytes");
                if (last >= 0) requireOrder(last, start);
                last = start;
                expect(':');
                boolean wants = build && (wanted == null || wanted.contains(name));
                var value = value(wants);
                if (wants) keep(name, value);
                if (++members > Canonical.MEMBERS_MAX) throw malformed("an object has more than " + Canonical.MEMBERS_MAX + " members");
                if (peek() == '}') break;
                expect(',');
            }
        }
        leave();
        if (!build) return null;
        var made = new Members(Arrays.copyOfRange(names, firstName, namesOpen), Arrays.copyOfRange(values, firstValue, valuesOpen));
        namesOpen = firstName;
        valuesOpen = firstValue;
        return new Json.Obj(made);
    }

    private Json array(boolean build) {
        enter();
        int first = valuesOpen;
        if (peek() != ']') {
            while (true) {
                var item = value(build);
                if (build) keep(item);
                if (peek() == ']') break;
                expect(',');
            }
        }
        leave();
        if (!build) return null;
        var made = new Json.Arr(List.of(Arrays.copyOfRange(values, first, valuesOpen)));
        valuesOpen = first;
        return made;
    }

    private void keep(String name, Json value) {
        if (namesOpen == names.length) names = Arrays.copyOf(names, 2 * names.length);
        names[namesOpen++] = name;
        keep(value);
    }

    private void keep(Json value) {
        if (valuesOpen == values.length) values = Arrays.copyOf(values, 2 * values.length);
        values[valuesOpen++] = value;
    }

    private void enter() {
        at++;
        if (++depth > Canonical.DEPTH_MAX) throw malformed("nested deeper than " + Canonical.DEPTH_MAX);
    }

    private void leave() {
        at++;
        depth--;
    }

    /// Names are ordered by UTF-16 code units. Of names in plain ASCII the bytes are.
    ///
    /// @param last where the name before begins, at its quote
    private void requireOrder(int last, int start) {
        int a = last + 1;
        int b = start + 1;
        while (in[a] == in[b] && in[a] != '"' && isPlain(in[a])) {
            a++;
            b++;
        }
        boolean plain = isPlain(in[a]) && isPlain(in[b]);
        int order = plain ? in[a] == '"' ? in[b] == '"' ? 0 : -1 : in[b] == '"' ? 1 : in[a] - in[b] : stringAt(last).compareTo(stringAt(start));
        if (order >= 0) throw malformed(order == 0 ? "a member is repeated" : "members are not in order");
    }

    private static boolean isPlain(byte b) {
        return b >= 0x20 && b != '\\';
    }

    /// A string that was read before.
    private String stringAt(int start) {
        int now = at;
        at = start;
        var text = string(true);
        at = now;
        return text;
    }

    private String string(boolean build) {
        expect('"');
        int start = at;
        while (true) {                                            // the common case: plain ASCII, one copy
            int b = peek();
            if (b == '"') {
                var plain = build ? latin(start) : null;
                at++;
                return plain;
            }
            if (b == '\\' || b < 0x20) break;
            at++;
        }
        var out = new StringBuilder(build ? latin(start) : "");
        while (true) {
            int b = peek();
            if (b == '"') {
                at++;
                return build ? out.toString() : null;
            }
            if (b == '\\') out.append(escaped());
            else if (b >= 0x20) {
                out.append((char) b);
                at++;
            } else if (b >= 0) throw malformed("a control character must be escaped");
            else out.appendCodePoint(utf8());
            if (!build) out.setLength(0);
        }
    }

    private String latin(int start) {
        return new String(in, start, at - start, StandardCharsets.ISO_8859_1);
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
        if (!needed || !matches(start, Canonical.escape(c))) throw malformed("an escape that RFC 8785 does not use");
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

    private Json number(boolean build) {
        int start = at;
        while (at < in.length && isNumberByte(in[at])) at++;
        int length = at - start;
        if (length == 0) throw malformed("expected a value");
        if (length <= 17 && isPlainInteger(start)) {
            long value = plainInteger(start);
            if (Math.abs(value) <= Json.INTEGER_MAX) return build ? new Json.Num(value) : null;
        }
        if (length > 32) throw malformed("a number that RFC 8785 would spell otherwise");
        var text = latin(start);
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw malformed("not a number");
        }
        if (!Double.isFinite(value) || !Canonical.number(value).equals(text)) throw malformed("a number that RFC 8785 would spell otherwise");
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

    private long plainInteger(int start) {
        boolean negative = in[start] == '-';
        long value = 0;
        for (int i = negative ? start + 1 : start; i < at; i++) value = 10 * value + (in[i] - '0');
        return negative ? -value : value;
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

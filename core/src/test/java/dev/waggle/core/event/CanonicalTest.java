package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// One value has one spelling: RFC 8785's own vectors, every other spelling refused, and what is written is read back equal.
class CanonicalTest {
    /// RFC 8785 appendix B.
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2",
        "3fb999999999999a, 0.1",
        "433fffffffffffff, 9007199254740991",
        "c059000000000000, -100",
    })
    void numbers_are_spelt_as_ecmascript_spells_them(String bits, String spelling) {
        var value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertThat(Canonical.number(value)).isEqualTo(spelling);
        assertThat(Canonical.parse(utf8(spelling))).isEqualTo(new Json.Num(value));
    }

    @Tag("A03") @Test void nan_and_infinity_are_no_json() {
        for (var value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
            assertThatThrownBy(() -> new Json.Num(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void negative_zero_and_zero_are_one_value_with_one_spelling() {
        assertThat(new Json.Num(-0.0)).isEqualTo(new Json.Num(0.0));
        assertThat(Canonical.text(new Json.Num(-0.0))).isEqualTo("0");
    }

    /// RFC 8785 section 3.2.3.
    @Test void members_are_sorted_by_utf16_code_units() {
        var members = new TreeMap<String, Json>();
        for (var name : new String[] {"\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"}) members.put(name, Json.NULL);
        assertThat(Canonical.text(new Json.Obj(members))).isEqualTo(
            "{\"\\r\":null,\"1\":null,\"\u0080\":null,\"\u00f6\":null,\"\u20ac\":null,\"\ud83d\ude00\":null,\"\ufb33\":null}");
        assertRefused("{\"\ufb33\":1,\"\ud83d\ude00\":2}", "order");       // the order of code points, and of UTF-8 bytes
    }

    @Test void members_are_sorted_whatever_order_the_map_had() {
        var backwards = new TreeMap<String, Json>(Comparator.reverseOrder());
        backwards.put("a", Json.NULL);
        backwards.put("b", Json.NULL);
        assertThat(Canonical.text(new Json.Obj(backwards))).isEqualTo("{\"a\":null,\"b\":null}");
    }

    /// RFC 8785 section 3.2.2.2.
    @Test void strings_are_escaped_where_they_must_be_and_nowhere_else() {
        assertThat(Canonical.text(Json.of("\u20ac$\u000f\nA'B\"\\\\\"/"))).isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assertThat(Canonical.text(Json.of("\0\b\t\n\f\r\u001f\u007f\u2028"))).isEqualTo("\"\\u0000\\b\\t\\n\\f\\r\\u001f\u007f\u2028\"");
    }

    @Test void the_whole_example_of_the_rfc() {
        var value = Json.object(
            "numbers", Json.array(new Json.Num(333333333.33333329), new Json.Num(1E30), new Json.Num(4.50), new Json.Num(2e-3), new Json.Num(1e-27)),
            "string", "\u20ac$\u000F\nA'B\"\\\\\"/",
            "literals", Json.array(Json.NULL, Json.TRUE, Json.of(false)));
        assertThat(Hex.of(Canonical.bytes(value))).isEqualTo(
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b3330"
            + "2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d");
    }

    @Tag("A03") @Tag("lesson-two-spellings") @ParameterizedTest
    @ValueSource(strings = {
        " 1", "1 ", "[1, 2]", "[1,\n2]", "{ }", "{\"a\": 1}", "{\"a\" :1}", "\ufeff1",
        "-0", "0.0", "-0.0", "1.0", "1.50", "1e2", "1E21", "1e21", "1e+021", "01", "-01", "00", "+1", ".5", "1.", "-", "0x1", "1e", "1e400", "-1e400",
        "9007199254740993", "1e20", "100000000000000000000000", "0.0000001", "4.9e-324", "5e-325", "333333333.333333329", "NaN", "Infinity", "-Infinity",
        "\"\\/\"", "\"\\u0041\"", "\"\\u000a\"", "\"\\u001F\"", "\"\\u00e9\"", "\"\\x41\"", "\"\\u12\"", "\"\\u-001\"", "\"\t\"", "\"\n\"", "\"\0\"",
        "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\udc00\"", "'a'", "\"a", "\"\\", "\"\\u",
        "", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{,}", "{1:2}", "{\"a\"1}", "]", "}", ",", ":",
        "True", "tru", "nul", "nulll", "falsee", "undefined", "1 2", "1]", "{}{}", "{}\0", "//", "[1/**/]",
    })
    void another_spelling_is_refused(String text) {
        assertRefused(text, "");
    }

    @Tag("A03") @Test void a_repeated_member_and_a_wrong_order_are_refused() {
        assertRefused("{\"a\":1,\"a\":1}", "repeated");
        assertRefused("{\"a\":1,\"b\":2,\"a\":1}", "order");
        assertRefused("{\"b\":1,\"a\":2}", "order");
        assertRefused("[{\"b\":1,\"a\":2}]", "order");
    }

    @Tag("A03") @Test void only_strict_utf8_is_read() {
        for (var bytes : new String[] {
            "c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf",              // overlong
            "eda080", "edbfbf", "eda0bdedb880",                                      // surrogates, alone and as a pair
            "f4908080", "f5808080", "f8888080", "ff", "fe",                          // beyond U+10FFFF
            "80", "bf", "c3", "c341", "e282", "e28241", "f09f98", "f09f9841",        // cut or stray
        }) {
            assertRefusedBytes("22" + bytes + "22");
            assertRefusedBytes("22" + bytes);
        }
        assertThat(Canonical.parse(HexFormat.of().parseHex("22c3a9e282acf09f988022"))).isEqualTo(Json.of("\u00e9\u20ac\ud83d\ude00"));
        assertThat(Canonical.parse(HexFormat.of().parseHex("22ed9fbfee8080f48fbfbfc280e0a080f090808022"))).isEqualTo(
            Json.of("\ud7ff\ue000" + Character.toString(0x10ffff) + "\u0080\u0800" + Character.toString(0x10000)));
    }

    @Test void text_with_half_a_character_is_never_written() {
        for (var text : new String[] {"\ud800", "\udc00", "a\ud83d", "\ud83da", "\ude00\ud83d"}) {
            assertThatThrownBy(() -> Canonical.bytes(Json.of(text))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("surrogate");
            assertThatThrownBy(() -> Canonical.bytes(Json.object(text, 1))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Tag("A03") @Tag("P02") @Test void thirty_two_levels_are_read_and_written_and_thirty_three_are_not() {
        for (var kind : new String[] {"[]", "{}"}) {
            var open = kind.equals("[]") ? "[" : "{\"a\":";
            var last = kind.equals("[]") ? "[" : "{";
            var close = kind.substring(1);
            var deepest = open.repeat(31) + last + close.repeat(32);
            var value = Canonical.parse(utf8(deepest));
            assertThat(Canonical.text(value)).isEqualTo(deepest);
            assertRefused(open.repeat(32) + last + close.repeat(33), "deeper");
            assertThatThrownBy(() -> Canonical.bytes(Json.array(value))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("deeper");
            assertThatThrownBy(() -> Canonical.bytes(Json.object("a", value))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("deeper");
        }
        assertRefused("[".repeat(1_000_000), "deeper");
        assertThat(Canonical.parse(utf8("[[],[],{},[[]]]"))).isNotNull();             // a level ends where its bracket closes
        assertThat(Canonical.parse(utf8("[" + "[],".repeat(40) + "{}]"))).isNotNull();
    }

    @Tag("P02") @Test void an_object_has_at_most_256_members() {
        var members = new TreeMap<String, Json>();
        for (int i = 0; i < Canonical.MEMBERS_MAX; i++) members.put("m" + i, Json.NULL);
        var most = Canonical.text(new Json.Obj(members));
        assertThat(Canonical.parseObject(utf8(most)).members()).hasSize(256);
        members.put("z", Json.NULL);
        assertRefused(most.substring(0, most.length() - 1) + ",\"z\":null}", "256 members");
        assertThatThrownBy(() -> Canonical.bytes(new Json.Obj(members))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("256 members");
    }

    @Test void a_name_has_at_most_256_bytes_as_it_is_spelt() {
        for (var name : new String[] {"a".repeat(256), "\u00e9".repeat(128), "\u20ac".repeat(85) + "a", "\n".repeat(128), "\0".repeat(42) + "abcd"}) {
            var spelt = Canonical.text(Json.object(name, 1));
            assertThat(Canonical.parse(utf8(spelt))).isEqualTo(Json.object(name, 1));
            assertRefused(spelt.replace("\":1}", "z\":1}"), "256 bytes");
            assertThatThrownBy(() -> Canonical.bytes(Json.object(name + "b", 1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("256 bytes");
        }
    }

    @Tag("A03") @Test void what_is_written_is_read_back_equal_and_written_again_the_same() {
        Property.check(3_000, random -> {
            var value = RandomJson.value(random, 5);
            var bytes = Canonical.bytes(value);
            var read = Canonical.parse(bytes);
            assertThat(read).isEqualTo(value);
            assertThat(Canonical.bytes(read)).isEqualTo(bytes);
        });
    }

    /// Any bytes that are read are the bytes that would be written: so a reader that hashes and one that re-serialises agree.
    @Tag("A03") @Test void damaged_bytes_are_refused_or_are_themselves_canonical() {
        Property.check(3_000, random -> {
            var bytes = Canonical.bytes(RandomJson.object(random, 3));
            for (int i = random.nextInt(1, 4); i > 0; i--) bytes[random.nextInt(bytes.length)] = (byte) "\"\\{}[],:0123456789-+eE.u \u00c3\u0080".charAt(random.nextInt(26));
            try {
                assertThat(Canonical.bytes(Canonical.parse(bytes))).isEqualTo(bytes);
            } catch (MalformedPayload refused) {
                assertThat(refused.getMessage()).startsWith("not canonical JSON at byte ");
            }
        });
    }

    /// Whoever reads only some members gets what everybody gets, and refuses what everybody refuses, for the same reason.
    @Tag("A03") @Test void what_is_not_built_is_checked_as_strictly() {
        Property.check(4_000, random -> {
            var bytes = Canonical.bytes(RandomJson.object(random, 4));
            for (int damage = random.nextInt(3); damage > 0 && bytes.length > 2; damage--)
                bytes[random.nextInt(bytes.length)] = random.nextBoolean() ? bytes[random.nextInt(bytes.length)] : (byte) random.nextInt();
            var wanted = new HashSet<String>();
            String refusal = null;
            try {
                var whole = Canonical.parseObject(bytes);
                whole.members().keySet().stream().filter(_ -> random.nextInt(3) == 0).forEach(wanted::add);
                var expected = new TreeMap<>(whole.members());
                expected.keySet().retainAll(wanted);
                assertThat(Canonical.members(bytes, wanted)).isEqualTo(new Json.Obj(expected));
            } catch (MalformedPayload e) {
                refusal = e.getMessage();
            }
            if (refusal != null) {
                var why = refusal;
                assertThatThrownBy(() -> Canonical.members(bytes, Set.of("$"))).isInstanceOf(MalformedPayload.class).hasMessage(why);
            }
        });
    }

    @Tag("A03") @Test void names_are_in_order_of_their_code_units_whether_they_are_built_or_not() {
        for (var text : List.of("{\"a\":1,\"a\":2}", "{\"ab\":1,\"a\":2}", "{\"b\":1,\"a\":2}", "{\"\u20ac\":1,\"b\":2}", "{\"\u20ac\":1,\"\u20ac\":2}", "{\"\\n\":1,\"\\b\":2}",
            "{\"\uffee\":1,\"\ud83d\ude00\":2}", "{\"!\":1,\"\\\"\":2,\"!x\":3}")) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> Canonical.parseObject(bytes)).as(text).isInstanceOf(MalformedPayload.class).hasMessageMatching(".*(repeated|not in order)");
            assertThatThrownBy(() -> Canonical.members(bytes, Set.of())).as(text).isInstanceOf(MalformedPayload.class).hasMessageMatching(".*(repeated|not in order)");
        }
        for (var text : List.of("{\"\":1,\"a\":2,\"ab\":3}", "{\"!\":1,\"!x\":3,\"\\\"\":2}", "{\"\\b\":1,\"\\n\":2,\"a\":3}", "{\"\ud83d\ude00\":1,\"\uffee\":2}")) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(Canonical.members(bytes, Set.of()).members()).as(text).isEmpty();
            assertThat(Canonical.text(Canonical.parse(bytes))).isEqualTo(text);
        }
    }

    @Tag("A03") @Test void every_prefix_of_a_document_is_refused() {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(utf8("{\"a\":[1,-2.5e-7,\"x\\u0000\u20ac\",true,false,null],\"b\":{}}"));
        for (int length = 0; length < whole.size(); length++) {
            var prefix = Arrays.copyOf(whole.toByteArray(), length);
            assertThatThrownBy(() -> Canonical.parse(prefix)).isInstanceOf(MalformedPayload.class);
        }
        assertThat(Canonical.parse(whole.toByteArray())).isNotNull();
    }

    @Test void only_an_object_can_be_a_payload() {
        for (var text : List.of("[]", "1", "\"a\"", "null", "true"))
            assertThatThrownBy(() -> Canonical.parseObject(utf8(text))).isInstanceOf(MalformedPayload.class).hasMessageContaining("not a JSON object");
    }

    @Tag("A03") @Tag("P03") @Test void integers_are_exact_or_refused() {
        assertThat(Canonical.text(Json.of(Json.INTEGER_MAX))).isEqualTo("9007199254740991");
        assertThat(Canonical.text(Json.of(-Json.INTEGER_MAX))).isEqualTo("-9007199254740991");
        for (long beyond : new long[] {Json.INTEGER_MAX + 1, -Json.INTEGER_MAX - 1, Long.MAX_VALUE, Long.MIN_VALUE})
            assertThatThrownBy(() -> Json.of(beyond)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Json.of(Json.INTEGER_MAX).asInteger()).isEqualTo(Json.INTEGER_MAX);
        for (double no : new double[] {0.5, 0x1p53, -0x1p53, 1e300})
            assertThatThrownBy(() -> new Json.Num(no).asInteger()).isInstanceOf(MalformedPayload.class);
    }

    private static void assertRefused(String text, String why) {
        assertThatThrownBy(() -> Canonical.parse(utf8(text))).as(text.length() > 80 ? text.substring(0, 80) : text)
            .isInstanceOf(MalformedPayload.class).hasMessageContaining(why);
    }

    private static void assertRefusedBytes(String hex) {
        assertThatThrownBy(() -> Canonical.parse(HexFormat.of().parseHex(hex))).as(hex).isInstanceOf(MalformedPayload.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test void what_nobody_signs_may_have_more_members_and_longer_names() {
        var members = new TreeMap<String, Json>();
        for (int i = 0; i < 2 * Canonical.MEMBERS_MAX; i++) members.put("x".repeat(Canonical.NAME_BYTES_MAX) + i, Json.of((long) i));
        var wide = new Json.Obj(members);
        assertThatThrownBy(() -> Canonical.bytes(wide)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new String(Canonical.unlimited(wide), StandardCharsets.UTF_8)).startsWith("{\"xxx").contains("511\":511").endsWith("}");
        var narrow = Json.object("b", "\u20ac", "a", Json.array(List.of(Json.of(1L))));
        assertThat(Canonical.unlimited(narrow)).isEqualTo(Canonical.bytes(narrow));
    }
}

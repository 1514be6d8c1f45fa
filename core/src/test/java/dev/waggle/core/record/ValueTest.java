package dev.waggle.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/// Every value a SQLite column can hold has exactly one spelling in a payload and comes back with its type and bytes.
class ValueTest {
    private static final ChunkId CHUNK = new ChunkId("ab".repeat(32));

    @Test void each_kind_has_its_spelling() {
        assertSpelt(Value.NULL, "null");
        assertSpelt(new Value.Int(0), "0");
        assertSpelt(new Value.Int(-42), "-42");
        assertSpelt(new Value.Int(9007199254740991L), "9007199254740991");
        assertSpelt(new Value.Int(-9007199254740991L), "-9007199254740991");
        assertSpelt(new Value.Int(9007199254740992L), "\"~i:9007199254740992\"");
        assertSpelt(new Value.Int(-9007199254740992L), "\"~i:-9007199254740992\"");
        assertSpelt(new Value.Int(Long.MAX_VALUE), "\"~i:9223372036854775807\"");
        assertSpelt(new Value.Int(Long.MIN_VALUE), "\"~i:-9223372036854775808\"");
        assertSpelt(new Value.Real(0.5), "0.5");
        assertSpelt(new Value.Real(-1.25e-7), "-1.25e-7");
        assertSpelt(new Value.Real(Double.MIN_VALUE), "5e-324");
        assertSpelt(new Value.Real(1.0), "\"~r:3ff0000000000000\"");
        assertSpelt(new Value.Real(0.0), "\"~r:0000000000000000\"");
        assertSpelt(new Value.Real(-0.0), "\"~r:8000000000000000\"");
        assertSpelt(new Value.Real(1e300), "\"~r:7e37e43c8800759c\"");
        assertSpelt(new Value.Real(Double.POSITIVE_INFINITY), "\"~r:7ff0000000000000\"");
        assertSpelt(new Value.Real(Double.NEGATIVE_INFINITY), "\"~r:fff0000000000000\"");
        assertSpelt(Value.Text.of(""), "\"\"");
        assertSpelt(Value.Text.of("1"), "\"1\"");
        assertSpelt(Value.Text.of("a\0b"), "\"a\\u0000b\"");
        assertSpelt(Value.Text.of("€ \ud83d\ude00"), "\"€ \ud83d\ude00\"");
        assertSpelt(Value.Text.of("~"), "\"~s:~\"");
        assertSpelt(Value.Text.of("~i:5"), "\"~s:~i:5\"");
        assertSpelt(Value.Text.of("a~b"), "\"a~b\"");
        assertSpelt(new Value.Text(bytes("ff")), "\"~t:/w==\"");
        assertSpelt(new Value.Text(bytes("eda080")), "\"~t:7aCA\"");
        assertSpelt(new Value.Text(bytes("c080")), "\"~t:wIA=\"");
        assertSpelt(new Value.Blob(new byte[0]), "\"~b:\"");
        assertSpelt(new Value.Blob(bytes("00ff")), "\"~b:AP8=\"");
        assertSpelt(new Value.Chunked(true, 20_000, List.of(CHUNK)), "[\"t\",20000,\"" + CHUNK.hex() + "\"]");
        assertSpelt(new Value.Chunked(false, 20_000, List.of(CHUNK, CHUNK)), "[\"b\",20000,\"" + CHUNK.hex() + "\",\"" + CHUNK.hex() + "\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "true", "false", "{}", "{\"a\":1}", "9007199254740992", "-9007199254740992", "1e+300",                       // no value, or one that needs a tag
        "\"~\"", "\"~i\"", "\"~i:\"", "\"~x:1\"", "\"~~:1\"", "\"~I:9223372036854775807\"", "\"~hello\"",            // unknown tags
        "\"~i:5\"", "\"~i:9007199254740991\"", "\"~i:+9223372036854775807\"", "\"~i:09223372036854775807\"", "\"~i:9223372036854775808\"",
        "\"~i: 9223372036854775807\"", "\"~i:\u0669223372036854775807\"", "\"~i:9.3e18\"",
        "\"~r:3fe0000000000000\"", "\"~r:3FF0000000000000\"", "\"~r:3ff\"", "\"~r:03ff0000000000000\"", "\"~r:\"", "\"~r:zzzzzzzzzzzzzzzz\"",
        "\"~r:7ff8000000000000\"", "\"~r:fff8000000000000\"", "\"~r:7ff0000000000001\"",                             // NaN
        "\"~s:a\"", "\"~s:\"", "\"~t:\"", "\"~t:YQ==\"", "\"~t:4oKs\"", "\"~t:/w\"", "\"~t:/x==\"", "\"~t:/w==\\n\"", "\"~t:_w==\"", "\"~t:!\"",
        "\"~b:AP8\"", "\"~b:AP9=\"", "\"~b:A\"", "\"~b:AP8=AP8=\"", "\"~b: AP8=\"",
        "[]", "[\"t\"]", "[\"t\",20000]", "[\"x\",20000,\"abababababababababababababababababababababababababababababababab\"]", "[\"t\",20000,\"ab\"]",
        "[\"t\",-1,\"abababababababababababababababababababababababababababababababab\"]",
        "[\"t\",0,\"abababababababababababababababababababababababababababababababab\"]",
        "[\"t\",\"20000\",\"abababababababababababababababababababababababababababababababab\"]",
        "[\"t\",20000.5,\"abababababababababababababababababababababababababababababababab\"]", "[1,2,3]",
    })
    void another_spelling_is_refused(String json) {
        var parsed = Canonical.parse(json.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Value.fromJson(parsed)).isInstanceOf(MalformedPayload.class);
    }

    @Test void values_that_a_program_can_tell_apart_are_not_equal() {
        var values = List.of(Value.NULL, new Value.Int(1), new Value.Real(1), Value.Text.of("1"), new Value.Blob(bytes("31")), new Value.Int(0), new Value.Real(0.0),
            new Value.Real(-0.0), Value.Text.of(""), new Value.Blob(new byte[0]), Value.Text.of("a"), Value.Text.of("a\0"), Value.Text.of("A"),
            new Value.Int(9007199254740993L), new Value.Int(9007199254740992L), new Value.Real(9007199254740992.0), Value.Text.of("\u00e9"), Value.Text.of("e\u0301"));
        for (int i = 0; i < values.size(); i++)
            for (int j = 0; j < values.size(); j++) {
                assertThat(values.get(i).equals(values.get(j))).as(values.get(i) + " and " + values.get(j)).isEqualTo(i == j);
                assertThat(values.get(i).toJson().equals(values.get(j).toJson())).isEqualTo(i == j);
            }
        assertThat(new Value.Text(bytes("ff"))).isEqualTo(new Value.Text(bytes("ff"))).hasSameHashCodeAs(new Value.Text(bytes("ff")));
        assertThat(new Value.Blob(bytes("ff"))).isEqualTo(new Value.Blob(bytes("ff"))).hasSameHashCodeAs(new Value.Blob(bytes("ff")));
    }

    @Test void what_no_column_can_hold_is_refused_where_it_is_made() {
        assertThatThrownBy(() -> new Value.Real(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Value.Text.of("\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Value.Chunked(true, 0, List.of(CHUNK))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Value.Chunked(true, 1, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void every_value_comes_back_through_the_bytes_of_a_payload() {
        Property.check(20_000, random -> {
            var value = value(random);
            var json = Canonical.parse(Canonical.bytes(value.toJson()));
            assertThat(Value.fromJson(json)).isEqualTo(value);
        });
    }

    /// Of all strings that begin with a tag, only those are read that would be written.
    @Test void whatever_is_read_is_spelt_as_it_was() {
        Property.check(20_000, random -> {
            var text = new StringBuilder("~");
            text.append("irstbx".charAt(random.nextInt(6))).append(random.nextInt(20) == 0 ? ';' : ':');
            for (int i = random.nextInt(20); i > 0; i--) text.append("0123456789abcdefAF+-=/~ Qg".charAt(random.nextInt(26)));
            var json = Json.of(text.toString());
            try {
                assertThat(Value.fromJson(json).toJson()).isEqualTo(json);
            } catch (MalformedPayload refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    @Test void people_see_a_short_text() {
        assertThat(Value.NULL.show(10)).isEqualTo("NULL");
        assertThat(new Value.Int(-5).show(10)).isEqualTo("-5");
        assertThat(new Value.Real(1).show(10)).isEqualTo("1.0");
        assertThat(Value.Text.of("0123456789").show(10)).isEqualTo("0123456789");
        assertThat(Value.Text.of("0123456789a").show(10)).isEqualTo("012345678…");
        assertThat(new Value.Blob(bytes("00ff")).show(10)).isEqualTo("x'00ff'");
        assertThat(new Value.Blob(new byte[1_000_000]).show(10)).hasSize(10).startsWith("x'0");
    }

    private static Value value(RandomGenerator random) {
        return switch (random.nextInt(7)) {
            case 0 -> Value.NULL;
            case 1 -> new Value.Int(random.nextLong() >> random.nextInt(64));
            case 2 -> {
                var real = Double.longBitsToDouble(random.nextLong());
                yield new Value.Real(Double.isNaN(real) ? -0.0 : real);
            }
            case 3 -> new Value.Real(random.nextInt(-100, 100) / 4.0);
            case 4 -> Value.Text.of((random.nextBoolean() ? "~" : "") + random.nextLong() + "\0\u00e9");
            case 5 -> new Value.Text(randomBytes(random));
            default -> new Value.Blob(randomBytes(random));
        };
    }

    private static byte[] randomBytes(RandomGenerator random) {
        var bytes = new byte[random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static void assertSpelt(Value value, String spelling) {
        assertThat(Canonical.text(value.toJson())).isEqualTo(spelling);
        assertThat(Value.fromJson(Canonical.parse(spelling.getBytes(StandardCharsets.UTF_8)))).isEqualTo(value);
    }
}

package dev.waggle.net.wire;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;

/// Reads JSON that strangers sent. Any spelling of JSON (RFC 8259) is taken, not only the canonical one, but a repeated member, nesting beyond
/// [#DEPTH_MAX], invalid UTF-8, half a surrogate pair or bytes after the value are refused. For writing, `Canonical` is one good spelling.
///
/// Jackson gets the bytes and not a string: its reader of characters takes a letter far beyond ASCII for a digit of a Unicode escape,
/// because it looks at the letter's low byte alone.
public final class StrictJson {
    public static final int DEPTH_MAX = 32;
    private static final int NUMBER_CHARS_MAX = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH_MAX)
            .maxNumberLength(NUMBER_CHARS_MAX)
            .maxNameLength(1_024)
            .maxStringLength(1 << 20)
            .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .build();

    private StrictJson() {}

    /// @throws MalformedPayload when the bytes are more than `bytesMax` or not one JSON object within the limits
    public static Json.Obj object(byte[] bytes, int bytesMax) {
        if (bytes.length > bytesMax) throw new MalformedPayload("JSON of " + bytes.length + " bytes: at most " + bytesMax);
        requireUtf8(bytes);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw new MalformedPayload("expected a JSON object");
            var value = value(parser);
            if (parser.nextToken() != null) throw new MalformedPayload("bytes after the JSON object");
            return value.asObject();
        } catch (JacksonIOException e) {
            throw new IllegalStateException("reading bytes in memory cannot fail", e);
        } catch (JacksonException e) {
            throw new MalformedPayload("not JSON within the limits: " + brief(e));
        }
    }

    /// The parser's sentence names positions and limits, and may quote what was sent; only its kind and place are passed on.
    private static String brief(JacksonException e) {
        var location = e.getLocation();
        return e.getClass().getSimpleName() + (location == null ? "" : " at byte " + location.getByteOffset());
    }

    private static void requireUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new MalformedPayload("JSON that is not UTF-8");
        }
    }

    /// An escape can name half a surrogate pair: no character, and nothing that could be signed, stored or sent on.
    private static String text(String text) {
        if (!Canonical.isUnicode(text)) throw new MalformedPayload("text with an unpaired surrogate");
        return text;
    }

    /// The value that begins at the current token. The parser has bounded the nesting, so this recursion is bounded.
    private static Json value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var members = new TreeMap<String, Json>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = text(parser.currentName());
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield new Json.Obj(members);
            }
            case START_ARRAY -> {
                var items = new ArrayList<Json>();
                while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value(parser));
                yield new Json.Arr(items);
            }
            case VALUE_STRING -> Json.of(text(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> Json.TRUE;
            case VALUE_FALSE -> Json.FALSE;
            case VALUE_NULL -> Json.NULL;
            default -> throw new MalformedPayload("not JSON");
        };
    }

    /// Integers beyond 2^53 would arrive as another number, so they are refused and not rounded.
    private static Json number(JsonParser parser) {
        double value = parser.getDoubleValue();
        boolean exact = parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT ? Double.isFinite(value) : Math.abs(value) <= Json.INTEGER_MAX;
        if (!exact) throw new MalformedPayload("a number that JSON cannot carry exactly");
        return new Json.Num(value);
    }
}

package dev.waggle.node;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.util.ArrayList;
import java.util.TreeMap;

/// Reads JSON as people and their programs write it, in any spelling. What is signed is read by [Canonical] instead.
public final class AnyJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private AnyJson() {}

    /// @throws Problem when it is no JSON object, or one that nests deeper than [Canonical#DEPTH_MAX] or repeats a member
    public static Json.Obj object(byte[] bytes) {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            if (value(parser, 1) instanceof Json.Obj object && parser.nextToken() == null) return object;
        } catch (JacksonException | IllegalArgumentException _) {
            // said below
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "The body is not one JSON object.", "GET /openapi.json says what this route takes.");
    }

    private static Json value(JsonParser parser, int depth) {
        if (depth > Canonical.DEPTH_MAX) throw new IllegalArgumentException("nests too deep");
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var members = new TreeMap<String, Json>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = parser.currentName();
                    parser.nextToken();
                    if (members.put(name, value(parser, depth + 1)) != null) throw new IllegalArgumentException("a member is repeated");
                }
                yield new Json.Obj(members);
            }
            case START_ARRAY -> {
                var items = new ArrayList<Json>();
                while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value(parser, depth + 1));
                yield Json.array(items);
            }
            case VALUE_STRING -> Json.of(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getDoubleValue());
            case VALUE_TRUE -> Json.TRUE;
            case VALUE_FALSE -> Json.FALSE;
            case VALUE_NULL -> Json.NULL;
            case null, default -> throw new IllegalArgumentException("no value");
        };
    }
}

package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a handler sees of a request.
///
/// @param trusted whether it carries the token; routes that are not open are never reached without
/// @param key     what it carries as a bearer instead: an agent's key, if it is one
/// @param path    the values of the route's `{names}`
/// @param query   decoded; the first of repeated ones
/// @param body    an empty object when there is none
public record Request(boolean trusted, Optional<String> key, Map<String, String> path, Map<String, String> query, Json.Obj body) {
    public String text(String name) {
        return optional(name).orElseThrow(() -> new Problem(ErrorCode.BAD_REQUEST, "The member \"" + name + "\" is missing.", "Send it as a string."));
    }

    public Optional<String> optional(String name) {
        try {
            return body.get(name).filter(value -> !(value instanceof Json.Null)).map(Json::asText);
        } catch (MalformedPayload _) {
            throw new Problem(ErrorCode.BAD_REQUEST, "The member \"" + name + "\" is not a string.", "Send it as a string.");
        }
    }

    public boolean flag(String name) {
        return body.get(name).filter(value -> value.equals(Json.TRUE)).isPresent();
    }

    public List<String> texts(String name) {
        try {
            return body.arrayOrEmpty(name).stream().map(Json::asText).toList();
        } catch (MalformedPayload _) {
            throw new Problem(ErrorCode.BAD_REQUEST, "The member \"" + name + "\" is not a list of strings.", "Send it as an array of strings.");
        }
    }

    public long number(String name, long otherwise, long min, long max) {
        try {
            var value = body.get(name);
            var number = value.isPresent() ? value.get().asInteger() : query.containsKey(name) ? Long.parseLong(query.get(name)) : otherwise;
            if (number >= min && number <= max) return number;
        } catch (MalformedPayload | NumberFormatException _) {
            // said below
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "\"" + name + "\" is not an integer from " + min + " to " + max + ".", "Send one in that range.");
    }
}

package dev.waggle.node.rest;

import dev.waggle.core.event.Json;

import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The OpenAPI 3.1 document of a table of routes.
final class OpenApi {
    private static final Pattern NAME = Pattern.compile("\\{([a-z_]+)}");

    private OpenApi() {}

    static Json.Obj document(List<Route> routes, String version) {
        var paths = new TreeMap<String, Json.Obj>();
        for (var route : routes) paths.merge(route.path(), Json.object(route.method().toLowerCase(java.util.Locale.ROOT), operation(route)),
            (a, b) -> b.with(a.members().firstKey(), a.members().firstEntry().getValue()));
        return Json.object(
            "openapi", "3.1.0",
            "info", Json.object("title", "Waggle node", "version", version, "license", Json.object("name", "Apache-2.0", "identifier", "Apache-2.0"),
                "description", "A node on loopback. Every request but the open ones carries the token of the file `token` in the data folder; a page that was let in, its cookie and `X-CSRF-Token`."),
            "paths", Json.object(paths),
            "components", Json.object(
                "securitySchemes", Json.object("token", Json.object("type", "http", "scheme", "bearer"),
                    "agent", Json.object("type", "http", "scheme", "bearer", "description", "An agent's key, made by POST /api/v1/agents.")),
                "schemas", Json.object("Error", error())));
    }

    private static Json.Obj operation(Route route) {
        var answer = Json.object("description", route.answers());
        var failure = Json.object("description", "An error; docs/errors.md lists the codes.",
            "content", Json.object("application/json", Json.object("schema", Json.object("$ref", "#/components/schemas/Error"))));
        var operation = Json.object("summary", route.summary(), "operationId", operationId(route),
            "responses", Json.object("200", answer, "default", failure));
        if (!route.open()) operation = operation.with("security", route.agents() ? Json.array(Json.object("token", Json.array()), Json.object("agent", Json.array())) : Json.array(Json.object("token", Json.array())));
        var parameters = new java.util.ArrayList<Json>();
        var names = NAME.matcher(route.path());
        while (names.find()) parameters.add(Json.object("name", names.group(1), "in", "path", "required", true, "schema", Json.object("type", "string")));
        if (route.method().equals("GET"))
            for (var field : route.fields())
                parameters.add(Json.object("name", field.name(), "in", "query", "required", field.required(), "description", field.says(), "schema", schema(field)));
        else operation = operation.with("requestBody", body(route.fields()));
        return parameters.isEmpty() ? operation : operation.with("parameters", Json.array(parameters));
    }

    private static Json.Obj body(List<Route.Field> fields) {
        var properties = new TreeMap<String, Json>();
        for (var field : fields) properties.put(field.name(), schema(field).with("description", Json.of(field.says())));
        var required = fields.stream().filter(Route.Field::required).map(field -> Json.of(field.name())).toList();
        var schema = Json.object("type", "object", "properties", Json.object(properties), "required", required.isEmpty() ? null : Json.array(required));
        return Json.object("required", !required.isEmpty(), "content", Json.object("application/json", Json.object("schema", schema)));
    }

    private static Json.Obj schema(Route.Field field) {
        return field.type().equals("strings") ? Json.object("type", "array", "items", Json.object("type", "string")) : Json.object("type", field.type());
    }

    private static String operationId(Route route) {
        var words = route.path().replaceAll("[{}]", "").split("[/_.]");
        var id = new StringBuilder(route.method().toLowerCase(java.util.Locale.ROOT));
        for (var word : words) if (!word.isEmpty()) id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        return id.toString();
    }

    private static Json.Obj error() {
        var text = Json.object("type", "string");
        return Json.object("type", "object", "required", Json.array(Json.of("error")), "properties", Json.object("error", Json.object("type", "object",
            "required", Json.array(Json.of("code"), Json.of("message")),
            "properties", Json.object("code", text, "message", text, "remedy", text, "request", text))));
    }
}

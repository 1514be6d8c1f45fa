package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the route of a request and calls it.
public final class Router {
    private final List<Route> routes;

    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    public List<Route> routes() {
        return routes;
    }

    /// Calls a route as a caller that holds the token.
    ///
    /// @param target path and query, as in the first line of an HTTP request
    /// @throws Problem for every answer "no"
    public Reply call(String method, String target, Json.Obj body) {
        var found = find(method, target);
        return found.route().handler().handle(new Request(true, java.util.Optional.empty(), found.path(), query(target), body));
    }

    record Found(Route route, Map<String, String> path) {}

    Found find(String method, String target) {
        var parts = path(target).split("/", -1);
        Optional<Route> otherMethod = Optional.empty();
        for (var route : routes) {
            var names = match(route.path().split("/", -1), parts);
            if (names == null) continue;
            if (route.method().equals(method)) return new Found(route, names);
            otherMethod = Optional.of(route);
        }
        if (otherMethod.isPresent())
            throw new Problem(ErrorCode.METHOD_NOT_ALLOWED, "This route does not take " + clip(method) + ".", "Use " + otherMethod.get().method() + ".");
        throw new Problem(ErrorCode.NOT_FOUND, "There is no such route.", "GET /openapi.json lists all of them.");
    }

    private static Map<String, String> match(String[] template, String[] parts) {
        if (template.length != parts.length) return null;
        var names = new HashMap<String, String>();
        for (int i = 0; i < parts.length; i++) {
            var wanted = template[i];
            if (wanted.startsWith("{")) names.put(wanted.substring(1, wanted.length() - 1), decode(parts[i]));
            else if (!wanted.equals(parts[i])) return null;
        }
        return names;
    }

    private static String path(String target) {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    static Map<String, String> query(String target) {
        var query = new HashMap<String, String>();
        int question = target.indexOf('?');
        if (question < 0) return query;
        for (var pair : target.substring(question + 1).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) query.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decode(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new Problem(ErrorCode.BAD_REQUEST, "The address is not percent-encoded as it should be.", "Encode it as RFC 3986 says.");
        }
    }

    private static String clip(String text) {
        return text.length() > 20 ? "that method" : text;
    }
}

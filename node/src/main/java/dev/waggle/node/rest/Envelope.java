package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Problems;
import dev.waggle.node.problem.Problem;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The answer of the routes of projects and tasks: `{success, data, message}` (swarm-sync, `ApiResponse`). A "no" has `success` false and what every "no" of
/// this node has besides, `error`.
final class Envelope {
    private static final Pattern PATHS = Pattern.compile("/api/(projects|tasks|swarm-projects|swarm-settings)(/.*)?");

    private Envelope() {}

    /// @param message for people; may be empty
    record Said(Json data, Optional<String> message) {}

    interface Handler {
        Said handle(Request request);
    }

    static Said said(Json data) {
        return new Said(data, Optional.empty());
    }

    static Said said(Json data, String message) {
        return new Said(data, Optional.of(message));
    }

    static Route route(String method, String path, String summary, List<Route.Field> fields, String answers, Handler handler) {
        return new Route(method, path, false, summary, fields, "`success`, `message` and `data`: " + answers, request -> {
            try {
                var said = handler.handle(request);
                return Reply.of(Json.object("success", true, "data", said.data(), "message", said.message().orElse(null)));
            } catch (RuntimeException e) {
                if (!(Problems.of(e) instanceof Problem problem)) throw e;
                return new Reply.Document(problem.code().status(), no(problem, Json.object("code", problem.code().wire(), "message", problem.getMessage(), "remedy", problem.remedy())));
            }
        });
    }

    /// Whether a route with this path answers in an envelope, also where nobody gets as far as the route.
    static boolean isOf(String path) {
        return PATHS.matcher(path).matches();
    }

    static Json.Obj no(Problem problem, Json.Obj error) {
        return Json.object("success", false, "data", Json.NULL, "message", problem.sentences(), "error", error);
    }
}

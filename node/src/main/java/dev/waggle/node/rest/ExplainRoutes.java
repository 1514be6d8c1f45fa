package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.explain.Answer;
import dev.waggle.node.explain.Explainer;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Where a change is, and why a row says what it says.
final class ExplainRoutes {
    private static final int WORDS_MAX = 64;
    private final Explainer explainer;

    ExplainRoutes(Explainer explainer) {
        this.explainer = explainer;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/explain", false, "The way of one event, row, post, comment or task", List.of(
                Route.text("event", "the beginning of an event's id, 4 digits at least"), Route.text("space", Routes.SPACE_SAYS + "; for an event: else all spaces are looked through"),
                Route.text("table", "instead of an event: a row of this table of the space …"), Route.text("key", "… with this key: a JSON array of strings, one for each column of the key, or the one value as it is"),
                Route.text("post", "instead: a post of a hive"), Route.text("comment", "instead: a comment of a hive"), Route.text("task", "instead: a task of a project")),
                "`kind`, `space`, `space_name`, `title`, `summary`, `steps` (each `kind`, `tone`: done, open, bad or note, `says`, `events` that it names), and what is known, for programs.",
                request -> Reply.of(explained(request).toJson())));
    }

    private Answer explained(Request request) {
        var query = request.query();
        var asked = List.of("event", "table", "post", "comment", "task").stream().filter(query::containsKey).toList();
        if (asked.size() != 1) throw new Problem(ErrorCode.BAD_REQUEST, "Say one thing that is to be explained.", "Give `event`, or `table` and `key`, or `post`, `comment` or `task`.");
        return switch (asked.getFirst()) {
            case "event" -> explainer.event(query.get("event"), Optional.ofNullable(query.get("space")));
            case "table" -> explainer.row(query.getOrDefault("space", "-"), query.get("table"), words(query.getOrDefault("key", "")));
            case "post" -> explainer.post(query.get("post"));
            case "comment" -> explainer.comment(query.get("comment"));
            default -> explainer.task(query.get("task"));
        };
    }

    private static List<String> words(String key) {
        if (!key.startsWith("[")) return List.of(key);
        try {
            var words = Canonical.parse(key.getBytes(StandardCharsets.UTF_8)).asArray().stream().map(Json::asText).toList();
            if (words.size() <= WORDS_MAX) return words;
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "\"key\" begins like a JSON array and is none of strings.", "Send [\"…\",\"…\"]; a value that begins with [ goes into an array of one.", e);
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "A key has at most " + WORDS_MAX + " columns.", "Send one value for each column of the table's key.");
    }
}

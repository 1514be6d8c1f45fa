package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How a browser is let in: see [PageSessions].
final class PageRoutes {
    private final PageSessions sessions;
    private final Supplier<Optional<String>> address;

    /// @param address `host:port` where the page is; empty when it is not served
    PageRoutes(PageSessions sessions, Supplier<Optional<String>> address) {
        this.sessions = sessions;
        this.address = address;
    }

    List<Route> routes() {
        return List.of(
            new Route("POST", "/api/v1/page/links", false, "A link to the page that works once, for 15 minutes", List.of(), "link.",
                _ -> Reply.of(Json.object("link", link().orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "This node serves no page.", "`waggle up` serves one."))))),
            new Route("POST", "/api/v1/page/sessions", true, "Let this browser in: a cookie, and csrf_token to send as the header X-CSRF-Token with every request", List.of(
                Route.text("link", "what the link has behind #link="), Route.text("token", "the node's token instead")), "csrf_token.", this::open),
            new Route("DELETE", "/api/v1/page/sessions", true, "Let this browser forget that it was let in", List.of(), "Nothing.",
                _ -> new Reply.Cookie(Json.object(), sessions.ended())));
    }

    Optional<String> link() {
        return address.get().map(at -> "http://" + at + "/#link=" + sessions.link());
    }

    private Reply open(Request request) {
        var opened = request.optional("link").flatMap(sessions::byLink).or(() -> request.optional("token").flatMap(sessions::byToken)).orElseThrow(() ->
            new Problem(ErrorCode.UNAUTHORISED, "That link was used, or is older than 15 minutes.", "`waggle page` prints a new one."));
        return new Reply.Cookie(Json.object("csrf_token", opened.word()), opened.cookie());
    }
}

package dev.waggle.node.rest;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The page for people, as `web/build.sh` made it. It is open: it holds nothing of the node, and asks the other routes with the token.
final class Page {
    private static final String FOLDER = "/dev/waggle/node/page/";
    /// Names that the build gives; nothing that could lead out of the folder.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}\\.(js|css|svg)");
    private static final Map<String, String> TYPES = Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml");

    private Page() {}

    static List<Route> routes() {
        return List.of(
            new Route("GET", "/", true, "The page for people", List.of(), "HTML.", _ -> file("index.html", "text/html; charset=utf-8").orElseThrow(() ->
                new Problem(ErrorCode.NOT_FOUND, "This program was built without its page.", "Build it with `./waggle build`."))),
            new Route("GET", "/assets/{file}", true, "What the page consists of", List.of(), "Script, style or picture.", request -> asset(request.path().get("file"))));
    }

    private static Reply asset(String name) {
        var named = NAME.matcher(name);
        return (named.matches() ? file("assets/" + name, TYPES.get(named.group(1))) : Optional.<Reply>empty()).orElseThrow(() ->
            new Problem(ErrorCode.NOT_FOUND, "The page has no such part.", "Load the page again: the node may have been replaced by a newer one."));
    }

    private static Optional<Reply> file(String name, String type) {
        try (var in = Page.class.getResourceAsStream(FOLDER + name)) {
            return in == null ? Optional.empty() : Optional.of(new Reply.Content(200, type, in.readAllBytes()));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}

package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.net.http.PortalHandler;
import dev.waggle.node.Problems;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.List;
import java.util.Optional;

/// A hub's accounts for whoever reaches the hub: the same routes as on loopback, without the node's own token.
final class Portal implements PortalHandler {
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    private final Router router;

    Portal(List<Route> routes) {
        this.router = new Router(routes);
    }

    @Override public Answer answer(String method, String target, Optional<String> token, Json.Obj body) {
        try {
            var found = router.find(method, target);
            if (!found.route().open() && token.isEmpty()) throw new Problem(ErrorCode.UNAUTHORISED, "Nobody is signed in.", "POST /api/v1/hub/sessions signs in.");
            var reply = (Reply.Document) found.route().handler().handle(new Request(false, token, found.path(), Router.query(target), body));
            return new Answer(reply.status(), reply.json().asObject());
        } catch (RuntimeException e) {
            if (Problems.of(e) instanceof Problem no) return refused(no);
            LOG.log(System.Logger.Level.ERROR, "a request failed: " + method + " " + target.replaceAll("\\?.*", ""), e);
            return refused(new Problem(ErrorCode.INTERNAL, "The hub failed at this request.", "Its log has the details."));
        }
    }

    private static Answer refused(Problem no) {
        return new Answer(no.code().status(), Json.object("error", Json.object("code", no.code().wire(), "message", no.getMessage(), "remedy", no.remedy())));
    }
}

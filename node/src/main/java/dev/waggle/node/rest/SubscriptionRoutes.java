package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.mirror.Mirrors;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.Subscription;

import java.util.List;
import java.util.Optional;

/// Mirrors of public hives of other nodes. For the operator only: a subscription makes this node dial an address.
final class SubscriptionRoutes {
    private static final String SAYS = "`id`, `instance_url`, `instance_id`, `remote_hive_name`, `local_hive_id`, `local_hive_name`, `sync_cursor`, `sync_interval_ms`, `status` (active, paused, error), "
        + "`last_sync_at`, `last_error`, `failures`, `post_count`, `comment_count`, `refused_count`.";
    private static final String ONE = "/api/v1/sync/subscriptions/{subscription}";
    private final Mirrors mirrors;

    SubscriptionRoutes(Mirrors mirrors) {
        this.mirrors = mirrors;
    }

    List<Route> routes() {
        var every = Route.number("sync_interval_ms", "how often it is asked, 1000 to 86400000; otherwise as the settings say, 60000");
        var changes = List.of(Route.text("status", "paused or active"), every);
        return List.of(
            new Route("POST", "/api/v1/sync/subscriptions", false, "Mirror a public hive of another node, to be read here", List.of(Route.needed("instance_url", "https://host:port"),
                Route.text("remote_hive_name", "its name or id there; may be left out when that node has one public hive"), Route.text("local_hive_name", "what to call the mirror here"), every), SAYS,
                request -> new Reply.Document(201, json(mirrors.subscribe(request.text("instance_url"), request.optional("remote_hive_name"), request.optional("local_hive_name"), interval(request))))),
            new Route("GET", "/api/v1/sync/subscriptions", false, "The mirrors of this node", List.of(), "`subscriptions`, each as above.",
                _ -> Reply.of(Json.object("subscriptions", Json.array(mirrors.list().stream().map(this::json).toList())))),
            new Route("GET", ONE, false, "One of them, by its id or the mirror's name", List.of(), SAYS, request -> Reply.of(json(find(request)))),
            new Route("PATCH", ONE, false, "Pause it, resume it, or change how often it is asked", changes, SAYS, this::change),
            new Route("POST", ONE, false, "The same, for clients that know no PATCH", changes, SAYS, this::change),
            new Route("DELETE", ONE, false, "Forget it and all that it brought", List.of(), "`ok`.", request -> {
                mirrors.unsubscribe(find(request));
                return Reply.of(Json.object("ok", true));
            }),
            new Route("POST", ONE + "/sync", false, "Ask now, paused or not, and answer when that is done", List.of(), SAYS, request -> Reply.of(json(mirrors.trigger(find(request))))));
    }

    private Reply change(Request request) {
        return Reply.of(json(mirrors.change(find(request), paused(request), interval(request))));
    }

    private Subscription find(Request request) {
        return mirrors.find(request.path().get("subscription"));
    }

    private Json.Obj json(Subscription of) {
        return HiveJson.subscription(of, mirrors.queries().counts(of));
    }

    private static Optional<Long> interval(Request request) {
        if (request.body().get("sync_interval_ms").isEmpty()) return Optional.empty();
        return Optional.of(request.number("sync_interval_ms", 0, Mirrors.INTERVAL_MS_MIN, Mirrors.INTERVAL_MS_MAX));
    }

    private static Optional<Boolean> paused(Request request) {
        return request.optional("status").map(status -> switch (status) {
            case "paused" -> true;
            case "active" -> false;
            default -> throw new Problem(ErrorCode.BAD_REQUEST, "There is no such status to set.", "Send paused or active.");
        });
    }
}

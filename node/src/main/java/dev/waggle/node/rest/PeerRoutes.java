package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.HostPort;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.sync.protocol.SyncRun;

import java.util.List;

/// Peers, and exchanging with them.
final class PeerRoutes {
    private static final long WAIT_MS_MAX = 24 * 3_600_000L;
    private final Node node;
    private final Jobs<Json.Obj> jobs;

    PeerRoutes(Node node, Jobs<Json.Obj> jobs) {
        this.node = node;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/peers", false, "The peers of this node", List.of(), "`peers`: each with `node`, `state`, `addresses`, `last_seen`, `remark`.",
                _ -> Reply.of(Json.object("peers", StatusJson.peers(node)))),
            new Route("POST", "/api/v1/peers", false, "Say where a peer can be reached", List.of(Route.needed("node", "its id, or the beginning of a known one"),
                Route.needed("address", "host:port")), "`node`.", request -> Reply.of(Json.object("node",
                    node.peers().add(request.text("node"), HostPort.parse(request.text("address"))).hex()))),
            new Route("POST", "/api/v1/peers/{peer}/remove", false, "Forget a peer", List.of(), "`node`.", request -> {
                var peer = node.peers().find(request.path().get("peer"));
                node.peers().remove(peer);
                return Reply.of(Json.object("node", peer.hex()));
            }),
            new Route("POST", "/api/v1/peers/{peer}/test", false, "Dial a peer now", List.of(Route.number("timeout_ms", "how long to wait, at most 30000")),
                "`node`, `reached`, `ms`, `why`.", request -> {
                    var tested = node.peers().test(node.peers().find(request.path().get("peer")), request.number("timeout_ms", 10_000, 1, 30_000));
                    return Reply.of(Json.object("node", tested.node().hex(), "reached", tested.reached(), "ms", tested.ms(), "why", tested.why()));
                }),
            new Route("POST", "/api/v1/sync/now", false, "Exchange with every peer and bring the files up to date", List.of(
                Route.number("timeout_ms", "how long to wait; 60000 unless told")), "A job; its result has `peers`, `reached`, `summary`.", request -> {
                    var timeoutMs = request.number("timeout_ms", 60_000, 1, WAIT_MS_MAX);
                    return Routes.started(jobs, "syncing", _ -> {
                        var done = node.peers().syncNow(timeoutMs);
                        return Json.object("peers", done.peers(), "reached", done.reached(), "agreed", done.agreed(), "summary", done.summary());
                    });
                }),
            new Route("GET", "/api/v1/sync/history", false, "The last exchanges with all peers, newest first", List.of(Route.number("limit", "at most 500; 200 unless told")),
                "`runs`: each with `peer`, `space`, `name`, `started_ms`, `duration_ms`, `sent`, `received`, `accepted`, `error`.", request ->
                    Reply.of(Json.object("runs", Json.array(node.peers().history((int) request.number("limit", 200, 1, 500)).stream().map(this::run).toList())))),
            new Route("POST", "/api/v1/sync/reset", false, "Compare everything again", List.of(Route.text("peer", "the beginning of its id; else all")), "`peers`: how many.",
                request -> Reply.of(Json.object("peers", node.peers().reset(request.optional("peer"))))));
    }

    private Json run(SyncRun run) {
        return Json.object("peer", run.peer().hex(), "space", run.space().hex(), "name", node.space(run.space()).map(SpaceRuntime::name).orElse(""), "started_ms", run.startedMs(),
            "duration_ms", run.durationMs(), "sent", run.sent(), "received", run.received(), "accepted", run.accepted(), "error", run.error());
    }
}

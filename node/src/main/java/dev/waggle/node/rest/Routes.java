package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.Problems;
import dev.waggle.node.Version;
import dev.waggle.node.account.AccountService;
import dev.waggle.node.board.BoardService;
import dev.waggle.node.explain.Explainer;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.mirror.Mirrors;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.setting.SettingsDesk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Every route of the node, by what it is about. The order is that of the OpenAPI document.
final class Routes {
    static final String SPACE_SAYS = "name, id or the beginning of it; may be left out when there is one space";

    private Routes() {}

    static List<Route> of(Node node, Hives hives, Mirrors mirrors, BoardService boards, AccountService accounts, Jobs<Json.Obj> jobs, Metrics metrics, Supplier<Optional<String>> sockets,
                          PageRoutes page) {
        var routes = new ArrayList<Route>();
        routes.addAll(health(node, metrics, sockets));
        routes.addAll(Page.routes());
        routes.addAll(page.routes());
        routes.addAll(new SpaceRoutes(node, jobs).routes());
        routes.addAll(new MemberRoutes(node).routes());
        routes.addAll(new PolicyRoutes(node).routes());
        routes.addAll(new PeerRoutes(node, jobs).routes());
        routes.addAll(new GroupRoutes(node).routes());
        routes.addAll(new SyncPeerRoutes(node).routes());
        routes.addAll(new ConflictRoutes(node).routes());
        routes.addAll(new LogRoutes(node).routes());
        var explainer = new Explainer(node, hives, boards.boards());
        routes.addAll(new ExplainRoutes(explainer).routes());
        routes.addAll(new TableRoutes(explainer).routes());
        routes.addAll(new UpkeepRoutes(node, jobs).routes());
        routes.addAll(new SettingsRoutes(node, new SettingsDesk(node, boards.boards())).routes());
        routes.addAll(new HiveRoutes(node, hives, jobs).routes());
        routes.addAll(new ForumRoutes(hives, mirrors).routes());
        routes.addAll(new SubscriptionRoutes(mirrors).routes());
        routes.addAll(new AgentRoutes(hives).routes());
        routes.addAll(new BoardRoutes(node, boards, jobs).routes());
        routes.addAll(new TaskRoutes(boards.boards()).routes());
        routes.addAll(new HubRoutes(accounts).routes());
        routes.addAll(new HubLinkRoutes(accounts, boards, jobs).routes());
        routes.add(job(jobs));
        var documented = List.copyOf(routes);
        routes.add(new Route("GET", "/openapi.json", true, "This document", List.of(), "The OpenAPI 3.1 document.",
            _ -> Reply.of(OpenApi.document(documented, Version.TEXT))));
        return routes;
    }

    private static List<Route> health(Node node, Metrics metrics, Supplier<Optional<String>> sockets) {
        return List.of(
            new Route("GET", "/livez", true, "Whether the process answers", List.of(), "`alive`: true.", _ -> Reply.of(Json.object("alive", true))),
            new Route("GET", "/readyz", true, "Whether the node makes progress", List.of(), "`ready`, and with the token `reasons`; 503 when it does not.", request -> {
                var reasons = node.reasons();
                var answer = Json.object("ready", reasons.isEmpty());
                if (request.trusted()) answer = answer.with("reasons", Json.array(reasons.stream().map(Json::of).toList()));
                return new Reply.Document(reasons.isEmpty() ? 200 : 503, answer);
            }),
            new Route("GET", "/metrics", false, "Prometheus metrics", List.of(), "Text in Prometheus' format.",
                _ -> new Reply.Content(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text())),
            new Route("GET", "/api/v1/node", false, "This node", List.of(), "`node` (its id), `version`, `listen`, `addresses`, `data`, `started_ms`, `notes`, `live_socket` (where WebSocket channels are).",
                _ -> Reply.of(sockets.get().map(address -> StatusJson.node(node).with("live_socket", Json.of(address))).orElseGet(() -> StatusJson.node(node)))),
            new Route("GET", "/api/v1/sync/status", false, "How far spaces and peers are", List.of(), "`ready`, `reasons`, `spaces`, `peers`.",
                _ -> Reply.of(StatusJson.status(node))),
            new Route("GET", "/api/v1/live", false, "The status whenever it changes, as server-sent events", List.of(), "Events `status`, each with the status as data.",
                _ -> EventStream.of(new StatusChannel(node))),
            Route.forAgents("GET", LiveSockets.PATH, "Channels over WebSocket", List.of(),
                "Subscribe with {\"action\":\"subscribe\",\"channel\":…}; channels are `status`, `hive:{id}`, `project:{id}` and `log:{task}`, for agents' keys only hives. Messages have `type`, `channel`, `data`; "
                    + "`lost`: ask again for what is shown; `alive`: nothing happened for 15 s; `ended`: nothing more comes on this channel.",
                _ -> {
                    throw new Problem(ErrorCode.BAD_REQUEST, "That is no WebSocket.", "Connect a WebSocket of version 13.");
                }));
    }

    private static Route job(Jobs<Json.Obj> jobs) {
        return new Route("GET", "/api/v1/jobs/{job}", false, "How far a long piece of work is",
            List.of(Route.number("wait_ms", "answer when it has ended or this time has passed, at most 20000")),
            "`id`, `what`, `done`, `total`, `state` (running, done, failed), and `result` or `error`.", request -> {
                try {
                    return Reply.of(jobJson(jobs.job(request.path().get("job")).await(request.number("wait_ms", 0, 0, 20_000))));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    throw new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Ask again when it is up.");
                }
            });
    }

    /// Starts a job and answers with its state at once.
    static Reply started(Jobs<Json.Obj> jobs, String what, Function<Jobs.Job<Json.Obj>, Json.Obj> work) {
        return new Reply.Document(202, jobJson(jobs.start(what, work).state()));
    }

    private static Json.Obj jobJson(Jobs.State<Json.Obj> job) {
        var state = !job.ended() ? "running" : job.result().isPresent() ? "done" : "failed";
        var json = Json.object("id", job.id(), "what", job.what(), "done", job.done(), "total", job.total(), "state", state, "result", job.result().orElse(null));
        if (job.failure().isEmpty()) return json;
        return switch (Problems.of(job.failure().get())) {
            case Problem problem -> json.with("error", Json.object("code", problem.code().wire(), "message", problem.getMessage(), "remedy", problem.remedy()));
            case RuntimeException bug -> json.with("error", Json.object("code", ErrorCode.INTERNAL.wire(), "message", "The work failed: " + bug + ".",
                "remedy", "This is a bug; please report it."));
        };
    }
}

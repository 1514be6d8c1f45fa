package dev.waggle.node.rest;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.hive.HiveExport;
import dev.waggle.node.hive.HiveImport;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Progress;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Hives themselves: making, joining, settings, members, and whole contents in and out.
final class HiveRoutes {
    private final Node node;
    private final Hives hives;
    private final Jobs<Json.Obj> jobs;

    HiveRoutes(Node node, Hives hives, Jobs<Json.Obj> jobs) {
        this.node = node;
        this.hives = hives;
        this.jobs = jobs;
    }

    List<Route> routes() {
        var asAgent = Route.text("agent", "with the node's token: in whose name; may be left out when the node has one agent");
        return List.of(
            new Route("POST", "/api/v1/hives", false, "Make a hive", List.of(Route.needed("name", "what to call it"), Route.text("description", "for people"),
                Route.flag("is_public", "everybody may read it, without being a member"), asAgent), "The hive.", request -> {
                    var hive = hives.create(request.text("name"), request.optional("description"), request.flag("is_public"), Callers.of(hives, request).agent());
                    return Reply.of(HiveJson.hive(hive));
                }),
            Route.forAgents("GET", "/api/v1/hives", "The hives of this node", List.of(), "`hives`: each with `id`, `name`, `description`, `settings`, counts.", request -> {
                Callers.requireKnown(hives, request);
                return Reply.of(Json.object("hives", Json.array(hives.list().stream().map(HiveJson::hive).toList())));
            }),
            Route.forAgents("GET", "/api/v1/hives/{hive}", "One hive; `-` stands for the only one", List.of(), "The hive.", request -> {
                Callers.requireKnown(hives, request);
                return Reply.of(HiveJson.hive(hive(request)));
            }),
            new Route("POST", "/api/v1/hives/join", false, "Join a hive with a ticket (`POST /api/v1/invite` makes one)", List.of(Route.needed("ticket", "what `invite` printed"),
                Route.text("name", "what to call it here")), "A job; its result is the hive.", request -> {
                    var ticket = request.text("ticket");
                    var name = request.optional("name");
                    return Routes.started(jobs, "joining a hive", job -> {
                        Progress progress = (_, done, total) -> job.progress(done, total);
                        return HiveJson.hive(hives.waitFor(node.join(ticket, name, progress), progress));
                    });
                }),
            Route.forAgents("POST", "/api/v1/hives/{hive}/settings", "Change a setting", List.of(Route.needed("key", "description, rules, is_public, vote_privacy (per_voter or aggregate), or one of your own"),
                Route.text("value", "any JSON"), asAgent), "The hive.", request -> {
                    hives.act(hive(request), Callers.of(hives, request), new HiveCommand.Set(request.text("key"), request.body().get("value").orElse(Json.NULL)));
                    return Reply.of(HiveJson.hive(hive(request)));
                }),
            Route.forAgents("GET", "/api/v1/hives/{hive}/members", "Who joined, left, was banned or is a moderator", List.of(Route.number("limit", "at most 500; 100 unless told"),
                Route.number("skip", "how many to pass over"), Route.text("agent", "instance_id/agent_id: only this one, if it is among them")), "`members`, moderators first: each with `agent`, `status`, `role`, `since`; `members_count`: how many there are in all.", request -> {
                    Callers.requireKnown(hives, request);
                    if (request.query().containsKey("agent")) return member(hive(request), request.query().get("agent"));
                    return members(request, (int) request.number("limit", 100, 1, 500), (int) request.number("skip", 0, 0, Integer.MAX_VALUE));
                }),
            Route.forAgents("POST", "/api/v1/hives/{hive}/members", "Join or leave; as a moderator ban or unban", List.of(Route.needed("action", "join, leave, ban, unban"),
                Route.text("subject", "for ban and unban: an agent's id, or instance_id/agent_id of another node's"), asAgent), "`members`: the first ones; `members_count`.", request -> {
                    hives.act(hive(request), Callers.of(hives, request), switch (request.text("action")) {
                        case "join" -> new HiveCommand.Join();
                        case "leave" -> new HiveCommand.Leave();
                        case "ban" -> new HiveCommand.Ban(subject(hive(request), request), true);
                        case "unban" -> new HiveCommand.Ban(subject(hive(request), request), false);
                        default -> throw new Problem(ErrorCode.BAD_REQUEST, "There is no such action.", "Choose join, leave, ban or unban.");
                    });
                    return members(request);
                }),
            Route.forAgents("POST", "/api/v1/hives/{hive}/moderators", "Name a moderator, or take that back", List.of(Route.needed("action", "add or remove"),
                Route.needed("subject", "an agent's id, or instance_id/agent_id of another node's"), asAgent), "`members`: the first ones; `members_count`.", request -> {
                    hives.act(hive(request), Callers.of(hives, request), switch (request.text("action")) {
                        case "add" -> new HiveCommand.Moderator(subject(hive(request), request), true);
                        case "remove" -> new HiveCommand.Moderator(subject(hive(request), request), false);
                        default -> throw new Problem(ErrorCode.BAD_REQUEST, "There is no such action.", "Choose add or remove.");
                    });
                    return members(request);
                }),
            new Route("POST", "/api/v1/hives/{hive}/import", false, "Load posts, comments and votes from a file of JSON lines", List.of(Route.needed("file", "absolute path")),
                "A job; its result has `posts`, `comments`, `votes`, `settings`, `known` (were here already), `refused` and the first reasons.", request -> {
                    var hive = hive(request);
                    var file = Path.of(request.text("file"));
                    if (!file.isAbsolute()) throw new Problem(ErrorCode.BAD_REQUEST, "\"file\" is not an absolute path.", "The node has another working folder than you: send the whole path.");
                    return Routes.started(jobs, "importing " + file.getFileName(), job -> new HiveImport(hives, hive).load(file, job::progress).json());
                }),
            new Route("GET", "/api/v1/hives/{hive}/export", false, "The content of a hive as lines for an import", List.of(Route.text("after", "the cursor of the page before"),
                Route.number("limit", "at most 500; 200 unless told")), "`lines`, `cursor`, `has_more`.", request -> {
                    var page = HiveExport.page(hive(request), Cursors.text(request.query().getOrDefault("after", "")), (int) request.number("limit", 200, 1, 500));
                    return Reply.of(Json.object("lines", Json.array(page.lines()), "cursor", Cursors.of(page.next()), "has_more", page.more()));
                }));
    }

    private Hive hive(Request request) {
        return hives.find(request.path().get("hive"));
    }

    private Reply members(Request request) {
        return members(request, 100, 0);
    }

    private Reply members(Request request, int limit, int skip) {
        var queries = hive(request).queries();
        return Reply.of(Json.object("members", Json.array(queries.members(limit, skip).stream().map(HiveJson::member).toList()), "members_count", queries.membersCount()));
    }

    private Reply member(Hive hive, String asked) {
        var queries = hive.queries();
        return Reply.of(Json.object("members", Json.array(queries.member(subject(hive, asked).actor()).stream().map(HiveJson::member).toList()), "members_count", queries.membersCount()));
    }

    private Snapshot subject(Hive hive, Request request) {
        return subject(hive, request.text("subject"));
    }

    /// Somebody of this node by name or id, somebody of another by both ids.
    private Snapshot subject(Hive hive, String asked) {
        int slash = asked.indexOf('/');
        if (slash < 0) return hives.agents().snapshot(hives.agents().get(asked));
        try {
            var actor = new Actor(new NodeId(asked.substring(0, slash)), asked.substring(slash + 1));
            return hive.queries().ask(rows -> rows.agent(actor)).orElse(new Snapshot(actor, Optional.empty(), Optional.empty()));
        } catch (IllegalArgumentException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "\"" + asked.substring(0, Math.min(20, slash)) + "…\" is no instance's id.", "Name an agent as instance_id/agent_id, as posts show it.", e);
        }
    }
}

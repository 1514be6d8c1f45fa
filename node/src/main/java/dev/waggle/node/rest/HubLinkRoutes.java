package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.Jobs;
import dev.waggle.node.account.AccountService;
import dev.waggle.node.account.HubLink;
import dev.waggle.node.board.BoardService;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.board.Project;

import java.util.List;
import java.util.Optional;

/// This node at its hub: how that stands, what the organisation has there, and its projects on their way to it and from it.
final class HubLinkRoutes {
    private final AccountService service;
    private final BoardService boards;
    private final Jobs<Json.Obj> jobs;

    HubLinkRoutes(AccountService service, BoardService boards, Jobs<Json.Obj> jobs) {
        this.service = service;
        this.boards = boards;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/hub/link", false, "How this node stands at its hub", List.of(), "`node` (this node's id), `is_hub`, `key_file` (of a hub on a database: where its key is), `named` (this node has a hub); when it has, `url`, `connected`, `trouble`, `hub` (its id), `organisation`.", _ -> {
                if (service.link().isEmpty()) return Reply.of(own().with("named", Json.FALSE));
                var standing = service.link().get().standing();
                return Reply.of(own().with("named", Json.TRUE).with("url", Json.of(standing.url())).with("connected", Json.of(standing.connected())).with("trouble", Json.of(standing.trouble())).with("hub", Json.of(standing.hub()))
                    .with("organisation", Json.of(standing.organisation())));
            }),
            new Route("GET", "/api/v1/hub/link/projects", false, "The projects of the organisation that this node may take part in", List.of(),
                "`projects`: `space`, `name`, `open`, `source_node_id`, `source_node_name`, `source_node_status`, `source_node_public_url`.", _ -> Reply.of(Json.object("projects", Json.array(link().projects())))),
            new Route("GET", "/api/v1/hub/link/nodes", false, "The nodes of the organisation", List.of(), "`nodes`: `node`, `name`, `status`, `public_url`.", _ -> Reply.of(Json.object("nodes", Json.array(link().nodes())))),
            new Route("POST", "/api/v1/hub/link/publish", false, "Bring a project to the hub, where others of the organisation find it", List.of(Route.needed("project", "its name or id")), "The project.", request -> {
                var link = link();
                var project = boards.boards().project(request.text("project"));
                if (!project.isLinked()) project = boards.linking().share(project);
                var board = boards.boards().board(project);
                boards.boards().sequence(board, Optional.of(link.publish(board.space())));
                return Reply.of(BoardJson.projectInFull(boards.boards(), project));
            }),
            new Route("POST", "/api/v1/hub/link/withdraw", false, "Take a project off the hub again; who takes part in it stays in it", List.of(Route.needed("project", "its name or id")), "`ok`.", request -> {
                var link = link();
                var project = boards.boards().project(request.text("project"));
                link.withdraw(project.space());
                boards.boards().open(project.space()).filter(board -> board.queries().sequencer().map(NodeId::hex).equals(Optional.of(link.standing().hub())))
                    .ifPresent(board -> boards.boards().sequence(board, Optional.empty()));
                return Reply.of(Json.object("ok", true));
            }),
            new Route("POST", "/api/v1/hub/link/join", false, "Take part in a project of the hub", List.of(Route.needed("swarm", "its name or id there"), Route.text("name", "what to call it here"),
                Route.text("project", "a local project to link to it, instead of a new one")), "A job; its result is the project.", request -> {
                    var link = link();
                    var asked = request.text("swarm");
                    var name = request.optional("name");
                    var local = request.optional("project").map(boards.boards()::project);
                    return Routes.started(jobs, "joining a project", job -> {
                        Project joined = boards.linking().join(link.ticket(find(link, asked)), name, local, (_, done, total) -> job.progress(done, total));
                        return BoardJson.projectInFull(boards.boards(), joined);
                    });
                }));
    }

    private Json.Obj own() {
        var own = Json.object("node", boards.boards().self().hex(), "is_hub", service.door().isPresent());
        var node = boards.boards().node();
        return service.door().isPresent() && node.settings().database().isPresent() ? own.with("key_file", Json.of(node.keyFile().toString())) : own;
    }

    private static String find(HubLink link, String asked) {
        var found = link.projects().stream().filter(each -> each.text("name").equals(asked) || each.text("space").startsWith(asked) && asked.length() >= 4).toList();
        if (found.size() == 1) return found.getFirst().text("space");
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "The hub shows this node no project of that name." : "More than one project of the hub is called that.", "`waggle hub projects` names them.");
    }

    private HubLink link() {
        return service.link().orElseThrow(() -> new Problem(ErrorCode.BAD_REQUEST, "This node has no hub.", "Start it with WAGGLE_HUB_URL and WAGGLE_NODE_API_KEY."));
    }
}

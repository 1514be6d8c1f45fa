package dev.waggle.node.rest;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.board.BoardImport;
import dev.waggle.node.board.BoardService;
import dev.waggle.node.board.Boards;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.board.BoardQueries.After;
import dev.waggle.store.board.BoardQueries.AfterConflict;
import dev.waggle.store.board.Project;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Projects: making, linking, sharing, unlinking, their health, and the lists of their tasks.
final class BoardRoutes {
    private final Node node;
    private final BoardService service;
    private final Boards boards;
    private final Jobs<Json.Obj> jobs;

    BoardRoutes(Node node, BoardService service, Jobs<Json.Obj> jobs) {
        this.node = node;
        this.service = service;
        this.boards = service.boards();
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
            Envelope.route("GET", "/api/projects", "The projects of this node", List.of(), "a list of projects with their sync columns.", _ ->
                Envelope.said(Json.array(boards.store().list().stream().map(project -> BoardJson.project(boards, project)).toList()))),
            Envelope.route("POST", "/api/projects", "Make a local project, or one for a swarm project of this node", List.of(Route.needed("name", "what to call it"),
                Route.text("remote_project_id", "of the swarm project")), "the project.", request -> {
                    var remote = request.optional("remote_project_id");
                    return Envelope.said(BoardJson.project(boards, remote.isPresent() ? service.linking().adopt(boards.swarmProject(remote.get()), request.text("name")) : boards.add(request.text("name"))));
                }),
            Envelope.route("POST", "/api/projects/join", "Join a swarm project with a ticket of its space", List.of(Route.needed("ticket", "what `invite` printed"),
                Route.text("name", "what to call it here"), Route.text("project", "a local project to link to it, instead of a new one")), "a job; its result is the project.", request -> {
                    var ticket = request.text("ticket");
                    var name = request.optional("name");
                    var local = request.optional("project").map(boards::project);
                    return started("joining a project", job -> BoardJson.projectInFull(boards, service.linking().join(ticket, name, local, (_, done, total) -> job.progress(done, total))));
                }),
            Envelope.route("GET", "/api/swarm-projects", "Swarm projects that this node is a member of, linked or not", List.of(), "a list; `project_id` is the project that is linked to it.", _ ->
                Envelope.said(Json.array(boards.swarm().stream().map(board -> BoardJson.swarm(boards, board)).toList()))),
            Envelope.route("GET", "/api/swarm-settings", "The member `board` of settings.json, as the node goes by it; what may be run is that of the start", List.of(),
                "`node_name`, `public_url`, `offline_after_hours`, `executor` with `enabled`, `slots`, `lease_ms`, `settle_ms`, `projects` and `commands` (what may be run, by name), and `file`.", _ ->
                Envelope.said(BoardJson.settings(boards.options(), node.settings().data().resolve("settings.json")))),
            Envelope.route("GET", "/api/projects/{project}", "One project; `-` stands for the only one", List.of(), "the project, with counts.", request ->
                Envelope.said(BoardJson.projectInFull(boards, project(request)))),
            Envelope.route("DELETE", "/api/projects/{project}", "Take a project off this node; what is in a swarm project stays there", List.of(), "nothing.", request -> {
                boards.remove(project(request));
                return Envelope.said(Json.object(), "Project removed");
            }),
            Envelope.route("POST", "/api/projects/{project}/link", "Link a local project to a swarm project: its tasks are written anew there", List.of(Route.needed("remote_project_id", "of the swarm project; or its name")),
                "a job; its result is the project.", request -> {
                    var project = project(request);
                    var swarm = boards.swarmProject(request.text("remote_project_id"));
                    return started("linking " + project.name(), _ -> BoardJson.projectInFull(boards, service.linking().link(project, swarm)));
                }),
            Envelope.route("POST", "/api/projects/{project}/share", "Make a local project a swarm project; `POST /api/v1/invite` lets others in", List.of(), "the project.", request ->
                Envelope.said(BoardJson.projectInFull(boards, service.linking().share(project(request))), "Project shared")),
            Envelope.route("POST", "/api/projects/{project}/unlink-swarm", "Take a project off its swarm project; its tasks stay as a local project's", List.of(
                Route.flag("notify_hive", "tell the others")), "an empty object.", request -> {
                    service.linking().unlink(project(request), request.flag("notify_hive"));
                    return Envelope.said(Json.object(), "Project unlinked from swarm");
                }),
            Envelope.route("POST", "/api/projects/{project}/close", "Close a swarm project, as its owner: nobody writes to it any more", List.of(), "an empty object.", request -> {
                boards.act(boards.board(project(request)), new BoardCommand.Close());
                return Envelope.said(Json.object(), "Swarm project closed");
            }),
            Envelope.route("POST", "/api/projects/{project}/sequencer", "Say, as its owner, in which node's order changes of a swarm project count: what reached it last is shown", List.of(
                Route.needed("node", "a node's name or the beginning of its id; `me`; `none` for nobody's")), "the project.", request -> {
                    var project = project(request);
                    var board = boards.board(project);
                    var asked = request.text("node");
                    boards.act(board, new BoardCommand.NameSequencer(asked.equals("none") ? Optional.empty() : Optional.of(boards.chosen(board, asked))));
                    return Envelope.said(BoardJson.projectInFull(boards, project));
                }),
            Envelope.route("GET", "/api/projects/{project}/sync-health", "Whether tasks are orphaned", List.of(), "`is_linked`, `remote_project_id`, `orphaned_task_count`, `has_sync_issues`, `issues`.",
                request -> Envelope.said(service.health().of(project(request)))),
            Envelope.route("GET", "/api/projects/{project}/nodes", "Nodes that have a project linked to this one's swarm project", List.of(), "a list of nodes with `status`, `held` tasks, and tasks `waiting` for it alone.", request -> {
                var board = boards.board(project(request));
                return Envelope.said(Json.array(board.queries().participants(boards.nowMs()).stream().map(each -> BoardJson.node(node, board, each)).toList()));
            }),
            new Route("GET", "/api/projects/{project}/live", false, "What changes in a project, as server-sent events", List.of(),
                "Events `task_created`, `task_changed`, `task_deleted`, `task_log`, `task_conflict`, `task_refused`, `board_changed`, `lost`.",
                request -> EventStream.of(BoardChannel.of(boards, project(request)))),
            Envelope.route("GET", "/api/projects/{project}/tasks", "The tasks of a project, oldest first", List.of(Route.text("status", "only these"), Route.number("limit", "at most 500; 100 unless told"),
                Route.text("cursor", "of the page before")), "`tasks`, `cursor`, `has_more`.", request -> Envelope.said(tasks(request))),
            Envelope.route("GET", "/api/projects/{project}/conflicts", "Values that were passed over and wait for a decision", List.of(Route.number("limit", "at most 500; 100 unless told"),
                Route.text("cursor", "of the page before")), "`conflicts`, `cursor`, `has_more`; `conflicts_count`: how many there are in all.", request -> Envelope.said(conflicts(request))),
            Envelope.route("POST", "/api/projects/{project}/import", "Load the tasks of another tracker from a file of JSON lines", List.of(Route.needed("file", "absolute path")),
                "a job; its result has `tasks`, `known` (were here already), `refused` and the first `reasons`.", request -> {
                    var project = project(request);
                    var file = Path.of(request.text("file"));
                    if (!file.isAbsolute()) throw new Problem(ErrorCode.BAD_REQUEST, "\"file\" is not an absolute path.", "The node has another working folder than you: send the whole path.");
                    return started("importing " + file.getFileName(), job -> new BoardImport(boards, project).load(file, job::progress).json());
                }));
    }

    private Envelope.Said started(String what, java.util.function.Function<Jobs.Job<Json.Obj>, Json.Obj> work) {
        return Envelope.said(((Reply.Document) Routes.started(jobs, what, work)).json());
    }

    private Project project(Request request) {
        return boards.project(request.path().get("project"));
    }

    private Json tasks(Request request) {
        var project = project(request);
        int limit = (int) request.number("limit", 100, 1, 500);
        var after = Optional.of(request.query().getOrDefault("cursor", "")).filter(text -> !text.isEmpty()).map(BoardRoutes::after);
        var page = boards.board(project).queries().tasks(Optional.ofNullable(request.query().get("status")).map(BoardRoutes::status), after, limit);
        var cursor = page.isEmpty() ? "" : Cursors.of(page.getLast().createdMs() + ":" + page.getLast().id());
        return Json.object("tasks", Json.array(page.stream().map(task -> BoardJson.task(boards, project, task, boards.store().visible(project.id(), task.id()))).toList()),
            "cursor", cursor, "has_more", page.size() == limit);
    }

    static TaskStatus status(String wire) {
        try {
            return TaskStatus.of(wire);
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "There is no such status.", "A status is one of todo, inprogress, inreview, done, cancelled.", e);
        }
    }

    private static After after(String cursor) {
        var parts = Cursors.text(cursor).split(":", 2);
        try {
            return new After(Long.parseLong(parts[0]), parts[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "That is no cursor.", "Send back what the page before said, or nothing to begin.", e);
        }
    }

    private Json conflicts(Request request) {
        var project = project(request);
        int limit = (int) request.number("limit", 100, 1, 500);
        var queries = boards.board(project).queries();
        var page = queries.conflicts(afterConflict(request.query().getOrDefault("cursor", "")), limit);
        var cursor = page.isEmpty() ? "" : cursor(AfterConflict.of(page.getLast()));
        return Json.object("conflicts", Json.array(page.stream().flatMap(conflict -> queries.task(conflict.task()).stream().map(task -> BoardJson.conflict(boards, project, task, conflict))).toList()),
            "cursor", cursor, "has_more", page.size() == limit, "conflicts_count", queries.summary().conflicts());
    }

    private static String cursor(AfterConflict last) {
        return Cursors.of(last.field() + ":" + last.event() + ":" + last.task());
    }

    private static AfterConflict afterConflict(String cursor) {
        if (cursor.isEmpty()) return AfterConflict.NONE;
        var parts = Cursors.text(cursor).split(":", 3);
        try {
            Hex.bytes(parts[1]);
            return new AfterConflict(parts[2], Integer.parseInt(parts[0]), parts[1]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "That is no cursor.", "Send back what the page before said, or nothing to begin.", e);
        }
    }
}

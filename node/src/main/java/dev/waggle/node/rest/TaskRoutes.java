package dev.waggle.node.rest;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;
import dev.waggle.node.board.Boards;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.board.Project;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Tasks: what people change, what workers claim and report, and what waits for a decision.
final class TaskRoutes {
    private static final List<Route.Field> FIELDS = List.of(Route.text("description", "at most 40,000 characters"), Route.text("status", "todo, inprogress, inreview, done, cancelled"),
        Route.number("priority", "0 (most urgent) to 4"), Route.texts("labels", "`run:NAME` names the command that carries it out"), Route.texts("depends_on", "ids of tasks"), Route.text("assignee", "a person"));
    private static final List<Route.Field> CLAIM = List.of(Route.needed("claim", "the claim's id"), Route.number("token", "the claim's token"));
    private static final long LEASE_MS = 60_000;
    private final Boards boards;

    TaskRoutes(Boards boards) {
        this.boards = boards;
    }

    List<Route> routes() {
        return List.of(
            Envelope.route("POST", "/api/projects/{project}/tasks", "Make a task", with(List.of(Route.needed("title", "at most 500 characters")), FIELDS), "the task.", request -> {
                var project = boards.project(request.path().get("project"));
                var id = boards.freshId();
                request.text("title");
                boards.act(boards.board(project), new BoardCommand.Add(id, fields(project, request), OptionalLong.empty()));
                return shown(id);
            }),
            Envelope.route("GET", "/api/tasks/{task}", "One task, with claims, refused reports and conflicts", List.of(), "the task.", request -> shown(request.path().get("task"))),
            edit("PATCH"), edit("POST"),                                  // some clients know no PATCH
            Envelope.route("DELETE", "/api/tasks/{task}", "Delete a task", List.of(), "the task.", request -> {
                var found = found(request);
                return act(found, new BoardCommand.Delete(found.record()));
            }),
            Envelope.route("POST", "/api/tasks/{task}/restore", "Take a deletion back", List.of(), "the task.", request -> {
                var found = found(request);
                return act(found, new BoardCommand.Restore(found.record()));
            }),
            Envelope.route("POST", "/api/tasks/{task}/move", "Change the status", List.of(Route.needed("status", "where it goes")), "the task.", request -> {
                var found = found(request);
                return act(found, new BoardCommand.Edit(found.record(), new TreeMap<>(java.util.Map.of(Field.STATUS, Json.of(BoardRoutes.status(request.text("status")).wire()))), OptionalLong.empty()));
            }),
            Envelope.route("POST", "/api/tasks/{task}/assign", "Let one node alone claim it", List.of(Route.needed("node", "a name or the beginning of an id; me: this node; auto: the one that is here and has least to do, and others while it is away; none: any")),
                "the task.", request -> {
                    var found = found(request);
                    var asked = request.text("node");
                    var to = asked.equals("none") ? Optional.<AssignedTo>empty() : Optional.of(new AssignedTo(boards.chosen(found.board(), asked), !asked.equals("auto")));
                    return act(found, new BoardCommand.Edit(found.record(), BoardCommand.assigned(to), OptionalLong.empty()));
                }),
            Envelope.route("POST", "/api/tasks/{task}/claim", "This node works on it from now on", List.of(Route.number("lease_ms", "1,000 to 3,600,000; 60,000 unless told")), "the task; its `claim` has `id` and `token`.",
                request -> {
                    var found = found(request);
                    return act(found, new BoardCommand.Claim(found.record(), lease(request)));
                }),
            Envelope.route("POST", "/api/tasks/{task}/renew", "Renew the lease of a claim", with(CLAIM, List.of(Route.number("lease_ms", "from now on"))), "the task.", request -> {
                var found = found(request);
                return act(found, new BoardCommand.Renew(found.record(), claim(request), lease(request)));
            }),
            Envelope.route("POST", "/api/tasks/{task}/progress", "Report under a claim", with(CLAIM, List.of(Route.number("percent", "0 to 100"), Route.text("note", "for people"), Route.text("status", "where it goes"),
                Route.texts("lines", "for the task's log"))), "the task.", request -> {
                    var found = found(request);
                    var claim = claim(request);
                    if (request.body().get("lines").isPresent()) boards.act(found.board(), new BoardCommand.Work(found.record(), claim, request.texts("lines")));
                    var percent = number(request, "percent", 0, 100);
                    if (percent.isEmpty() && request.optional("note").isEmpty() && request.optional("status").isEmpty()) return shown(found.id());
                    return act(found, new BoardCommand.Report(found.record(), claim, request.optional("status").map(BoardRoutes::status), percent, request.optional("note")));
                }),
            Envelope.route("POST", "/api/tasks/{task}/finish", "The result of a claim", with(CLAIM, List.of(Route.number("exit_code", "0: it worked"), Route.text("status", "done unless told"), Route.text("note", "for people"))),
                "the task; the result is among `refused` when it came too late.", request -> {
                    var found = found(request);
                    return act(found, new BoardCommand.Finish(found.record(), claim(request), request.optional("status").map(BoardRoutes::status).orElse(TaskStatus.DONE),
                        number(request, "exit_code", Integer.MIN_VALUE, Integer.MAX_VALUE), request.optional("note")));
                }),
            Envelope.route("POST", "/api/tasks/{task}/release", "Give a claim back", with(CLAIM, List.of(Route.text("note", "for people"))), "the task.", request -> {
                var found = found(request);
                return act(found, new BoardCommand.Release(found.record(), claim(request), request.optional("note")));
            }),
            Envelope.route("GET", "/api/tasks/{task}/log", "A task's log, oldest first", List.of(Route.number("limit", "at most 500; 100 unless told"), Route.text("cursor", "of an entry: those after it")),
                "`entries`: each with `node`, `at`, `lines`, `refused`, `cursor`; `has_more`.", request -> {
                    int limit = (int) request.number("limit", 100, 1, 500);
                    var found = found(request);
                    var page = found.board().queries().log(found.record(), after(request.query().getOrDefault("cursor", "")), limit);
                    return Envelope.said(Json.object("entries", Json.array(page.stream().map(BoardJson::log).toList()), "has_more", page.size() == limit));
                }),
            new Route("GET", "/api/tasks/{task}/log/live", false, "A task's log from its beginning, then while it is written, as server-sent events", List.of(),
                "Events `log`: an entry (its `cursor` is the same by either way), and `via`: `log`, or `direct` when it was read from the node that carries the task out. `end` when nobody works on it any more.",
                request -> EventStream.of(new TaskLogChannel(boards, found(request)))),
            Envelope.route("POST", "/api/tasks/{task}/log", "Write lines to a task's log", List.of(new Route.Field("lines", "strings", true, "1 to 500")), "the task.", request -> {
                var found = found(request);
                return act(found, new BoardCommand.Log(found.record(), request.texts("lines")));
            }),
            Envelope.route("POST", "/api/tasks/{task}/conflicts/{conflict}/resolve", "Decide on a conflict, for all nodes", List.of(Route.needed("keep", "shown: leave it. other: take the value that was passed over. value: take what is given"),
                new Route.Field("value", "string", false, "with `keep` value: merged from both")), "the task.", this::resolve));
    }

    private Route edit(String method) {
        return Envelope.route(method, "/api/tasks/{task}", "Change fields of a task", with(List.of(Route.text("title", "at most 500 characters"),
            Route.number("version", "refused when the task has another one by now")), FIELDS), "the task.", request -> {
                var found = found(request);
                var version = request.body().get("version").isPresent() ? OptionalLong.of(request.number("version", 0, 0, Long.MAX_VALUE)) : OptionalLong.empty();
                return act(found, new BoardCommand.Edit(found.record(), fields(found.project(), request), version));
            });
    }

    private static List<Route.Field> with(List<Route.Field> some, List<Route.Field> more) {
        var all = new java.util.ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private Boards.Found found(Request request) {
        return boards.task(request.path().get("task"));
    }

    private Envelope.Said act(Boards.Found found, BoardCommand command) {
        boards.act(found.board(), command);
        return shown(found.id());
    }

    private Envelope.Said shown(String id) {
        return Envelope.said(BoardJson.taskInFull(boards, boards.task(id)));
    }

    /// The fields that a body names; tasks by what they are called here.
    private SortedMap<Field, Json> fields(Project project, Request request) {
        var fields = new TreeMap<Field, Json>();
        request.body().members().forEach((name, value) -> Field.named(name).filter(field -> field != Field.ASSIGNED_NODE && field != Field.EXTERNAL_ID).ifPresent(field -> fields.put(field, value)));
        if (fields.containsKey(Field.DEPENDS_ON))
            fields.put(Field.DEPENDS_ON, BoardJson.texts(request.texts("depends_on").stream().map(id -> boards.store().record(project.id(), id)).toList()));
        return fields;
    }

    private static long lease(Request request) {
        return request.number("lease_ms", LEASE_MS, 1_000, 3_600_000);
    }

    private static ClaimRef claim(Request request) {
        try {
            return new ClaimRef(new EventId(request.text("claim")), request.number("token", 0, 1, Long.MAX_VALUE));
        } catch (IllegalArgumentException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "\"claim\" is no claim's id.", "Send `claim.id` and `claim.token` of the task, as the claim answered them.", e);
        }
    }

    private static OptionalInt number(Request request, String name, long min, long max) {
        return request.body().get(name).isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) request.number(name, 0, min, max));
    }

    private static Optional<Stamp> after(String cursor) {
        if (cursor.isEmpty()) return Optional.empty();
        var parts = Cursors.text(cursor).split(":");
        try {
            return Optional.of(new Stamp(new Hlc(Long.parseLong(parts[0]), Integer.parseInt(parts[1])), new NodeId(parts[2]), new EventId(parts[3])));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "That is no cursor.", "Send back what an entry said, or nothing to begin.", e);
        }
    }

    private Envelope.Said resolve(Request request) {
        var found = found(request);
        var asked = request.path().get("conflict");
        var conflict = found.board().queries().ask(rows -> rows.conflicts(found.record())).stream().filter(each -> BoardJson.conflictId(each).equals(asked)).findFirst()
            .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "The task has no such open conflict.", "GET /api/tasks/{id} lists `open_conflicts`."));
        var value = switch (request.text("keep")) {
            case "shown" -> BoardJson.value(found.task(), conflict.field());
            case "other" -> conflict.value();
            case "value" -> request.body().get("value").orElseThrow(() -> new Problem(ErrorCode.BAD_REQUEST, "The member \"value\" is missing.", "Send what the field is to be."));
            default -> throw new Problem(ErrorCode.BAD_REQUEST, "\"keep\" is none of shown, other, value.", "Choose one of them.");
        };
        return act(found, new BoardCommand.Settle(found.record(), conflict.field(), value));
    }
}

package dev.waggle.node.rest;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.ConflictRow;
import dev.waggle.apps.board.Effect;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.Node;
import dev.waggle.node.board.BoardOptions;
import dev.waggle.node.board.Boards;
import dev.waggle.node.board.Boards.Board;
import dev.waggle.node.board.Standing;
import dev.waggle.node.board.Uuids;
import dev.waggle.store.board.Participant;
import dev.waggle.store.board.Project;
import dev.waggle.store.board.ShownClaim;
import dev.waggle.store.board.ShownLog;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Projects and tasks as JSON.
final class BoardJson {
    private static final long HOUR_MS = 3_600_000;

    private BoardJson() {}

    static Json.Obj project(Boards boards, Project project) {
        return Json.object("id", project.id(), "name", project.name(), "created_at", time(project.createdMs()), "is_linked", project.isLinked(), "space", project.space().hex(),
            "remote_project_id", text(project.remoteProjectId()), "remote_last_synced_at", project.lastSyncedMs() == 0 ? Json.NULL : Json.of(time(project.lastSyncedMs())),
            "source_node_id", text(project.sourceNodeId()), "source_node_name", text(project.sourceName()), "source_node_status", text(project.sourceStatus()),
            "source_node_public_url", text(project.sourceUrl()));
    }

    /// With what its board holds, if it is open.
    static Json.Obj projectInFull(Boards boards, Project project) {
        var json = project(boards, project);
        try {
            return counted(json, boards.board(project));
        } catch (dev.waggle.node.problem.Problem unavailable) {
            return json.with("trouble", Json.of(unavailable.sentences()));
        }
    }

    private static Json.Obj counted(Json.Obj json, Board board) {
        var summary = board.queries().summary();
        var tasks = Json.object();
        for (var each : summary.tasks().entrySet()) tasks = tasks.with(each.getKey().wire(), Json.of(each.getValue()));
        return json.with("tasks", tasks).with("task_count", Json.of(summary.tasks().values().stream().mapToLong(Long::longValue).sum())).with("conflicts", Json.of(summary.conflicts()))
            .with("refused", Json.of(summary.refused())).with("closed", Json.of(summary.closed())).with("removed_at_hub", Json.of(board.queries().isRemoved())).with("quarantined", Json.of(summary.quarantined()))
            .with("sequencer_node_id", text(board.queries().sequencer().map(NodeId::hex)));
    }

    static Json.Obj swarm(Boards boards, Board board) {
        var linked = boards.store().list().stream().filter(project -> project.space().equals(board.space().id())).findFirst();
        return counted(Json.object("id", Uuids.of(board.space().id().hex()), "name", board.space().name(), "space", board.space().id().hex(),
            "role", board.space().role().map(role -> role.wire()).orElse("none"), "project_id", text(linked.map(Project::id))), board);
    }

    /// What this node is called on boards and what it carries out, as it is set.
    static Json.Obj settings(BoardOptions set, Path file) {
        var commands = Json.object();
        for (var each : set.commands().entrySet()) commands = commands.with(each.getKey(), texts(each.getValue()));
        var executor = Json.object("enabled", set.executes(), "slots", set.slots(), "lease_ms", set.leaseMs(), "settle_ms", set.settleMs(), "projects", texts(set.projects().stream().sorted().toList()),
            "commands", commands);
        return Json.object("node_name", text(set.nodeName()), "public_url", text(set.publicUrl()), "offline_after_hours", set.offlineMs() / HOUR_MS, "executor", executor, "file", file.toString());
    }

    static Json.Obj node(Node here, Board board, Participant node) {
        return Json.object("id", Uuids.of(node.node().hex()), "node", node.node().hex(), "name", node.name(), "status", Standing.of(here, board.space().id(), node.node()).wire(), "public_url", text(node.publicUrl()),
            "executes", node.executes(), "since", time(node.sinceMs()), "held", node.held(), "waiting", node.waiting(), "self", node.node().equals(here.id()));
    }

    /// @param id what the task is called here
    static Json.Obj task(Boards boards, Project project, TaskRow task, String id) {
        var sync = boards.store().sync(project.id(), id);
        boolean held = task.isHeld(boards.nowMs());
        return Json.object("id", id, "project_id", project.id(), "title", task.title(), "status", task.status().wire(), "priority", task.priority(), "labels", texts(task.labels()),
            "depends_on", texts(task.dependsOn().stream().map(needed -> boards.store().visible(project.id(), needed)).toList()), "assignee", text(task.assignee()),
            "assigned_node", text(task.assigned().map(to -> to.node().hex())), "assigned_alone", task.assigned().filter(AssignedTo::alone).isPresent(), "external_id", text(task.externalId()), "created_at", time(task.createdMs()), "updated_at", time(task.updatedMs()),
            "version", task.version(), "deleted", task.deleted(), "conflicts", task.conflicts(), "claim", task.claim().map(BoardJson::claim).orElse(null),
            "holder", text(task.holder().map(NodeId::hex)), "is_held", held, "lease_until", task.leaseEndMs() == 0 ? Json.NULL : Json.of(time(task.leaseEndMs())),
            "shared_task_id", project.isLinked() ? Json.of(task.id()) : Json.NULL,
            "remote_last_synced_at", text(sync.flatMap(row -> row.lastSyncedAt())), "remote_assigned_node_id", project.isLinked() ? text(task.holder().map(node -> Uuids.of(node.hex()))) : Json.NULL);
    }

    /// With its description, claims, refused reports and conflicts.
    static Json.Obj taskInFull(Boards boards, Boards.Found found) {
        var queries = found.board().queries();
        var row = found.task();
        return task(boards, found.project(), row, found.id()).with("description", Json.of(row.description()))
            .with("claims", Json.array(queries.claims(row.id(), 20).stream().map(BoardJson::shownClaim).toList()))
            .with("refused", Json.array(queries.refused(row.id(), 20).stream().map(BoardJson::effect).toList()))
            .with("open_conflicts", Json.array(queries.ask(rows -> rows.conflicts(row.id())).stream().map(conflict -> conflict(boards, found.project(), row, conflict)).toList()));
    }

    private static Json.Obj claim(ClaimRef claim) {
        return Json.object("id", claim.id().hex(), "token", claim.token());
    }

    private static Json.Obj shownClaim(ShownClaim shown) {
        var claim = shown.claim();
        return claim(claim.ref()).with("node", Json.of(claim.stamp().origin().hex())).with("at", Json.of(time(claim.stamp().ts().wallMs()))).with("counts", Json.of(shown.stands()))
            .with("lease_until", Json.of(time(shown.leaseEndMs()))).with("progress", shown.progress().<Json>map(BoardJson::effect).orElse(Json.NULL))
            .with("end", shown.end().<Json>map(BoardJson::effect).orElse(Json.NULL));
    }

    private static Json.Obj effect(Effect effect) {
        return Json.object("kind", effect.kind().wire(), "node", effect.stamp().origin().hex(), "at", time(effect.stamp().ts().wallMs()), "token", effect.claim().token(), "note", effect.note(),
            effect.kind() == Effect.Kind.FINISHED ? "exit_code" : "percent", effect.number().isPresent() ? effect.number().getAsInt() : null);
    }

    static Json.Obj conflict(Boards boards, Project project, TaskRow task, ConflictRow conflict) {
        return Json.object("id", conflictId(conflict), "task_id", boards.store().visible(project.id(), task.id()), "title", task.title(), "field", conflict.field().wire(),
            "shown", value(task, conflict.field()), "other", conflict.value(), "node", conflict.stamp().origin().hex(), "at", time(conflict.stamp().ts().wallMs()));
    }

    static String conflictId(ConflictRow conflict) {
        return conflict.field().wire() + "-" + conflict.stamp().id().hex().substring(0, 12);
    }

    /// What a task shows for a field.
    static Json value(TaskRow task, Field field) {
        return switch (field) {
            case TITLE -> Json.of(task.title());
            case DESCRIPTION -> Json.of(task.description());
            case STATUS -> Json.of(task.status().wire());
            case PRIORITY -> Json.of((long) task.priority());
            case LABELS -> texts(task.labels());
            case DEPENDS_ON -> texts(task.dependsOn());
            case ASSIGNEE -> text(task.assignee());
            case ASSIGNED_NODE -> text(task.assigned().map(AssignedTo::wire));
            case EXTERNAL_ID -> text(task.externalId());
            case LIFE -> Json.of(!task.deleted());
        };
    }

    static Json.Obj log(ShownLog shown) {
        var entry = shown.entry();
        var node = entry.written().map(by -> by.node()).orElse(entry.stamp().origin());
        return Json.object("node", node.hex(), "at", time(entry.written().map(by -> by.ms()).orElse(entry.stamp().ts().wallMs())), "lines", texts(entry.lines()),
            "token", entry.claim().map(ClaimRef::token).orElse(null), "refused", shown.refused(), "cursor", cursor(entry.stamp()));
    }

    /// The place of an entry in a task's log: the same by whichever way it came.
    static String cursor(Stamp stamp) {
        return Cursors.of(position(stamp));
    }

    private static String position(Stamp stamp) {
        return stamp.ts().wallMs() + ":" + stamp.ts().tick() + ":" + stamp.origin().hex() + ":" + stamp.id().hex();
    }

    static Json.Obj news(Boards boards, Project project, News news) {
        return Json.object("type", news.kind().wire(), "project_id", project.id(), "task_id", news.task().isEmpty() ? null : boards.store().visible(project.id(), news.task()));
    }

    static Json text(Optional<String> text) {
        return text.map(Json::of).orElse(Json.NULL);
    }

    static Json texts(List<String> texts) {
        return Json.array(texts.stream().map(Json::of).toList());
    }

    static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}

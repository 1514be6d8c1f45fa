package dev.waggle.node.board;

import dev.waggle.core.event.Json;
import dev.waggle.store.board.Project;

import java.util.ArrayList;

/// How a project's link to the swarm is. Tasks are orphaned in three ways: the project is linked no more and they are still called something in the swarm;
/// the swarm project is gone (closed by its owner, removed at the hub, this node removed from it, or left); no other member was met for long.
public final class SyncHealth {
    private final Boards boards;

    public SyncHealth(Boards boards) {
        this.boards = boards;
    }

    /// The members of `SyncHealthResponse`.
    public Json.Obj of(Project project) {
        long orphans = boards.store().orphans(project.id(), project.isLinked() && isLost(project));
        var issues = new ArrayList<Json>();
        if (orphans > 0) issues.add(Json.object("OrphanedTasks", Json.object("count", orphans)));
        if (orphans > 0 && !project.isLinked()) issues.add(Json.of("ProjectNotLinked"));
        return Json.object("is_linked", project.isLinked(), "remote_project_id", project.remoteProjectId().map(Json::of).orElse(Json.NULL), "orphaned_task_count", orphans,
            "has_sync_issues", !issues.isEmpty(), "issues", Json.array(issues));
    }

    private boolean isLost(Project project) {
        var space = boards.node().space(project.space());
        if (space.isEmpty() || space.get().role().isEmpty() || boards.node().peers().removedFrom(project.space()).isPresent()) return true;
        if (boards.open(project.space()).map(board -> board.queries().isClosed() || board.queries().isRemoved()).orElse(false)) return true;
        boolean alone = space.get().log().state().members().size() < 2;
        return !alone && !isMet(project) && boards.nowMs() - Math.max(project.lastSyncedMs(), project.linkedMs()) > boards.options().offlineMs();
    }

    /// Whether another member of the swarm project is connected now.
    boolean isMet(Project project) {
        return boards.node().peers().status().space(project.space()).filter(space -> space.reachable() > 0).isPresent();
    }
}

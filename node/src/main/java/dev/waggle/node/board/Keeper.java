package dev.waggle.node.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.core.log.Role;
import dev.waggle.store.board.Project;
import dev.waggle.store.board.ProjectStore.Seen;

import java.util.Optional;

/// Keeps the node's own table of projects and tasks behind the boards: new tasks of the swarm get a row, and the sync columns say what is known. Looked at
/// every second; whatever was missed is found again, because where it stands is kept with the rows.
final class Keeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.board");
    private static final int PAGE = 200;
    private static final long SYNCED_EVERY_MS = 10_000;
    private static final long EVERY_MS = 1_000;

    private final Boards boards;
    private final SyncHealth health;
    private final Watch watch = new Watch("board-keeper");

    Keeper(Boards boards, SyncHealth health) {
        this.boards = boards;
        this.health = health;
    }

    void start() {
        watch.every(EVERY_MS, this::look);
    }

    private void look() {
        for (var project : boards.store().linked()) {
            try {
                look(project);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "project=" + project.id() + " is looked at again: " + e);
            }
        }
    }

    void look(Project project) {
        var board = boards.open(project.space());
        if (board.isEmpty()) return;
        long at = boards.store().syncedOffset(project.id());
        if (at > board.get().space().log().state().lastOffset()) at = 0;              // the log was made anew
        for (var after = "\uffff";;) {
            var page = board.get().queries().changedSince(at, after, PAGE);
            if (page.isEmpty()) break;
            at = page.getLast().changed();
            after = page.getLast().id();
            var seen = page.stream().map(task -> new Seen(task.id(), task.holder().map(node -> Uuids.of(node.hex())))).toList();
            boards.store().seen(project.id(), project.space(), seen, page.size() < PAGE ? at : at - 1, boards.nowMs());
            if (page.size() < PAGE) break;
        }
        boards.node().peers().presence().refresh(project.space());
        introduce(board.get());
        source(project, board.get());
    }

    /// The settings may say something else than when the project was linked. Of several processes of a hub the first one speaks: they would contradict each other.
    private void introduce(Boards.Board board) {
        if (boards.node().settings().processes().keyFile().isPresent()) return;
        if (board.space().role().filter(Role::mayWrite).isEmpty() || board.queries().isClosed()) return;
        var now = boards.introduction();
        var said = board.queries().participants(boards.nowMs()).stream().filter(each -> each.node().equals(boards.self())).findFirst();
        if (said.filter(each -> !now.equals(new BoardCommand.Link(each.name(), each.publicUrl(), each.executes()))).isPresent()) boards.act(board, now);
    }

    private void source(Project project, Boards.Board board) {
        var made = board.queries().owner();
        if (made.isEmpty()) return;
        var owner = made.get();
        var said = board.queries().participants(boards.nowMs()).stream().filter(each -> each.node().equals(owner)).findFirst();
        var status = Standing.of(boards.node(), project.space(), owner).wire();
        var name = said.map(each -> each.name()).orElse(owner.brief());
        var url = said.flatMap(each -> each.publicUrl());
        boolean synced = health.isMet(project) && boards.nowMs() - project.lastSyncedMs() > SYNCED_EVERY_MS;
        boolean same = project.sourceStatus().equals(Optional.of(status)) && project.sourceName().equals(Optional.of(name)) && project.sourceUrl().equals(url);
        if (!same || synced) boards.store().source(project.id(), Uuids.of(owner.hex()), name, status, url, synced ? boards.nowMs() : 0);
    }

    @Override public void close() {
        watch.close();
    }
}

package dev.waggle.node.board;

import dev.waggle.apps.board.BoardLimits;
import dev.waggle.apps.board.Stamp;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.TaskLines;

import java.util.Optional;

/// Tells members what this node wrote to a task's log, as soon as it is in its own log. Nothing else: what others wrote comes from them, or in the log with
/// their signatures.
final class OwnLines implements TaskLines {
    private static final int PAGE = 50;
    private final Boards boards;

    OwnLines(Boards boards) {
        this.boards = boards;
    }

    @Override public Optional<Json.Obj> after(SpaceId space, String task, String after, long waitMs) {
        var board = boards.open(space);
        if (board.isEmpty() || !BoardLimits.isUuid(task) || board.get().queries().task(task).isEmpty()) return Optional.empty();
        var from = after.isEmpty() ? Optional.<Stamp>empty() : Optional.of(DirectLine.stamp(after, boards.self()));
        long until = System.nanoTime() + waitMs * 1_000_000;
        var seat = board.get().audience().seat();
        if (seat.isEmpty()) return Optional.of(answer(board.get(), task, from));
        try (var looking = seat.get()) {
            for (;;) {
                var answer = answer(board.get(), task, from);
                long leftMs = (until - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0 || !answer.array("entries").isEmpty() || looking.next(leftMs).isEmpty()) return Optional.of(answer);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Json.Obj answer(Boards.Board board, String task, Optional<Stamp> after) {
        var own = board.queries().logBy(boards.self(), task, after, PAGE);
        var last = own.isEmpty() ? after.map(DirectLine::cursor).orElse("") : DirectLine.cursor(own.getLast().entry().stamp());
        return Json.object("entries", Json.array(own.stream().map(shown -> DirectLine.of(shown).json()).toList()), "cursor", last);
    }
}

package dev.waggle.node.rest;

import dev.waggle.apps.board.News;
import dev.waggle.core.event.Json;
import dev.waggle.node.board.Boards;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;
import dev.waggle.store.board.Project;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What changes in a project. Whoever is too slow hears `lost` and looks at the tasks again. It ends when the project is linked or unlinked: then its tasks
/// are in another space.
record BoardChannel(Boards boards, Project project, Audience.Seat<News> seat) implements Channel {
    static final String PREFIX = "project:";

    /// @throws Problem when too many look on
    static BoardChannel of(Boards boards, Project project) {
        return new BoardChannel(boards, project, boards.board(project).audience().seat()
            .orElseThrow(() -> new Problem(ErrorCode.TOO_MANY, "Too many look on already.", "Try again later, or ask for the tasks.")));
    }

    @Override public Optional<List<Message>> next() throws InterruptedException {
        if (boards.store().byId(project.id()).filter(now -> now.space().equals(project.space())).isEmpty()) return Optional.empty();
        var heard = seat.next(SILENCE_MS_MAX);
        if (heard.isEmpty()) return Optional.empty();
        var messages = new ArrayList<Message>();
        if (heard.get().lost()) messages.add(new Message(Message.LOST, Json.object("type", Message.LOST, "project_id", project.id())));
        for (var news : heard.get().news()) messages.add(new Message(news.kind().wire(), BoardJson.news(boards, project, news)));
        return Optional.of(messages);
    }

    @Override public void end() {
        seat.close();
    }

    @Override public void close() {
        seat.close();
    }
}

package dev.waggle.node.rest;

import dev.waggle.apps.board.News;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.board.Boards;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;
import dev.waggle.store.board.Project;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// What changes in a project, as server-sent events. Whoever is too slow hears `lost` and looks at the tasks again. It ends when the project is linked or
/// unlinked: then its tasks are in another space.
record BoardStream(Boards boards, Project project, Audience.Seat<News> seat) implements Reply.Writer {
    private static final long SILENCE_MS_MAX = 15_000;

    static BoardStream of(Boards boards, Project project) {
        return new BoardStream(boards, project, boards.board(project).audience().seat()
            .orElseThrow(() -> new Problem(ErrorCode.TOO_MANY, "Too many look on already.", "Try again later, or ask for the tasks.")));
    }

    @Override public void to(OutputStream out) throws IOException, InterruptedException {
        try (seat) {
            out.write(": looking on\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            for (var heard = seat.next(SILENCE_MS_MAX); heard.isPresent(); heard = seat.next(SILENCE_MS_MAX)) {
                var text = new StringBuilder();
                if (heard.get().lost()) text.append("event: lost\ndata: ").append(Canonical.text(Json.object("type", "lost", "project_id", project.id()))).append("\n\n");
                for (var news : heard.get().news()) text.append("event: ").append(news.kind().wire()).append("\ndata: ").append(Canonical.text(BoardJson.news(boards, project, news))).append("\n\n");
                if (text.isEmpty()) text.append(": still here\n\n");      // a client that went away is noticed here
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (boards.store().byId(project.id()).filter(now -> now.space().equals(project.space())).isEmpty()) return;
            }
        }
    }
}

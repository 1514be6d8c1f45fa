package dev.waggle.node.rest;

import dev.waggle.apps.hive.News;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// What changes in a hive, as server-sent events. Whoever is too slow hears `lost` and looks at the feed again, from its cursor.
record HiveStream(Hive hive, Audience.Seat<News> seat) implements Reply.Writer {
    private static final long SILENCE_MS_MAX = 15_000;

    static HiveStream of(Hive hive) {
        return new HiveStream(hive, hive.audience().seat().orElseThrow(() -> new Problem(ErrorCode.TOO_MANY, "Too many look on already.", "Try again later, or ask the feed with a cursor.")));
    }

    @Override public void to(OutputStream out) throws IOException, InterruptedException {
        try (seat) {
            out.write(": looking on\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            for (var heard = seat.next(SILENCE_MS_MAX); heard.isPresent(); heard = seat.next(SILENCE_MS_MAX)) {
                var text = new StringBuilder();
                if (heard.get().lost()) text.append("event: lost\ndata: ").append(Canonical.text(lost(hive))).append("\n\n");
                for (var news : heard.get().news()) text.append("event: ").append(news.kind().wire()).append("\ndata: ").append(Canonical.text(HiveJson.news(hive, news))).append("\n\n");
                if (text.isEmpty()) text.append(": still here\n\n");      // a client that went away is noticed here
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    static Json.Obj lost(Hive hive) {
        return Json.object("type", "lost", "channel", "hive:" + hive.space().id().hex(), "data", Json.object());
    }
}

package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.board.LogFollow;
import dev.waggle.node.board.LogFollow.Heard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A task's log while it is written, as server-sent events: `log` for each entry, `end` when nothing more is to come.
///
/// @param nowMs nothing is shown as later than this
record TaskLogStream(LogFollow follow, java.util.function.LongSupplier nowMs) implements Reply.Writer {
    private static final long SILENCE_MS_MAX = 15_000;

    @Override public void to(OutputStream out) throws IOException, InterruptedException {
        try (follow) {
            out.write(": looking on\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            for (;;) {
                var text = new StringBuilder();
                boolean over = false;
                for (var heard : follow.next(SILENCE_MS_MAX)) {
                    over |= heard instanceof Heard.Over;
                    text.append(over ? "event: end\ndata: " : "event: log\ndata: ").append(Canonical.text(json(heard))).append("\n\n");
                }
                if (text.isEmpty()) text.append(": still here\n\n");      // a client that went away is noticed here
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (over) return;
            }
        }
    }

    private Json.Obj json(Heard heard) {
        return switch (heard) {
            case Heard.Synced(var log) -> BoardJson.log(log).with("via", Json.of("log"));
            case Heard.Direct(var stamp, var lines, var token) -> Json.object("node", stamp.origin().hex(), "at", BoardJson.time(Math.clamp(stamp.ts().wallMs(), 0, nowMs.getAsLong())),
                "lines", BoardJson.texts(lines), "token", token.isPresent() ? token.getAsLong() : null, "refused", false, "cursor", BoardJson.cursor(stamp), "via", "direct");
            case Heard.Over() -> Json.object("type", "end");
        };
    }
}

package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.board.Boards;
import dev.waggle.node.board.LogFollow;
import dev.waggle.node.board.LogFollow.Heard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A task's log from its beginning, then while it is written: `log` for each entry, `end` when nothing more is to come.
final class TaskLogChannel implements Channel {
    static final String PREFIX = "log:";
    private final LogFollow follow;
    private final LongSupplier nowMs;                                     // nothing is shown as later than this
    private boolean over;

    /// @throws dev.waggle.node.problem.Problem when too many look on
    TaskLogChannel(Boards boards, Boards.Found task) {
        this.follow = new LogFollow(boards, task);
        this.nowMs = boards::nowMs;
    }

    @Override public Optional<List<Message>> next() throws InterruptedException {
        if (over) return Optional.empty();
        var messages = new ArrayList<Message>();
        for (var heard : follow.next(SILENCE_MS_MAX)) messages.add(message(heard));
        return Optional.of(messages);
    }

    private Message message(Heard heard) {
        return switch (heard) {
            case Heard.Synced(var log) -> new Message("log", BoardJson.log(log).with("via", Json.of("log")));
            case Heard.Direct(var stamp, var lines, var token) -> new Message("log", Json.object("node", stamp.origin().hex(), "at", BoardJson.time(Math.clamp(stamp.ts().wallMs(), 0, nowMs.getAsLong())),
                "lines", BoardJson.texts(lines), "token", token.isPresent() ? token.getAsLong() : null, "refused", false, "cursor", BoardJson.cursor(stamp), "via", "direct"));
            case Heard.Over() -> {
                over = true;
                yield new Message("end", Json.object("type", "end"));
            }
        };
    }

    @Override public void end() {
        follow.end();
    }

    @Override public void close() {
        follow.close();
    }
}

package dev.waggle.node.rest;

import dev.waggle.apps.hive.News;
import dev.waggle.core.event.Json;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What changes in a hive. Whoever is too slow hears `lost` and looks at the feed again, from its cursor.
record HiveChannel(Hive hive, Audience.Seat<News> seat) implements Channel {
    static final String PREFIX = "hive:";

    /// @throws Problem when too many look on
    static HiveChannel of(Hive hive) {
        return new HiveChannel(hive, hive.audience().seat().orElseThrow(() -> new Problem(ErrorCode.TOO_MANY, "Too many look on already.", "Try again later, or ask the feed with a cursor.")));
    }

    static String name(Hive hive) {
        return PREFIX + hive.space().id().hex();
    }

    @Override public Optional<List<Message>> next() throws InterruptedException {
        var heard = seat.next(SILENCE_MS_MAX);
        if (heard.isEmpty()) return Optional.empty();
        var messages = new ArrayList<Message>();
        if (heard.get().lost()) messages.add(new Message(Message.LOST, Json.object()));
        for (var news : heard.get().news()) messages.add(new Message(news.kind().wire(), HiveJson.news(hive, news)));
        return Optional.of(messages);
    }

    @Override public void end() {
        seat.close();
    }

    @Override public void close() {
        seat.close();
    }
}

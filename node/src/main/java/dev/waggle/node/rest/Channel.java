package dev.waggle.node.rest;

import dev.waggle.core.event.Json;

import java.util.List;
import java.util.Optional;

/// Something that is told while it happens to one who looks on: over a WebSocket ([LiveSockets]) or as server-sent events ([EventStream]). One thread reads
/// and closes it.
interface Channel extends AutoCloseable {
    /// After this long without news a sign of life is due.
    long SILENCE_MS_MAX = 15_000;

    /// @param type what happened
    record Message(String type, Json.Obj data) {
        static final String LOST = "lost";

        /// As it is sent where several channels share a connection.
        Json.Obj on(String channel) {
            return Json.object("type", type, "channel", channel, "data", data);
        }
    }

    /// What happened since the last call; waits for something to happen.
    ///
    /// @return empty when nothing more is to come; an empty list when nothing happened for [#SILENCE_MS_MAX]
    Optional<List<Message>> next() throws InterruptedException;

    /// Whoever waits hears that nothing more is to come. From any thread.
    void end();

    @Override void close();
}

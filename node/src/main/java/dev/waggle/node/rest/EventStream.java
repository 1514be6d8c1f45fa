package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// A channel as server-sent events: what needs no more than an HTTP client.
///
/// @param data what an event has as data
record EventStream(Channel channel, Function<Channel.Message, Json.Obj> data) implements Reply.Writer {
    static Reply of(Channel channel) {
        return of(channel, Channel.Message::data);
    }

    static Reply of(Channel channel, Function<Channel.Message, Json.Obj> data) {
        return new Reply.Stream("text/event-stream; charset=utf-8", new EventStream(channel, data));
    }

    @Override public void to(OutputStream out) throws IOException, InterruptedException {
        try (channel) {
            write(out, ": looking on\n\n");
            for (var heard = channel.next(); heard.isPresent(); heard = channel.next()) {
                var text = new StringBuilder();
                for (var message : heard.get()) text.append("event: ").append(message.type()).append("\ndata: ").append(new String(Canonical.unlimited(data.apply(message)), StandardCharsets.UTF_8)).append("\n\n");
                write(out, text.isEmpty() ? ": still here\n\n" : text.toString());        // a client that went away is noticed here
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}

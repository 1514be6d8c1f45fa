package dev.waggle.node.rest;

import dev.waggle.core.event.Json;

import java.io.IOException;
import java.io.OutputStream;

/// What a handler answers.
public sealed interface Reply {
    record Document(int status, Json json) implements Reply {}

    /// @param cookie the header `Set-Cookie`
    record Cookie(Json json, String cookie) implements Reply {}

    /// @param type the content type
    record Content(int status, String type, byte[] bytes) implements Reply {}

    /// Written while it happens, until the caller goes away.
    record Stream(String type, Writer writer) implements Reply {}

    interface Writer {
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    static Reply of(Json json) {
        return new Document(200, json);
    }
}

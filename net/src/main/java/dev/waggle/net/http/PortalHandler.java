package dev.waggle.net.http;

import dev.waggle.core.event.Json;

import java.util.Optional;

/// What a hub's users ask, from wherever they are: `/api/v1/hub/…`. Thread-safe.
public interface PortalHandler {
    record Answer(int status, Json.Obj body) {}

    /// May take its time.
    ///
    /// @param target path and query
    /// @param token  what the request carries as a bearer
    Answer answer(String method, String target, Optional<String> token, Json.Obj body);
}

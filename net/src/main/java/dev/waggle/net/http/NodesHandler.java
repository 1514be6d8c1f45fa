package dev.waggle.net.http;

import dev.waggle.core.event.Json;

import java.util.Optional;
import java.util.function.Consumer;

/// Nodes that keep a WebSocket open to their hub, `/api/v1/nodes/connect`. Thread-safe.
public interface NodesHandler {
    /// Opens the door with an API key, before anything else is read. Must return at once.
    ///
    /// @return empty when the key opens nothing, whatever the reason
    Optional<Guest> enter(String apiKey);

    /// Whether as many are here as may be: then nobody's key is looked at.
    default boolean isFull() {
        return false;
    }

    /// One connection. Its calls come one after another.
    interface Guest {
        /// @param say    sends a message; drops the connection of one who does not read
        /// @param hangUp ends the connection, saying why
        void begin(Consumer<Json.Obj> say, Consumer<String> hangUp);

        /// One message, canonical or not. May take its time.
        void heard(Json.Obj message);

        void gone();
    }
}

package dev.waggle.node;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.wire.StrictJson;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

/// Reads JSON as people and their programs write it, in any spelling. What is signed is read by `Canonical` instead.
public final class AnyJson {
    private static final int BYTES_MAX = 1 << 20;

    private AnyJson() {}

    /// @throws Problem when it is no JSON object within the limits of [StrictJson]
    public static Json.Obj object(byte[] bytes) {
        try {
            return StrictJson.object(bytes, BYTES_MAX);
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "The body is not one JSON object.", "GET /openapi.json says what this route takes.", e);
        }
    }
}

package dev.waggle.node.board;

import dev.waggle.apps.board.BoardLimits;
import dev.waggle.apps.board.Stamp;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;
import dev.waggle.store.board.ShownLog;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Lines as one node tells them to another outside the log: its own, so the event's origin is who tells them.
///
/// @param token of the claim under which they were written
record DirectLine(Stamp stamp, List<String> lines, OptionalLong token) {
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,15})-([0-9]{1,9})-([0-9a-f]{64})");

    static DirectLine of(ShownLog shown) {
        return new DirectLine(shown.entry().stamp(), shown.entry().lines(), shown.entry().claim().map(claim -> OptionalLong.of(claim.token())).orElse(OptionalLong.empty()));
    }

    Json.Obj json() {
        return Json.object("cursor", cursor(stamp), "lines", Json.array(lines.stream().map(Json::of).toList()), "token", token.isPresent() ? token.getAsLong() : null);
    }

    /// @param from who tells it
    /// @throws MalformedPayload when it is not what a node says
    static DirectLine read(Json.Obj json, NodeId from) {
        var token = json.get("token").isPresent() ? OptionalLong.of(json.integer("token")) : OptionalLong.empty();
        if (token.isPresent() && (token.getAsLong() < 1 || token.getAsLong() > BoardLimits.TOKEN_MAX)) throw new MalformedPayload("no claim has such a token");
        return new DirectLine(stamp(json.text("cursor"), from), BoardLimits.lines(json.array("lines")), token);
    }

    static String cursor(Stamp stamp) {
        return stamp.ts().wallMs() + "-" + stamp.ts().tick() + "-" + stamp.id().hex();
    }

    /// @throws MalformedPayload when it is no cursor
    static Stamp stamp(String cursor, NodeId origin) {
        var parts = CURSOR.matcher(cursor);
        if (!parts.matches()) throw new MalformedPayload("that is no cursor");
        try {
            return new Stamp(new Hlc(Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2))), origin, new EventId(parts.group(3)));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("that is no cursor");
        }
    }
}

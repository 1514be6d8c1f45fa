package dev.waggle.node;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.Set;

/// The member `compaction` of `settings.json`. Every member may be left out.
///
/// @param retentionMs    events below a checkpoint that is older than this are condensed (`retention_days`, 90)
/// @param checkpointMs   the owner's node writes a checkpoint when the last one is older than this (`checkpoint_days`, 7)
/// @param checkpointFrom and the log has so many new entries (`checkpoint_events`, 10,000)
/// @param automatic      false for a node that does either only when told to
public record CompactionOptions(long retentionMs, long checkpointMs, long checkpointFrom, boolean automatic) {
    private static final long DAY_MS = 24 * 3_600_000L;
    private static final long DAYS_MAX = 100_000;
    private static final Set<String> MEMBERS = Set.of("retention_days", "checkpoint_days", "checkpoint_events", "automatic");

    /// @throws Problem when a member is not what it should be
    static CompactionOptions read(Json.Obj settings) {
        try {
            var json = settings.get("compaction").isPresent() ? settings.object("compaction") : Json.object();
            for (var name : json.members().keySet()) if (!MEMBERS.contains(name)) throw new MalformedPayload("\"compaction\" has no member \"" + name + "\"");
            return new CompactionOptions(DAY_MS * number(json, "retention_days", 90, DAYS_MAX), DAY_MS * number(json, "checkpoint_days", 7, DAYS_MAX),
                number(json, "checkpoint_events", 10_000, Json.INTEGER_MAX), automatic(json));
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "\"compaction\" in settings.json is not as it should be: " + e.getMessage() + ".",
                "Correct it, or take the member out to use the default.", e);
        }
    }

    private static boolean automatic(Json.Obj json) {
        return switch (json.get("automatic").orElse(Json.TRUE)) {
            case Json.Bool(var value) -> value;
            default -> throw new MalformedPayload("\"automatic\" is not true or false");
        };
    }

    private static long number(Json.Obj json, String name, long otherwise, long max) {
        if (json.get(name).isEmpty()) return otherwise;
        long value = json.integer(name);
        if (value < 0 || value > max) throw new MalformedPayload("\"" + name + "\" is not from 0 to " + max);
        return value;
    }
}

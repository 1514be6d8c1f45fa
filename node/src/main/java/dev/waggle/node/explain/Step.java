package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;

import java.util.List;
import java.util.Locale;

/// One thing that happened on the way of a change, or has not happened yet.
///
/// @param says   a sentence for people; may hold text that others wrote
/// @param events that the sentence names: to be asked about next
public record Step(Kind kind, Tone tone, String says, List<EventId> events) {
    public Step {
        events = List.copyOf(events);
    }

    static Step of(Kind kind, Tone tone, String says, EventId... events) {
        return new Step(kind, tone, says, List.of(events));
    }

    public enum Kind { WRITTEN, SIGNED, PLACED, CAME, VOID, WAITS, HELD, ACKNOWLEDGED, NOT_KNOWN, APPLIED, CHANGED, SHOWN, REPLACED, LOST, CONFLICT, QUEUED, FILE, HISTORY, NOTE }

    public enum Tone {
        /// It is as it should be.
        DONE,
        /// Something is still to come, or not known here.
        OPEN,
        /// Something has no effect, or was passed over.
        BAD,
        /// For who wants to know.
        NOTE
    }

    Json toJson() {
        return Json.object("kind", kind.name().toLowerCase(Locale.ROOT), "tone", tone.name().toLowerCase(Locale.ROOT), "says", says,
            "events", Json.array(events.stream().map(event -> Json.of(event.hex())).toList()));
    }
}

package dev.waggle.node.explain;

import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Standing;

import java.util.Locale;

/// What is known of an event, for programs.
final class EventJson {
    private EventJson() {}

    static Json.Obj of(EventFacts facts) {
        var event = facts.event();
        var envelope = event.envelope();
        var json = Json.object("id", event.id().hex(), "type", event.type(), "origin", event.chain().origin().hex(), "epoch", event.chain().epoch().hex(), "seq", event.seq(),
            "time_ms", envelope.ts().wallMs(), "author", facts.author().orElse(null), "prev", envelope.prev().map(id -> (Json) Json.of(id.hex())).orElse(Json.NULL),
            "merges", Json.array(envelope.merges().stream().map(EventJson::ref).toList()), "control", Json.array(envelope.control().stream().map(id -> Json.of(id.hex())).toList()),
            "state", state(facts), "records", Json.array(facts.records().stream().map(RecordFacts::toJson).toList()), "records_count", facts.changed(),
            "quarantined", facts.quarantined().orElse(null));
        if (facts.place().isPresent()) json = place(json, facts);
        if (facts.waits().isPresent()) json = json.with("waits", waits(facts.waits().get()));
        return facts.view().isEmpty() ? json : json.with("view", Json.object("name", facts.view().get().name(), "applied", facts.view().get().applied(), "trouble", facts.view().get().trouble()));
    }

    private static String state(EventFacts facts) {
        if (facts.waits().isPresent()) return facts.waits().get() instanceof EventFacts.Waits.Time ? "held" : "waiting";
        return facts.place().orElseThrow().verdict().name().toLowerCase(Locale.ROOT);
    }

    private static Json.Obj place(Json.Obj json, EventFacts facts) {
        var place = facts.place().orElseThrow();
        var cover = switch (place.cover()) {
            case Cover.Own _ -> Json.object("by", "own");
            case Cover.Later(var by, var after) -> Json.object("by", "later", "event", by.hex(), "after", after);
            case Cover.Condensed(var checkpoint) -> Json.object("by", "condensed", "event", checkpoint.hex());
            case Cover.Far(var tip) -> Json.object("by", "chain", "event", tip.hex());
        };
        var arrived = place.arrived();
        json = json.with("offset", Json.of(place.offset())).with("last_offset", Json.of(place.lastOffset())).with("signature", cover)
            .with("role_then", Json.of(place.standing().then().map(Role::wire).orElse("none"))).with("role_now", Json.of(place.standing().now().map(Role::wire).orElse("none")))
            .with("forked", Json.of(place.forked())).with("members", Json.of(place.others() + 1)).with("holders", Json.array(place.holders().stream().map(holder -> holder.toJson(facts.names())).toList()))
            .with("arrived", Json.object("after_ms", arrived.afterMs() == 0 ? null : arrived.afterMs(), "before_ms", arrived.beforeMs() == 0 ? null : arrived.beforeMs()));
        return place.standing().cause().isEmpty() ? json : json.with("void", cause(place.standing().cause().get()));
    }

    private static Json cause(Standing.Cause cause) {
        return switch (cause) {
            case Standing.Cause.Cut(var by) -> Json.object("why", "cut", "event", by.hex());
            case Standing.Cause.Ground(var voided) -> Json.object("why", "no_right", "event", voided.hex());
            case Standing.Cause.Outdone _ -> Json.object("why", "outdone");
            case Standing.Cause.Rebased(var by) -> Json.object("why", "rebased", "event", by.hex());
        };
    }

    private static Json waits(EventFacts.Waits waits) {
        var since = waits.sinceMs().orElse(null);
        return switch (waits) {
            case EventFacts.Waits.Time(var untilMs, _) -> Json.object("until_ms", untilMs, "since_ms", since);
            case EventFacts.Waits.For(var parents, var control, var chunks, _) -> Json.object("events", Json.array(parents.stream().map(EventJson::ref).toList()),
                "control", Json.array(control.stream().map(id -> Json.of(id.hex())).toList()), "chunks", Json.array(chunks.stream().map(id -> Json.of(id.hex())).toList()), "since_ms", since);
        };
    }

    private static Json ref(EventRef ref) {
        return Json.object("id", ref.id().hex(), "origin", ref.chain().origin().hex(), "epoch", ref.chain().epoch().hex(), "seq", ref.seq());
    }
}

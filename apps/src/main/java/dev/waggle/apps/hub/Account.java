package dev.waggle.apps.hub;

import dev.waggle.core.event.Json;

import java.util.Optional;
import java.util.SortedMap;

/// One account as it is shown now. A field that is absent, or of another type than is asked for, counts as not said: an older or newer node may have written it.
public record Account(Kind kind, String id, SortedMap<String, Json> fields) {
    /// Empty when it was never said.
    public String text(String field) {
        return fields.get(field) instanceof Json.Str(var text) ? text : "";
    }

    public Optional<String> textIfPresent(String field) {
        return Optional.of(text(field)).filter(text -> !text.isEmpty());
    }

    public boolean is(String field) {
        return Json.TRUE.equals(fields.get(field));
    }

    /// 0 when it was never said.
    public long number(String field) {
        return fields.get(field) instanceof Json.Num(var number) ? (long) number : 0;
    }

    public boolean isLive() {
        return !is("removed");
    }
}

package dev.waggle.net.wire;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;

import java.nio.charset.StandardCharsets;

/// An event as `/sync/v1` spells it: `payload` is the signed text itself, and the members beside it (`id`, `event_type`, `origin_instance_id`,
/// `origin_ts`) repeat what it says for readers who do not want to look inside. They decide nothing: where one is present and differs from the
/// payload, the event is refused.
public final class EventJson {
    private EventJson() {}

    public static Json.Obj write(Event event) {
        return Json.object(
            "id", event.id().hex(),
            "event_type", event.type(),
            "origin_instance_id", event.chain().origin().hex(),
            "origin_ts", event.envelope().ts().wallMs(),
            "payload", new String(event.payload(), StandardCharsets.UTF_8),
            "signature", event.signature().map(Hex::of).orElse(null));
    }

    /// @throws MalformedPayload when it is no event, or the repeated members differ from the payload
    public static Event read(Json json) {
        var object = json.asObject();
        var signature = object.textIfPresent("signature").map(text -> bytes(text, Event.SIGNATURE_BYTES)).orElse(null);
        var event = Event.read(object.text("payload").getBytes(StandardCharsets.UTF_8), signature);
        var expected = write(event);
        for (var name : new String[] {"id", "event_type", "origin_instance_id", "origin_ts"}) {
            var said = object.get(name);
            if (said.isPresent() && !said.equals(expected.get(name))) throw new MalformedPayload("\"" + name + "\" is not what the payload says");
        }
        return event;
    }

    /// Bytes as lower-case hexadecimal.
    ///
    /// @throws MalformedPayload when it is not exactly `length` bytes
    public static byte[] bytes(String text, int length) {
        if (!Hex.isLower(text, length * 2)) throw new MalformedPayload("expected " + length * 2 + " lower-case hexadecimal digits");
        return Hex.bytes(text);
    }
}

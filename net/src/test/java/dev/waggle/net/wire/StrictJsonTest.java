package dev.waggle.net.wire;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StrictJsonTest {
    @Test void any_spelling_of_an_object_is_read() {
        var json = read(" { \"b\" : [1, -2.5e1, true, null], \"a\":\"\\u00e4\" } ");
        assertThat(Canonical.text(json)).isEqualTo("{\"a\":\"ä\",\"b\":[1,-25,true,null]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{\"a\":1,\"a\":2}", "{} {}", "{}x", "{\"a\":9007199254740993}", "{\"a\":1e999}", "{\"a\":NaN}", "{'a':1}",
        "{\"a\":01}", "{\"a\":\"\n\"}", "{\"a\":1,}",
        "{\"a\":\"\\u000ɣ\"}", "{\"a\":\"\\ud800\"}", "{\"\\udc00\\ud800\":1}", "\ufeff{}", "\0{\0}"})
    void what_is_not_one_strict_object_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedPayload.class);
    }

    @Tag("P02") @Test void deep_nesting_is_refused_however_deep() {
        assertThat(read("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}").array("a")).hasSize(1);
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}")).isInstanceOf(MalformedPayload.class);
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(500_000))).isInstanceOf(MalformedPayload.class);
    }

    @Test void bytes_that_are_not_utf8_are_refused() {
        assertThatThrownBy(() -> StrictJson.object(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, 100)).isInstanceOf(MalformedPayload.class);
    }

    @Test void more_bytes_than_allowed_are_refused() {
        assertThatThrownBy(() -> StrictJson.object("{\"a\":1}".getBytes(StandardCharsets.UTF_8), 6)).hasMessageContaining("at most 6");
    }

    @Tag("A03") @Test void an_events_members_beside_the_payload_must_repeat_it() {
        var event = new SomeFrames(Property.random(3)).event();
        var json = EventJson.write(event);
        assertThat(EventJson.read(json).payload()).isEqualTo(event.payload());
        assertThat(EventJson.read(Json.object("payload", json.text("payload"))).signature()).isEqualTo(Optional.empty());
        for (var name : new String[] {"id", "event_type", "origin_instance_id"})
            assertThatThrownBy(() -> EventJson.read(json.with(name, Json.of("x")))).hasMessageContaining(name);
        assertThatThrownBy(() -> EventJson.read(json.with("origin_ts", Json.of(1)))).hasMessageContaining("origin_ts");
    }

    private static Json.Obj read(String text) {
        return StrictJson.object(text.getBytes(StandardCharsets.UTF_8), 1 << 20);
    }
}

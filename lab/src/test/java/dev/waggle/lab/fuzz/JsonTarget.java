package dev.waggle.lab.fuzz;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.wire.StrictJson;

import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Canonical JSON against itself and against Jackson, which our own parser knows nothing of; then as the payload of an event.
///
/// What [Canonical] reads, it writes as the same bytes, and Jackson reads the same value from them. What Jackson reads, and can be written
/// canonically, [Canonical] reads back.
final class JsonTarget implements Target {
    private static final int BYTES_MAX = 1 << 20;

    @Override public void run(byte[] input) {
        canonical(input);
        loose(input);
        event(input);
    }

    private static void canonical(byte[] input) {
        Json value;
        try {
            value = Canonical.parse(input);
        } catch (MalformedPayload _) {
            return;
        }
        assertThat(Canonical.bytes(value)).as("written again").isEqualTo(input);
        assertThat(Canonical.parse(input)).isEqualTo(value);
        if (!(value instanceof Json.Obj)) return;
        try {
            assertThat(StrictJson.object(input, BYTES_MAX)).as("Jackson reads").isEqualTo(value);
        } catch (MalformedPayload beyond) {
            assertThat(beyond).hasMessageContaining("exactly");            // an integer above 2^53, which only a tag carries exactly
        }
    }

    /// Any spelling: what is read can be signed.
    private static void loose(byte[] input) {
        Json.Obj strict;
        try {
            strict = StrictJson.object(input, BYTES_MAX);
        } catch (MalformedPayload _) {
            return;
        }
        byte[] written;
        try {
            written = Canonical.bytes(strict);
        } catch (IllegalArgumentException beyond) {
            assertThat(beyond).hasMessageMatching(".*(members|longer than).*");    // limits of canonical JSON
            return;
        }
        assertThat(Canonical.parse(written)).as("what was written").isEqualTo(strict);
    }

    private static void event(byte[] input) {
        try {
            var event = Event.read(input, null);
            var again = Event.write(event.envelope(), without(event.body(), Envelope.MEMBER));
            assertThat(again.payload()).isEqualTo(input);
            assertThat(again.id()).isEqualTo(event.id());
        } catch (MalformedPayload _) {
            // the documented answer
        }
    }

    private static Json.Obj without(Json.Obj object, String name) {
        var members = new TreeMap<>(object.members());
        members.remove(name);
        return Json.object(members);
    }
}

package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;
import dev.waggle.core.time.Hlc;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// An event is its payload bytes: what was written is read back with the same id, and nothing over a limit is read or written.
class EventTest {
    private final Signer signer = Ed25519.signer(Sha256.of("event test".getBytes(StandardCharsets.UTF_8)));
    private final Envelope genesis = new Envelope(Optional.empty(), new ChainId(signer.node(), new Epoch("ee".repeat(16))), 1, Optional.empty(),
        List.of(), List.of(), new Hlc(1, 0), "genesis");

    @Test void what_is_written_is_read_back_with_the_same_id() {
        Property.check(500, random -> {
            var envelope = EnvelopeTest.envelope(random);
            var body = RandomJson.object(random, 3);
            if (body.members().containsKey("$")) return;
            var written = Event.write(envelope, body).signed(signer);
            var read = Event.read(written.payload(), written.signature().orElseThrow());
            assertThat(read).isEqualTo(written).hasSameHashCodeAs(written);
            assertThat(read.id().hex()).isEqualTo(Hex.of(Sha256.of(written.payload())));
            assertThat(read.envelope()).isEqualTo(envelope);
            assertThat(read.body()).isEqualTo(body.with("$", envelope.toJson())).isEqualTo(written.body());
            assertThat(read.ref()).isEqualTo(new EventRef(written.id(), envelope.chain(), envelope.seq()));
            assertThat(new Ed25519().verify(signer.node(), read.payload(), read.signature().orElseThrow())).isTrue();
        });
    }

    /// Events of one chain say mostly the same: a million of them that are under way do not keep it a million times.
    @Test void an_event_shares_with_another_what_both_say_and_nothing_else() {
        Property.check(500, random -> {
            var envelope = EnvelopeTest.envelope(random);
            var first = Event.write(envelope, Json.object());
            var next = new Envelope(envelope.space().or(() -> Optional.of(first.space())), envelope.chain(), envelope.seq() + 1, Optional.of(first.id()), List.of(),
                envelope.control().isEmpty() ? List.of(first.id()) : envelope.control(), new Hlc(envelope.ts().wallMs(), envelope.ts().tick() + 1), envelope.type());
            var second = Event.read(Event.write(next, Json.object()).payload(), null, first);
            assertThat(second.envelope()).isEqualTo(next);
            assertThat(second.chain()).isSameAs(first.chain());
            assertThat(second.envelope().prev().orElseThrow()).isSameAs(first.id());
            if (!envelope.control().isEmpty()) assertThat(second.envelope().control()).isSameAs(first.envelope().control());

            var other = EnvelopeTest.envelope(random);
            assertThat(Event.read(Event.write(other, Json.object()).payload(), null, first).envelope()).isEqualTo(other);
        });
    }

    @Test void what_only_its_app_reads_is_there_when_it_asks() {
        var chunk = ChunkId.of(Sha256.of(new byte[1]));
        for (var body : List.of(Json.object("chunks", Json.array(Json.of(chunk.hex())), "n", 1), Json.object("chunks", "mine"), Json.object("chunks", Json.array(Json.of("x"))))) {
            var written = Event.write(genesis, body);
            var read = Event.read(written.payload(), null);
            var kept = Event.kept(written.id().bytes(), written.payload(), null).orElseThrow();
            assertThat(read.chunks()).isEqualTo(written.chunks()).isEqualTo(kept.chunks()).isEqualTo(body.get("n").isPresent() ? List.of(chunk) : List.of());
            assertThat(read.body()).isEqualTo(written.body());
        }
    }

    @Tag("N15") @Test void the_space_of_a_genesis_is_its_own_id() {
        var first = Event.write(genesis, Json.object("name", "tasks"));
        assertThat(first.space().hex()).isEqualTo(first.id().hex());
        assertThat(first.signature()).isEmpty();
    }

    @Tag("P02") @Test void a_payload_of_64_kib_is_written_and_read_and_one_byte_more_is_not() {
        int overhead = Event.write(genesis, Json.object("text", "")).payload().length;
        var fits = Event.write(genesis, Json.object("text", "a".repeat(Event.PAYLOAD_BYTES_MAX - overhead)));
        assertThat(fits.payload()).hasSize(64 * 1024);
        assertThat(Event.read(fits.payload(), null)).isEqualTo(fits);

        var tooLarge = Json.object("text", "a".repeat(Event.PAYLOAD_BYTES_MAX - overhead + 1));
        assertThatThrownBy(() -> Event.write(genesis, tooLarge)).isInstanceOfSatisfying(PayloadTooLarge.class, e -> assertThat(e.bytes()).isEqualTo(65_537));
        var bytes = Canonical.bytes(tooLarge.with("$", genesis.toJson()));
        assertThatThrownBy(() -> Event.read(bytes, null)).isInstanceOf(MalformedPayload.class).hasMessageContaining("at most 65536");
        var characters = Json.object("text", "\u20ac".repeat(Event.PAYLOAD_BYTES_MAX / 3));     // the limit counts bytes, not characters
        assertThatThrownBy(() -> Event.write(genesis, characters)).isInstanceOf(PayloadTooLarge.class);
    }

    @Test void a_signature_has_64_bytes() {
        var event = Event.write(genesis, Json.object());
        for (int size : new int[] {0, 63, 65}) {
            assertThatThrownBy(() -> Event.read(event.payload(), new byte[size])).isInstanceOf(MalformedPayload.class).hasMessageContaining("64 bytes");
            assertThatThrownBy(() -> event.withSignature(new byte[size])).isInstanceOf(MalformedPayload.class).hasMessageContaining("64 bytes");
        }
        assertThat(event.signed(signer).withoutSignature().signature()).isEmpty();
        assertThat(event.signed(signer)).as("the id covers the payload only").isEqualTo(event);
    }

    @Tag("A12") @Test void the_envelope_cannot_be_given_twice() {
        assertThatThrownBy(() -> Event.write(genesis, Json.object("$", 1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("reserved");
    }

    @Test void nobody_writes_what_every_reader_refuses() {
        Json deep = Json.array();
        for (int i = 0; i < Canonical.DEPTH_MAX - 1; i++) deep = Json.array(deep);       // 32 levels, and the payload's own
        var body = Json.object("deep", deep);
        assertThatThrownBy(() -> Event.write(genesis, body)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("deeper");
    }

    @Tag("A03") @Test void a_payload_without_an_envelope_or_in_another_spelling_is_refused() {
        var good = new String(Event.write(genesis, Json.object("zebra", 1)).payload(), StandardCharsets.UTF_8);
        for (var bad : List.of("{}", "[]", "{\"$\":1}", "{\"$\":{}}", good + " ", " " + good, good.replace("\"zebra\":1", "\"zebra\": 1"),
            good.replace("\"zebra\":1", "\"zebra\":1.0"), good.replace("\"zebra\":1", "\"zebra\":1,\"zebra\":1"), good.replace("waggle-event/1", "waggle-event/2"),
            good.replace("\"epoch\":\"ee", "\"epoch\":\"EE")))
            assertThatThrownBy(() -> Event.read(bad.getBytes(StandardCharsets.UTF_8), null)).as(bad).isInstanceOf(MalformedPayload.class);
    }
}

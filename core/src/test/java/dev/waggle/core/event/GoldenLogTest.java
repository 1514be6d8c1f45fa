package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `golden/log.jsonl` is a whole small log, in the form of `waggle log export`, that any language can check. It is made here from fixed
/// seeds and compared byte by byte: whoever changes the spelling of an event breaks every log in the world, and this test first.
/// After a change that is meant: `-Dgolden=write`, then read the difference.
class GoldenLogTest {
    private static final Path FILE = Path.of("src/test/resources/golden/log.jsonl");

    private final Signer ada = Ed25519.signer(Sha256.of("golden: ada".getBytes(StandardCharsets.UTF_8)));
    private final Signer bob = Ed25519.signer(Sha256.of("golden: bob".getBytes(StandardCharsets.UTF_8)));
    private final ChainId adas = new ChainId(ada.node(), new Epoch("a1".repeat(16)));
    private final ChainId adasNext = new ChainId(ada.node(), new Epoch("a2".repeat(16)));
    private final ChainId bobs = new ChainId(bob.node(), new Epoch("b1".repeat(16)));
    private final List<Event> log = new ArrayList<>();
    private Event genesis;
    private Event added;
    private long clock = 1_790_000_000_000L;

    @Test void the_golden_log_is_what_this_code_writes() throws IOException {
        var text = export(write());
        if ("write".equals(System.getProperty("golden"))) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text);
        }
        assertThat(text).isEqualTo(Files.readString(FILE));
    }

    @Test void the_golden_log_is_read_back_event_by_event() throws IOException {
        var expected = write();
        var lines = Files.readAllLines(FILE);
        assertThat(lines).hasSameSizeAs(expected);
        var verifier = new Ed25519();
        for (int i = 0; i < lines.size(); i++) {
            var line = Canonical.parseObject(lines.get(i).getBytes(StandardCharsets.UTF_8));
            var signature = line.members().get("signature") instanceof Json.Str(var hex) ? Hex.bytes(hex) : null;
            var read = Event.read(line.text("payload").getBytes(StandardCharsets.UTF_8), signature);
            assertThat(read).isEqualTo(expected.get(i));
            assertThat(read.envelope()).isEqualTo(expected.get(i).envelope());
            if (signature != null) assertThat(verifier.verify(read.chain().origin(), read.payload(), signature)).isTrue();
        }
    }

    static String export(List<Event> events) {
        var out = new StringBuilder();
        for (var event : events) out.append(Canonical.text(Json.object(
            "payload", new String(event.payload(), StandardCharsets.UTF_8),
            "signature", event.signature().map(bytes -> Json.of(Hex.of(bytes))).orElse(Json.NULL)))).append('\n');
        return out.toString();
    }

    /// Two nodes, a run with one signature, merges, a fork, a second epoch and every kind of value.
    private List<Event> write() {
        genesis = append(ada, adas, null, List.of(), "genesis", Json.object("name", "tasks", "owner", ada.node().hex(), "salt", "00".repeat(16), "space_type", "table"));
        added = append(ada, adas, genesis, List.of(), "member_added", Json.object("subject", bob.node().hex(), "role", "writer"));
        var first = append(ada, adas, added, List.of(), "golden_values", Json.object("values", values()));
        var second = append(ada, adas, first, List.of(), "golden_values", Json.object("\u20ac", 1, "\r", 2, "\ufb33", 3, "1", 4, "\ud83d\ude00", 5, "\u0080", 6, "\u00f6", 7));
        var third = append(ada, adas, second, List.of(), "golden_values", Json.object("numbers", numbers(), "escapes", "\0\b\t\n\f\r\u001f\"\\/\u007f\u2028"));
        var opened = append(bob, bobs, null, List.of(added), "epoch_opened", Json.object());
        var bobsFirst = append(bob, bobs, opened, List.of(third), "golden_values", Json.object("text", "~tagged?"));
        append(bob, bobs, opened, List.of(), "golden_values", Json.object("text", "a restored backup wrote this: a fork"));
        var merged = append(ada, adas, third, List.of(bobsFirst), "golden_values", Json.object());
        append(ada, adasNext, null, List.of(merged), "rebase", Json.object("old_epoch", adas.epoch().hex(), "seq", merged.seq(), "id", merged.id().hex()));
        for (var inner : List.of(first, second)) log.set(log.indexOf(inner), inner.withoutSignature());
        return log;
    }

    private Event append(Signer author, ChainId chain, Event prev, List<Event> merges, String type, Json.Obj body) {
        boolean isGenesis = genesis == null;
        var control = isGenesis ? List.<EventId>of() : List.of(added == null ? genesis.id() : added.id());
        var envelope = new Envelope(isGenesis ? Optional.empty() : Optional.of(genesis.space()), chain, prev == null ? 1 : prev.seq() + 1,
            Optional.ofNullable(prev).map(Event::id), merges.stream().map(Event::ref).toList(), control, new Hlc(clock++, 0), type);
        var event = Event.write(envelope, body).signed(author);
        log.add(event);
        return event;
    }

    private static Json values() {
        return Json.array(Stream.of(Value.NULL, new Value.Int(Long.MIN_VALUE), new Value.Int(-1), new Value.Int(9007199254740992L), new Value.Real(0.1),
            new Value.Real(1), new Value.Real(-0.0), new Value.Real(Double.POSITIVE_INFINITY), Value.Text.of("plain"), Value.Text.of("~"), Value.Text.of("a\0b"),
            new Value.Text(new byte[] {(byte) 0xff}), new Value.Blob(new byte[] {0, 1, 2}), new Value.Chunked(false, 20_000, List.of(ChunkId.of(Sha256.of(new byte[20_000])))))
            .map(Value::toJson).toList());
    }

    private static Json numbers() {
        return Json.array(Stream.of(5e-324, 9.5e-7, 1e-6, 0.1, 1.0 / 3, 1e20, 1e21, 1e23, 1.7976931348623157e308, -0.0, 295147905179352830000.0).map(Json.Num::new).toList());
    }
}

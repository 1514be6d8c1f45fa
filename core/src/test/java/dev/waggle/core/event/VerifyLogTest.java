package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waggle.core.time.Hlc;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// `docs/verify-log.mjs` shares no code with Waggle: it accepts the golden log and finds every way in which somebody might change one.
class VerifyLogTest {
    private static final Path SCRIPT = Path.of("../docs/verify-log.mjs");
    private static final Path GOLDEN = Path.of("src/test/resources/golden/log.jsonl");
    @TempDir Path scratch;
    private List<String> lines;

    @BeforeEach void needs_node() throws Exception {
        assertThat(NodeJs.isInstalled()).as("these tests need Node.js 20 or newer (for example: apt-get install nodejs)").isTrue();
        lines = new ArrayList<>(Files.readAllLines(GOLDEN));
    }

    @Test void the_golden_log_is_good() throws Exception {
        var result = verify(lines);
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("10 events in 3 chains: good").contains("a fork: both count").contains("6 events, 4 signatures, up to number 6");
    }

    @Test void a_changed_byte_of_any_payload_is_found() throws Exception {
        for (int i = 0; i < lines.size(); i++) {
            var changed = new ArrayList<>(lines);
            changed.set(i, lines.get(i).replace("\\\"ts\\\":[179", "\\\"ts\\\":[178"));
            assertThat(changed).isNotEqualTo(lines);
            assertThat(verify(changed).exit()).as("line " + (i + 1)).isEqualTo(1);
        }
    }

    @Test void a_missing_event_is_found_and_so_is_one_too_many() throws Exception {
        for (int i = 0; i < lines.size() - 1; i++) {
            if (lines.get(i).contains("a fork")) continue;             // nobody names the branch that ends: a log without it is whole
            var missing = new ArrayList<>(lines);
            missing.remove(i);
            assertThat(verify(missing).exit()).as("without line " + (i + 1)).isEqualTo(1);
        }
        var twice = new ArrayList<>(lines);
        twice.add(lines.getLast());
        assertFault(twice, "is here twice");
    }

    @Test void another_order_is_found() throws Exception {
        for (int i = 0; i + 1 < 4; i++) {
            var swapped = new ArrayList<>(lines);
            Collections.swap(swapped, i, i + 1);
            assertThat(verify(swapped).exit()).as("lines " + (i + 1) + " and " + (i + 2) + " swapped").isEqualTo(1);
        }
    }

    @Tag("A03") @Test void another_spelling_is_found_even_with_a_good_signature() throws Exception {
        List<UnaryOperator<String>> spellings = List.of(
            payload -> " " + payload,
            payload -> payload + "\n",
            payload -> payload.replace("\"text\":", "\"text\": "),
            payload -> payload.replace("\"text\":", "\"text\":\"first\",\"text\":"),
            payload -> payload.replace("\"seq\":2", "\"seq\":2.0"),
            payload -> payload.replace("\"seq\":2", "\"seq\":2e0"),
            payload -> payload.replace("~tagged?", "~tagge\\u0064?"),
            payload -> "{" + payload.substring(payload.lastIndexOf(",\"text\"") + 1, payload.length() - 1) + "," + payload.substring(1, payload.lastIndexOf(",\"text\"")) + "}");
        for (var spelling : spellings) assertFault(signedAgain("~tagged?", spelling), "canonical");
    }

    @Test void a_broken_envelope_is_found_even_with_a_good_signature() throws Exception {
        assertFault(signedAgain("~tagged?", payload -> payload.replace("waggle-event/1", "waggle-event/2")), "reads waggle-event/1");
        assertFault(signedAgain("~tagged?", payload -> payload.replace("\"seq\":2", "\"seq\":3")), "not number 2 of its chain");
        assertFault(signedAgain("~tagged?", payload -> payload.replace("\"seq\":2,", "\"seq\":2,\"signed\":true,")), "unknown envelope member");
        assertFault(signedAgain("~tagged?", payload -> payload.replace("\"ts\":[179", "\"ts\":[178")), "stamp is not above");
        assertFault(signedAgain("~tagged?", payload -> payload.replace(",5]],", ",4]],")), "is number 4 of");
        assertFault(signedAgain("~tagged?", payload -> payload.replace("~tagged?", "a".repeat(65_536))), "payload of");
        assertFault(signedAgain("~tagged?", payload -> payload.replace("\"~tagged?\"", "[".repeat(32) + "]".repeat(32))), "deeper");
        assertFault(signedAgain("~tagged?", payload -> payload.replace("\"~tagged?\"", "{\"" + "n".repeat(257) + "\":1}")), "256 bytes");
        assertThat(verify(signedAgain("~tagged?", payload -> payload)).exit()).as("unchanged, signed again").isZero();
    }

    @Test void a_run_whose_last_event_is_not_signed_is_found() throws Exception {
        assertFault(edited("a fork", line -> line.replaceFirst("\"signature\":\"[0-9a-f]+\"", "\"signature\":null")), "no signed successor");
        var withoutInner = edited("numbers", line -> line.replaceFirst("\"signature\":\"[0-9a-f]+\"", "\"signature\":null"));
        assertThat(verify(withoutInner).exit()).as("one more unsigned event inside a run").isZero();
    }

    @Test void a_signature_with_a_second_reading_is_found() throws Exception {
        assertFault(edited("a fork", line -> withSignature(line, signature -> {
            var s = Ed25519Test.littleEndian(Hex.bytes(signature.substring(64))).add(Ed25519Test.L);
            return signature.substring(0, 64) + Hex.of(Ed25519Test.bytes(s));
        })), "signature is not good");
        assertFault(edited("a fork", line -> withSignature(line, signature -> "01" + "00".repeat(31) + signature.substring(64))), "signature is not good");
        assertFault(edited("a fork", line -> withSignature(line, signature -> "ee" + "ff".repeat(30) + "7f" + signature.substring(64))), "signature is not good");
        assertFault(edited("a fork", line -> withSignature(line, signature -> signature.substring(2))), "signature is not good");
        assertFault(edited("a fork", line -> withSignature(line, signature -> "zz" + signature.substring(2))), "signature is not good");
    }

    /// Under the neutral point as key, R = the neutral point and S = 0 fulfil the equation for every message.
    @Tag("A01") @Test void an_author_with_a_key_of_small_order_is_found() throws Exception {
        for (var key : List.of("01" + "00".repeat(31), "ec" + "ff".repeat(30) + "7f", "00".repeat(32), "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", "ee" + "ff".repeat(31))) {
            var forged = "{\"$\":{\"control\":[\"" + Hex.of(Sha256.of(payload(lines.get(1)).getBytes(StandardCharsets.UTF_8))) + "\"],\"epoch\":\"" + "cc".repeat(16)
                + "\",\"is\":\"waggle-event/1\",\"origin\":\"" + key + "\",\"seq\":1,\"space\":\""
                + Hex.of(Sha256.of(payload(lines.get(0)).getBytes(StandardCharsets.UTF_8))) + "\",\"ts\":[1799999999999,0],\"type\":\"forged\"}}";
            var log = new ArrayList<>(lines);
            log.add(line(forged, Json.of("01" + "00".repeat(63))));
            assertFault(log, "signature is not good");
        }
    }

    /// Longer than what the script reads at once, with characters across the borders, and the line separator that ends no line.
    @Test void a_long_log_is_read_to_its_end() throws Exception {
        var ada = Ed25519.signer(Sha256.of("golden: ada".getBytes(StandardCharsets.UTF_8)));
        var added = EventId.of(Sha256.of(payload(lines.get(1)).getBytes(StandardCharsets.UTF_8)));
        var space = SpaceId.of(Sha256.of(payload(lines.get(0)).getBytes(StandardCharsets.UTF_8)));
        var events = new ArrayList<Event>();
        for (int seq = 1; seq <= 60; seq++) {
            var envelope = new Envelope(Optional.of(space), new ChainId(ada.node(), new Epoch("aa".repeat(16))), seq,
                seq == 1 ? Optional.empty() : Optional.of(events.getLast().id()), List.of(), List.of(added), new Hlc(1_800_000_000_000L, seq), "long");
            var event = Event.write(envelope, Json.object("text", "\u20ac\u2028\ud83d\ude00".repeat(6_000) + "a".repeat(seq)));
            events.add(seq == 60 ? event.signed(ada) : event);
        }
        var log = new ArrayList<>(lines);
        GoldenLogTest.export(events).lines().filter(line -> !line.isEmpty()).forEach(log::add);
        var result = verify(log);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("60 events, 1 signatures, up to number 60").contains("70 events in 4 chains: good");
        log.removeLast();
        assertFault(log, "line 11: no signature");
    }

    @Test void what_is_no_log_at_all_is_no_good_log() throws Exception {
        assertThat(verify(List.of()).exit()).isEqualTo(1);
        assertThat(verify(List.of("not JSON")).exit()).isEqualTo(1);
        assertThat(verify(List.of("{}")).exit()).isEqualTo(1);
        var notUtf8 = Files.write(scratch.resolve("not-utf8"), new byte[] {'"', (byte) 0xff, '"', '\n'});
        assertThat(NodeJs.run(scratch, "", SCRIPT.toString(), notUtf8.toString()).exit()).isEqualTo(1);
        assertThat(NodeJs.run(scratch, "", SCRIPT.toString()).exit()).isEqualTo(2);
    }

    private List<String> edited(String mark, UnaryOperator<String> edit) {
        var out = new ArrayList<>(lines);
        int at = indexOf(mark);
        out.set(at, edit.apply(lines.get(at)));
        return out;
    }

    /// The log with one payload changed and signed again by its author, up to and without the events that build on it.
    private List<String> signedAgain(String mark, UnaryOperator<String> spelling) {
        var bob = Ed25519.signer(Sha256.of("golden: bob".getBytes(StandardCharsets.UTF_8)));
        int at = indexOf(mark);
        var out = new ArrayList<>(lines.subList(0, at));
        var payload = spelling.apply(payload(lines.get(at)));
        out.add(line(payload, Json.of(Hex.of(bob.sign(payload.getBytes(StandardCharsets.UTF_8))))));
        return out;
    }

    private int indexOf(String mark) {
        for (int i = 0; i < lines.size(); i++) if (lines.get(i).contains(mark)) return i;
        throw new AssertionError("the golden log has no event with " + mark);
    }

    private static String payload(String line) {
        return Canonical.parseObject(line.getBytes(StandardCharsets.UTF_8)).text("payload");
    }

    private static String line(String payload, Json signature) {
        return Canonical.text(Json.object("payload", payload, "signature", signature));
    }

    private static String withSignature(String line, UnaryOperator<String> change) {
        var object = Canonical.parseObject(line.getBytes(StandardCharsets.UTF_8));
        return line(object.text("payload"), Json.of(change.apply(object.text("signature"))));
    }

    private void assertFault(List<String> log, String why) throws Exception {
        var result = verify(log);
        assertThat(result.err()).contains(why);
        assertThat(result.exit()).isEqualTo(1);
    }

    private NodeJs.Result verify(List<String> log) throws Exception {
        var file = Files.write(scratch.resolve("log.jsonl"), log);
        return NodeJs.run(scratch, "", SCRIPT.toString(), file.toString());
    }
}

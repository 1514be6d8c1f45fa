package dev.waggle.node.check;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

class LogVerifyTest {
    private static final Ed25519 VERIFIER = new Ed25519();
    private final Signer signer = Ed25519.signer(new byte[32]);
    private final Author author = new Author(signer, new Epoch("0e".repeat(16)));
    private final EventLog log = logWith(20);

    @Test void a_sound_log_is_counted_and_good() {
        var report = LogVerify.verify(log, VERIFIER, (_, _) -> {});
        assertThat(report.damages()).isEmpty();
        assertThat(report.events()).isEqualTo(21);
        assertThat(report.chains()).isEqualTo(1);
        assertThat(report.signatures()).isPositive();
    }

    @Test void a_changed_event_breaks_the_link_of_its_successor() {
        var report = verify(event -> event.seq() == 5 ? event(event, event.payload()[event.payload().length - 3]) : event);
        assertThat(report.damages()).anyMatch(damage -> damage.startsWith("entry 6 ") && damage.contains("predecessor"));
    }

    @Test void a_wrong_signature_is_found() {
        var last = verify(event -> event.seq() == 21 ? event.withSignature(new byte[64]) : event);
        assertThat(last.damages()).first().asString().contains("entry 21").contains("wrong signature");
    }

    @Test void a_run_without_a_signature_at_its_end_is_found() {
        var report = verify(event -> event.seq() >= 20 ? event.withoutSignature() : event);
        assertThat(report.damages()).anyMatch(damage -> damage.contains("no signature at its end"));
    }

    @Test void a_missing_entry_is_found() {
        var report = LogVerify.verify(changed(log, entries -> {
            var rest = new ArrayList<>(entries);
            rest.removeIf(entry -> entry.offset() == 7);
            return rest;
        }), VERIFIER, (_, _) -> {});
        assertThat(report.damages()).anyMatch(damage -> damage.contains("entries 7 to 7 are missing")).anyMatch(damage -> damage.contains("predecessor"));
    }

    private LogVerify.Report verify(UnaryOperator<Event> change) {
        return LogVerify.verify(changed(log, entries -> entries.stream().<Entry>map(entry -> entry instanceof Entry.Admitted(var offset, var event, var verdict)
            ? new Entry.Admitted(offset, change.apply(event), verdict) : entry).toList()), VERIFIER, (_, _) -> {});
    }

    /// The same body but for one member, under the same envelope.
    private static Event event(Event event, byte salt) {
        var changed = Event.write(event.envelope(), Json.object("n", 1_000L + salt));
        return event.signature().map(changed::withSignature).orElse(changed);
    }

    private EventLog logWith(int events) {
        var genesis = Genesis.write(author, "space", "table", Json.object(), new byte[Genesis.SALT_BYTES]);
        var fresh = MemoryEventLog.create(genesis, VERIFIER, () -> new Epoch("ff".repeat(16)), 1);
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < events; i++) drafts.add(new Draft("note", Json.object("n", i)));
        fresh.write(author, drafts, List.of(), Map.of(), 1_000);
        return fresh;
    }

    /// `log` with what it reads passed through `change`.
    private static EventLog changed(EventLog log, UnaryOperator<List<Entry>> change) {
        return (EventLog) Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (_, method, arguments) -> switch (method.getName()) {
            case "read" -> change.apply(log.read((long) arguments[0], (int) arguments[1], (int) arguments[2]));
            case "find" -> change.apply(List.copyOf(log.read(0, 1_000, 1 << 24))).stream()
                .filter(entry -> entry instanceof Entry.Admitted admitted && admitted.event().id().equals((EventId) arguments[0])).findFirst()
                .map(Entry.Admitted.class::cast).or(Optional::empty);
            default -> method.invoke(log, arguments);
        });
    }
}

package dev.waggle.lab.fuzz;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.time.Hlc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Makes events out of a [Script]: well-formed ones whose every reference may be to the wrong thing, and mutated ones. Most are plausible, so that a script
/// gets far; each choice has a wrong branch.
final class ScriptedEvents {
    static final int EVENTS_MAX = 40;
    final TestSpace space = new TestSpace();
    private final List<Author> authors = List.of(space.owner, space.writer, TestSpace.author("third"), space.stranger, new Author(space.writer.signer(), TestSpace.epoch("other")));
    private final Script script;
    private final Map<EventId, Event> known = new LinkedHashMap<>();       // honest bytes, signed; in the order they were made
    private final List<Event> batch = new ArrayList<>();
    private final List<Chunk> chunks = new ArrayList<>();
    private int offered;

    ScriptedEvents(Script script) {
        this.script = script;
        known.put(space.genesis.id(), space.genesis);
        batch.add(space.genesis);
    }

    int count() {
        return offered;
    }

    /// Every event that was ever made, with its signature.
    List<Event> all() {
        return List.copyOf(known.values());
    }

    List<Chunk> chunks() {
        return chunks;
    }

    List<Author> authors() {
        return authors;
    }

    /// One decision: make an event, offer what was made so far, bring a chunk.
    void step(Consumer<List<Event>> offer, Consumer<Chunk> bring) {
        offered++;
        switch (script.below(8)) {
            case 0 -> {
                offer.accept(List.copyOf(batch));
                batch.clear();
            }
            case 1 -> again();
            case 2 -> mutated();
            case 3 -> {
                var chunk = Chunk.of(new byte[] {(byte) script.below(3)});
                chunks.add(chunk);
                if (script.flag()) bring.accept(chunk);
            }
            default -> made().ifPresent(event -> {
                known.put(event.id(), event);
                batch.add(script.rarely(4) ? event.withoutSignature() : event);
                if (script.rarely(8)) batch.removeLast();                  // made, and not offered yet
            });
        }
        if (batch.size() >= 12) {
            offer.accept(List.copyOf(batch));
            batch.clear();
        }
    }

    private Event any() {
        return all().get(script.below(known.size()));
    }

    private void again() {
        var event = any();
        switch (script.below(4)) {
            case 0 -> batch.add(event);
            case 1 -> batch.add(event.withoutSignature());
            case 2 -> batch.add(event.withSignature(new byte[Event.SIGNATURE_BYTES]));
            default -> batch.add(event.withSignature(Arrays.copyOf(script.bytes(64), 64)));
        }
    }

    /// Some bytes of a payload are others; signed by its author, by another, or not.
    private void mutated() {
        var event = any();
        var payload = event.payload().clone();
        int changes = 1 + script.below(3);
        for (int i = 0; i < changes; i++) payload[(script.octet() << 8 | script.octet()) % payload.length] = (byte) script.octet();
        var signer = script.of(authors).signer();
        for (var read : AdmissionTarget.read(payload, script.flag() ? signer.sign(payload) : null)) {
            batch.add(read);
            if (read.chain().origin().equals(signer.node())) known.put(read.id(), read.signed(signer));
        }
    }

    private Optional<Event> made() {
        var author = script.of(authors);
        var epoch = script.rarely(6) ? TestSpace.epoch("epoch " + script.below(3)) : author.epoch();
        var chain = new ChainId(author.signer().node(), epoch);
        var own = known.values().stream().filter(event -> event.chain().equals(chain)).toList();
        var before = own.isEmpty() || script.rarely(10) ? Optional.<Event>empty() : Optional.of(script.rarely(5) ? script.of(own) : own.getLast());
        if (script.rarely(40)) before = Optional.of(any());
        long seq = before.map(event -> event.seq() + 1).orElse(1L) + (script.rarely(30) ? script.below(4) : 0);
        var type = script.rarely(3) ? script.of(ControlType.MEMBER_ADDED, ControlType.MEMBER_LEFT, ControlType.POLICY_CHANGED, ControlType.REBASE,
            ControlType.EPOCH_OPENED, ControlType.GENESIS, "batch") : "note_added";
        try {
            var envelope = new Envelope(script.rarely(60) ? Optional.of(new SpaceId("cd".repeat(32))) : Optional.of(space.id), chain, seq,
                seq == 1 ? Optional.empty() : before.map(Event::id), merges(), control(before), stamp(before), type);
            return Optional.of(Event.write(envelope, body(type, own)).signed(author.signer()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();                                        // no envelope at all: nobody can make its bytes with our code
        }
    }

    private List<EventRef> merges() {
        int count = script.rarely(3) ? script.below(4) : 0;
        return Stream.generate(this::any).limit(count).map(event -> switch (script.below(12)) {
            case 10 -> new EventRef(event.id(), event.chain(), event.seq() + 1);
            case 11 -> new EventRef(new EventId("ef".repeat(32)), event.chain(), event.seq());
            default -> event.ref();
        }).sorted().distinct().toList();
    }

    private List<EventId> control(Optional<Event> before) {
        var controls = known.values().stream().filter(event -> ControlType.isControl(event.type())).map(Event::id).toList();
        return switch (script.below(6)) {
            case 0 -> List.of(space.genesis.id());
            case 1 -> Stream.generate(() -> script.of(controls)).limit(1 + script.below(3)).sorted().distinct().toList();
            case 2 -> script.rarely(5) ? List.of(new EventId("ee".repeat(32))) : List.of(any().id());
            case 3 -> before.map(event -> event.envelope().control()).filter(list -> !list.isEmpty()).orElse(List.of(space.genesis.id()));
            default -> List.of(controls.getLast());
        };
    }

    private Hlc stamp(Optional<Event> before) {
        var last = known.values().stream().map(event -> event.envelope().ts()).filter(ts -> ts.wallMs() < TestSpace.NOW + 60_000).max(Hlc::compareTo).orElse(Hlc.ZERO);
        return switch (script.below(12)) {
            case 8 -> before.map(event -> event.envelope().ts()).orElse(Hlc.ZERO);
            case 9 -> new Hlc(TestSpace.NOW + 10 * 60_000 + script.octet(), 0);           // held, until it is late
            case 10 -> new Hlc(script.flag() ? Hlc.WALL_MS_MAX : TestSpace.NOW + 3_600_000, script.octet());
            case 11 -> new Hlc(script.octet(), script.octet());
            default -> last.next(TestSpace.NOW);
        };
    }

    private Json.Obj body(String type, List<Event> own) {
        var note = Json.object("text", new String(script.bytes(script.below(3)), StandardCharsets.ISO_8859_1));
        if (script.rarely(20)) return note;
        return switch (type) {
            case ControlType.MEMBER_ADDED -> Json.object("subject", script.rarely(12) ? TestKeys.NO_KEY.hex() : script.of(authors).signer().node().hex(),
                "role", script.of(Role.values()).wire());
            case ControlType.POLICY_CHANGED -> Json.object("policy", "union");
            case ControlType.REBASE -> {
                var event = own.isEmpty() || script.rarely(4) ? any() : script.of(own);
                var old = script.rarely(5) ? epoch() : event.chain().epoch();
                boolean whole = script.rarely(4);
                yield Json.object("old_epoch", old.hex(), "seq", whole ? 0 : event.seq(), "id", whole ? null : event.id().hex());
            }
            case ControlType.EPOCH_OPENED -> Json.object("old_epoch", script.flag() ? any().chain().epoch().hex() : epoch().hex());
            case "batch" -> Json.object("chunks", Json.array(Json.of(Chunk.of(new byte[] {(byte) script.below(4)}).id().hex())));
            default -> note;
        };
    }

    private Epoch epoch() {
        return script.flag() ? script.of(authors).epoch() : TestSpace.epoch("epoch " + script.below(3));
    }
}

package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;
import dev.waggle.core.time.Hlc;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Each member of "$" has one valid form; every other is refused by name.
class EnvelopeTest {
    private static final String ID = "11".repeat(32);
    private static final String OTHER = "22".repeat(32);
    private static final String EPOCH = "ee".repeat(16);
    private static final String CHAIN = OTHER + "." + EPOCH;

    private static TreeMap<String, Json> good() {
        return new TreeMap<>(Json.object("is", "waggle-event/1", "space", ID, "origin", OTHER, "epoch", EPOCH, "seq", 2, "prev", ID,
            "merges", Json.array(merge(ID, CHAIN, 1)), "control", Json.array(Json.of(ID), Json.of(OTHER)),
            "ts", Json.array(Json.of(1_000), Json.of(0)), "type", "row_changed").members());
    }

    private static Json merge(String id, String chain, long seq) {
        return Json.array(Json.of(id), Json.of(chain), Json.of(seq));
    }

    @Test void the_whole_envelope_is_read_and_written_back() {
        var json = new Json.Obj(good());
        var envelope = Envelope.fromJson(json);
        assertThat(envelope.toJson()).isEqualTo(json);
        assertThat(envelope.space()).contains(new SpaceId(ID));
        assertThat(envelope.chain()).isEqualTo(ChainId.parse(CHAIN));
        assertThat(envelope.seq()).isEqualTo(2);
        assertThat(envelope.prev()).contains(new EventId(ID));
        assertThat(envelope.merges()).containsExactly(new EventRef(new EventId(ID), ChainId.parse(CHAIN), 1));
        assertThat(envelope.control()).containsExactly(new EventId(ID), new EventId(OTHER));
        assertThat(envelope.ts()).isEqualTo(new Hlc(1_000, 0));
        assertThat(envelope.type()).isEqualTo("row_changed");
        assertThat(envelope.isGenesis()).isFalse();
    }

    record Broken(String member, Json value, String why) {
        @Override public String toString() {
            var shown = value == null ? "absent" : Canonical.text(value);
            return member + " " + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown);
        }
    }

    static Stream<Broken> broken() {
        var out = new ArrayList<Broken>();
        out.add(new Broken("is", null, "\"is\" must be a string"));
        out.add(new Broken("is", Json.of("waggle-event/2"), "unknown format"));
        out.add(new Broken("is", Json.of("waggle-ticket/1"), "unknown format"));
        out.add(new Broken("is", Json.of(1), "\"is\" must be a string"));
        for (var name : List.of("Seq", "parent", "", "is ", "signature")) out.add(new Broken(name, Json.of(1), "unknown envelope member"));
        for (var id : ids(64)) out.add(new Broken("space", id, id instanceof Json.Str ? "a space id" : "\"space\" must be a string"));
        for (var id : ids(64)) out.add(new Broken("origin", id, id instanceof Json.Str ? "a node id" : "\"origin\" must be a string"));
        for (var id : ids(32)) out.add(new Broken("epoch", id, id instanceof Json.Str ? "an epoch" : "\"epoch\" must be a string"));
        for (var id : ids(64)) out.add(new Broken("prev", id, id instanceof Json.Str ? "an event id" : "\"prev\" must be a string"));
        out.add(new Broken("origin", null, "\"origin\""));
        out.add(new Broken("epoch", null, "\"epoch\""));
        out.add(new Broken("seq", null, "\"seq\" must be an integer"));
        out.add(new Broken("seq", Json.of("2"), "integer"));
        out.add(new Broken("seq", new Json.Num(2.5), "integer"));
        out.add(new Broken("seq", new Json.Num(0x1p53), "integer"));
        out.add(new Broken("seq", Json.of(0), "out of range"));
        out.add(new Broken("seq", Json.of(-1), "out of range"));
        out.add(new Broken("seq", Json.of(1), "predecessor"));                 // with prev
        out.add(new Broken("prev", null, "predecessor"));                      // with seq 2
        out.add(new Broken("space", null, "genesis"));                         // with seq 2
        out.add(new Broken("merges", Json.of(ID), "\"merges\" must be an array"));
        out.add(new Broken("merges", Json.array(), "must be left out"));
        out.add(new Broken("merges", Json.array(Json.of(ID)), "expected an array"));
        out.add(new Broken("merges", Json.array(Json.array(Json.of(ID), Json.of(CHAIN))), "[id, chain, seq]"));
        out.add(new Broken("merges", Json.array(Json.array(Json.of(ID), Json.of(CHAIN), Json.of(1), Json.of(1))), "[id, chain, seq]"));
        out.add(new Broken("merges", Json.array(merge("11", CHAIN, 1)), "an event id"));
        out.add(new Broken("merges", Json.array(merge(ID, OTHER, 1)), "a chain is"));
        out.add(new Broken("merges", Json.array(merge(ID, OTHER + ":" + EPOCH, 1)), "a chain is"));
        out.add(new Broken("merges", Json.array(merge(ID, OTHER.replace('2', 'B') + "." + EPOCH, 1)), "a node id"));
        out.add(new Broken("merges", Json.array(merge(ID, CHAIN, 0)), "first event is 1"));
        out.add(new Broken("merges", Json.array(merge(ID, CHAIN, 1), merge(ID, CHAIN, 1)), "sorted"));
        out.add(new Broken("merges", Json.array(merge(ID, CHAIN, 2), merge(OTHER, CHAIN, 1)), "sorted"));
        out.add(new Broken("merges", Json.array(merge(OTHER, CHAIN, 1), merge(ID, CHAIN, 1)), "sorted"));
        out.add(new Broken("merges", Json.array(IntStream.rangeClosed(1, 17).mapToObj(seq -> merge(ID, CHAIN, seq)).toList()), "more than 16 merges"));
        out.add(new Broken("control", null, "control"));
        out.add(new Broken("control", Json.array(), "must be left out"));
        out.add(new Broken("control", Json.of(ID), "\"control\" must be an array"));
        out.add(new Broken("control", Json.array(Json.of(1)), "expected a string"));
        out.add(new Broken("control", Json.array(Json.of("11")), "an event id"));
        out.add(new Broken("control", Json.array(Json.of(OTHER), Json.of(ID)), "sorted"));
        out.add(new Broken("control", Json.array(Json.of(ID), Json.of(ID)), "sorted"));
        out.add(new Broken("control", Json.array(IntStream.range(10, 27).mapToObj(i -> Json.of(("" + i).repeat(32))).toList()), "more than 16 control"));
        out.add(new Broken("ts", null, "\"ts\" must be an array"));
        out.add(new Broken("ts", Json.of(1), "\"ts\" must be an array"));
        out.add(new Broken("ts", Json.array(Json.of(1)), "[wallMs, tick]"));
        out.add(new Broken("ts", Json.array(Json.of(1), Json.of(2), Json.of(3)), "[wallMs, tick]"));
        out.add(new Broken("ts", Json.array(Json.of(-1), Json.of(0)), "out of range"));
        out.add(new Broken("ts", Json.array(new Json.Num(0x1p53), Json.of(0)), "integer"));
        out.add(new Broken("ts", Json.array(new Json.Num(0.5), Json.of(0)), "integer"));
        out.add(new Broken("ts", Json.array(Json.of(1), Json.of(-1)), "out of range"));
        out.add(new Broken("ts", Json.array(Json.of(1), Json.of(65_536)), "out of range"));
        out.add(new Broken("ts", Json.array(Json.of(1), Json.of(1L << 32)), "envelope"));        // would be tick 0 if it were cut to an int
        out.add(new Broken("type", null, "\"type\" must be a string"));
        for (var type : List.of("", "Row", "1row", "_row", "row-changed", "row changed", "row.changed", "r\u00f6w", "row\0", "a".repeat(65)))
            out.add(new Broken("type", Json.of(type), "event type"));
        return out.stream();
    }

    private static List<Json> ids(int digits) {
        return List.of(Json.of(""), Json.of("a".repeat(digits - 1)), Json.of("a".repeat(digits + 1)), Json.of("A".repeat(digits)), Json.of("g".repeat(digits)),
            Json.of("\u0661".repeat(digits)), Json.of(" " + "a".repeat(digits - 1)), Json.of(1), Json.NULL);
    }

    @Tag("A13") @Tag("P03") @ParameterizedTest
    @MethodSource("broken")
    void what_is_not_as_it_should_be_is_refused(Broken broken) {
        var members = good();
        if (broken.value == null) members.remove(broken.member);
        else members.put(broken.member, broken.value);
        assertThatThrownBy(() -> Envelope.fromJson(new Json.Obj(members))).isInstanceOf(MalformedPayload.class).hasMessageContaining(broken.why);
    }

    @Tag("A13") @Test void the_limits_themselves_are_allowed() {
        for (var change : List.<Map.Entry<String, Json>>of(
            Map.entry("merges", Json.array(IntStream.rangeClosed(1, 16).mapToObj(seq -> merge(ID, CHAIN, seq)).toList())),
            Map.entry("control", Json.array(IntStream.range(10, 26).mapToObj(i -> Json.of(("" + i).repeat(32))).toList())),
            Map.entry("seq", Json.of(Json.INTEGER_MAX)),
            Map.entry("ts", Json.array(Json.of(Hlc.WALL_MS_MAX), Json.of(Hlc.TICK_MAX))),
            Map.entry("type", Json.of("a".repeat(64))), Map.entry("type", Json.of("z_09")))) {
            var members = good();
            members.put(change.getKey(), change.getValue());
            assertThat(Envelope.fromJson(new Json.Obj(members)).toJson()).isEqualTo(new Json.Obj(members));
        }
    }

    @Test void a_genesis_names_no_space_and_has_no_past() {
        var members = good();
        for (var name : List.of("space", "prev", "merges", "control")) members.remove(name);
        members.put("seq", Json.of(1));
        assertThat(Envelope.fromJson(new Json.Obj(members)).isGenesis()).isTrue();
        for (var name : List.of("merges", "control")) {
            var withPast = new TreeMap<>(members);
            withPast.put(name, good().get(name));
            assertThatThrownBy(() -> Envelope.fromJson(new Json.Obj(withPast))).isInstanceOf(MalformedPayload.class).hasMessageContaining("no past");
        }
    }

    @Test void any_envelope_comes_back_equal() {
        Property.check(2_000, random -> {
            var envelope = envelope(random);
            var bytes = Canonical.bytes(envelope.toJson());
            assertThat(Envelope.fromJson(Canonical.parseObject(bytes))).isEqualTo(envelope);
        });
    }

    static Envelope envelope(RandomGenerator random) {
        boolean genesis = random.nextInt(10) == 0;
        long seq = genesis ? 1 : random.nextInt(3) == 0 ? 1 : random.nextLong(2, Json.INTEGER_MAX);
        var merges = Stream.generate(() -> new EventRef(new EventId(hex(random, 64)), chain(random), random.nextLong(1, Json.INTEGER_MAX)))
            .limit(genesis ? 0 : random.nextInt(Envelope.MERGES_MAX + 1)).sorted().toList();
        var control = Stream.generate(() -> new EventId(hex(random, 64))).limit(genesis ? 0 : random.nextInt(1, Envelope.CONTROL_MAX + 1)).sorted().toList();
        return new Envelope(genesis ? Optional.empty() : Optional.of(new SpaceId(hex(random, 64))), chain(random), seq,
            seq == 1 ? Optional.empty() : Optional.of(new EventId(hex(random, 64))), merges, control,
            new Hlc(random.nextLong(Hlc.WALL_MS_MAX), random.nextInt(Hlc.TICK_MAX)), "type_" + random.nextInt(100));
    }

    private static ChainId chain(RandomGenerator random) {
        return new ChainId(new NodeId(hex(random, 64)), new Epoch(hex(random, 32)));
    }

    private static String hex(RandomGenerator random, int digits) {
        var bytes = new byte[digits / 2];
        random.nextBytes(bytes);
        return Hex.of(bytes);
    }
}

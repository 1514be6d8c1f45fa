package dev.waggle.apps.table;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChangeSetCodecTest {
    private static final EventId EARLIER = new EventId("1".repeat(64));
    private static final VersionId BASE = new VersionId(EARLIER, 3);
    private final Map<ChunkId, byte[]> stored = new HashMap<>();
    private final ChunkSource chunks = id -> Optional.ofNullable(stored.get(id));

    private static RowChange insert(String table, Object... row) {
        return new RowChange(RowChange.Kind.INSERT, table, Optional.empty(), List.of(), TestTables.row(row), new TreeMap<>());
    }

    private static RowChange.Ref known(String id) {
        return new RowChange.Ref.Known(new RecordId(id));
    }

    private Event event(ChangeSetCodec.Encoded encoded) {
        encoded.chunks().forEach(chunk -> stored.put(chunk.id(), chunk.bytes()));
        return event(encoded.draft());
    }

    private static Event event(Draft draft) {
        var envelope = new Envelope(Optional.of(TestNode.SPACE), new TestNode(1).chain, 1, Optional.empty(), List.of(), List.of(new dev.waggle.core.event.EventId("cd".repeat(32))), new Hlc(5, 0), draft.type());
        return Event.read(Event.write(envelope, draft.body()).payload(), null);
    }

    private static String body(Draft draft) {
        return Canonical.text(draft.body());
    }

    @Tag("lesson-two-spellings") @Test void a_batch_is_spelt_compactly_and_stays_so() {
        var parent = insert("person", "id", 1, "name", "Ann");
        var child = new RowChange(RowChange.Kind.INSERT, "task", Optional.empty(), List.of(), TestTables.row("id", 7, "person_id", 1),
            new TreeMap<>(Map.of(0, new RowChange.Ref.SameSet(0))));
        var other = new RowChange(RowChange.Kind.INSERT, "task", Optional.empty(), List.of(), TestTables.row("id", 8, "person_id", null), new TreeMap<>());
        var update = new RowChange(RowChange.Kind.UPDATE, "person", Optional.of(new RowChange.Ref.Known(RecordId.created(BASE))), List.of(BASE),
            TestTables.row("boss", 1), new TreeMap<>(Map.of(0, new RowChange.Ref.SameSet(0))));
        var keyed = new RowChange(RowChange.Kind.INSERT, "range", Optional.of(known("k:[\"range\",\"m\"]")), List.of(), TestTables.row("low", 1, "name", "m"), new TreeMap<>());
        var folded = new RowChange(RowChange.Kind.INSERT, "range", Optional.of(known("k:[\"range\",\"n\"]")), List.of(), TestTables.row("low", 2, "name", "N"), new TreeMap<>());
        var gone = new RowChange(RowChange.Kind.DELETE, "range", Optional.of(known("k:[\"range\",\"o\"]")), List.of(BASE), TestTables.row("name", "o"), new TreeMap<>());
        var under = new RowChange(RowChange.Kind.INSERT, "tag", Optional.of(new RowChange.Ref.Keyed("tag",
            List.of(new RowChange.Part.Of(new RowChange.Ref.SameSet(0)), new RowChange.Part.Plain(Value.Text.of("t"))))), List.of(),
            TestTables.row("person_id", 1, "tag", "t"), new TreeMap<>(Map.of(0, new RowChange.Ref.SameSet(0))));
        var underKnown = new RowChange(RowChange.Kind.DELETE, "tag", Optional.of(known("k:[\"tag\",{\"r\":\"v:" + BASE.text() + "\"},\"t\"]")), List.of(BASE),
            TestTables.row("person_id", 1, "tag", "t"), new TreeMap<>());
        var changes = List.of(parent, child, other, update, keyed, folded, gone, under, underKnown);
        var encoded = ChangeSetCodec.encode(changes);
        assertThat(encoded.draft().type()).isEqualTo("batch");
        assertThat(body(encoded.draft())).isEqualTo("{\"changes\":["
            + "{\"c\":[\"id\",\"name\"],\"k\":\"i\",\"r\":[[1,\"Ann\"]],\"t\":\"person\"},"
            + "{\"c\":[\"id\",\"person_id\"],\"k\":\"i\",\"r\":[[7,1,{\"f\":{\"0\":0}}],[8,null]],\"t\":\"task\"},"
            + "{\"c\":[\"boss\"],\"k\":\"u\",\"r\":[[1,{\"b\":[[0,3]],\"f\":{\"0\":0},\"r\":[0,3]}]],\"t\":\"person\"},"
            + "{\"c\":[\"low\",\"name\"],\"k\":\"i\",\"key\":[1],\"r\":[[1,\"m\"],[2,\"N\",{\"r\":{\"k\":[\"range\",\"n\"]}}]],\"t\":\"range\"},"
            + "{\"c\":[\"name\"],\"k\":\"d\",\"key\":[0],\"r\":[[\"o\",{\"b\":[[0,3]]}]],\"t\":\"range\"},"
            + "{\"c\":[\"person_id\",\"tag\"],\"k\":\"i\",\"r\":[[1,\"t\",{\"f\":{\"0\":0},\"r\":{\"k\":[\"tag\",{\"r\":0},\"t\"]}}]],\"t\":\"tag\"},"
            + "{\"c\":[\"person_id\",\"tag\"],\"k\":\"d\",\"r\":[[1,\"t\",{\"b\":[[0,3]],\"r\":{\"k\":[\"tag\",{\"r\":[0,3]},\"t\"]}}]],\"t\":\"tag\"}],"
            + "\"ids\":[\"" + EARLIER.hex() + "\"]}");
        assertThat(ChangeSetCodec.decode(event(encoded), ChunkSource.NONE)).isEqualTo(changes);
    }

    @Test void a_schema_is_spelt_with_all_its_parts() {
        var draft = ChangeSetCodec.schema(TestTables.TASK);
        assertThat(draft.type()).isEqualTo("table_schema");
        assertThat(body(draft)).isEqualTo("{\"columns\":[[\"id\",\"INTEGER\",false,\"BINARY\",false],[\"person_id\",\"INTEGER\",false,\"BINARY\",false],"
            + "[\"note\",\"TEXT\",false,\"BINARY\",false],[\"n\",\"INTEGER\",false,\"BINARY\",false]],"
            + "\"foreign_keys\":[[0,[\"person_id\"],\"person\",[\"id\"]]],\"identity\":\"event\",\"key\":[\"id\"],\"name\":\"task\","
            + "\"sql\":[\"CREATE TABLE task (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id), note TEXT, n INTEGER)\","
            + "\"CREATE UNIQUE INDEX task_note ON task (note) WHERE n > 5\"],"
            + "\"uniques\":[[\"\",[\"id\"],[\"BINARY\"],null],[\"task_note\",[\"note\"],[\"BINARY\"],\"n > 5\"]],\"without_rowid\":false}");
        for (var schema : TestTables.ALL) assertThat(ChangeSetCodec.readSchema(event(ChangeSetCodec.schema(schema)))).isEqualTo(schema);
    }

    @Test void values_over_16_KiB_travel_in_chunks_that_the_event_lists() {
        var text = "é".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        var blob = new byte[600_000];
        Arrays.fill(blob, (byte) 7);
        var changes = List.of(insert("task", "id", 1, "note", new Value.Text(text)), insert("task", "id", 2, "note", new Value.Blob(blob)));
        var encoded = ChangeSetCodec.encode(changes);
        assertThat(encoded.draft().type()).isEqualTo("batch");
        assertThat(encoded.chunks()).as("20 KB, and 600 KB of which two chunks are equal").hasSize(3);
        assertThat(encoded.draft().body().array("chunks")).hasSize(3);
        assertThat(body(encoded.draft()).length()).isLessThan(1_000);
        assertThat(ChangeSetCodec.decode(event(encoded), chunks)).isEqualTo(changes);
        assertThat(ChangeSetCodec.decodeChunked(event(encoded), chunks).getFirst().set().get("note")).isInstanceOf(Value.Chunked.class);
    }

    @Test void what_does_not_fit_one_payload_is_a_bulk() {
        var changes = new ArrayList<RowChange>();
        for (int i = 0; i < 5_000; i++) {
            var base = new VersionId(new EventId(String.format("%064x", i)), i);
            changes.add(new RowChange(RowChange.Kind.UPDATE, "task", Optional.of(new RowChange.Ref.Known(RecordId.created(base))), List.of(base),
                TestTables.row("note", "note " + i), new TreeMap<>(Map.of(0, new RowChange.Ref.SameSet(5_000)))));
        }
        changes.add(insert("person", "id", 1, "name", new Value.Text(new byte[200_000])));
        var encoded = ChangeSetCodec.encode(changes);
        assertThat(encoded.draft().type()).isEqualTo("bulk");
        assertThat(body(encoded.draft()).length()).isLessThan(ChangeSetCodec.BATCH_BYTES_MAX);
        for (var chunk : encoded.chunks()) assertThat(encoded.draft().body().array("chunks")).contains(Json.of(chunk.id().hex()));
        assertThat(ChangeSetCodec.decode(event(encoded), chunks)).isEqualTo(changes);
        var thousand = changes.subList(0, 500);
        assertThat(ChangeSetCodec.encode(thousand.stream().map(one -> new RowChange(one.kind(), one.table(), one.record(), one.base(),
            TestTables.row("note", "x".repeat(200)), new TreeMap<>())).toList()).draft().type()).as("few rows, many bytes").isEqualTo("bulk");
    }

    @Test void a_set_that_a_small_node_could_not_take_is_refused_but_a_large_row_is_not() {
        var large = new Value.Blob(new byte[1 << 20]);
        var changes = new ArrayList<RowChange>();
        for (int i = 0; i < 24; i++) changes.add(insert("task", "id", i, "note", large));
        assertThatThrownBy(() -> ChangeSetCodec.encode(changes)).isInstanceOf(ChangeSetTooLarge.class);
        var alone = List.of(insert("task", "id", 1, "note", new Value.Blob(new byte[25 << 20])));
        var encoded = ChangeSetCodec.encode(alone);
        assertThat(ChangeSetCodec.decode(event(encoded), chunks)).isEqualTo(alone);
        assertThatThrownBy(() -> ChangeSetCodec.encode(List.of(alone.getFirst(), insert("task", "id", 2)))).isInstanceOf(ChangeSetTooLarge.class);
    }

    @Test void every_value_comes_back_with_its_type_and_bytes() {
        Property.check(200, random -> {
            var changes = new ArrayList<RowChange>();
            int count = random.nextInt(1, 30);
            for (int i = 0; i < count; i++) {
                var bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                changes.add(insert("t" + random.nextInt(2), "a", random.nextLong(), "b", new Value.Text(bytes), "c", new Value.Blob(bytes),
                    "d", new Value.Real(Double.longBitsToDouble(random.nextLong() & ~(0x7ffL << 52) | (long) random.nextInt(2047) << 52)), "e", random.nextBoolean() ? null : "~i:5"));
            }
            assertThat(ChangeSetCodec.decode(event(ChangeSetCodec.encode(changes)), chunks)).isEqualTo(changes);
        });
    }

    @Tag("N07") @Test void malformed_sets_are_refused_by_every_node() {
        var good = "{\"c\":[\"id\"],\"k\":\"i\",\"r\":[[1]],\"t\":\"t\"}";
        assertThat(ChangeSetCodec.decode(batch(good, ""), chunks)).hasSize(1);
        var bad = List.of(
            batch("", ""),
            batch(good, ",\"ids\":[]"),
            batch(good, ",\"extra\":1"),
            batch(good, ",\"chunks\":[\"zz\"]"),
            batch(good.replace("\"i\"", "\"x\""), ""),
            batch(good.replace("[[1]]", "[]"), ""),
            batch(good.replace("[[1]]", "[[1,2]]"), ""),
            batch(good.replace("[[1]]", "[[]]"), ""),
            batch(good.replace("[[1]]", "[[1,{}]]"), ""),
            batch(good.replace("[[1]]", "[[{}]]"), ""),
            batch(good.replace("[\"id\"]", "[\"id\",\"id\"]").replace("[[1]]", "[[1,1]]"), ""),
            batch(good.replace("[\"id\"]", "[\"z\",\"a\"]").replace("[[1]]", "[[1,1]]"), ""),
            batch(good.replace("\"i\"", "\"u\""), ""),                                              // an update of no record
            batch(good.replace("[[1]]", "[[1,{\"b\":[[0,0]]}]]"), ""),                              // no such id
            batch(good.replace("[[1]]", "[[1,{\"r\":[0,0]}]]"), ",\"ids\":[\"" + EARLIER.hex() + "\"]"), // an insert of another's record
            batch(good.replace("[[1]]", "[[1,{\"r\":0}]]"), ""),
            batch(good.replace("[[1]]", "[[1,{\"f\":{\"0\":1}}]]"), ""),                            // item 1 is not there
            batch(good.replace("[[1]]", "[[1,{\"f\":{\"00\":0}}]]"), ""),
            batch(good.replace("[[1]]", "[[1,{\"r\":{\"k\":[\"other\",1]}}]]"), ""),                 // a record of another table
            batch(good.replace("[[1]]", "[[[\"t\",5,\"" + "a".repeat(64) + "\"]]]"), ""),           // a chunk that is not listed
            batch(good.replace("[[1]]", "[[1.0e400]]").replace("1.0e400", "\"~r:7ff8000000000000\""), ""));
        for (var event : bad)
            assertThatThrownBy(() -> ChangeSetCodec.decode(event, chunks)).as(new String(event.payload(), StandardCharsets.UTF_8)).isInstanceOf(MalformedPayload.class);
    }

    private static Event batch(String group, String more) {
        var members = Canonical.parseObject(("{\"changes\":[" + group + "]" + (more.startsWith(",\"ids") || more.startsWith(",\"extra") ? more : "") + "}").getBytes(StandardCharsets.UTF_8));
        return event(new Draft("batch", more.startsWith(",\"chunks") ? members.with("chunks", Json.array(Json.of("zz"))) : members));
    }

    @Test void a_chunked_value_of_another_length_is_refused() {
        var chunk = Chunk.of(new byte[100]);
        stored.put(chunk.id(), chunk.bytes());
        var row = Json.array(Json.array(Json.array(Json.of("b"), Json.of(99), Json.of(chunk.id().hex()))));
        var draft = new Draft("batch", Json.object("chunks", Json.array(Json.of(chunk.id().hex())), "changes", Json.array(Json.object(
            "c", Json.array(Json.of("a")), "k", "i", "r", row, "t", "t"))));
        assertThatThrownBy(() -> ChangeSetCodec.decode(event(draft), chunks)).isInstanceOf(MalformedPayload.class).hasMessageContaining("another length");
    }

    /// A member's event must not stop a node: one chunk, named as often as an event can, is a stream of 200 MiB.
    @Test @Timeout(15) void a_stream_of_one_chunk_many_times_costs_no_more_than_its_bytes() {
        var chunk = Chunk.of(" ".repeat(Chunk.BYTES_MAX).getBytes(StandardCharsets.US_ASCII));
        stored.put(chunk.id(), chunk.bytes());
        var ids = java.util.Collections.nCopies(ChangeSetCodec.CHUNKS_MAX, Json.of(chunk.id().hex()));
        var bulk = event(new Draft(ChangeSetCodec.BULK, Json.object("chunks", Json.array(ids), "stream", ids.size(), "items", 1)));
        var reads = new int[1];
        assertThatThrownBy(() -> ChangeSetCodec.decode(bulk, id -> {
            reads[0]++;
            return chunks.chunk(id);
        })).isInstanceOf(MalformedPayload.class).hasMessageContaining("too long");
        assertThat(reads[0]).as("chunks held in memory").isLessThan(150);
    }

    @Test void a_line_of_a_million_empty_lists_is_refused_before_it_fills_the_memory() {
        var chunk = Chunk.of(("[" + "[],".repeat(87_000)).getBytes(StandardCharsets.US_ASCII));
        var more = Chunk.of("[],".repeat(87_000).getBytes(StandardCharsets.US_ASCII));
        var end = Chunk.of("[]]\n".getBytes(StandardCharsets.US_ASCII));
        for (var each : List.of(chunk, more, end)) stored.put(each.id(), each.bytes());
        var ids = new ArrayList<>(java.util.Collections.nCopies(13, Json.of(more.id().hex())));
        ids.addFirst(Json.of(chunk.id().hex()));
        ids.addLast(Json.of(end.id().hex()));
        var bulk = event(new Draft(ChangeSetCodec.BULK, Json.object("chunks", Json.array(ids), "stream", ids.size(), "items", 1)));
        assertThatThrownBy(() -> ChangeSetCodec.decode(bulk, chunks)).isInstanceOf(MalformedPayload.class).hasMessageContaining("too many values");
    }

    @Test void a_value_that_names_one_chunk_very_often_is_refused_at_once() {
        var chunk = Chunk.of(new byte[Chunk.BYTES_MAX]);
        stored.put(chunk.id(), chunk.bytes());
        var reads = new int[1];
        var value = new ArrayList<Json>(List.of(Json.of("b"), Json.of(7)));
        for (int i = 0; i < 800; i++) value.add(Json.of(chunk.id().hex()));
        var batch = event(new Draft(ChangeSetCodec.BATCH, Json.object("chunks", Json.array(Json.of(chunk.id().hex())), "changes",
            Json.array(Json.object("t", "a", "k", "i", "c", Json.array(Json.of("x")), "r", Json.array(Json.array(Json.array(value))))))));
        assertThatThrownBy(() -> ChangeSetCodec.decode(batch, id -> {
            reads[0]++;
            return chunks.chunk(id);
        })).hasMessageContaining("another length");
        assertThat(reads[0]).isEqualTo(1);
    }

    @Test void a_bulk_stream_is_read_strictly() {
        for (var stream : List.of("{\"c\":[\"a\"],\"k\":\"i\",\"r\":[[1]],\"t\":\"t\"}", "\n", "[1]\n", "{}\n", "{\"c\":[\"a\"],\"k\":\"i\",\"r\":[[1],[2]],\"t\":\"t\"}\n")) {
            var chunk = Chunk.of(stream.getBytes(StandardCharsets.UTF_8));
            stored.put(chunk.id(), chunk.bytes());
            var draft = new Draft("bulk", Json.object("chunks", Json.array(Json.of(chunk.id().hex())), "items", 1, "stream", 1));
            assertThatThrownBy(() -> ChangeSetCodec.decode(event(draft), chunks)).as(stream).isInstanceOf(MalformedPayload.class);
        }
        var good = Chunk.of("{\"c\":[\"a\"],\"k\":\"i\",\"r\":[[1]],\"t\":\"t\"}\n".getBytes(StandardCharsets.UTF_8));
        stored.put(good.id(), good.bytes());
        var names = Json.array(Json.of(good.id().hex()));
        assertThat(ChangeSetCodec.decode(event(new Draft("bulk", Json.object("chunks", names, "items", 1, "stream", 1))), chunks)).hasSize(1);
        for (var draft : List.of(new Draft("bulk", Json.object("chunks", names, "items", 1, "stream", 2)), new Draft("bulk", Json.object("chunks", names, "items", 1, "stream", 0)),
            new Draft("bulk", Json.object("items", 1, "stream", 1))))
            assertThatThrownBy(() -> ChangeSetCodec.decode(event(draft), chunks)).isInstanceOf(MalformedPayload.class);
    }

    @Test void a_schema_whose_parts_do_not_fit_together_is_refused() {
        var body = ChangeSetCodec.schema(TestTables.TASK).body();
        for (var broken : List.of(
            body.with("key", Json.array(Json.of("nothing"))),
            body.with("key", Json.array()),
            body.with("identity", Json.of("other")),
            body.with("uniques", Json.array()),
            body.with("extra", Json.TRUE),
            body.with("without_rowid", Json.of("yes")),
            body.with("columns", Json.array(Json.array(Json.of("id")))),
            body.with("foreign_keys", Json.array(Json.array(Json.of(0), Json.array(Json.of("nothing")), Json.of("p"), Json.array(Json.of("id"))))),
            body.with("foreign_keys", Json.array(Json.array(Json.of(0), Json.array(Json.of("n")), Json.of("p"), Json.array())))))
            assertThatThrownBy(() -> ChangeSetCodec.readSchema(event(new Draft("table_schema", broken)))).isInstanceOf(MalformedPayload.class);
    }
}

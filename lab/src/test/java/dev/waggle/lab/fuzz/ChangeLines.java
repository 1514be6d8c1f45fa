package dev.waggle.lab.fuzz;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.time.Hlc;
import dev.waggle.net.wire.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An input as lines of text, each a log entry: what a fuzzer changes stays readable, and so does what it finds.
///
/// | line | what it is |
/// |---|---|
/// | `b{…}` `u{…}` | a batch, a bulk, with this body |
/// | `s{…}` `p{…}` `m{…}` | a table's schema, a change of policy, a member added |
/// | `c…` | a chunk of these bytes, a bar for each line's end |
/// | `v3` | the event of line 3 counts no more, or again |
/// | `t9` | the following events are stamped 9 ms later, or, by one, earlier |
///
/// In strings `@0` is the id of the first event and so on, `#0` that of the first chunk. Two authors take turns.
record ChangeLines(List<Entry> entries, Map<ChunkId, byte[]> chunks) {
    private static final int ENTRIES_MAX = 30;
    private static final List<Author> AUTHORS = List.of(TestSpace.author("owner"), TestSpace.author("writer"));

    static ChangeLines read(byte[] input) {
        var reading = new Reading();
        for (var line : new String(input, StandardCharsets.UTF_8).split("\n")) if (!line.isEmpty() && reading.entries.size() < ENTRIES_MAX) reading.line(line);
        return new ChangeLines(reading.entries, reading.chunks);
    }

    private static final class Reading {
        private final List<Entry> entries = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private final Map<ChunkId, byte[]> chunks = new TreeMap<>();
        private final List<ChunkId> chunkIds = new ArrayList<>();
        private final Map<ChainId, Event> tips = new HashMap<>();
        private final Map<EventId, Verdict> verdicts = new HashMap<>();
        private long nowMs = TestSpace.NOW;

        void line(String line) {
            var rest = line.substring(1);
            switch (line.charAt(0)) {
                case 'b' -> event(ChangeSetCodec.BATCH, rest);
                case 'u' -> event(ChangeSetCodec.BULK, rest);
                case 's' -> event(ChangeSetCodec.SCHEMA, rest);
                case 'p' -> event(ControlType.POLICY_CHANGED, rest);
                case 'm' -> event(ControlType.MEMBER_ADDED, rest);
                case 'c' -> {
                    var chunk = Chunk.of(rest.replace('|', '\n').getBytes(StandardCharsets.UTF_8));
                    chunks.put(chunk.id(), chunk.bytes());
                    chunkIds.add(chunk.id());
                }
                case 'v' -> verdict(number(rest));
                case 't' -> nowMs += number(rest) - 1;
                default -> { }
            }
        }

        private void event(String type, String text) {
            Json.Obj body;
            Event event;
            var author = AUTHORS.get(events.size() % AUTHORS.size());
            var chain = new ChainId(author.signer().node(), author.epoch());
            var before = Optional.ofNullable(tips.get(chain));
            try {
                body = ((Json.Obj) replaced(StrictJson.object(text.getBytes(StandardCharsets.UTF_8), 1 << 20)));
                var stamp = before.map(Event::envelope).map(Envelope::ts).orElse(Hlc.ZERO).next(nowMs);
                event = Event.write(new Envelope(Optional.of(new SpaceId("ab".repeat(32))), chain, before.map(Event::seq).orElse(0L) + 1, before.map(Event::id),
                    List.of(), List.of(new EventId("cd".repeat(32))), stamp, type), body);
            } catch (MalformedPayload | IllegalArgumentException _) {
                return;                                                         // no event, whoever writes it
            }
            if (lacksChunks(body)) return;                                      // the log would not have admitted it
            events.add(event);
            tips.put(chain, event);
            verdicts.put(event.id(), Verdict.COUNTS);
            entries.add(new Entry.Admitted(entries.size() + 1, event, Verdict.COUNTS));
        }

        /// What the log sees as chunk ids: `core.log` has the same rule.
        private boolean lacksChunks(Json.Obj body) {
            if (!(body.members().get("chunks") instanceof Json.Arr(var items))) return false;
            if (!items.stream().allMatch(item -> item instanceof Json.Str(var hex) && hex.matches("[0-9a-f]{64}"))) return false;
            return !items.stream().allMatch(item -> chunks.containsKey(new ChunkId(item.asText())));
        }

        private void verdict(int index) {
            if (index >= events.size()) return;
            var event = events.get(index);
            var now = verdicts.get(event.id()) == Verdict.COUNTS ? Verdict.VOID : Verdict.COUNTS;
            verdicts.put(event.id(), now);
            entries.add(new Entry.VerdictChanged(entries.size() + 1, event.chain(), 0, event.seq(), event.seq(), now));
        }

        private static int number(String text) {
            return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        }

        private Json replaced(Json json) {
            return switch (json) {
                case Json.Str(var text) when text.matches("@[0-9]{1,2}") && number(text.substring(1)) < events.size() ->
                    Json.of(events.get(number(text.substring(1))).id().hex());
                case Json.Str(var text) when text.matches("#[0-9]{1,2}") && number(text.substring(1)) < chunkIds.size() ->
                    Json.of(chunkIds.get(number(text.substring(1))).hex());
                case Json.Arr(var items) -> Json.array(items.stream().map(this::replaced).toList());
                case Json.Obj(var members) -> {
                    var copy = new TreeMap<String, Json>();
                    members.forEach((name, value) -> copy.put(name, replaced(value)));
                    yield Json.object(copy);
                }
                default -> json;
            };
        }
    }
}

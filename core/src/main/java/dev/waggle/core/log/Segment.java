package dev.waggle.core.log;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.time.Hlc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A piece of what a checkpoint covers: events in an order in which what an event needs comes first. Nothing of an event is lost but its signature; what all
/// events of a log repeat is said once, and ids and links are computed when it is read, so each event proves by its hash that it is what its successor names.
///
/// ```
/// segment   "wgs1", strands: u32, strand …, chains: u32, chain …, controls: u32, control …, events: u32, event …
/// strand    origin: 32, epoch: 16, seq before: i64, id before: 32 bytes of zero when there is none      events each of which follows the one before it, and what came before
/// chain     origin: 32, epoch: 16                                                                       that merged heads are of
/// control   count: u8, ids: 32 each
/// event     strand: u32, wall ms: i64, tick: i32, control: u32, merges: u8, (chain: u32, seq: i64, id: 32) …, type: u8 + bytes, body: u32 + canonical JSON
/// ```
///
/// To read one costs more than anything else that is done with it, so what was read is handed on.
///
/// @param chunk  the bytes
/// @param events unsigned
public record Segment(Chunk chunk, List<Event> events) {
    /// A segment is closed before the event with which it would have more.
    public static final int EVENTS_MAX = 1_000;
    /// A segment is closed when it has reached this: with one more event it still fits a chunk.
    public static final int BYTES_MAX = 128 * 1024;
    private static final byte[] MAGIC = "wgs1".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_BYTES = 32;
    private static final int EPOCH_BYTES = 16;
    private static final int STRAND_BYTES = ID_BYTES + EPOCH_BYTES + Long.BYTES + ID_BYTES;
    private static final int MERGE_BYTES = Integer.BYTES + Long.BYTES + ID_BYTES;
    private static final int EVENT_BYTES = 4 * Integer.BYTES + Long.BYTES + 2;                  // without merges, type and body
    private static final byte[] NO_ID = new byte[ID_BYTES];

    /// @throws MalformedPayload when the chunk is no segment
    public static Segment read(SpaceId space, Chunk chunk) {
        try {
            return new Segment(chunk, new Reading(space, ByteBuffer.wrap(chunk.bytes())).events());
        } catch (PayloadTooLarge e) {
            throw new MalformedPayload("a segment holds an event that is too large");
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("a segment: " + e.getMessage());
        }
    }

    public ChunkId id() {
        return chunk.id();
    }

    private record Strand(ChainId chain, long seq, Optional<EventId> id) {}

    private static final class Reading {
        private final SpaceId space;
        private final ByteBuffer in;

        Reading(SpaceId space, ByteBuffer in) {
            this.space = space;
            this.in = in;
        }

        List<Event> events() {
            if (!Arrays.equals(take(MAGIC.length), MAGIC)) throw new MalformedPayload("not a segment");
            var strands = new Strand[count(STRAND_BYTES)];
            for (int i = 0; i < strands.length; i++) {
                var chain = new ChainId(NodeId.of(take(ID_BYTES)), Epoch.of(take(EPOCH_BYTES)));
                long seq = int64();
                var id = take(ID_BYTES);
                if (seq < 0 || (seq == 0) != Arrays.equals(id, NO_ID)) throw new MalformedPayload("a strand begins nowhere");
                strands[i] = new Strand(chain, seq, seq == 0 ? Optional.empty() : Optional.of(EventId.of(id)));
            }
            var chains = new ChainId[count(ID_BYTES + EPOCH_BYTES)];
            for (int i = 0; i < chains.length; i++) chains[i] = new ChainId(NodeId.of(take(ID_BYTES)), Epoch.of(take(EPOCH_BYTES)));
            var controls = new ArrayList<List<EventId>>();
            for (int left = count(1); left > 0; left--) {
                var ids = new ArrayList<EventId>();
                for (int more = int8(); more > 0; more--) ids.add(EventId.of(take(ID_BYTES)));
                controls.add(List.copyOf(ids));
            }
            int count = count(Integer.BYTES);
            if (count > EVENTS_MAX) throw new MalformedPayload("a segment has at most " + EVENTS_MAX + " events");
            var events = new ArrayList<Event>(count);
            for (int i = 0; i < count; i++) events.add(event(strands, chains, controls));
            if (in.hasRemaining()) throw new MalformedPayload("a segment has a tail");
            return events;
        }

        private Event event(Strand[] strands, ChainId[] chains, List<List<EventId>> controls) {
            int number = index(strands.length);
            var strand = strands[number];
            var ts = new Hlc(int64(), int32());
            var control = controls.get(index(controls.size()));
            var merges = new ArrayList<EventRef>();
            for (int more = int8(); more > 0; more--) {
                var chain = chains[index(chains.length)];
                long seq = int64();
                merges.add(new EventRef(EventId.of(take(ID_BYTES)), chain, seq));
            }
            var type = new String(take(int8()), StandardCharsets.US_ASCII);
            int length = int32();
            if (length < 0 || length > in.remaining()) throw new MalformedPayload("an event is cut off");
            var body = Canonical.parseObject(take(length));
            if (body.members().containsKey(Envelope.MEMBER)) throw new MalformedPayload("\"$\" is reserved");
            boolean genesis = type.equals(ControlType.GENESIS);
            var envelope = new Envelope(genesis ? Optional.empty() : Optional.of(space), strand.chain, strand.seq + 1, strand.id, merges, control, ts, type);
            var event = Event.write(envelope, body);
            strands[number] = new Strand(strand.chain, strand.seq + 1, Optional.of(event.id()));
            return event.light();
        }

        /// A number of things of at least `bytes` each: more than there can be is not believed.
        private int count(int bytes) {
            int count = int32();
            if (count < 0 || (long) count * bytes > in.remaining()) throw new MalformedPayload("a segment counts more than it has");
            return count;
        }

        private int index(int below) {
            int index = int32();
            if (index < 0 || index >= below) throw new MalformedPayload("a segment names what it does not have");
            return index;
        }

        private int int8() {
            need(1);
            return in.get() & 0xff;
        }

        private int int32() {
            need(Integer.BYTES);
            return in.getInt();
        }

        private long int64() {
            need(Long.BYTES);
            return in.getLong();
        }

        private void need(int bytes) {
            if (bytes > in.remaining()) throw new MalformedPayload("a segment is cut off");
        }

        private byte[] take(int bytes) {
            need(bytes);
            var taken = new byte[bytes];
            in.get(taken);
            return taken;
        }
    }

    /// Builds segments from events that come in their order.
    static final class Writer {
        private final Map<EventId, Integer> ends = new HashMap<>();                   // the last event of each strand: where a chain forks, the first to come goes on with it
        private int strands;
        private final Map<List<EventId>, Integer> controls = new LinkedHashMap<>();
        private final Map<ChainId, Integer> chains = new LinkedHashMap<>();
        private final ByteArrayOutputStream merged = new ByteArrayOutputStream();
        private final ByteArrayOutputStream heads = new ByteArrayOutputStream();
        private final ByteArrayOutputStream named = new ByteArrayOutputStream();
        private final ByteArrayOutputStream items = new ByteArrayOutputStream();
        private int count;

        boolean isFull() {
            return count >= EVENTS_MAX || heads.size() + merged.size() + named.size() + items.size() >= BYTES_MAX;
        }

        boolean isEmpty() {
            return count == 0;
        }

        void add(Event event) {
            var envelope = event.envelope();
            var strand = envelope.prev().map(ends::remove).orElse(null);
            if (strand == null) {
                strand = strands++;
                heads.writeBytes(event.chain().origin().bytes());
                heads.writeBytes(event.chain().epoch().bytes());
                heads.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(event.seq() - 1).array());
                heads.writeBytes(envelope.prev().map(EventId::bytes).orElse(NO_ID));
            }
            ends.put(event.id(), strand);
            var control = controls.get(envelope.control());
            if (control == null) {
                controls.put(envelope.control(), control = controls.size());
                named.write(envelope.control().size());
                for (var id : envelope.control()) named.writeBytes(id.bytes());
            }
            var members = new TreeMap<>(event.body().members());
            members.remove(Envelope.MEMBER);
            var body = Canonical.bytes(new Json.Obj(members));
            var type = event.type().getBytes(StandardCharsets.US_ASCII);
            int merges = envelope.merges().size();
            var out = ByteBuffer.allocate(EVENT_BYTES + merges * MERGE_BYTES + type.length + body.length);
            out.putInt(strand).putLong(envelope.ts().wallMs()).putInt(envelope.ts().tick()).putInt(control).put((byte) merges);
            for (var merge : envelope.merges()) {
                var chain = chains.get(merge.chain());
                if (chain == null) {
                    chains.put(merge.chain(), chain = chains.size());
                    merged.writeBytes(merge.chain().origin().bytes());
                    merged.writeBytes(merge.chain().epoch().bytes());
                }
                out.putInt(chain).putLong(merge.seq()).put(merge.id().bytes());
            }
            items.writeBytes(out.put((byte) type.length).put(type).putInt(body.length).put(body).array());
            count++;
        }

        Chunk take() {
            var out = new ByteArrayOutputStream();
            out.writeBytes(MAGIC);
            out.writeBytes(number(strands));
            out.writeBytes(heads.toByteArray());
            out.writeBytes(number(chains.size()));
            out.writeBytes(merged.toByteArray());
            out.writeBytes(number(controls.size()));
            out.writeBytes(named.toByteArray());
            out.writeBytes(number(count));
            out.writeBytes(items.toByteArray());
            ends.clear();
            strands = 0;
            chains.clear();
            merged.reset();
            controls.clear();
            heads.reset();
            named.reset();
            items.reset();
            count = 0;
            return Chunk.of(out.toByteArray());
        }

        private static byte[] number(int value) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
        }
    }
}

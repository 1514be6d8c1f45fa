package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The word of the owner, or of the coordinator that he named, on what a log held: every event at or below a frontier, in segments that are the same on every node.
///
/// Checkpoints form a chain: each speaks of what lies below its frontier and not below the one before. A node that finds the same segments in its own log
/// may keep those instead of the events as they were sent; a node that lacks the events takes the segments. No event is lost or changed by that, only the
/// signatures below the frontier's, so whatever comes later is judged and folded as before (I10), and each chain is still proved by its last signature.
///
/// @param before   the checkpoint that this one continues
/// @param frontier chunks that list the tips with their signatures: see [End]
/// @param control  chunks that hold the control events below the frontier that are not below the one before, whole
/// @param segments chunks that list the ids of the [Segment]s, 32 bytes each, in their order
public record Checkpoint(Event event, Optional<EventId> before, List<ChunkId> frontier, List<ChunkId> control, List<ChunkId> segments) {
    /// Of each of its lists, and so of one event: 64 chunks list 110,000 tips, 500,000 segments.
    public static final int CHUNKS_MAX = 64;
    private static final int ID_BYTES = 32;
    private static final int EPOCH_BYTES = 16;
    private static final int TIP_BYTES = ID_BYTES + EPOCH_BYTES + Long.BYTES + ID_BYTES + Event.SIGNATURE_BYTES;

    /// @throws MalformedPayload when a member is missing or wrong
    public static Checkpoint of(Event event) {
        var body = event.body();
        Checkpoint checkpoint;
        try {
            checkpoint = new Checkpoint(event, body.textIfPresent("before").map(EventId::new), ids(body, "frontier"), ids(body, "control"), ids(body, "segments"));
        } catch (IllegalArgumentException noId) {
            throw new MalformedPayload("a checkpoint names events and chunks: " + noId.getMessage());
        }
        var named = new ArrayList<>(checkpoint.frontier);
        named.addAll(checkpoint.control);
        named.addAll(checkpoint.segments);
        if (!event.chunks().equals(named)) throw new MalformedPayload("a checkpoint needs exactly the chunks that it names");
        return checkpoint;
    }

    static Draft draft(Optional<EventId> before, List<Chunk> frontier, List<Chunk> control, List<Chunk> segments) {
        var all = new ArrayList<>(frontier);
        all.addAll(control);
        all.addAll(segments);
        return new Draft(ControlType.CHECKPOINT, Json.object("before", before.map(EventId::hex).orElse(null), "frontier", hex(frontier), "control", hex(control),
            "segments", hex(segments), ChunkId.MEMBER, hex(all)));
    }

    private static Json hex(List<Chunk> chunks) {
        return Json.array(chunks.stream().map(chunk -> Json.of(chunk.id().hex())).toList());
    }

    private static List<ChunkId> ids(Json.Obj body, String member) {
        var ids = body.array(member).stream().map(item -> new ChunkId(item instanceof Json.Str(var hex) ? hex : "")).toList();
        if (ids.isEmpty() || ids.size() > CHUNKS_MAX) throw new MalformedPayload(member + ": 1 to " + CHUNKS_MAX + " chunks");
        return ids;
    }

    /// All the chunks that it names, and so cannot be admitted without.
    public List<ChunkId> chunks() {
        return event.chunks();
    }

    // what the chunks say

    /// Where a branch ended, and the signature that proves all of it.
    record End(EventRef ref, byte[] signature) {
        Tip tip() {
            return new Tip(ref.chain(), 0, ref.seq(), ref.id(), Hlc.ZERO);
        }
    }

    /// @param tips signed events
    static List<Chunk> ofTips(List<Event> tips) {
        return pack(tips.stream().map(tip -> ByteBuffer.allocate(TIP_BYTES).put(tip.chain().origin().bytes()).put(tip.chain().epoch().bytes())
            .putLong(tip.seq()).put(tip.id().bytes()).put(tip.signature().orElseThrow(() -> new IllegalArgumentException("a tip is signed"))).array()).toList());
    }

    /// @throws MalformedPayload when these are no tips
    static List<End> ends(List<byte[]> chunks) {
        var ends = new ArrayList<End>();
        for (var chunk : chunks) {
            if (chunk.length % TIP_BYTES != 0) throw new MalformedPayload("a frontier is a list of tips");
            for (var in = ByteBuffer.wrap(chunk); in.hasRemaining(); ) {
                var chain = new ChainId(NodeId.of(take(in, ID_BYTES)), Epoch.of(take(in, EPOCH_BYTES)));
                long seq = in.getLong();
                if (seq < 1) throw new MalformedPayload("a tip is an event");
                ends.add(new End(new EventRef(EventId.of(take(in, ID_BYTES)), chain, seq), take(in, Event.SIGNATURE_BYTES)));
            }
        }
        return ends;
    }

    static List<Chunk> ofIds(List<ChunkId> ids) {
        return pack(ids.stream().map(ChunkId::bytes).toList());
    }

    /// @throws MalformedPayload when these are no ids
    static List<ChunkId> ids(List<byte[]> chunks) {
        var ids = new ArrayList<ChunkId>();
        for (var chunk : chunks) {
            if (chunk.length % ID_BYTES != 0) throw new MalformedPayload("a list of segments is a list of ids");
            for (var in = ByteBuffer.wrap(chunk); in.hasRemaining(); ) ids.add(ChunkId.of(take(in, ID_BYTES)));
        }
        return ids;
    }

    /// @param events whole and signed
    static List<Chunk> ofControl(List<Event> events) {
        return pack(events.stream().map(event -> ByteBuffer.allocate(Integer.BYTES + event.payload().length + Event.SIGNATURE_BYTES).putInt(event.payload().length)
            .put(event.payload()).put(event.signature().orElseThrow(() -> new IllegalArgumentException("a control event is signed"))).array()).toList());
    }

    /// @return well-formed control events; nothing of them was verified
    /// @throws MalformedPayload when these are no events
    static List<Event> control(List<byte[]> chunks) {
        var events = new ArrayList<Event>();
        for (var chunk : chunks)
            for (var in = ByteBuffer.wrap(chunk); in.hasRemaining(); ) {
                int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
                if (length < 0 || length > in.remaining() - Event.SIGNATURE_BYTES) throw new MalformedPayload("a control event is cut off");
                var event = Event.read(take(in, length), take(in, Event.SIGNATURE_BYTES));
                if (!ControlType.isControl(event.type())) throw new MalformedPayload("what decides about a space is a control event: " + event);
                events.add(event);
            }
        return events;
    }

    private static byte[] take(ByteBuffer in, int bytes) {
        var taken = new byte[bytes];
        in.get(taken);
        return taken;
    }

    /// One chunk at least: an empty list has a chunk, too.
    private static List<Chunk> pack(List<byte[]> items) {
        var chunks = new ArrayList<Chunk>();
        var open = new ByteArrayOutputStream();
        for (var item : items) {
            if (open.size() > 0 && open.size() + item.length > Chunk.BYTES_MAX) {
                chunks.add(Chunk.of(open.toByteArray()));
                open.reset();
            }
            open.writeBytes(item);
        }
        chunks.add(Chunk.of(open.toByteArray()));
        return chunks;
    }
}

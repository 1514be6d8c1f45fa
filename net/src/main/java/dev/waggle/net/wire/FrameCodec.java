package dev.waggle.net.wire;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.PeerRecord;
import dev.waggle.sync.protocol.Ticket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The binary form of frames (docs/protocol-frames.md). Stateless and thread-safe.
///
/// Reading is strict: an unknown kind, a number out of range, a list longer than its limit or a byte too many is [MalformedPayload]. Limits are
/// checked before anything is allocated.
public final class FrameCodec {
    /// The feature in [Frame.Hello] that allows compressed frames: both sides offer it or nobody compresses.
    public static final String ZSTD = "zstd";

    public static final int FEATURE_BYTES_MAX = 64;
    public static final int NONCE_BYTES = 32;
    public static final int TICKET_BYTES_MAX = Ticket.BYTES_MAX;
    /// Of one place of a forked chain.
    public static final int BRANCHES_MAX = Frame.BRANCHES_MAX;
    public static final int ADDRESS_BYTES_MAX = 300;
    public static final int CODE_BYTES_MAX = Frame.CODE_BYTES_MAX;
    public static final int MESSAGE_BYTES_MAX = Frame.MESSAGE_BYTES_MAX;

    private static final int HASH = 32;
    private static final int TIP_BYTES_MIN = 32 + 16 + 1 + 32 + 1 + 1;
    private static final int EVENT_BYTES_MIN = 2;
    private static final int TOLD_BYTES_MIN = 1 + Event.SIGNATURE_BYTES + 1;

    /// The first byte of a frame. Numbers are never given a second meaning.
    private static final int HELLO = 1, PROOF = 2, REDEEM = 3, WELCOME = 4, REFUSED = 5, SPACES = 6, SHARED_SPACES = 7, HAVE = 8, TIPS = 9,
        EVENTS = 10, CHUNKS = 11, ACK = 12, WANT = 13, PROBE = 14, PLACES = 15, PING = 16, PONG = 17, BYE = 18, ADDRESSES = 19, REMOVED = 20, GOSSIP = 21, CHECKPOINT = 22, COMPRESSED = 122;

    private FrameCodec() {}

    /// @throws IllegalArgumentException when the frame breaks a limit of this class or is larger than [Frame#FRAME_BYTES_MAX]: a bug of the sender,
    ///                                  who splits what is too large
    public static byte[] encode(Frame frame) {
        return encode(frame, false);
    }

    /// @param compress both sides offered [#ZSTD]; used for frames of events, chunks and tips above 512 bytes, where it pays
    public static byte[] encode(Frame frame, boolean compress) {
        var out = new WireWriter(expectedBytes(frame));
        write(frame, out);
        var plain = out.toBytes();
        if (plain.length > Frame.FRAME_BYTES_MAX)
            throw new IllegalArgumentException("a frame of " + plain.length + " bytes: at most " + Frame.FRAME_BYTES_MAX);
        if (!compress || plain.length <= Compression.PLAIN_BYTES_MAX || !isCompressible(plain[0])) return plain;
        return Compression.wrap(COMPRESSED, plain).orElse(plain);
    }

    /// Reads one whole frame.
    ///
    /// @param bytesMax [Frame#FRAME_BYTES_MAX], or [Frame#BEFORE_AUTH_BYTES_MAX] before the handshake; holds for a compressed frame and for what is in it
    /// @throws MalformedPayload when the bytes are not one frame within the limits
    public static Frame decode(byte[] bytes, int bytesMax) {
        if (bytes.length > bytesMax) throw new MalformedPayload("a frame of " + bytes.length + " bytes: at most " + bytesMax);
        var in = new WireReader(bytes);
        int kind = in.octet();
        if (kind == COMPRESSED) {
            in = new WireReader(Compression.unwrap(in, bytesMax));
            kind = in.octet();
            if (!isCompressible(kind)) throw new MalformedPayload("a frame of kind " + kind + " is never compressed");
        }
        var frame = read(kind, in);
        in.end();
        return frame;
    }

    private static boolean isCompressible(int kind) {
        return kind == EVENTS || kind == CHUNKS || kind == TIPS;
    }

    private static int expectedBytes(Frame frame) {
        return switch (frame) {
            case Frame.Events(_, var events, _) -> 64 + events.stream().mapToInt(event -> event.payload().length + 80).sum();
            case Frame.Chunks(_, var chunks) -> 64 + chunks.stream().mapToInt(chunk -> chunk.bytes().length + 8).sum();
            case Frame.Tips(_, var tips, _) -> 64 + tips.size() * 100;
            default -> 256;
        };
    }

    private static void write(Frame frame, WireWriter out) {
        switch (frame) {
            case Frame.Hello(var versions, var features, var node, var nonce, var wallMs) -> out.octet(HELLO)
                .list(within(versions, Frame.VERSIONS_MAX), version -> out.number(version))
                .list(within(features, Frame.FEATURES_MAX), feature -> out.text(feature, FEATURE_BYTES_MAX))
                .fixed(node.bytes(), HASH).fixed(nonce, NONCE_BYTES).number(wallMs);
            case Frame.Proof(var signature) -> out.octet(PROOF).fixed(signature, Event.SIGNATURE_BYTES);
            case Frame.Redeem(var ticket, var signature) -> out.octet(REDEEM).bytes(ticket, TICKET_BYTES_MAX).fixed(signature, Event.SIGNATURE_BYTES);
            case Frame.Welcome(var space) -> out.octet(WELCOME).fixed(space.bytes(), HASH);
            case Frame.Refused(var code, var message) -> out.octet(REFUSED).text(code, CODE_BYTES_MAX).text(message, MESSAGE_BYTES_MAX);
            case Frame.Addresses(var addresses) -> out.octet(ADDRESSES)
                .list(within(addresses, Frame.ADDRESSES_MAX), address -> out.text(address, ADDRESS_BYTES_MAX));
            case Frame.Gossip(var records) -> out.octet(GOSSIP).list(within(records, Frame.TOLD_MAX), told -> out.bytes(told.record(), PeerRecord.BYTES_MAX)
                .fixed(told.signature(), Event.SIGNATURE_BYTES).octet(told.ttl()));
            case Frame.Spaces(var hashes) -> out.octet(SPACES).list(within(hashes, Frame.SPACES_MAX), hash -> out.fixed(hash, HASH));
            case Frame.Removed(var hash, var by) -> out.octet(REMOVED).fixed(hash, HASH).fixed(by.bytes(), HASH);
            case Frame.SharedSpaces(var hashes) -> out.octet(SHARED_SPACES).list(within(hashes, Frame.SPACES_MAX), hash -> out.fixed(hash, HASH));
            case Frame.Have(var space, var fingerprint, var tips, var lastOffset, var youHave) -> out.octet(HAVE)
                .fixed(space.bytes(), HASH).fixed(fingerprint, HASH).number(tips).number(lastOffset)
                .list(within(youHave, Frame.TIPS_MAX), tip -> writeTip(tip, out));
            case Frame.Tips(var space, var tips, var more) -> out.octet(TIPS).fixed(space.bytes(), HASH)
                .list(within(tips, Frame.TIPS_MAX), tip -> writeTip(tip, out)).octet(more ? 1 : 0);
            case Frame.Events(var space, var events, var upTo) -> out.octet(EVENTS).fixed(space.bytes(), HASH)
                .list(within(events, Frame.BATCH_EVENTS_MAX), event -> writeEvent(event, out)).number(upTo);
            case Frame.Chunks(var space, var chunks) -> out.octet(CHUNKS).fixed(space.bytes(), HASH)
                .list(within(chunks, Frame.WANT_MAX), chunk -> out.bytes(chunk.bytes()));
            case Frame.Ack(var space, var upTo, var accepted, var duplicate, var waiting, var held, var rejected, var pushedBack) -> out.octet(ACK)
                .fixed(space.bytes(), HASH).number(upTo).number(accepted).number(duplicate).number(waiting).number(held).number(rejected)
                .number(pushedBack);
            case Frame.Want(var space, var events, var chunks) -> out.octet(WANT).fixed(space.bytes(), HASH)
                .list(within(events, Frame.WANT_MAX), id -> out.fixed(id.bytes(), HASH))
                .list(within(chunks, Frame.WANT_MAX), id -> out.fixed(id.bytes(), HASH));
            case Frame.Checkpoint(var space, var checkpoint) -> writeEvent(checkpoint, out.octet(CHECKPOINT).fixed(space.bytes(), HASH));
            case Frame.Probe(var space, var chain, var seqs) -> {
                writeChain(chain, out.octet(PROBE).fixed(space.bytes(), HASH));
                out.list(within(seqs, Frame.PROBE_SEQS_MAX), seq -> out.number(seq));
            }
            case Frame.Places(var space, var chain, var seqs, var ids) -> {
                if (ids.size() != seqs.size()) throw new IllegalArgumentException("one list of ids for each place");
                writeChain(chain, out.octet(PLACES).fixed(space.bytes(), HASH));
                out.list(within(seqs, Frame.PROBE_SEQS_MAX), seq -> out.number(seq));
                for (var branches : ids) out.list(within(branches, BRANCHES_MAX), id -> out.fixed(id.bytes(), HASH));
            }
            case Frame.Ping(var token) -> out.octet(PING).token(token);
            case Frame.Pong(var token) -> out.octet(PONG).token(token);
            case Frame.Bye(var code, var message) -> {
                out.octet(BYE).text(code, CODE_BYTES_MAX).octet(message.isPresent() ? 1 : 0);
                message.ifPresent(text -> out.text(text, MESSAGE_BYTES_MAX));
            }
        }
    }

    private static Frame read(int kind, WireReader in) {
        return switch (kind) {
            case HELLO -> new Frame.Hello(in.list(Frame.VERSIONS_MAX, 1, () -> in.length(Integer.MAX_VALUE)),
                in.list(Frame.FEATURES_MAX, 1, () -> in.text(FEATURE_BYTES_MAX)), NodeId.of(in.fixed(HASH)), in.fixed(NONCE_BYTES), in.number(Hlc.WALL_MS_MAX));
            case PROOF -> new Frame.Proof(in.fixed(Event.SIGNATURE_BYTES));
            case REDEEM -> new Frame.Redeem(in.bytes(TICKET_BYTES_MAX), in.fixed(Event.SIGNATURE_BYTES));
            case WELCOME -> new Frame.Welcome(space(in));
            case REFUSED -> new Frame.Refused(in.text(CODE_BYTES_MAX), in.text(MESSAGE_BYTES_MAX));
            case SPACES -> new Frame.Spaces(in.list(Frame.SPACES_MAX, HASH, () -> in.fixed(HASH)));
            case REMOVED -> new Frame.Removed(in.fixed(HASH), EventId.of(in.fixed(HASH)));
            case SHARED_SPACES -> new Frame.SharedSpaces(in.list(Frame.SPACES_MAX, HASH, () -> in.fixed(HASH)));
            case HAVE -> new Frame.Have(space(in), in.fixed(HASH), in.length(Integer.MAX_VALUE), in.number(Json.INTEGER_MAX),
                in.list(Frame.TIPS_MAX, TIP_BYTES_MIN, () -> readTip(in)));
            case TIPS -> new Frame.Tips(space(in), in.list(Frame.TIPS_MAX, TIP_BYTES_MIN, () -> readTip(in)), in.flag());
            case EVENTS -> new Frame.Events(space(in), readEvents(in), in.number(Json.INTEGER_MAX));
            case CHUNKS -> new Frame.Chunks(space(in), in.list(Frame.WANT_MAX, 1, () -> Chunk.of(in.bytes(Chunk.BYTES_MAX))));
            case ACK -> new Frame.Ack(space(in), in.number(Json.INTEGER_MAX), count(in), count(in), count(in), count(in), count(in), count(in));
            case WANT -> new Frame.Want(space(in), in.list(Frame.WANT_MAX, HASH, () -> EventId.of(in.fixed(HASH))),
                in.list(Frame.WANT_MAX, HASH, () -> ChunkId.of(in.fixed(HASH))));
            case CHECKPOINT -> new Frame.Checkpoint(space(in), readEvent(in, null));
            case PROBE -> new Frame.Probe(space(in), readChain(in), in.list(Frame.PROBE_SEQS_MAX, 1, () -> in.number(Json.INTEGER_MAX)));
            case PLACES -> readPlaces(in);
            case PING -> new Frame.Ping(in.token());
            case PONG -> new Frame.Pong(in.token());
            case BYE -> new Frame.Bye(in.text(CODE_BYTES_MAX), in.flag() ? Optional.of(in.text(MESSAGE_BYTES_MAX)) : Optional.empty());
            case ADDRESSES -> new Frame.Addresses(in.list(Frame.ADDRESSES_MAX, 1, () -> in.text(ADDRESS_BYTES_MAX)));
            case GOSSIP -> new Frame.Gossip(in.list(Frame.TOLD_MAX, TOLD_BYTES_MIN, () -> new Frame.Told(in.bytes(PeerRecord.BYTES_MAX), in.fixed(Event.SIGNATURE_BYTES), in.octet())));
            default -> throw new MalformedPayload("unknown frame kind " + kind);
        };
    }

    private static Frame readPlaces(WireReader in) {
        var space = space(in);
        var chain = readChain(in);
        var seqs = in.list(Frame.PROBE_SEQS_MAX, 1, () -> in.number(Json.INTEGER_MAX));
        var ids = new ArrayList<List<EventId>>(seqs.size());
        for (int i = 0; i < seqs.size(); i++) ids.add(in.list(BRANCHES_MAX, HASH, () -> EventId.of(in.fixed(HASH))));
        return new Frame.Places(space, chain, seqs, List.copyOf(ids));
    }

    private static SpaceId space(WireReader in) {
        return SpaceId.of(in.fixed(HASH));
    }

    private static int count(WireReader in) {
        return in.length(Integer.MAX_VALUE);
    }

    private static void writeChain(ChainId chain, WireWriter out) {
        out.fixed(chain.origin().bytes(), HASH).fixed(chain.epoch().bytes(), 16);
    }

    private static ChainId readChain(WireReader in) {
        return new ChainId(NodeId.of(in.fixed(HASH)), Epoch.of(in.fixed(16)));
    }

    /// A tip without its branch number, which is local.
    private static void writeTip(Tip tip, WireWriter out) {
        writeChain(tip.chain(), out);
        out.number(tip.seq()).fixed(tip.id().bytes(), HASH).number(tip.ts().wallMs()).number(tip.ts().tick());
    }

    private static Tip readTip(WireReader in) {
        var chain = readChain(in);
        long seq = in.number(Json.INTEGER_MAX);
        if (seq < 1) throw new MalformedPayload("a chain's first event is 1");
        return new Tip(chain, 0, seq, EventId.of(in.fixed(HASH)), new Hlc(in.number(Hlc.WALL_MS_MAX), in.length(Hlc.TICK_MAX)));
    }

    private static void writeEvent(Event event, WireWriter out) {
        out.bytes(event.payload()).octet(event.signature().isPresent() ? 1 : 0);
        event.signature().ifPresent(signature -> out.fixed(signature, Event.SIGNATURE_BYTES));
    }

    private static List<Event> readEvents(WireReader in) {
        var last = new Event[1];
        return in.list(Frame.BATCH_EVENTS_MAX, EVENT_BYTES_MIN, () -> last[0] = readEvent(in, last[0]));
    }

    private static Event readEvent(WireReader in, Event before) {
        var payload = in.bytes(Event.PAYLOAD_BYTES_MAX);
        return Event.read(payload, in.flag() ? in.fixed(Event.SIGNATURE_BYTES) : null, before);
    }

    private static <T> List<T> within(List<T> items, int max) {
        if (items.size() > max) throw new IllegalArgumentException(items.size() + " items in a frame: at most " + max);
        return items;
    }
}

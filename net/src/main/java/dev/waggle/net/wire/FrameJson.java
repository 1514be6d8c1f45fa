package dev.waggle.net.wire;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.PeerRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The JSON form of frames: one object whose `frame` names the kind, members in snake case, ids and bytes as lower-case hexadecimal, events as in
/// [EventJson]. The same fields and limits as [FrameCodec]; for people, for golden files and for peers that cannot speak the binary form.
public final class FrameJson {
    /// Hexadecimal and escapes need up to this many times the bytes of the binary form.
    public static final int JSON_BYTES_MAX = 3 * Frame.FRAME_BYTES_MAX;

    private FrameJson() {}

    public static Json.Obj write(Frame frame) {
        return switch (frame) {
            case Frame.Hello(var versions, var features, var node, var nonce, var wallMs) -> Json.object("frame", "hello",
                "versions", array(versions, version -> Json.of((long) version)), "features", array(features, Json::of), "node", node.hex(),
                "nonce", Hex.of(nonce), "wall_ms", wallMs);
            case Frame.Proof(var signature) -> Json.object("frame", "proof", "signature", Hex.of(signature));
            case Frame.Redeem(var ticket, var signature) ->
                Json.object("frame", "redeem", "ticket", Hex.of(ticket), "signature", Hex.of(signature));
            case Frame.Welcome(var space) -> Json.object("frame", "welcome", "space", space.hex());
            case Frame.Refused(var code, var message) -> Json.object("frame", "refused", "code", code, "message", message);
            case Frame.Addresses(var addresses) -> Json.object("frame", "addresses", "addresses", array(addresses, Json::of));
            case Frame.Gossip(var records) -> Json.object("frame", "gossip", "records", array(records, told -> Json.object(
                "record", Hex.of(told.record()), "signature", Hex.of(told.signature()), "ttl", told.ttl())));
            case Frame.Spaces(var hashes) -> Json.object("frame", "spaces", "keyed_hashes", hexes(hashes));
            case Frame.SharedSpaces(var hashes) -> Json.object("frame", "shared_spaces", "keyed_hashes", hexes(hashes));
            case Frame.Removed(var hash, var by) -> Json.object("frame", "removed", "keyed_hash", Hex.of(hash), "by", by.hex());
            case Frame.Have(var space, var fingerprint, var tips, var lastOffset, var youHave) -> Json.object("frame", "have", "space", space.hex(),
                "fingerprint", Hex.of(fingerprint), "tips", tips, "last_offset", lastOffset, "you_have", array(youHave, FrameJson::tip));
            case Frame.Tips(var space, var tips, var more) ->
                Json.object("frame", "tips", "space", space.hex(), "tips", array(tips, FrameJson::tip), "more", more);
            case Frame.Events(var space, var events, var upTo) ->
                Json.object("frame", "events", "space", space.hex(), "events", array(events, EventJson::write), "up_to", upTo);
            case Frame.Chunks(var space, var chunks) ->
                Json.object("frame", "chunks", "space", space.hex(), "chunks", array(chunks, chunk -> Json.of(Hex.of(chunk.bytes()))));
            case Frame.Ack(var space, var upTo, var accepted, var duplicate, var waiting, var held, var rejected, var pushedBack) ->
                Json.object("frame", "ack", "space", space.hex(), "up_to", upTo, "accepted", accepted, "duplicate", duplicate, "waiting", waiting,
                    "held", held, "rejected", rejected, "pushed_back", pushedBack);
            case Frame.Want(var space, var events, var chunks) -> Json.object("frame", "want", "space", space.hex(),
                "events", array(events, id -> Json.of(id.hex())), "chunks", array(chunks, id -> Json.of(id.hex())));
            case Frame.Checkpoint(var space, var checkpoint) -> Json.object("frame", "checkpoint", "space", space.hex(), "checkpoint", EventJson.write(checkpoint));
            case Frame.Probe(var space, var chain, var seqs) ->
                Json.object("frame", "probe", "space", space.hex(), "chain", chain.text(), "seqs", array(seqs, Json::of));
            case Frame.Places(var space, var chain, var seqs, var ids) -> Json.object("frame", "places", "space", space.hex(), "chain", chain.text(),
                "seqs", array(seqs, Json::of), "ids", array(ids, branches -> array(branches, id -> Json.of(id.hex()))));
            case Frame.Ping(var token) -> Json.object("frame", "ping", "token", token(token));
            case Frame.Pong(var token) -> Json.object("frame", "pong", "token", token(token));
            case Frame.Bye(var code, var message) -> Json.object("frame", "bye", "code", code, "message", message.orElse(null));
        };
    }

    /// @throws MalformedPayload when the bytes are not one frame within the limits
    public static Frame read(byte[] bytes) {
        return read(StrictJson.object(bytes, JSON_BYTES_MAX));
    }

    /// @throws MalformedPayload when the object is not one frame within the limits
    public static Frame read(Json.Obj json) {
        try {
            return readKnown(json);
        } catch (IllegalArgumentException e) {           // ids and stamps say themselves what is wrong with them
            throw new MalformedPayload("frame: " + e.getMessage());
        }
    }

    private static Frame readKnown(Json.Obj json) {
        var kind = json.text("frame");
        return switch (kind) {
            case "hello" -> new Frame.Hello(list(json, "versions", Frame.VERSIONS_MAX, version -> whole(version, Integer.MAX_VALUE)),
                list(json, "features", Frame.FEATURES_MAX, Json::asText), new NodeId(json.text("node")), bytes(json, "nonce", FrameCodec.NONCE_BYTES),
                number(json, "wall_ms"));
            case "proof" -> new Frame.Proof(bytes(json, "signature", Event.SIGNATURE_BYTES));
            case "redeem" -> new Frame.Redeem(anyBytes(json.text("ticket"), FrameCodec.TICKET_BYTES_MAX), bytes(json, "signature", Event.SIGNATURE_BYTES));
            case "welcome" -> new Frame.Welcome(space(json));
            case "refused" -> new Frame.Refused(text(json, "code", FrameCodec.CODE_BYTES_MAX), text(json, "message", FrameCodec.MESSAGE_BYTES_MAX));
            case "addresses" -> new Frame.Addresses(list(json, "addresses", Frame.ADDRESSES_MAX, FrameJson::readAddress));
            case "gossip" -> new Frame.Gossip(list(json, "records", Frame.TOLD_MAX, told -> new Frame.Told(anyBytes(told.asObject().text("record"), PeerRecord.BYTES_MAX),
                bytes(told.asObject(), "signature", Event.SIGNATURE_BYTES), whole(Json.of(number(told.asObject(), "ttl")), 255))));
            case "spaces" -> new Frame.Spaces(hashes(json));
            case "shared_spaces" -> new Frame.SharedSpaces(hashes(json));
            case "removed" -> new Frame.Removed(bytes(json, "keyed_hash", 32), new EventId(json.text("by")));
            case "have" -> new Frame.Have(space(json), bytes(json, "fingerprint", 32), count(json, "tips"), number(json, "last_offset"),
                list(json, "you_have", Frame.TIPS_MAX, FrameJson::readTip));
            case "tips" -> new Frame.Tips(space(json), list(json, "tips", Frame.TIPS_MAX, FrameJson::readTip), flag(json, "more"));
            case "events" -> new Frame.Events(space(json), list(json, "events", Frame.BATCH_EVENTS_MAX, EventJson::read), number(json, "up_to"));
            case "chunks" -> new Frame.Chunks(space(json),
                list(json, "chunks", Frame.WANT_MAX, chunk -> Chunk.of(anyBytes(chunk.asText(), Chunk.BYTES_MAX))));
            case "ack" -> new Frame.Ack(space(json), number(json, "up_to"), count(json, "accepted"), count(json, "duplicate"), count(json, "waiting"),
                count(json, "held"), count(json, "rejected"), count(json, "pushed_back"));
            case "want" -> new Frame.Want(space(json), list(json, "events", Frame.WANT_MAX, id -> new EventId(id.asText())),
                list(json, "chunks", Frame.WANT_MAX, id -> new ChunkId(id.asText())));
            case "checkpoint" -> new Frame.Checkpoint(space(json), EventJson.read(json.object("checkpoint")));
            case "probe" -> new Frame.Probe(space(json), ChainId.parse(json.text("chain")), seqs(json));
            case "places" -> {
                var seqs = seqs(json);
                var ids = list(json, "ids", Frame.PROBE_SEQS_MAX, branches -> ids(branches.asArray()));
                if (ids.size() != seqs.size()) throw new MalformedPayload("one list of ids for each place");
                yield new Frame.Places(space(json), ChainId.parse(json.text("chain")), seqs, ids);
            }
            case "ping" -> new Frame.Ping(readToken(json));
            case "pong" -> new Frame.Pong(readToken(json));
            case "bye" -> new Frame.Bye(text(json, "code", FrameCodec.CODE_BYTES_MAX), json.textIfPresent("message"));
            default -> throw new MalformedPayload("unknown frame kind");
        };
    }

    private static Json tip(Tip tip) {
        return Json.object("chain", tip.chain().text(), "seq", tip.seq(), "id", tip.id().hex(),
            "ts", Json.array(Json.of(tip.ts().wallMs()), Json.of((long) tip.ts().tick())));
    }

    private static Tip readTip(Json json) {
        var tip = json.asObject();
        var ts = tip.array("ts");
        if (ts.size() != 2) throw new MalformedPayload("ts must be [wallMs, tick]");
        long seq = number(tip, "seq");
        if (seq < 1) throw new MalformedPayload("a chain's first event is 1");
        return new Tip(ChainId.parse(tip.text("chain")), 0, seq, new EventId(tip.text("id")),
            new Hlc(ts.get(0).asInteger(), whole(ts.get(1), Hlc.TICK_MAX)));
    }

    private static <T> Json.Arr array(List<T> items, Function<T, Json> write) {
        return Json.array(items.stream().map(write).toList());
    }

    private static Json.Arr hexes(List<byte[]> values) {
        return array(values, value -> Json.of(Hex.of(value)));
    }

    private static Json token(long token) {
        return Json.of(java.util.HexFormat.of().toHexDigits(token));      // 64 bits are more than a JSON number carries
    }

    private static long readToken(Json.Obj json) {
        return Long.parseUnsignedLong(Hex.of(bytes(json, "token", 8)), 16);
    }

    private static <T> List<T> list(Json.Obj json, String name, int max, Function<Json, T> read) {
        var items = json.array(name);
        if (items.size() > max) throw new MalformedPayload("\"" + name + "\" has more than " + max + " items");
        var values = new ArrayList<T>(items.size());
        for (var item : items) values.add(read.apply(item));
        return List.copyOf(values);
    }

    private static List<EventId> ids(List<Json> branches) {
        if (branches.size() > FrameCodec.BRANCHES_MAX) throw new MalformedPayload("more than " + FrameCodec.BRANCHES_MAX + " branches");
        return branches.stream().map(id -> new EventId(id.asText())).toList();
    }

    private static List<byte[]> hashes(Json.Obj json) {
        return list(json, "keyed_hashes", Frame.SPACES_MAX, hash -> EventJson.bytes(hash.asText(), 32));
    }

    private static List<Long> seqs(Json.Obj json) {
        return list(json, "seqs", Frame.PROBE_SEQS_MAX, seq -> notNegative(seq.asInteger()));
    }

    private static SpaceId space(Json.Obj json) {
        return new SpaceId(json.text("space"));
    }

    private static String text(Json.Obj json, String name, int max) {
        var text = json.text(name);
        if (text.length() > max) throw new MalformedPayload("\"" + name + "\" is longer than " + max);
        return text;
    }

    private static String readAddress(Json json) {
        var text = json.asText();
        if (text.length() > FrameCodec.ADDRESS_BYTES_MAX) throw new MalformedPayload("an address is longer than " + FrameCodec.ADDRESS_BYTES_MAX);
        return text;
    }

    private static byte[] bytes(Json.Obj json, String name, int length) {
        return EventJson.bytes(json.text(name), length);
    }

    private static byte[] anyBytes(String text, int max) {
        if (text.length() > max * 2) throw new MalformedPayload("more than " + max + " bytes");
        return EventJson.bytes(text, text.length() / 2);
    }

    private static long number(Json.Obj json, String name) {
        return notNegative(json.integer(name));
    }

    private static long notNegative(long value) {
        if (value < 0) throw new MalformedPayload("a number is negative");
        return value;
    }

    private static int count(Json.Obj json, String name) {
        return whole(Json.of(number(json, name)), Integer.MAX_VALUE);
    }

    private static int whole(Json json, int max) {
        long value = notNegative(json.asInteger());
        if (value > max) throw new MalformedPayload("a number is larger than " + max);
        return (int) value;
    }

    private static boolean flag(Json.Obj json, String name) {
        if (json.get(name).orElse(null) instanceof Json.Bool(var value)) return value;
        throw new MalformedPayload("member \"" + name + "\" must be true or false");
    }
}

package dev.waggle.net.http;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.net.wire.EventJson;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.PeerRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The bodies of `/sync/v1` and `/api/v0`, both ways.
final class SyncV1Json {
    static final int SPACES_MAX = 1_000;
    static final int IDS_MAX = 500;

    private SyncV1Json() {}

    static Json.Arr events(List<Event> events) {
        return Json.array(events.stream().map(EventJson::write).toList());
    }

    static List<Event> readEvents(List<Json> items, int eventsMax) {
        if (items.size() > eventsMax) throw new MalformedPayload("at most " + eventsMax + " events at once");
        var events = new ArrayList<Event>(items.size());
        for (int i = 0; i < items.size(); i++) {
            try {
                events.add(EventJson.read(items.get(i)));
            } catch (MalformedPayload e) {
                throw new MalformedPayload("event " + i + ": " + e.getMessage());
            }
        }
        return events;
    }

    static Json.Obj answer(Admission admission) {
        var id = admission.event().id().hex();
        return switch (admission) {
            case Admission.Accepted _ -> Json.object("id", id, "result", "accepted");
            case Admission.Duplicate _ -> Json.object("id", id, "result", "duplicate");
            case Admission.Waiting _ -> Json.object("id", id, "result", "waiting");
            case Admission.Held(_, var untilMs) -> Json.object("id", id, "result", "held", "until_ms", untilMs);
            case Admission.Rejected(_, var reason) ->
                Json.object("id", id, "result", "rejected", "reason", reason.name().toLowerCase(java.util.Locale.ROOT), "message", reason.sentence());
            case Admission.PushedBack _ -> Json.object("id", id, "result", "pushed_back");
        };
    }

    static Json.Obj status(SyncV1Handler.Status status) {
        return Json.object("local_seq", status.localSeq(), "peers", Json.array(status.peers().stream()
            .map(peer -> Json.object("id", peer.id().hex(), "status", peer.status(), "last_sync", peer.lastSyncMs().orElse(null), "lag", peer.lag())).toList()));
    }

    static Json.Obj seqByKey(SortedMap<String, Long> seqs) {
        var members = new TreeMap<String, Json>();
        seqs.forEach((key, seq) -> members.put(key, Json.of(seq)));
        return new Json.Obj(members);
    }

    static SortedMap<String, Long> readSeqByKey(Json.Obj json) {
        if (json.members().size() > SPACES_MAX) throw new MalformedPayload("at most " + SPACES_MAX + " spaces at once");
        var seqs = new TreeMap<String, Long>();
        json.members().forEach((key, seq) -> seqs.put(key, notNegative(seq.asInteger())));
        return seqs;
    }

    static Json knownPeers(List<SyncV1Handler.KnownPeer> peers) {
        return Json.array(peers.stream().map(peer -> Json.object("sync_endpoint", peer.syncEndpoint(), "name", peer.name(), "shared_hives", Json.array(peer.sharedHives().stream().map(Json::of).toList()),
            "signing_key", peer.signingKey().hex(), "ttl", peer.ttl(), "record", Hex.of(peer.record()), "signature", Hex.of(peer.signature()))).toList());
    }

    /// What nobody signed is left out: an address in somebody else's words is not worth a connection.
    static List<SyncV1Handler.KnownPeer> readKnownPeers(List<Json> json) {
        if (json.size() > Frame.TOLD_MAX) throw new MalformedPayload("at most " + Frame.TOLD_MAX + " known peers");
        var peers = new ArrayList<SyncV1Handler.KnownPeer>();
        for (var each : json) {
            var peer = each.asObject();
            if (peer.get("record").isEmpty()) continue;
            var record = peer.text("record");
            if (record.length() > 2 * PeerRecord.BYTES_MAX) throw new MalformedPayload("a record of a peer is too long");
            var key = peer.text("signing_key");
            if (!Hex.isLower(key, 64)) throw new MalformedPayload("signing_key is 64 lower-case hexadecimal digits");
            peers.add(new SyncV1Handler.KnownPeer("", "", List.of(), new NodeId(key), (int) Math.clamp(notNegative(peer.integer("ttl")), 0, Integer.MAX_VALUE), EventJson.bytes(record, record.length() / 2),
                EventJson.bytes(peer.text("signature"), Event.SIGNATURE_BYTES)));
        }
        return peers;
    }

    static Json.Obj seqBySpace(SortedMap<SpaceId, Long> seqs) {
        var members = new TreeMap<String, Json>();
        seqs.forEach((space, seq) -> members.put(space.hex(), Json.of(seq)));
        return new Json.Obj(members);
    }

    static SortedMap<SpaceId, Long> readSeqBySpace(Json.Obj json) {
        if (json.members().size() > SPACES_MAX) throw new MalformedPayload("at most " + SPACES_MAX + " spaces at once");
        var seqs = new TreeMap<SpaceId, Long>();
        json.members().forEach((space, seq) -> seqs.put(readSpace(space), notNegative(seq.asInteger())));
        return seqs;
    }

    static SpaceId readSpace(String text) {
        try {
            return new SpaceId(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(e.getMessage());
        }
    }

    static List<EventId> readIds(List<Json> items) {
        if (items.size() > IDS_MAX) throw new MalformedPayload("at most " + IDS_MAX + " ids at once");
        try {
            return items.stream().map(item -> new EventId(item.asText())).toList();
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(e.getMessage());
        }
    }

    static Json.Arr ids(List<EventId> ids) {
        return Json.array(ids.stream().map(id -> Json.of(id.hex())).toList());
    }

    static long notNegative(long value) {
        if (value < 0) throw new MalformedPayload("a sequence is not negative");
        return value;
    }
}

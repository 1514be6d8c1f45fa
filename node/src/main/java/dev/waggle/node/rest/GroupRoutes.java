package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Entry;
import dev.waggle.net.wire.EventJson;
import dev.waggle.node.Node;
import dev.waggle.node.PeerHealth;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.SyncPeer;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.SyncStatus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sync groups, as the hive API calls spaces: a group is a space, its name the hive's, its id the space's. Every space of a node is exchanged with its members, so a group is there as
/// soon as the space is; to "create" one is to say its name.
final class GroupRoutes {
    private static final int PAGE_MAX = 500;
    private static final int PAGE_BYTES_MAX = 4 << 20;
    private final Node node;

    GroupRoutes(Node node) {
        this.node = node;
    }

    List<Route> routes() {
        var group = "`id`, `sync_group_name`, `hive_name`, `created_by_instance_id`, `instance_signing_key`, `local_seq`, `status` (active, or error with `last_error`: it cannot be stored here), `peers` (each with `id`, `name`, `status`, `lag`, `last_sync`).";
        return List.of(
            new Route("POST", "/api/v1/sync/groups", false, "The sync group of a hive", List.of(Route.needed("hive_name", "the name of a space here")), group, request ->
                Reply.of(group(named(request.text("hive_name"))))),
            new Route("GET", "/api/v1/sync/groups", false, "The sync groups of this node", List.of(), "`groups`, each as below.", _ -> Reply.of(Json.object("groups", groups()))),
            new Route("GET", "/api/v1/sync/groups/{group}", false, "One sync group with its peers", List.of(), group, request -> Reply.of(group(find(request)))),
            new Route("POST", "/api/v1/sync/groups/join", false, "Join a group with a ticket, without a file", List.of(Route.needed("ticket", "what `invite` printed"),
                Route.text("hive_name", "what to call it here")), group, request -> Reply.of(group(node.join(request.text("ticket"), request.optional("hive_name"))))),
            new Route("POST", "/api/v1/sync/groups/{group}/join", false, "The same, for a group whose id is known", List.of(Route.needed("ticket", "what `invite` printed"),
                Route.text("hive_name", "what to call it here")), group, this::join),
            new Route("DELETE", "/api/v1/sync/groups/{group}", false, "Leave the group: this node alone, nobody else", List.of(), "`ok`, `told` (some peer knows).", request ->
                Reply.of(Json.object("ok", true, "told", node.leave(find(request))))),
            new Route("POST", "/api/v1/sync/groups/{group}/resync", false, "Compare the whole log with a peer again", List.of(Route.text("peer", "the beginning of its id; else all")),
                "`peers`: with how many.", request -> Reply.of(Json.object("peers", node.peers().resync(find(request).id(), request.optional("peer").map(node.peers()::find))))),
            new Route("GET", "/api/v1/sync/groups/{group}/events", false, "The local event log, for a look", List.of(Route.number("since", "the sequence to begin behind"),
                Route.number("limit", "at most 500; 100 unless told")), "`events`, `next_seq`, `has_more`.", this::events),
            new Route("GET", "/api/v1/federation/status", false, "How far every peer of every group is", List.of(), "`sync`: `groups`, each with `name`, `local_seq`, `peers`.", _ ->
                Reply.of(Json.object("sync", Json.object("groups", federation())))));
    }

    private Reply join(Request request) {
        var joined = node.join(request.text("ticket"), request.optional("hive_name"));
        if (!joined.id().hex().equals(request.path().get("group")))
            throw new Problem(ErrorCode.BAD_REQUEST, "The ticket is for another group; this node is in that one now.", "Ask for a ticket to this group.");
        return Reply.of(group(joined));
    }

    private SpaceRuntime named(String hive) {
        return node.spaces().stream().filter(space -> space.name().equals(hive)).findFirst().orElseThrow(() ->
            new Problem(ErrorCode.NOT_FOUND, "There is no hive of this name here.", "Create it, or join it with a ticket; `waggle space list` names those that are here."));
    }

    private SpaceRuntime find(Request request) {
        return node.space(request.path().get("group"));
    }

    private Json groups() {
        return Json.array(node.spaces().stream().map(this::group).toList());
    }

    private Json.Obj group(SpaceRuntime space) {
        var log = space.log();
        var genesis = log.find(new dev.waggle.core.event.EventId(space.id().hex()));
        long seq = log.state().lastOffset();
        return Json.object("id", space.id().hex(), "hive_id", space.id().hex(), "hive_name", space.name(), "sync_group_name", space.name(),
            "created_by_instance_id", genesis.map(entry -> entry.event().chain().origin().hex()).orElse(null), "instance_signing_key", node.id().hex(),
            "created_at", genesis.map(entry -> time(entry.event().envelope().ts().wallMs())).orElse(null), "seq", seq, "local_seq", seq, "peers", peers(space, true), "status", trouble(space).isEmpty() ? "active" : "error", "last_error", trouble(space).<Json>map(Json::of).orElse(Json.NULL));
    }

    /// Why this node cannot follow the group now: mostly a full disk. What it lacks comes when that is over.
    private Optional<String> trouble(SpaceRuntime space) {
        return node.peers().trouble().or(() -> Optional.of(space.trouble())).filter(text -> !text.isEmpty())
            .or(() -> space.view().map(view -> view.status().trouble())).filter(text -> !text.isEmpty());
    }

    private Json federation() {
        return Json.array(node.spaces().stream().map(space -> Json.object("name", space.name(), "local_seq", space.log().state().lastOffset(), "peers", peers(space, false))).toList());
    }

    /// Members that this node knows as peers. What was muted is "paused": it is in no exchange, and so the engine does not speak of it.
    private Json peers(SpaceRuntime space, boolean inFull) {
        var out = new ArrayList<Json>();
        for (var peer : node.peers().status().peers()) {
            if (!space.log().state().members().containsKey(peer.node())) continue;
            var share = peer.spaces().stream().filter(each -> each.space().equals(space.id())).findFirst();
            long sent = node.peers().sent(peer.node(), space.id());
            long lag = share.map(SyncStatus.ShareStatus::lagEvents).orElse(Math.max(0, space.log().state().lastOffset() - sent));
            var json = Json.object("name", name(peer), "status", status(peer, share), "lag", lag, "last_sync", time(peer.lastSyncMs()));
            out.add(!inFull ? json : json.with("id", Json.of(peer.node().hex())).with("peer_swarm_id", Json.of(peer.node().hex())).with("peer_endpoint", Json.of(peer.address()))
                .with("peer_signing_key", Json.of(peer.node().hex())).with("source", Json.of(peer.source().wire())).with("last_seq_sent", Json.of(sent))
                .with("last_error", peer.lastError().isEmpty() ? Json.NULL : Json.of(peer.lastError())).with("failures", Json.of((long) peer.failures())));
        }
        return Json.array(out);
    }

    private String name(SyncStatus.PeerStatus peer) {
        return node.peers().named().of(peer.node()).map(SyncPeer::name).filter(name -> !name.isEmpty()).orElse(peer.name().isEmpty() ? brief(peer.node()) : peer.name());
    }

    private static String brief(NodeId node) {
        return "node " + node.brief();
    }

    /// `active`, `paused`, `backfilling`, `error`: ten failed attempts in a row are an error, and one that works ends it.
    private static String status(SyncStatus.PeerStatus peer, Optional<SyncStatus.ShareStatus> share) {
        if (share.isEmpty() || !share.get().whole()) return "paused";
        if (peer.state() != SyncStatus.PeerState.CONNECTED) return PeerHealth.isError(peer) || peer.state() == SyncStatus.PeerState.UNREACHABLE ? "error" : "active";
        return share.get().agreed() || share.get().lagEvents() == 0 && !share.get().differs() ? "active" : "backfilling";
    }

    private Reply events(Request request) {
        var log = find(request).log();
        long since = request.number("since", 0, 0, Json.INTEGER_MAX);
        var entries = log.read(since, (int) request.number("limit", 100, 1, PAGE_MAX), PAGE_BYTES_MAX);
        var events = new ArrayList<Json>();
        for (var entry : entries)
            if (entry instanceof Entry.Admitted(var offset, var event, var verdict))
                events.add(EventJson.write(event).with("seq", Json.of(offset)).with("event_type", Json.of(event.type())).with("origin_instance_id", Json.of(event.chain().origin().hex()))
                    .with("origin_ts", Json.of(event.envelope().ts().wallMs())).with("verdict", Json.of(verdict.name().toLowerCase(java.util.Locale.ROOT))));
        long next = entries.isEmpty() ? since : entries.getLast().offset();
        return Reply.of(Json.object("events", Json.array(events), "next_seq", next, "has_more", next < log.state().lastOffset()));
    }

    static String time(long wallMs) {
        return wallMs == 0 ? "" : Instant.ofEpochMilli(wallMs).toString();
    }
}

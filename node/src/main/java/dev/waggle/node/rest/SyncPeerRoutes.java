package dev.waggle.node.rest;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.Node;
import dev.waggle.node.PeerHealth;
import dev.waggle.node.SyncPeer;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.GossipSettings;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Peers by their endpoints, as the hive API has them: those that were named here, and after them those that tickets, hubs and other peers brought.
final class SyncPeerRoutes {
    private final Node node;

    SyncPeerRoutes(Node node) {
        this.node = node;
    }

    List<Route> routes() {
        var peer = "`id`, `name`, `sync_endpoint`, `shared_hives`, `signing_key`, `status` (pending, active, error, unreachable), `source` (manual, hub, met, gossip), `gossip_ttl`, `last_heartbeat_at`, `last_error`.";
        var fields = List.of(Route.text("name", "for people"), Route.text("sync_endpoint", "https://host:port/sync/v1"), Route.texts("shared_hives", "names of spaces; none for all"),
            Route.text("signing_key", "its id; else of whoever proves to be there"), Route.number("gossip_ttl", "over how many hops others are told of it, 0 to 2"));
        return List.of(
            new Route("POST", "/api/v1/sync/peers", false, "Name a peer by its endpoint", fields, peer, this::add),
            new Route("GET", "/api/v1/sync/peers", false, "The peers and how they are", List.of(), "`peers`, each as above.", _ -> Reply.of(Json.object("peers", Json.array(list())))),
            new Route("POST", "/api/v1/sync/tokens/rotate", false, "Every session token of peers and hubs is replaced", List.of(), "`ok`.", _ -> {
                node.peers().rotateTokens();
                return Reply.of(Json.object("ok", true));
            }),
            new Route("PATCH", "/api/v1/sync/peers/{peer}", false, "Change what was said of a peer", fields, peer, this::change),
            new Route("DELETE", "/api/v1/sync/peers/{peer}", false, "Forget a peer; others do not bring it back", List.of(), "`ok`.", this::remove),
            new Route("POST", "/api/v1/sync/peers/{peer}/test", false, "Ask who answers at the endpoint; at most ten times a minute", List.of(),
                "`reached`, `outcome` (reached, another_node, refused, no_answer), `ms`.", request -> {
                    var tested = node.peers().named().test(named(request));
                    return Reply.of(Json.object("reached", tested.reached(), "outcome", tested.outcome(), "ms", tested.ms()));
                }));
    }

    private Reply add(Request request) {
        var peer = SyncPeer.of(request.optional("name").orElse(""), request.text("sync_endpoint"), request.texts("shared_hives"), key(request), ttl(request, Peer.TTL_OF_SOURCE), false);
        return new Reply.Document(201, json(node.peers().named().add(peer)));
    }

    private Reply change(Request request) {
        var old = named(request);
        var endpoint = request.optional("sync_endpoint").orElse(old.endpoint());
        var known = key(request).or(() -> endpoint.equals(old.endpoint()) ? old.node() : Optional.empty());
        var changed = SyncPeer.of(request.optional("name").orElse(old.name()), endpoint, request.body().get("shared_hives").isPresent() ? request.texts("shared_hives") : old.hives(), known,
            ttl(request, old.ttl()), false);
        return Reply.of(json(node.peers().named().change(old, changed)));
    }

    private Reply remove(Request request) {
        var id = request.path().get("peer");
        var named = node.peers().named().find(id);
        if (named.isPresent()) node.peers().named().remove(named.get());
        else node.peers().remove(node.peers().find(id));
        return Reply.of(Json.object("ok", true));
    }

    private SyncPeer named(Request request) {
        return node.peers().named().find(request.path().get("peer")).orElseThrow(() ->
            new Problem(ErrorCode.NOT_FOUND, "No peer of this id was named here.", "GET /api/v1/sync/peers lists them; those of other sources cannot be changed."));
    }

    private static Optional<NodeId> key(Request request) {
        var key = request.optional("signing_key");
        if (key.isPresent() && !Hex.isLower(key.get(), 64)) throw new Problem(ErrorCode.BAD_REQUEST, "The signing_key is no node id.", "Send 64 lower-case hexadecimal digits.");
        return key.map(NodeId::new);
    }

    private static int ttl(Request request, int otherwise) {
        return (int) request.number("gossip_ttl", otherwise, Peer.TTL_OF_SOURCE, GossipSettings.TTL_MAX);
    }

    private List<Json> list() {
        var out = new ArrayList<Json>();
        var listed = new HashSet<NodeId>();
        for (var peer : node.peers().named().list()) {
            out.add(json(peer));
            peer.node().ifPresent(listed::add);
        }
        for (var peer : node.peers().status().peers()) if (!listed.contains(peer.node())) out.add(json(peer.node().hex(), peer));
        return out;
    }

    private Json.Obj json(SyncPeer peer) {
        var status = peer.node().flatMap(node.peers().status()::peer);
        if (status.isPresent()) return json(peer.id(), status.get()).with("name", Json.of(peer.name())).with("sync_endpoint", Json.of(peer.endpoint()))
            .with("shared_hives", peer.hives().isEmpty() ? shared(status.get()) : Json.array(peer.hives().stream().map(Json::of).toList()))
            .with("gossip_ttl", Json.of((long) (peer.ttl() < 0 ? node.settings().sync().engine().gossip().defaultTtl() : peer.ttl())));
        var error = node.peers().named().error(peer);
        return Json.object("id", peer.id(), "name", peer.name(), "sync_endpoint", peer.endpoint(), "shared_hives", Json.array(peer.hives().stream().map(Json::of).toList()),
            "signing_key", peer.node().map(NodeId::hex).orElse(null), "status", error.isEmpty() ? "pending" : "error", "source", "manual", "is_manual", true, "last_heartbeat_at", null,
            "last_error", error.isEmpty() ? null : error);
    }

    private Json.Obj json(String id, SyncStatus.PeerStatus peer) {
        var state = switch (peer.state()) {
            case CONNECTED -> "active";
            case UNREACHABLE -> "unreachable";
            case DIALLING, WAITING -> PeerHealth.isError(peer) ? "error" : "pending";
        };
        return Json.object("id", id, "name", peer.name(), "sync_endpoint", peer.address().isEmpty() ? "" : "https://" + peer.address() + "/sync/v1", "shared_hives", shared(peer),
            "signing_key", peer.node().hex(), "status", state, "source", peer.source().wire(), "is_manual", peer.source() == dev.waggle.sync.protocol.PeerSource.MANUAL,
            "last_heartbeat_at", peer.lastSyncMs() == 0 ? null : GroupRoutes.time(peer.lastSyncMs()), "last_error", peer.lastError().isEmpty() ? null : peer.lastError());
    }

    private Json shared(SyncStatus.PeerStatus peer) {
        return Json.array(peer.spaces().stream().flatMap(share -> node.space(share.space()).stream()).<Json>map(space -> Json.of(space.name())).toList());
    }
}

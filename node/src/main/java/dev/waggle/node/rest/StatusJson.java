package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.core.log.Role;
import dev.waggle.node.Node;
import dev.waggle.node.Peers;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.Version;
import dev.waggle.store.capture.FollowStatus;
import dev.waggle.sync.protocol.SyncStatus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How node, spaces and peers stand, as JSON.
final class StatusJson {
    private StatusJson() {}

    static Json.Obj node(Node node) {
        var notes = new ArrayList<Json>();
        if (node.isNewLife() && !node.spaces().isEmpty()) notes.add(Json.of("The data folder is not as this node left it (a backup, a copy, or another machine): "
            + "it goes on under new epochs, and what it lacks comes from its peers."));
        node.logs().note().ifPresent(note -> notes.add(Json.of(Character.toUpperCase(note.charAt(0)) + note.substring(1) + ".")));
        var said = Json.object("node", node.id().hex(), "version", Version.TEXT, "data", node.settings().data().toString(), "state", node.state().toString(),
            "listen", node.peers().listening().orElse(null), "addresses", texts(node.peers().addresses()), "spaces", node.spaces().size(),
            "started_ms", node.startedMs(), "notes", Json.array(notes));
        return node.settings().database().map(address -> said.with("database", Json.of(address.toString()))).orElse(said);
    }

    static Json.Obj status(Node node) {
        var reasons = node.reasons();
        return Json.object("node", node.id().hex(), "ready", reasons.isEmpty(), "reasons", texts(reasons), "light", Light.of(node).json(),
            "last_sync_ms", node.peers().status().peers().stream().mapToLong(SyncStatus.PeerStatus::lastSyncMs).max().orElse(0),
            "spaces", Json.array(node.spaces().stream().map(space -> space(node, space)).toList()), "peers", peers(node),
            "strangers_refused", node.peers().refusals().strangers());
    }

    static Json.Obj space(Node node, SpaceRuntime space) {
        var state = space.log().state();
        var counts = space.log().counts();
        var follow = space.follower().map(follower -> follower.status());
        return Json.object("id", space.id().hex(), "name", space.name(), "role", space.role().map(Role::wire).orElse("none"),
            "type", space.type().orElse(null), "file", space.file().map(Object::toString).orElse(null), "members_count", state.members().size(),
            "events", counts.accepted() + counts.voided(), "log_offset", state.lastOffset(), "applied_offset", follow.map(FollowStatus::appliedOffset).orElse(null),
            "queue", follow.map(FollowStatus::queueDepth).orElse(null), "waiting", counts.waiting(), "held", counts.held(), "rejected", counts.rejected(),
            "conflicts", follow.map(FollowStatus::conflicts).orElse(0), "removed", node.peers().removedFrom(space.id()).isPresent(), "state", state(node, space));
    }

    private static String state(Node node, SpaceRuntime space) {
        if (node.peers().removedFrom(space.id()).isPresent()) return "removed from the space: what is written here has no effect on the others";
        if (!space.trouble().isEmpty()) return space.trouble();
        if (space.view().isPresent()) {
            var view = space.view().get().status();
            if (!view.trouble().isEmpty()) return view.trouble();
            return view.folded() >= space.log().state().lastOffset() ? "shows all of its log" : "follows its log";
        }
        if (space.follower().isPresent()) return space.follower().get().status().sentence();
        return space.role().isEmpty() ? "waiting to be a member" : "no file here";
    }

    static Json.Obj spaceInFull(Node node, SpaceRuntime space) {
        var members = new ArrayList<Json>();
        space.log().state().members().forEach((member, role) -> members.add(Json.object("node", member.hex(), "role", role.wire(),
            "self", member.equals(node.id()))));
        var counts = space.log().counts();
        var full = space(node, space).with("members", Json.array(members)).with("forks", Json.of((long) space.log().state().forks()))
            .with("chains", Json.of((long) space.log().state().tips().size())).with("epoch", Json.of(space.author().epoch().hex()))
            .with("received", Json.of(counts.received())).with("accepted", Json.of(counts.accepted())).with("void", Json.of(counts.voided()))
            .with("duplicate", Json.of(counts.duplicate())).with("quarantined", Json.of(counts.quarantined())).with("pushed_back", Json.of(counts.pushedBack()))
            .with("checkpoints_by", space.members().coordinator().<Json>map(id -> Json.of(id.hex())).orElse(Json.NULL))
            .with("fingerprint", Json.of(dev.waggle.core.event.Hex.of(space.log().state().fingerprint())));
        if (space.follower().isEmpty()) return full;
        var follow = space.follower().get().status();
        return full.with("refused_rows", texts(follow.refusedRows())).with("missing_tables", texts(follow.missingTables()))
            .with("keyless_rows", Json.of(follow.keylessRows())).with("last_error", Json.of(follow.lastError().orElse("")));
    }

    static Json peers(Node node) {
        var refused = node.peers().refusals().peer();
        var sync = node.peers().status();
        return Json.array(node.peers().list().stream().map(peer -> exchange(peer(peer).with("refused", Json.of(refused.getOrDefault(peer.node(), 0L))), node,
            sync.peer(peer.node()))).toList());
    }

    /// How far the exchange with a peer is, by space.
    private static Json.Obj exchange(Json.Obj peer, Node node, Optional<SyncStatus.PeerStatus> now) {
        var shares = now.map(SyncStatus.PeerStatus::spaces).orElse(List.of());
        return peer.with("lag", Json.of(now.map(SyncStatus.PeerStatus::lagEvents).orElse(0L))).with("agreed", Json.of(now.filter(SyncStatus.PeerStatus::agreed).isPresent()))
            .with("failures", Json.of((long) now.map(SyncStatus.PeerStatus::failures).orElse(0))).with("last_sync_ms", Json.of(now.map(SyncStatus.PeerStatus::lastSyncMs).orElse(0L)))
            .with("spaces", Json.array(shares.stream().<Json>map(share -> Json.object("space", share.space().hex(), "name", node.space(share.space()).map(SpaceRuntime::name).orElse(""),
                "open", share.open(), "whole", share.whole(), "agreed", share.agreed(), "differs", share.differs(), "lag", share.lagEvents())).toList()));
    }

    private static Json.Obj peer(Peers.Known peer) {
        return Json.object("node", peer.node().hex(), "name", peer.name(), "state", peer.state().name().toLowerCase(Locale.ROOT), "addresses", texts(peer.addresses()),
            "source", peer.source(), "last_seen", peer.lastSeenMs() == 0 ? "" : Instant.ofEpochMilli(peer.lastSeenMs()).toString(), "remark", peer.remark());
    }

    private static Json texts(List<String> texts) {
        return Json.array(texts.stream().map(Json::of).toList());
    }
}

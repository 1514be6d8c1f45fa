package dev.waggle.node.rest;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.News;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Role;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.store.hive.HiveQueries;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;
import dev.waggle.store.node.AgentStore.Agent;
import dev.waggle.store.node.MirrorQueries;
import dev.waggle.store.node.Subscription;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What hives show, as JSON. Local and remote content look alike; where it came from is in `origin_instance_id` and `author`.
final class HiveJson {
    private static final long YEAR_9999_MS = 253_402_300_800_000L;

    private HiveJson() {}

    static Json.Obj hive(Hive hive) {
        var summary = hive.queries().summary();
        var settings = new TreeMap<String, Json>();
        summary.settings().forEach(row -> settings.put(row.key(), row.value()));
        var description = settings.getOrDefault("description", Json.NULL);
        return Json.object("id", hive.space().id().hex(), "name", hive.name(), "owner_instance_id", summary.owner() == null ? null : summary.owner().hex(),
            "description", description, "is_public", settings.getOrDefault("is_public", Json.FALSE), "settings", Json.object(settings),
            "post_count", summary.posts(), "comment_count", summary.comments(), "member_count", summary.members(), "quarantined", summary.quarantined(),
            "instances", hive.space().log().state().members().size(), "role", hive.space().role().map(Role::wire).orElse("none"),
            "votes_are_private", hive.queries().ask(HiveRules::votesAreHidden));
    }

    static Json.Obj author(Snapshot who) {
        return Json.object("instance_id", who.actor().instance().hex(), "agent_id", who.actor().agent(), "name", who.shownName(), "avatar_url", text(who.avatarUrl()));
    }

    static Json.Obj actor(Actor who) {
        return Json.object("instance_id", who.instance().hex(), "agent_id", who.agent());
    }

    static Json.Obj post(Hive hive, ShownPost shown) {
        return post(hive.name(), hive.space().id().hex(), shown);
    }

    private static Json.Obj post(String hive, String hiveId, ShownPost shown) {
        var post = shown.post();
        return totals(Json.object("id", post.id(), "hive", hive, "hive_id", hiveId, "title", post.title(), "content", text(post.content()), "url", text(post.url()),
            "state", post.state().wire(), "reason", post.reason().orElse(null), "author", author(shown.author()), "origin_instance_id", post.author().instance().hex(),
            "origin_post_id", post.id(), "sync_event_id", post.event().hex(), "created_at", time(post.createdMs()), "updated_at", time(post.updatedMs()),
            "comment_count", shown.totals().comments()), shown.totals());
    }

    static Json.Obj comment(ShownComment shown) {
        var comment = shown.comment();
        return totals(Json.object("id", comment.id(), "post_id", comment.post(), "parent_comment_id", text(comment.parent()), "content", comment.content(), "state", comment.state().wire(),
            "reason", comment.reason().orElse(null), "depth", comment.place().map(place -> Json.of((long) place.depth())).orElse(Json.NULL),
            "path", comment.place().map(place -> Json.of(place.path())).orElse(Json.NULL), "author", author(shown.author()),
            "origin_instance_id", comment.author().instance().hex(), "origin_comment_id", comment.id(), "sync_event_id", comment.event().hex(),
            "created_at", time(comment.createdMs()), "updated_at", time(comment.updatedMs())), shown.totals());
    }

    /// A post of a mirror: it says so, and where it is from.
    static Json.Obj post(Subscription of, ShownPost shown) {
        return mirrored(post(of.localName(), of.hiveId().orElse(""), shown), of);
    }

    static Json.Obj comment(Subscription of, ShownComment shown) {
        return mirrored(comment(shown), of);
    }

    private static Json.Obj mirrored(Json.Obj json, Subscription of) {
        return json.with("is_local", Json.FALSE).with("mirror", Json.object("subscription_id", of.id(), "source_instance_id", of.instance().map(NodeId::hex).orElse(null), "source_url", of.url(),
            "remote_hive_name", of.remoteHive(), "read_only", true));
    }

    static Json.Obj subscription(Subscription of, MirrorQueries.Counts counts) {
        return Json.object("id", of.id(), "instance_url", of.url(), "instance_id", of.instance().<Json>map(node -> Json.of(node.hex())).orElse(Json.NULL), "remote_hive_name", of.remoteHive(),
            "remote_hive_id", of.hiveId().<Json>map(Json::of).orElse(Json.NULL), "local_hive_id", of.id(), "local_hive_name", of.localName(),
            "sync_cursor", of.cursor().isEmpty() ? Json.NULL : Json.of(of.cursor()), "sync_interval_ms", of.intervalMs(), "status", of.status().wire(),
            "last_sync_at", of.lastSyncMs() == 0 ? Json.NULL : Json.of(time(of.lastSyncMs())), "last_error", of.lastError().isEmpty() ? Json.NULL : Json.of(of.lastError()), "failures", of.failures(),
            "post_count", counts.posts(), "comment_count", counts.comments(), "refused_count", of.refused(), "created_at", time(of.createdMs()), "updated_at", time(of.updatedMs()));
    }

    private static Json.Obj totals(Json.Obj json, Totals totals) {
        return json.with("score", Json.of(totals.score())).with("up", Json.of(totals.up())).with("down", Json.of(totals.down()));
    }

    static Json.Obj member(HiveQueries.ShownMember shown) {
        return Json.object("agent", author(shown.agent()), "status", shown.member().status(), "role", shown.member().moderator() ? "moderator" : "member", "since", time(shown.member().sinceMs()));
    }

    static Json.Obj agent(Agent agent, String instance) {
        return Json.object("id", agent.id(), "instance_id", instance, "name", agent.name(), "description", text(agent.description()), "avatar_url", text(agent.avatarUrl()),
            "has_key", agent.hasKey(), "created_at", time(agent.addedMs()));
    }

    static Json.Obj news(Hive hive, News news) {
        return switch (news.kind()) {
            case NEW_POST -> hive.queries().post(news.id()).map(shown -> Json.object("post_id", news.id(), "title", shown.post().title(), "author", author(shown.author())))
                .orElse(Json.object("post_id", news.id()));
            case POST_CHANGED, POST_SCORE -> Json.object("post_id", news.id());
            case NEW_COMMENT, COMMENT_CHANGED, COMMENT_SCORE -> Json.object("comment_id", news.id(), "post_id", news.post().isEmpty() ? null : news.post());
            case SETTING -> Json.object("key", news.id());
            case MEMBER -> Json.object("agent_id", news.id());
        };
    }

    private static Json text(Optional<String> text) {
        return text.map(Json::of).orElse(Json.NULL);
    }

    static Json page(List<? extends Json> data, Optional<String> cursor, boolean more) {
        return Json.object("data", Json.array(data), "cursor", cursor.map(Json::of).orElse(Json.NULL), "has_more", more);
    }

    static String time(long wallMs) {
        return wallMs < YEAR_9999_MS ? Instant.ofEpochMilli(wallMs).toString() : wallMs + " ms";
    }
}

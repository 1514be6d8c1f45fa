package dev.waggle.apps.hive;

import dev.waggle.apps.hive.HiveChange.Created;
import dev.waggle.apps.hive.HiveChange.Deleted;
import dev.waggle.apps.hive.HiveChange.MemberAction;
import dev.waggle.apps.hive.HiveChange.MemberChanged;
import dev.waggle.apps.hive.HiveChange.ModeratorChanged;
import dev.waggle.apps.hive.HiveChange.Restored;
import dev.waggle.apps.hive.HiveChange.SettingChanged;
import dev.waggle.apps.hive.HiveChange.Updated;
import dev.waggle.apps.hive.HiveChange.Voted;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Hive events as JSON: the types and members of hive-sync section 3.4. Beyond them: `ids` names the versions that a change was based on, `imported`
/// says when something was written elsewhere, and `post_restored` / `comment_restored` take a deletion back.
///
/// Whatever an event says of its author has to be about the node that signed it: `author`, `updated_by`, `deleted_by`, `changed_by`, `by` and `voter` of
/// another instance make it malformed.
public final class HiveCodec {
    public static final String POST_CREATED = "post_created";
    public static final String POST_UPDATED = "post_updated";
    public static final String POST_DELETED = "post_deleted";
    public static final String POST_RESTORED = "post_restored";
    public static final String COMMENT_CREATED = "comment_created";
    public static final String COMMENT_UPDATED = "comment_updated";
    public static final String COMMENT_DELETED = "comment_deleted";
    public static final String COMMENT_RESTORED = "comment_restored";
    public static final String VOTE_CAST = "vote_cast";
    public static final String HIVE_SETTING_CHANGED = "hive_setting_changed";
    public static final String MEMBERSHIP_CHANGED = "membership_changed";
    public static final String MODERATOR_CHANGED = "moderator_changed";
    private static final String IDS = "ids";

    private HiveCodec() {}

    /// @return empty for the events of other types
    /// @throws MalformedPayload when it is of a type of ours and not what it should be
    public static Optional<HiveChange> read(Event event) {
        return read(event.type(), event.body(), event.chain().origin());
    }

    static Optional<HiveChange> read(String type, Json.Obj body, NodeId origin) {
        return Optional.ofNullable(switch (type) {
            case POST_CREATED -> {
                var id = HiveLimits.ownId(body.text("post_id"), origin);
                yield new Created(Target.post(id), id, Optional.empty(), HiveLimits.title(body.text("title")), content(body), url(body), snapshot(body, "author", origin), imported(body));
            }
            case POST_UPDATED -> new Updated(post(body), text(body, "title").map(HiveLimits::title), content(body), url(body), snapshot(body, "updated_by", origin));
            case POST_DELETED -> new Deleted(post(body), snapshot(body, "deleted_by", origin), reason(body));
            case POST_RESTORED -> new Restored(post(body), snapshot(body, "restored_by", origin));
            case COMMENT_CREATED -> new Created(Target.comment(HiveLimits.ownId(body.text("comment_id"), origin)), HiveLimits.id(body.text("post_id")),
                text(body, "parent_comment_id").map(HiveLimits::id), "", Optional.of(neededContent(body)), Optional.empty(), snapshot(body, "author", origin), imported(body));
            case COMMENT_UPDATED -> new Updated(comment(body), Optional.empty(), Optional.of(neededContent(body)), Optional.empty(), snapshot(body, "updated_by", origin));
            case COMMENT_DELETED -> new Deleted(comment(body), snapshot(body, "deleted_by", origin), reason(body));
            case COMMENT_RESTORED -> new Restored(comment(body), snapshot(body, "restored_by", origin));
            case VOTE_CAST -> new Voted(target(body), own(actor(body.object("voter")), "voter", origin), value(body));
            case HIVE_SETTING_CHANGED -> {
                var key = HiveLimits.settingKey(body.text("key"));
                yield new SettingChanged(key, HiveLimits.setting(key, body.get("value").orElse(Json.NULL)), snapshot(body, "changed_by", origin));
            }
            case MEMBERSHIP_CHANGED -> {
                var member = new MemberChanged(snapshot(body.object("agent")), memberAction(body.text("action")), snapshot(body, "by", origin));
                if (member.ref() instanceof Ref.Presence(var agent) && !agent.equals(member.actor())) throw new MalformedPayload("an agent joins and leaves for itself");
                yield member;
            }
            case MODERATOR_CHANGED -> new ModeratorChanged(snapshot(body.object("agent")), switch (body.text("action")) {
                case "add" -> true;
                case "remove" -> false;
                default -> throw new MalformedPayload("action is neither add nor remove");
            }, snapshot(body, "by", origin));
            default -> null;
        });
    }

    /// @throws MalformedPayload when there are more than [HiveLimits#BASES_MAX]
    static List<EventId> bases(Event event) {
        var items = event.body().arrayOrEmpty(IDS);
        if (items.size() > HiveLimits.BASES_MAX) throw new MalformedPayload("more than " + HiveLimits.BASES_MAX + " base versions");
        var ids = new ArrayList<EventId>(items.size());
        try {
            for (var item : items) ids.add(new EventId(item.asText()));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(IDS + ": " + e.getMessage());
        }
        return ids;
    }

    /// What a node writes for a change that it decided on.
    ///
    /// @param bases the live versions of the record as the author sees them
    /// @throws MalformedPayload when a member is beyond its limit
    public static Draft draft(HiveChange change, List<EventId> bases, NodeId origin) {
        var kind = change.ref() instanceof Ref.Content(var target) ? target.kind().wire() : "";
        var idName = kind + "_id";
        Draft draft = switch (change) {
            case Created(var target, var post, var parent, var title, var content, var url, var author, var createdMs) -> new Draft(kind + "_created",
                target.kind() == Target.Kind.POST
                    ? Json.object("post_id", post, "title", title, "content", orNull(content), "url", orNull(url), "author", json(author, true), "imported", imported(createdMs))
                    : Json.object("comment_id", target.id(), "post_id", post, "parent_comment_id", orNull(parent), "content", content.orElse(""),
                        "author", json(author, true), "imported", imported(createdMs)));
            case Updated(var target, var title, var content, var url, var by) -> new Draft(kind + "_updated", Json.object(idName, target.id(), "title", title.orElse(null),
                "content", content.orElse(null), "url", url.orElse(null), "updated_by", json(by, false)));
            case Deleted(var target, var by, var reason) -> new Draft(kind + "_deleted", Json.object(idName, target.id(), "deleted_by", json(by, false), "reason", reason.orElse(null)));
            case Restored(var target, var by) -> new Draft(kind + "_restored", Json.object(idName, target.id(), "restored_by", json(by, false)));
            case Voted(var target, var voter, var value) -> new Draft(VOTE_CAST, Json.object("target_type", target.kind().wire(), "target_id", target.id(),
                "voter", Json.object("instance_id", voter.instance().hex(), "agent_id", voter.agent()), "value", value));
            case SettingChanged(var key, var value, var by) -> new Draft(HIVE_SETTING_CHANGED, Json.object("key", key, "value", value, "changed_by", json(by, false)));
            case MemberChanged(var agent, var action, var by) -> new Draft(MEMBERSHIP_CHANGED, Json.object("agent", json(agent, agent.avatarUrl().isPresent()),
                "action", action.wire(), "by", json(by, false)));
            case ModeratorChanged(var agent, var added, var by) -> new Draft(MODERATOR_CHANGED, Json.object("agent", json(agent, false), "action", added ? "add" : "remove", "by", json(by, false)));
        };
        read(draft.type(), draft.body(), origin);                        // what nobody would take is not written
        if (bases.isEmpty()) return draft;
        return new Draft(draft.type(), draft.body().with(IDS, Json.array(bases.stream().limit(HiveLimits.BASES_MAX).map(id -> Json.of(id.hex())).toList())));
    }

    private static Json orNull(Optional<String> text) {
        return text.map(Json::of).orElse(Json.NULL);
    }

    private static Json.Obj imported(OptionalLong createdMs) {
        return createdMs.isEmpty() ? null : Json.object("created_ms", createdMs.getAsLong());
    }

    private static Json.Obj json(Snapshot who, boolean avatar) {
        var json = Json.object("instance_id", who.actor().instance().hex(), "agent_id", who.actor().agent(), "name", who.shownName());
        return avatar ? json.with("avatar_url", orNull(who.avatarUrl())) : json;
    }

    private static Optional<String> text(Json.Obj body, String name) {
        return body.get(name).filter(value -> !(value instanceof Json.Null)).map(Json::asText);
    }

    private static Optional<String> content(Json.Obj body) {
        return text(body, "content").map(text -> HiveLimits.text("content", text, HiveLimits.CONTENT_MAX));
    }

    private static String neededContent(Json.Obj body) {
        var content = HiveLimits.text("content", body.text("content"), HiveLimits.CONTENT_MAX);
        if (content.isBlank()) throw new MalformedPayload("a comment needs content");
        return content;
    }

    private static Optional<String> url(Json.Obj body) {
        return text(body, "url").map(url -> url.isEmpty() ? url : HiveLimits.url(url));
    }

    private static Optional<String> reason(Json.Obj body) {
        return text(body, "reason").map(text -> HiveLimits.text("reason", text, HiveLimits.REASON_MAX));
    }

    private static Target post(Json.Obj body) {
        return Target.post(HiveLimits.id(body.text("post_id")));
    }

    private static Target comment(Json.Obj body) {
        return Target.comment(HiveLimits.id(body.text("comment_id")));
    }

    private static Target target(Json.Obj body) {
        var id = HiveLimits.id(body.text("target_id"));
        return switch (body.text("target_type")) {
            case "post" -> Target.post(id);
            case "comment" -> Target.comment(id);
            default -> throw new MalformedPayload("target_type is neither post nor comment");
        };
    }

    private static int value(Json.Obj body) {
        long value = body.integer("value");
        if (value < -1 || value > 1) throw new MalformedPayload("a vote is 1, -1 or 0");
        return (int) value;
    }

    private static OptionalLong imported(Json.Obj body) {
        if (!(body.get("imported").orElse(Json.NULL) instanceof Json.Obj imported)) return OptionalLong.empty();
        long createdMs = imported.integer("created_ms");
        if (createdMs < 0) throw new MalformedPayload("created_ms is before 1970");
        return OptionalLong.of(createdMs);
    }

    private static MemberAction memberAction(String wire) {
        for (var action : MemberAction.values()) if (action.wire().equals(wire)) return action;
        throw new MalformedPayload("action is none of join, leave, ban, unban");
    }

    private static Snapshot snapshot(Json.Obj body, String name, NodeId origin) {
        var snapshot = snapshot(body.object(name));
        own(snapshot.actor(), name, origin);
        return snapshot;
    }

    private static Actor own(Actor actor, String name, NodeId origin) {
        if (!actor.instance().equals(origin)) throw new MalformedPayload(name + " is of another instance than the one that signed");
        return actor;
    }

    private static Snapshot snapshot(Json.Obj who) {
        return new Snapshot(actor(who), text(who, "name").map(HiveLimits::name), text(who, "avatar_url").map(HiveLimits::url));
    }

    private static Actor actor(Json.Obj who) {
        try {
            return new Actor(new NodeId(who.text("instance_id")), HiveLimits.agentId(who.text("agent_id")));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("instance_id: " + e.getMessage());
        }
    }
}

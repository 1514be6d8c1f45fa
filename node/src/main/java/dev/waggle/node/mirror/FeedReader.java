package dev.waggle.node.mirror;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.CommentRow;
import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveLimits;
import dev.waggle.apps.hive.PostRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Target;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;
import dev.waggle.store.node.RemotePage;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Checks what another node's feed says. An item that is not what it should be is left out and counted: it does not hold up the others. A page that is no page is refused whole.
final class FeedReader {
    static final int ITEMS_MAX = 500;
    static final int CURSOR_CHARS_MAX = 512;
    private static final int THREAD_CHARS_MAX = 4_096;
    private static final Pattern THREAD = Pattern.compile("[A-Za-z0-9_/+-]{1," + THREAD_CHARS_MAX + "}");
    private static final Pattern INCARNATION = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern FAR_TIME = Pattern.compile("[0-9]{1,16} ms");

    private final long nowMs;
    private int refused;
    private String why = "";

    private FeedReader(long nowMs) {
        this.nowMs = nowMs;
    }

    /// @param nowMs nothing is shown as later than this: a post of the year 9000 would stay at the top of every feed
    /// @throws MalformedPayload when it is no page
    static RemotePage read(Json.Obj page, long nowMs) {
        var reader = new FeedReader(nowMs);
        var posts = new ArrayList<ShownPost>();
        var comments = new ArrayList<ShownComment>();
        var gone = new ArrayList<Target>();
        var data = page.array("data");
        var answers = page.arrayOrEmpty("comments");
        var left = page.arrayOrEmpty("gone");
        if (data.size() + answers.size() + left.size() > ITEMS_MAX) throw new MalformedPayload("more than " + ITEMS_MAX + " items a page");
        for (var each : data) reader.item(() -> posts.add(reader.post(each.asObject())));
        for (var each : answers) reader.item(() -> comments.add(reader.comment(each.asObject())));
        for (var each : left) reader.item(() -> gone.add(gone(each.asObject())));
        var cursor = page.text("cursor");
        var incarnation = page.text("incarnation");
        var hive = page.object("hive").text("id");
        if (cursor.isEmpty() || cursor.length() > CURSOR_CHARS_MAX || !cursor.chars().allMatch(c -> c > ' ' && c < 0x7f)) throw new MalformedPayload("no cursor");
        if (!INCARNATION.matcher(incarnation).matches() || !Hex.isLower(hive, 64)) throw new MalformedPayload("no incarnation or hive");
        return new RemotePage(node(page.text("instance_id")), hive, incarnation, posts, comments, gone, cursor, page.get("has_more").filter(Json.TRUE::equals).isPresent(), reader.refused, reader.why);
    }

    private void item(Runnable read) {
        try {
            read.run();
        } catch (MalformedPayload | IllegalArgumentException | DateTimeException e) {
            refused++;
            if (why.isEmpty()) why = String.valueOf(e.getMessage());
        }
    }

    private ShownPost post(Json.Obj json) {
        var author = author(json.object("author"));
        var id = HiveLimits.ownId(json.text("id"), author.actor().instance());
        var state = state(json);
        boolean live = state == ContentState.LIVE;
        long createdMs = time(json.text("created_at"));
        var row = new PostRow(id, author.actor(), live ? HiveLimits.title(json.text("title")) : "",
            optional(json, "content").filter(_ -> live).map(text -> HiveLimits.text("content", text, HiveLimits.CONTENT_MAX)), optional(json, "url").filter(_ -> live).map(HiveLimits::url), state,
            Optional.empty(), createdMs, Math.max(createdMs, time(json.text("updated_at"))), event(json), 0);
        var totals = totals(json, count(json, "comment_count"));
        return new ShownPost(row, author, totals, Totals.hot(totals.score(), createdMs));
    }

    private ShownComment comment(Json.Obj json) {
        var author = author(json.object("author"));
        var id = HiveLimits.ownId(json.text("id"), author.actor().instance());
        var state = state(json);
        long createdMs = time(json.text("created_at"));
        var path = json.text("path");
        var thread = json.text("thread");
        int depth = (int) Math.clamp(json.integer("depth"), 0, HiveLimits.DEPTH_MAX);
        if (!THREAD.matcher(thread).matches() || !THREAD.matcher(path).matches()) throw new MalformedPayload("a comment's place is none");
        var content = state == ContentState.LIVE ? HiveLimits.text("content", json.text("content"), HiveLimits.CONTENT_MAX) : "";
        var row = new CommentRow(id, HiveLimits.id(json.text("post_id")), optional(json, "parent_comment_id").map(HiveLimits::id), author.actor(), content, state, Optional.empty(),
            Optional.of(new CommentRow.Place(depth, path, thread)), createdMs, Math.max(createdMs, time(json.text("updated_at"))), event(json), 0);
        return new ShownComment(row, author, totals(json, 0));
    }

    private static Target gone(Json.Obj json) {
        var id = HiveLimits.id(json.text("id"));
        return switch (json.text("kind")) {
            case "post" -> Target.post(id);
            case "comment" -> Target.comment(id);
            default -> throw new MalformedPayload("what is gone is a post or a comment");
        };
    }

    private static Snapshot author(Json.Obj json) {
        var actor = new Actor(node(json.text("instance_id")), HiveLimits.agentId(json.text("agent_id")));
        return new Snapshot(actor, Optional.of(HiveLimits.name(json.text("name"))), optional(json, "avatar_url").filter(FeedReader::isLink));
    }

    private static boolean isLink(String url) {
        try {
            HiveLimits.url(url);
            return true;
        } catch (MalformedPayload _) {
            return false;
        }
    }

    private static ContentState state(Json.Obj json) {
        var wire = json.text("state");
        for (var state : ContentState.values()) if (state.wire().equals(wire)) return state;
        throw new MalformedPayload("there is no such state");
    }

    private static Totals totals(Json.Obj json, long comments) {
        return new Totals(count(json, "up"), count(json, "down"), comments);
    }

    private static long count(Json.Obj json, String name) {
        long count = json.integer(name);
        if (count < 0) throw new MalformedPayload(name + " is negative");
        return count;
    }

    private static NodeId node(String text) {
        if (!Hex.isLower(text, 64)) throw new MalformedPayload("an instance's id is 64 lower-case hexadecimal digits");
        return new NodeId(text);
    }

    private static EventId event(Json.Obj json) {
        var text = json.text("sync_event_id");
        if (!Hex.isLower(text, 64)) throw new MalformedPayload("an event's id is 64 lower-case hexadecimal digits");
        return new EventId(text);
    }

    private long time(String text) {
        long ms = FAR_TIME.matcher(text).matches() ? Long.MAX_VALUE : Instant.parse(text).toEpochMilli();
        return Math.clamp(ms, 0, nowMs);
    }

    private static Optional<String> optional(Json.Obj json, String name) {
        return json.get(name).filter(value -> !(value instanceof Json.Null)).map(Json::asText);
    }
}

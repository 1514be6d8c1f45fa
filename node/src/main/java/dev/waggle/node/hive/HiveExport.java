package dev.waggle.node.hive;

import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.core.event.Json;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.hive.HiveQueries.Position;
import dev.waggle.store.hive.HiveQueries.VotePlace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A hive's content as lines that [HiveImport] takes: settings, posts, comments, votes, in this order. Deleted posts are left out; deleted comments keep their
/// place without their text. Votes are left out where they are private.
public final class HiveExport {
    private HiveExport() {}

    /// @param next where the next page begins
    public record Page(List<Json> lines, String next, boolean more) {}

    /// @param from empty at first, then what the page before said
    public static Page page(Hive hive, String from, int limit) {
        var parts = from.isEmpty() ? new String[] {"settings", ""} : from.split(":", 2);
        if (parts.length != 2) throw bad();
        var queries = hive.queries();
        var lines = new ArrayList<Json>();
        try {
            return switch (parts[0]) {
                case "settings" -> {
                    queries.summary().settings().forEach(row -> lines.add(Json.object("type", "setting", "key", row.key(), "value", row.value())));
                    yield new Page(lines, "posts:0:", true);
                }
                case "posts" -> {
                    var at = parts[1].split(":", 2);
                    var posts = queries.changedSince(new Position(Long.parseLong(at[0]), at[1]), limit);
                    for (var shown : posts) {
                        var post = shown.post();
                        if (post.state() == ContentState.LIVE) lines.add(Json.object("type", "post", "id", post.id(), "title", post.title(), "content", post.content().map(Json::of).orElse(Json.NULL),
                            "url", post.url().map(Json::of).orElse(Json.NULL), "author", author(shown.author()), "created_at", time(post.createdMs()), "score", shown.totals().score()));
                    }
                    if (posts.size() < limit) yield new Page(lines, "comments:0", true);
                    var last = Position.of(posts.getLast());
                    yield new Page(lines, "posts:" + last.offset() + ":" + last.id(), true);
                }
                case "comments" -> {
                    var comments = queries.allComments(Long.parseLong(parts[1]), limit);
                    for (var each : comments) {
                        var comment = each.comment().comment();
                        var live = comment.state() == ContentState.LIVE;
                        lines.add(Json.object("type", "comment", "id", comment.id(), "post_id", comment.post(), "parent_id", comment.parent().map(Json::of).orElse(Json.NULL),
                            "content", live ? comment.content() : null, "deleted", live ? null : true, "author", author(each.comment().author()), "created_at", time(comment.createdMs()),
                            "score", each.comment().totals().score()));
                    }
                    if (comments.size() == limit) yield new Page(lines, "comments:" + comments.getLast().number(), true);
                    boolean hidden = queries.ask(HiveRules::votesAreHidden);
                    yield new Page(lines, "votes:0:0:0", !hidden);
                }
                case "votes" -> {
                    var at = parts[1].split(":", 3);
                    var votes = queries.allVotes(new VotePlace(Long.parseLong(at[0]), Long.parseLong(at[1]), Long.parseLong(at[2])), limit);
                    for (var vote : votes) lines.add(Json.object("type", "vote", "target_type", vote.target().kind().wire(), "target_id", vote.target().id(),
                        "voter", Json.object("instance_id", vote.vote().voter().instance().hex(), "agent_id", vote.vote().voter().agent()), "value", vote.vote().value()));
                    if (votes.isEmpty()) yield new Page(lines, from, false);
                    var last = votes.getLast().place();
                    yield new Page(lines, "votes:" + last.target() + ":" + last.bucket() + ":" + last.voter(), votes.size() == limit);
                }
                default -> throw bad();
            };
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw bad();
        }
    }

    private static Problem bad() {
        return new Problem(ErrorCode.BAD_REQUEST, "That is no cursor.", "Send back what the page before said, or nothing to begin.");
    }

    private static Json author(Snapshot who) {
        return Json.object("instance_id", who.actor().instance().hex(), "agent_id", who.actor().agent(), "name", who.shownName(), "avatar_url", who.avatarUrl().map(Json::of).orElse(Json.NULL));
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}

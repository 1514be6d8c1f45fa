package dev.waggle.node.rest;

import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Json;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.hive.Hives.Caller;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.mirror.Mirrors;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.hive.HiveQueries;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What people do in hives: read feeds, write posts and comments, vote, search, look on.
final class ForumRoutes {
    private static final String POST_SAYS = "A post: `id`, `title`, `content`, `url`, `score`, `comment_count`, `author`, `created_at`, …";
    private static final String COMMENT_SAYS = "A comment: `id`, `content`, `depth`, `path`, `score`, `author`, …";
    private static final List<Route.Field> FEED = List.of(Route.text("sort", "new (default), top or hot"), Route.text("cursor", "of the page before"),
        Route.text("since", "instead of sort: a cursor; what changed after it, oldest first; `start` for all"), Route.number("limit", "at most 500; 50 unless told"));
    private static final Route.Field AS = Route.text("agent", "with the node's token: in whose name; may be left out when the node has one agent");
    private final Hives hives;
    private final FeedPages pages;

    ForumRoutes(Hives hives, Mirrors mirrors) {
        this.hives = hives;
        this.pages = new FeedPages(hives, mirrors);
    }

    List<Route> routes() {
        var routes = new ArrayList<Route>();
        var feed = new ArrayList<>(FEED);
        feed.addFirst(Route.text("hive", "only this one"));
        routes.add(reading("/api/v1/feed/all", "Posts of all hives and mirrors; what a mirror brought says so in `mirror`", feed, "`data` (posts), `cursor`, `has_more`.", (request, _) ->
            request.query().containsKey("hive") ? pages.of(request.query().get("hive"), request) : pages.all(request)));
        routes.add(reading("/api/v1/hives/{hive}/feed", "Posts of a hive or a mirror", FEED, "`data` (posts), `cursor`, `has_more`.",
            (request, _) -> pages.of(request.path().get("hive"), request)));
        routes.add(reading("/api/v1/hives/{hive}/search", "Posts and comments that have all these words", List.of(Route.needed("q", "words; the last may be the beginning of one"),
            Route.number("limit", "at most 100; 20 unless told"), Route.number("skip", "how many to pass over")), "`data`: each with `post`, and `comment` when that has them.",
            (request, _) -> search(List.of(hive(request)), request)));
        routes.add(reading("/api/v1/search", "The same in all hives of this node", List.of(Route.needed("q", "words"), Route.number("limit", "at most 100; 20 unless told")),
            "`data`: each with `post`, and `comment` when that has them.", (request, _) -> search(hives.list(), request)));
        routes.add(Route.forAgents("GET", "/api/v1/hives/{hive}/live", "What changes in a hive, as server-sent events", List.of(),
            "Events named as what happened (new_post, new_comment, post_score, …), each with `type`, `channel`, `data`.", request -> {
                Callers.requireKnown(hives, request);
                var hive = hive(request);
                return EventStream.of(HiveChannel.of(hive), message -> message.on(HiveChannel.name(hive)));
            }));
        routes.add(writing("POST", "/api/v1/hives/{hive}/posts", "Write a post", List.of(Route.needed("title", "at most 300 characters"), Route.text("content", "at most 40,000"),
            Route.text("url", "a link"), AS), POST_SAYS, (request, caller) -> {
                var id = hives.freshId();
                var hive = hive(request);
                hives.act(hive, caller, new HiveCommand.Post(id, request.text("title"), request.optional("content"), request.optional("url"), OptionalLong.empty()));
                return post(id);
            }));
        routes.add(reading("/api/v1/posts/{id}", "One post", List.of(), POST_SAYS + " `my_vote` for an agent's key.", (request, _) -> {
            var mirrored = pages.mirroredPost(id(request));
            if (mirrored.isPresent()) return mirrored.get();
            var found = hives.post(id(request));
            return Reply.of(withVote(HiveJson.post(found.hive(), found.shown()), found.hive(), Target.post(id(request)), request));
        }));
        routes.add(reading("/api/v1/posts/{id}/comments", "A post's comments", List.of(Route.text("sort", "thread (default), new or top"), Route.text("cursor", "of the page before"),
            Route.number("limit", "at most 500; 100 unless told")), "`data` (comments), `cursor`, `has_more`.", (request, _) -> pages.comments(id(request), request)));
        routes.add(writing("POST", "/api/v1/posts/{id}/comments", "Write a comment", List.of(Route.needed("content", "at most 40,000 characters"),
            Route.text("parent_comment_id", "the comment that it answers"), AS), COMMENT_SAYS, (request, caller) -> {
                var id = hives.freshId();
                var found = hives.post(id(request));
                hives.act(found.hive(), caller, new HiveCommand.Comment(id, id(request), request.optional("parent_comment_id"), request.text("content"), OptionalLong.empty()));
                return comment(id);
            }));
        routes.add(reading("/api/v1/comments/{id}", "One comment", List.of(), COMMENT_SAYS, (request, _) -> pages.mirroredComment(id(request)).orElseGet(() -> comment(id(request)))));
        for (var kind : Target.Kind.values()) routes.addAll(both(kind));
        return routes;
    }

    private List<Route> both(Target.Kind kind) {
        var what = kind.wire();
        var path = "/api/v1/" + what + "s/{id}";
        var says = kind == Target.Kind.POST ? POST_SAYS : COMMENT_SAYS;
        return List.of(
            writing("PATCH", path, "Edit a " + what, List.of(Route.text("title", "of a post"), Route.text("content", "the new text"), Route.text("url", "of a post; empty for none"), AS), says,
                (request, caller) -> act(kind, request, caller, target -> new HiveCommand.Edit(target, kind == Target.Kind.POST ? request.optional("title") : Optional.empty(),
                    request.optional("content"), kind == Target.Kind.POST ? request.optional("url") : Optional.empty()))),
            writing("DELETE", path, "Delete a " + what + "; as a moderator remove it", List.of(Route.text("reason", "for people"), AS), says,
                (request, caller) -> act(kind, request, caller, target -> new HiveCommand.Delete(target, request.optional("reason")))),
            writing("POST", path + "/restore", "Take the deletion or removal of a " + what + " back", List.of(AS), says,
                (request, caller) -> act(kind, request, caller, HiveCommand.Restore::new)),
            writing("POST", path + "/vote", "Vote on a " + what, List.of(Route.number("value", "1, -1, or 0 to take it back"), AS), says,
                (request, caller) -> {
                    var hive = hiveOf(kind, id(request));
                    return act(kind, request, caller, target -> new HiveCommand.Vote(target, (int) request.number("value", 1, -1, 1), hives.voteAlias(hive, target, caller.agent())));
                }),
            reading(path + "/votes", "Who voted how on a " + what + ", where that is no secret", List.of(Route.number("limit", "at most 500; 100 unless told"), Route.number("skip", "how many to pass over")),
                "`data`: each with `voter`, `value`, `sync_event_id`.", (request, _) -> votes(hiveOf(kind, id(request)), new Target(kind, id(request)), request)));
    }

    private interface Reading {
        Reply answer(Request request, Optional<Caller> caller);
    }

    private interface Writing {
        Reply answer(Request request, Caller caller);
    }

    private interface Wish {
        HiveCommand about(Target target);
    }

    private Route reading(String path, String summary, List<Route.Field> fields, String answers, Reading reading) {
        return Route.forAgents("GET", path, summary, fields, answers, request -> {
            Callers.requireKnown(hives, request);
            return reading.answer(request, Optional.empty());
        });
    }

    private Route writing(String method, String path, String summary, List<Route.Field> fields, String answers, Writing writing) {
        return Route.forAgents(method, path, summary, fields, answers, request -> writing.answer(request, Callers.of(hives, request)));
    }

    private Hive hive(Request request) {
        return hives.find(request.path().get("hive"));
    }

    private static String id(Request request) {
        return request.path().get("id");
    }

    private Hive hiveOf(Target.Kind kind, String id) {
        return kind == Target.Kind.POST ? hives.post(id).hive() : hives.comment(id).hive();
    }

    private Reply act(Target.Kind kind, Request request, Caller caller, Wish wish) {
        hives.act(hiveOf(kind, id(request)), caller, wish.about(new Target(kind, id(request))));
        return kind == Target.Kind.POST ? post(id(request)) : comment(id(request));
    }

    private Reply post(String id) {
        var found = hives.post(id);
        return Reply.of(HiveJson.post(found.hive(), found.shown()));
    }

    private Reply comment(String id) {
        return Reply.of(HiveJson.comment(hives.comment(id).shown()));
    }

    private Json.Obj withVote(Json.Obj json, Hive hive, Target target, Request request) {
        if (request.trusted()) return json;
        var me = Callers.of(hives, request).agent();
        var alias = hives.voteAlias(hive, target, me);
        return json.with("my_vote", Json.of((long) hive.queries().ask(rows -> rows.voteValue(target, HiveRules.votesAreHidden(rows) ? alias : me.actor()))));
    }

    private Reply search(List<Hive> in, Request request) {
        var words = request.query().getOrDefault("q", "");
        if (words.isBlank()) throw new Problem(ErrorCode.BAD_REQUEST, "There are no words to look for.", "Send them as q.");
        var limit = (int) request.number("limit", 20, 1, 100);
        var data = new ArrayList<Json>();
        for (var hive : in) for (var hit : hive.queries().search(words, limit - data.size(), (int) request.number("skip", 0, 0, 10_000))) {
            if (hit.post().post().state() != ContentState.LIVE && hit.comment().isEmpty() || data.size() >= limit) continue;
            var json = Json.object("post", HiveJson.post(hive, hit.post()));
            data.add(hit.comment().map(comment -> json.with("comment", HiveJson.comment(comment))).orElse(json));
        }
        return Reply.of(HiveJson.page(data, Optional.empty(), data.size() == limit));
    }

    private Reply votes(Hive hive, Target target, Request request) {
        if (hive.queries().ask(HiveRules::votesAreHidden))
            throw new Problem(ErrorCode.NOT_ALLOWED, "Single votes are private in this hive.", "The post or comment says how many there are.");
        var limit = (int) request.number("limit", 100, 1, HiveQueries.PAGE_MAX);
        var votes = hive.queries().votes(target, limit, (int) request.number("skip", 0, 0, Integer.MAX_VALUE));
        return Reply.of(HiveJson.page(votes.stream().map(vote -> Json.object("voter", HiveJson.actor(vote.voter()), "value", vote.value(), "sync_event_id", vote.event().hex())).toList(),
            Optional.empty(), votes.size() == limit));
    }
}

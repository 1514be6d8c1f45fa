package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.mirror.Mirrors;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.hive.HiveQueries;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;
import dev.waggle.store.hive.Sort;
import dev.waggle.store.node.MirrorQueries;
import dev.waggle.store.node.Subscription;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Pages of posts and comments, of this node's hives and of mirrors together. What is in a hive here is shown once, whatever mirrors bring: the log counts.
final class FeedPages {
    /// So many pages of a mirror are looked through for posts that are not here already, before a shorter page is given.
    private static final int ROUNDS_MAX = 4;
    private final Hives hives;
    private final Mirrors mirrors;

    FeedPages(Hives hives, Mirrors mirrors) {
        this.hives = hives;
        this.mirrors = mirrors;
    }

    Reply all(Request request) {
        return page(hives.list(), mirrors.list(), request);
    }

    /// @param asked a hive's or a mirror's name or id
    Reply of(String asked, Request request) {
        var mirror = hives.list().stream().anyMatch(hive -> hive.name().equals(asked)) ? Optional.<Subscription>empty()
            : mirrors.list().stream().filter(each -> each.localName().equals(asked) || each.id().equals(asked)).findFirst();
        return mirror.isPresent() ? page(List.of(), List.of(mirror.get()), request) : page(List.of(hives.find(asked)), List.of(), request);
    }

    private Reply page(List<Hive> of, List<Subscription> subscriptions, Request request) {
        var limit = (int) request.number("limit", 50, 1, HiveQueries.PAGE_MAX);
        var others = subscriptions.stream().filter(each -> !isMember(each)).toList();
        if (request.query().containsKey("since")) return changed(of, others, request.query().get("since"), limit);
        var sort = sort(request, "new", List.of("new", "top", "hot"));
        return sorted(of, others, sort, Cursors.after(request.query().getOrDefault("cursor", "")), limit);
    }

    /// This node has the hive itself: nothing of its mirror is news.
    private boolean isMember(Subscription of) {
        return hives.list().stream().anyMatch(hive -> of.hiveId().filter(hive.space().id().hex()::equals).isPresent() && hive.space().role().isPresent());
    }

    private record Row(Sort.After at, Json json) {}

    /// The order is one over all hives, so each of them gives its part of a page.
    private Reply sorted(List<Hive> of, List<Subscription> others, Sort sort, Optional<Sort.After> after, int limit) {
        var rows = new ArrayList<Row>();
        int most = Math.min(limit + 1, HiveQueries.PAGE_MAX);
        for (var hive : of) hive.queries().posts(sort, after, most).forEach(post -> rows.add(new Row(sort.after(post), HiveJson.post(hive, post))));
        Optional<Sort.After> horizon = Optional.empty();                  // nothing behind it is known of every mirror
        for (var other : others) {
            var from = after;
            int found = 0;
            List<ShownPost> posts;
            int rounds = 0;
            do {
                posts = mirrors.queries().posts(other, sort, from, most);
                for (var post : posts) {
                    if (hives.postHere(post.post().id()).isPresent()) continue;
                    rows.add(new Row(sort.after(post), HiveJson.post(other, post)));
                    found++;
                }
                if (!posts.isEmpty()) from = Optional.of(sort.after(posts.getLast()));
            } while (posts.size() == most && found < most && ++rounds < ROUNDS_MAX);
            if (posts.size() == most && found < most && (horizon.isEmpty() || from.get().compareTo(horizon.get()) < 0)) horizon = from;
        }
        rows.sort((a, b) -> a.at().compareTo(b.at()));
        var known = horizon;
        known.ifPresent(last -> rows.removeIf(row -> row.at().compareTo(last) > 0));
        var page = rows.subList(0, Math.min(limit, rows.size()));
        boolean more = rows.size() > page.size() || known.isPresent() || limit == HiveQueries.PAGE_MAX && page.size() == limit;
        var end = page.size() == limit || known.isEmpty() ? (page.isEmpty() ? Optional.<Sort.After>empty() : Optional.of(page.getLast().at())) : known;
        return Reply.of(HiveJson.page(page.stream().map(Row::json).toList(), end.map(Cursors::of), more));
    }

    /// Hive after hive, each in the order of its log here, then mirror after mirror in the order in which it brought things: nothing that comes late is passed over.
    private Reply changed(List<Hive> of, List<Subscription> others, String since, int limit) {
        var cursor = since.equals("start") ? "" : since;
        var places = new HashMap<String, Cursors.Place>();
        var data = new ArrayList<Json>();
        boolean more = false;
        for (var hive : of) {
            var id = hive.space().id().hex();
            var incarnation = hive.queries().incarnation();
            var position = Cursors.position(cursor, id, incarnation).orElse(HiveQueries.Position.START);
            int room = limit - data.size();
            if (room > 0) {
                var posts = hive.queries().changedSince(position, room);
                posts.forEach(post -> data.add(HiveJson.post(hive, post)));
                if (!posts.isEmpty()) position = HiveQueries.Position.of(posts.getLast());
                more |= posts.size() == room;
            } else more = true;
            places.put(id, new Cursors.Place(incarnation, position));
        }
        for (var other : others) {
            var position = Cursors.position(cursor, other.id(), other.id()).orElse(HiveQueries.Position.START);
            int room = limit - data.size();
            if (room > 0) {
                var posts = mirrors.queries().changedSince(other, position, room);
                posts.stream().filter(post -> hives.postHere(post.post().id()).isEmpty()).forEach(post -> data.add(HiveJson.post(other, post)));
                if (!posts.isEmpty()) position = HiveQueries.Position.of(posts.getLast());
                more |= posts.size() == room;
            } else more = true;
            places.put(other.id(), new Cursors.Place(other.id(), position));
        }
        return Reply.of(HiveJson.page(data, Optional.of(Cursors.of(places)), more));
    }

    static Sort sort(Request request, String otherwise, List<String> known) {
        var asked = request.query().getOrDefault("sort", otherwise);
        if (!known.contains(asked)) throw new Problem(ErrorCode.BAD_REQUEST, "There is no such order.", "Choose " + String.join(", ", known) + ".");
        return Sort.valueOf(asked.toUpperCase(Locale.ROOT));
    }

    // one by one

    private Optional<Subscription> subscription(long number) {
        return mirrors.list().stream().filter(each -> each.number() == number).findFirst();
    }

    /// A post that only a mirror has.
    Optional<Reply> mirroredPost(String id) {
        if (hives.postHere(id).isPresent()) return Optional.empty();
        return mirrors.queries().post(id).flatMap(found -> subscription(found.subscription()).map(of -> Reply.of(HiveJson.post(of, found.shown()))));
    }

    Optional<Reply> mirroredComment(String id) {
        if (hives.commentHere(id).isPresent()) return Optional.empty();
        return mirrors.queries().comment(id).flatMap(found -> subscription(found.subscription()).map(of -> Reply.of(HiveJson.comment(of, found.shown()))));
    }

    private interface Comments {
        List<ShownComment> thread(String after, int limit);

        List<ShownComment> sorted(Sort sort, Optional<Sort.After> after, int limit);
    }

    private static Comments of(Hive hive, String post) {
        return new Comments() {
            @Override public List<ShownComment> thread(String after, int limit) {
                return hive.queries().thread(post, after, limit);
            }

            @Override public List<ShownComment> sorted(Sort sort, Optional<Sort.After> after, int limit) {
                return hive.queries().comments(post, sort, after, limit);
            }
        };
    }

    private static Comments of(MirrorQueries queries, long subscription, String post) {
        return new Comments() {
            @Override public List<ShownComment> thread(String after, int limit) {
                return queries.thread(subscription, post, after, limit);
            }

            @Override public List<ShownComment> sorted(Sort sort, Optional<Sort.After> after, int limit) {
                return queries.comments(subscription, post, sort, after, limit);
            }
        };
    }

    /// A post's comments, of a hive or of a mirror.
    Reply comments(String post, Request request) {
        var mirrored = hives.postHere(post).isPresent() ? Optional.<MirrorQueries.Of<ShownPost>>empty() : mirrors.queries().post(post);
        var mirror = mirrored.flatMap(found -> subscription(found.subscription()));
        var comments = mirror.isPresent() ? of(mirrors.queries(), mirror.get().number(), post) : of(hives.post(post).hive(), post);
        Function<ShownComment, Json.Obj> json = mirror.isPresent() ? shown -> HiveJson.comment(mirror.get(), shown) : HiveJson::comment;
        var limit = (int) request.number("limit", 100, 1, HiveQueries.PAGE_MAX);
        var cursor = request.query().getOrDefault("cursor", "");
        List<ShownComment> shown;
        Function<ShownComment, String> next;
        if (request.query().getOrDefault("sort", "thread").equals("thread")) {
            shown = comments.thread(Cursors.text(cursor), limit);
            next = comment -> Cursors.of(comment.comment().place().orElseThrow().thread());
        } else {
            var sort = sort(request, "", List.of("new", "top"));
            shown = comments.sorted(sort, Cursors.after(cursor), limit);
            next = comment -> Cursors.of(new Sort.After(sort == Sort.NEW ? comment.comment().createdMs() : comment.totals().score(), comment.comment().id()));
        }
        return Reply.of(HiveJson.page(shown.stream().map(json).toList(), shown.isEmpty() ? Optional.empty() : Optional.of(next.apply(shown.getLast())), shown.size() == limit));
    }
}

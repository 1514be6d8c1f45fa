package dev.waggle.node.rest;

import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.http.FeedHandler;
import dev.waggle.node.Node;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.hive.Changed;
import dev.waggle.store.hive.HiveQueries.Position;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The public hives of this node for everybody. Only what is shown: no reasons of moderators, no single votes, nothing of a hive that is not public or in which this node is no
/// member any more, and nothing that is itself a mirror.
final class PublicFeed implements FeedHandler {
    private static final int PAGE_BYTES_MAX = 512 * 1024;
    private final Node node;
    private final Hives hives;

    PublicFeed(Node node, Hives hives) {
        this.node = node;
        this.hives = hives;
    }

    @Override public Json.Obj hives(int limit) {
        return Json.object("instance_id", node.id().hex(), "hives", Json.array(shown().stream().limit(limit).map(hive -> about(hive).with("post_count", Json.of(hive.queries().summary().posts()))).toList()));
    }

    private List<Hive> shown() {
        return hives.list().stream().filter(hive -> hive.space().role().isPresent() && Hives.isPublic(hive)).toList();
    }

    private static Json.Obj about(Hive hive) {
        var description = hive.queries().ask(rows -> rows.setting("description")).map(row -> row.value()).orElse(Json.NULL);
        return Json.object("id", hive.space().id().hex(), "name", hive.name(), "description", description);
    }

    @Override public Optional<Json.Obj> feed(String asked, String since, int limit) {
        return shown().stream().filter(hive -> hive.name().equals(asked) || hive.space().id().hex().equals(asked)).findFirst().map(hive -> page(hive, since, limit));
    }

    private Json.Obj page(Hive hive, String since, int limit) {
        var incarnation = hive.queries().incarnation();
        var at = place(hive, since, incarnation);
        var changes = hive.queries().changes(at, limit);
        var posts = new ArrayList<Json>();
        var comments = new ArrayList<Json>();
        var gone = new ArrayList<Json>();
        int bytes = 0;
        int told = 0;
        for (var change : changes) {
            var json = json(hive, change);
            bytes += Canonical.bytes(json).length;
            if (bytes > PAGE_BYTES_MAX && told > 0) break;
            (change.post().isPresent() ? posts : change.comment().isPresent() ? comments : gone).add(json);
            at = change.at();
            told++;
        }
        boolean more = told < changes.size() || changes.size() == limit;
        return Json.object("instance_id", node.id().hex(), "hive", about(hive), "incarnation", incarnation, "data", Json.array(posts), "comments", Json.array(comments), "gone", Json.array(gone),
            "cursor", Cursors.of(Map.of(hive.space().id().hex(), new Cursors.Place(incarnation, new Position(at.offset(), at.kind().wire() + "." + at.id())))), "has_more", more);
    }

    private static Json.Obj json(Hive hive, Changed change) {
        if (change.post().isPresent()) return without(HiveJson.post(hive, change.post().get()));
        if (change.comment().isPresent()) {
            var shown = change.comment().get();
            return without(HiveJson.comment(shown)).with("thread", Json.of(shown.comment().place().orElseThrow().thread()));
        }
        return Json.object("kind", change.at().kind().wire(), "id", change.at().id());
    }

    /// Why a moderator removed something is for members.
    private static Json.Obj without(Json.Obj json) {
        var members = new java.util.TreeMap<>(json.members());
        members.remove("reason");
        return Json.object(members);
    }

    private static Changed.At place(Hive hive, String since, String incarnation) {
        try {
            var position = Cursors.position(since, hive.space().id().hex(), incarnation);
            if (position.isEmpty()) return Changed.At.START;
            for (var kind : Target.Kind.values()) {
                var begin = kind.wire() + ".";
                if (position.get().id().startsWith(begin)) return new Changed.At(position.get().offset(), kind, position.get().id().substring(begin.length()));
            }
        } catch (Problem notOurs) {
            throw new MalformedPayload(notOurs.getMessage());
        }
        throw new MalformedPayload("that is a cursor of another feed");
    }
}

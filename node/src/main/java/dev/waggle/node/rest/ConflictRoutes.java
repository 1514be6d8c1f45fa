package dev.waggle.node.rest;

import dev.waggle.apps.table.Conflict;
import dev.waggle.apps.table.ConflictPage;
import dev.waggle.apps.table.Resolution;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.record.Value;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.FollowStatus;
import dev.waggle.store.capture.FollowerClosed;
import dev.waggle.store.capture.TableFollower;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// What could not be decided without a person, and the person's decision.
final class ConflictRoutes {
    private static final int KEY_CHARS_MAX = 60;
    private static final int MANY_MAX = 100;
    private final Node node;

    ConflictRoutes(Node node) {
        this.node = node;
    }

    private record Found(SpaceRuntime space, TableFollower follower, Conflict conflict) {}

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/conflicts", false, "Open conflicts", List.of(Route.text("space", "name or id; else all spaces"), Route.number("limit", "at most 500; 100 unless told"),
                Route.text("cursor", "of the page before")),
                "`conflicts`: each with `id`, `space`, `kind`, `table`, `key`, `fields`, `shown`, `other`, `says`; `cursor`, `has_more`; `conflicts_count`: how many there are in all.", this::page),
            new Route("POST", "/api/v1/conflicts/resolve", false, "Settle many conflicts on all machines in the same way", List.of(new Route.Field("conflicts", "strings", true, "at most " + MANY_MAX + " whole ids"),
                Route.needed("keep", "shown or other")), "`settled`: the ids of those that were; the others are settled already, or not to be settled in this way.", request -> {
                    var ids = Set.copyOf(request.texts("conflicts"));
                    if (ids.size() > MANY_MAX) throw new Problem(ErrorCode.TOO_LARGE, "Those are more than " + MANY_MAX + " conflicts.", "Send the request several times.");
                    if (request.text("keep").equals("restore")) throw new Problem(ErrorCode.BAD_REQUEST, "Many rows are not restored with the same values.", "Choose shown or other.");
                    var how = resolution(request);
                    var settled = node.spaces().stream().flatMap(Followed::of).flatMap(file -> file.ask(follower -> follower.resolve(ids, how), List.<String>of()).stream()).map(Json::of).toList();
                    return Reply.of(Json.object("settled", Json.array(settled)));
                }),
            new Route("GET", "/api/v1/conflicts/{conflict}", false, "One conflict", List.of(), "The conflict with its versions.",
                request -> Reply.of(json(find(request.path().get("conflict"))))),
            new Route("POST", "/api/v1/conflicts/{conflict}/resolve", false, "Settle a conflict on all machines", List.of(
                Route.needed("keep", "shown: leave it. other: take the other version. restore: bring back the row that was kept out"),
                new Route.Field("set", "object", false, "for restore: new values of the columns that collide; none for the next free integer key")), "`id`.", request -> {
                    var found = find(request.path().get("conflict"));
                    found.follower().resolve(found.conflict().id(), resolution(request));
                    return Reply.of(Json.object("id", found.conflict().id()));
                }));
    }

    private static Resolution resolution(Request request) {
        return switch (request.text("keep")) {
            case "shown" -> new Resolution.KeepShown();
            case "other" -> new Resolution.TakeOther(Optional.empty());
            case "restore" -> new Resolution.Restore(values(request));
            default -> throw new Problem(ErrorCode.BAD_REQUEST, "\"keep\" is none of shown, other, restore.", "Choose one of them.");
        };
    }

    private static SortedMap<String, Value> values(Request request) {
        var values = new TreeMap<String, Value>();
        if (request.body().get("set").isEmpty()) return values;
        try {
            request.body().object("set").members().forEach((column, json) -> values.put(column, Value.fromJson(json)));
        } catch (MalformedPayload | IllegalArgumentException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "\"set\" does not name values: " + e.getMessage() + ".", "Send an object of columns and values.", e);
        }
        return values;
    }

    /// Where a page begins.
    ///
    /// @param space empty for the first one
    private record Place(String space, long after) {
        static Place of(String cursor) {
            if (cursor.isEmpty()) return new Place("", 0);
            try {
                var parts = Cursors.text(cursor).split(":", 2);
                return new Place(parts[0], Long.parseLong(parts[1]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new Problem(ErrorCode.BAD_REQUEST, "That is no cursor.", "Send back what the page before said, or nothing to begin.", e);
            }
        }

        String cursor() {
            return Cursors.of(space + ":" + after);
        }
    }

    /// A tracked file, as it was when the spaces were listed: it may be untracked by now.
    record Followed(SpaceRuntime space, TableFollower follower) {
        static Stream<Followed> of(SpaceRuntime space) {
            return space.follower().stream().map(follower -> new Followed(space, follower));
        }

        /// @return `otherwise` of a file that was untracked meanwhile
        <T> T ask(Function<TableFollower, T> question, T otherwise) {
            try {
                return question.apply(follower);
            } catch (FollowerClosed _) {
                return otherwise;
            }
        }

        long count() {
            var status = follower.status();
            return status.state() == FollowStatus.State.CLOSED ? 0 : status.conflicts();
        }
    }

    private Reply page(Request request) {
        return page(Optional.ofNullable(request.query().get("space")).map(name -> List.of(node.space(name))).orElseGet(node::spaces).stream().flatMap(Followed::of).toList(), request);
    }

    static Reply page(List<Followed> files, Request request) {
        int limit = (int) request.number("limit", 100, 1, 500);
        var begin = Place.of(request.query().getOrDefault("cursor", ""));
        var found = new ArrayList<Found>();
        var next = Optional.<Place>empty();
        for (var file : files.stream().sorted(Comparator.comparing(each -> each.space().id().hex())).toList()) {
            var id = file.space().id().hex();
            if (id.compareTo(begin.space()) < 0) continue;
            if (found.size() >= limit) {
                next = Optional.of(new Place(id, 0));
                break;
            }
            long after = id.equals(begin.space()) ? begin.after() : 0;
            int room = limit - found.size();
            var page = file.ask(follower -> follower.conflicts(after, room), new ConflictPage(List.of(), OptionalLong.empty()));
            page.conflicts().forEach(conflict -> found.add(new Found(file.space(), file.follower(), conflict)));
            if (page.next().isPresent()) {
                next = Optional.of(new Place(id, page.next().getAsLong()));
                break;
            }
        }
        return Reply.of(Json.object("conflicts", Json.array(found.stream().map(ConflictRoutes::json).toList()), "cursor", next.map(Place::cursor).orElse(""), "has_more", next.isPresent(),
            "conflicts_count", files.stream().mapToLong(Followed::count).sum()));
    }

    private Found find(String asked) {
        var found = new ArrayList<Found>();
        node.spaces().stream().flatMap(Followed::of).forEach(file ->
            file.ask(follower -> follower.conflictsNamed(asked), List.<Conflict>of()).forEach(conflict -> found.add(new Found(file.space(), file.follower(), conflict))));
        if (found.size() == 1 && !asked.isEmpty()) return found.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "There is no open conflict with that id." : "More than one conflict's id begins like that.",
            "`waggle sync conflicts` lists them.");
    }

    private static Json.Obj json(Found found) {
        var conflict = found.conflict();
        return Json.object("id", conflict.id(), "space", found.space().id().hex(), "space_name", found.space().name(), "kind", conflict.kind().wire(),
            "table", conflict.table(), "key", Json.array(conflict.key().stream().map(value -> Json.of(value.show(KEY_CHARS_MAX))).toList()),
            "fields", Json.array(conflict.fields().stream().map(Json::of).toList()), "shown", conflict.shown().map(ConflictRoutes::version).orElse(null),
            "other", Json.array(conflict.others().stream().map(ConflictRoutes::version).toList()), "children", conflict.children(), "says", conflict.rule());
    }

    private static Json.Obj version(Conflict.Version version) {
        var values = new TreeMap<String, Json>();
        version.values().forEach((column, value) -> values.put(column, value.toJson()));
        return Json.object("event", version.version().event().hex(), "node", version.author().hex(), "time_ms", version.ts().wallMs(), "deleted", version.deleted(),
            "values", Json.object(values));
    }
}

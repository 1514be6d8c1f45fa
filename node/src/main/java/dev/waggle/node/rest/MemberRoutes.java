package dev.waggle.node.rest;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Role;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceMembers;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/// The members of a space, and what changes them.
final class MemberRoutes {
    private static final String BASE = "/api/v1/spaces/{space}/members";
    private static final String EVENT = "`event`: the id of the control event that says so.";
    private final Node node;

    MemberRoutes(Node node) {
        this.node = node;
    }

    private interface Change {
        EventId write(SpaceMembers members, Request request);
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", BASE, false, "Who is a member, and who was", List.of(), "`members`: each with `node`, `role`, `self`; `former`: each with `node`, `by`; "
                + "`removed_by`: the event by which this node is no member any more, when a peer said so; `owner_gone_ms`.", request -> Reply.of(list(space(request)))),
            change("", "Add a member", List.of(Route.needed("node", "its whole id"), Route.text("role", "moderator, writer (default), coordinator or reader")),
                (members, request) -> members.add(SpaceMembers.whole(request.text("node")), role(request.optional("role").orElse("writer")), now())),
            change("/claim", "Take over from an owner who is gone", List.of(), (members, _) -> members.claim(now())),
            new Route("POST", BASE + "/{node}/remove", false, "Remove a member, or see what that would void", List.of(
                Route.text("since", "void what its clock stamped then or later, an ISO time; else nothing that is known here is voided"),
                Route.flag("all", "void everything it wrote"), Route.flag("preview", "only say what it would void")),
                "`events`, `records` (that would be void), `more` (records); without `preview` also `event`.", this::remove),
            change("/{node}/role", "Change a member's role", List.of(Route.needed("role", "moderator, writer, coordinator or reader")),
                (members, request) -> members.role(subject(members, request), role(request.text("role")), now())),
            change("/{node}/transfer", "Make a member the owner", List.of(), (members, request) -> members.transfer(subject(members, request), now())),
            change("/{node}/rotate", "Give a member's place to another key", List.of(Route.needed("to", "the whole id of the new key's node")),
                (members, request) -> members.rotate(subject(members, request), SpaceMembers.whole(request.text("to")), now())),
            change("/{node}/readmit", "Let events that were voided by a removal count again", List.of(), (members, request) -> members.readmit(subject(members, request), now())));
    }

    private Route change(String path, String summary, List<Route.Field> fields, Change change) {
        return new Route("POST", BASE + path, false, summary, fields, EVENT, request ->
            Reply.of(Json.object("event", change.write(space(request).members(), request).hex())));
    }

    private Reply remove(Request request) {
        var members = space(request).members();
        var subject = subject(members, request);
        long sinceMs = request.flag("all") ? Long.MIN_VALUE : request.optional("since").map(MemberRoutes::time).orElse(Long.MAX_VALUE);
        var preview = members.preview(subject, sinceMs);
        var answer = Json.object("node", subject.hex(), "events", preview.events(), "records", preview.records(), "more", preview.more());
        return Reply.of(request.flag("preview") ? answer : answer.with("event", Json.of(members.remove(subject, sinceMs, now()).hex())));
    }

    private Json.Obj list(SpaceRuntime space) {
        var members = space.members();
        return Json.object("space", space.id().hex(), "name", space.name(),
            "members", Json.array(members.list().stream().map(each ->
                (Json) Json.object("node", each.node().hex(), "role", each.role().wire(), "self", each.self())).toList()),
            "former", Json.array(members.former().stream().map(each -> (Json) Json.object("node", each.node().hex(), "by", each.by().hex())).toList()),
            "removed_by", node.peers().removedFrom(space.id()).map(EventId::hex).orElse(null), "owner_gone_ms", space.ownerGoneMs());
    }

    private SpaceRuntime space(Request request) {
        return node.space(request.path().get("space"));
    }

    private static dev.waggle.core.event.NodeId subject(SpaceMembers members, Request request) {
        return members.find(request.path().get("node"));
    }

    private long now() {
        return node.nowMs();
    }

    private static Role role(String wire) {
        try {
            return Role.of(wire.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new Problem(ErrorCode.BAD_REQUEST, "There is no such role.", "Choose moderator, writer, coordinator or reader.");
        }
    }

    private static long time(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException _) {
            throw new Problem(ErrorCode.BAD_REQUEST, "\"" + text + "\" is no time.", "Write it like 2026-11-25T08:30:00Z.");
        }
    }
}

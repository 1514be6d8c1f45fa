package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A control event, reduced to what decides about membership.
///
/// @param subject     whom it concerns; empty for a change of policy
/// @param role        what the subject is afterwards; empty when it is no member then, or when the event says nothing about that
/// @param to          who takes the subject's place: the new owner, the new key
/// @param named       of a cut or readmission: the subject's events up to which all counts
/// @param cuts        it names what counts, and all else of the subject is void if it takes something away
/// @param ownerGoneMs of a genesis: how long nothing is seen of an owner before it counts as gone
record ControlEvent(EventRef ref, String type, List<EventId> control, Hlc ts, Optional<NodeId> subject, Optional<Role> role, Optional<NodeId> to,
                    List<EventRef> named, boolean cuts, long ownerGoneMs) {
    static final String CUTS = "cuts";
    static final String COUNTS = "counts";
    static final int NAMED_MAX = 400;

    /// @throws MalformedPayload when its members are not what its type needs
    static ControlEvent of(Event event) {
        var author = event.chain().origin();
        return switch (event.type()) {
            case ControlType.GENESIS -> of(event, author, Role.OWNER, null);
            case ControlType.MEMBER_ADDED, ControlType.ROLE_CHANGED -> of(event, node(event, "subject"), role(event), null);
            case ControlType.MEMBER_REMOVED -> needsCuts(of(event, node(event, "subject"), null, null));
            case ControlType.MEMBER_LEFT -> of(event, author, null, null);
            case ControlType.OWNERSHIP_TRANSFERRED -> needsCuts(of(event, author, Role.MODERATOR, node(event, "to")));
            case ControlType.OWNERSHIP_CLAIMED -> needsCuts(of(event, node(event, "subject"), Role.MODERATOR, author));
            case ControlType.DEVICE_ROTATED -> needsCuts(of(event, node(event, "subject"), null, node(event, "to")));
            case ControlType.READMITTED, ControlType.COORDINATOR_NAMED -> of(event, node(event, "subject"), null, null);
            case ControlType.POLICY_CHANGED, ControlType.CHECKPOINT -> of(event, null, null, null);
            default -> throw new IllegalArgumentException(event.type() + " is no control event");
        };
    }

    EventId id() {
        return ref.id();
    }

    NodeId author() {
        return ref.chain().origin();
    }

    boolean is(String other) {
        return type.equals(other);
    }

    /// Whether its author speaks of itself.
    boolean ofItself() {
        return subject.filter(author()::equals).isPresent();
    }

    /// Whether it says what `node` is in the space.
    boolean isAbout(NodeId node) {
        return !is(ControlType.READMITTED) && !is(ControlType.COORDINATOR_NAMED) && (subject.filter(node::equals).isPresent() || to.filter(node::equals).isPresent());
    }

    /// The subject of a control event of this type and these members, as [#of] finds it; empty when it takes nothing from anybody.
    static Optional<NodeId> cutSubject(String type, Json.Obj body, NodeId author) {
        return switch (type) {
            case ControlType.MEMBER_LEFT, ControlType.OWNERSHIP_TRANSFERRED -> Optional.of(author);
            case ControlType.MEMBER_REMOVED, ControlType.ROLE_CHANGED, ControlType.OWNERSHIP_CLAIMED, ControlType.DEVICE_ROTATED ->
                body.textIfPresent("subject").map(NodeId::new);
            default -> Optional.empty();
        };
    }

    static Json cut(List<EventRef> named) {
        return Json.array(named.stream().map(ref ->
            (Json) Json.object("epoch", ref.chain().epoch().hex(), "seq", ref.seq(), "id", ref.id().hex())).toList());
    }

    private static ControlEvent of(Event event, NodeId subject, Role role, NodeId to) {
        boolean readmits = event.type().equals(ControlType.READMITTED);
        boolean cuts = event.body().get(CUTS).isPresent() && !readmits && subject != null && !event.type().equals(ControlType.GENESIS)
            && !event.type().equals(ControlType.COORDINATOR_NAMED);
        var named = readmits ? named(event.body(), COUNTS, subject) : cuts ? named(event.body(), CUTS, subject) : List.<EventRef>of();
        return new ControlEvent(event.ref(), event.type(), event.envelope().control(), event.envelope().ts(), Optional.ofNullable(subject),
            Optional.ofNullable(role), Optional.ofNullable(to), named, cuts, Genesis.ownerGoneMs(event));
    }

    private static ControlEvent needsCuts(ControlEvent event) {
        if (!event.cuts) throw new MalformedPayload("what takes authority away names the last events that count: \"" + CUTS + "\"");
        return event;
    }

    /// @throws MalformedPayload when `member` is no list of places
    static List<EventRef> named(Json.Obj body, String member, NodeId subject) {
        var refs = new ArrayList<EventRef>();
        for (var item : body.array(member)) {
            if (!(item instanceof Json.Obj place)) throw new MalformedPayload(member + ": a list of {epoch, seq, id}");
            try {
                refs.add(new EventRef(new EventId(place.text("id")), new ChainId(subject, new Epoch(place.text("epoch"))), place.integer("seq")));
            } catch (IllegalArgumentException e) {
                throw new MalformedPayload(member + ": " + e.getMessage());
            }
        }
        if (refs.size() > NAMED_MAX) throw new MalformedPayload(member + ": at most " + NAMED_MAX);
        return List.copyOf(refs);
    }

    private static NodeId node(Event event, String member) {
        try {
            return new NodeId(event.body().text(member));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(member + ": " + e.getMessage());
        }
    }

    private static Role role(Event event) {
        try {
            return Role.of(event.body().text("role"));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("role: " + e.getMessage());
        }
    }
}

package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;

/// A control event, reduced to what decides about membership.
///
/// @param subject whom it concerns; empty for a change of policy
/// @param role    what the subject is afterwards; empty when it is no member then
record ControlEvent(EventId id, NodeId author, String type, List<EventId> control, long wallMs, Optional<NodeId> subject,
                    Optional<Role> role) {
    /// @throws MalformedPayload when its members are not what its type needs
    static ControlEvent of(Event event) {
        var author = event.chain().origin();
        return switch (event.type()) {
            case ControlType.GENESIS -> of(event, Optional.of(author), Optional.of(Role.OWNER));
            case ControlType.MEMBER_ADDED -> of(event, Optional.of(subject(event)), Optional.of(role(event)));
            case ControlType.MEMBER_LEFT -> of(event, Optional.of(author), Optional.empty());
            case ControlType.POLICY_CHANGED -> of(event, Optional.empty(), Optional.empty());
            default -> throw new IllegalArgumentException(event.type() + " is no control event");
        };
    }

    private static ControlEvent of(Event event, Optional<NodeId> subject, Optional<Role> role) {
        return new ControlEvent(event.id(), event.chain().origin(), event.type(), event.envelope().control(),
            event.envelope().ts().wallMs(), subject, role);
    }

    private static NodeId subject(Event event) {
        try {
            return new NodeId(event.body().text("subject"));
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("subject: " + e.getMessage());
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

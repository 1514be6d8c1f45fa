package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;

import java.util.Optional;
import java.util.function.Function;

/// Who may write what.
final class Rights {
    private Rights() {}

    /// Whether the author of `event` may write it where the control events that it names come to `at`.
    static boolean allow(Judged at, Event event) {
        if (event.type().equals(ControlType.GENESIS)) return true;      // what makes it valid is its id
        var author = event.chain().origin();
        if (ControlType.isControl(event.type())) {
            var control = ControlEvent.of(event);
            if (control.is(ControlType.OWNERSHIP_CLAIMED)) return mayClaim(at, control);
            return allow(at::role, control) && (!control.is(ControlType.CHECKPOINT) || at.checkpointer().equals(author));
        }
        var role = at.role(author);
        return event.type().equals(ControlType.SIGN_OF_LIFE) ? role.filter(Role.OWNER::equals).isPresent() : role.filter(Role::mayWrite).isPresent();
    }

    /// @param role what each node is before the event
    static boolean allow(Function<NodeId, Optional<Role>> role, ControlEvent event) {
        var has = role.apply(event.author());
        if (has.isEmpty()) return false;
        var own = has.get();
        var before = event.subject().flatMap(role);
        return switch (event.type()) {
            case ControlType.MEMBER_LEFT -> true;
            case ControlType.POLICY_CHANGED, ControlType.READMITTED -> own.mayAddMembers();
            case ControlType.COORDINATOR_NAMED -> own == Role.OWNER && before.filter(Rights::maySpeakOfLog).isPresent();
            case ControlType.CHECKPOINT -> maySpeakOfLog(own);       // and is who writes them: of that the DAG knows more
            case ControlType.MEMBER_ADDED -> own.mayAddMembers() && mayGive(event, own, before);
            case ControlType.ROLE_CHANGED -> before.isPresent() && (own.mayAddMembers() || event.ofItself()) && mayGive(event, own, before)
                && (event.cuts() || !takesAway(event, before));
            case ControlType.MEMBER_REMOVED -> !event.ofItself() && (before.isPresent() ? outranks(own, before.get()) : own == Role.OWNER);
            case ControlType.OWNERSHIP_TRANSFERRED -> own == Role.OWNER && !event.to().equals(event.subject()) && event.to().flatMap(role).isPresent();
            case ControlType.DEVICE_ROTATED -> before.isPresent() && event.to().flatMap(role).isEmpty() && (event.ofItself() || outranks(own, before.get()));
            default -> false;
        };
    }

    /// Everybody who writes anything can be named to write checkpoints.
    private static boolean maySpeakOfLog(Role role) {
        return role != Role.READER;
    }

    /// Whether somebody keeps less than he had.
    static boolean takesAway(ControlEvent event, Optional<Role> before) {
        return switch (event.type()) {
            case ControlType.MEMBER_ADDED, ControlType.ROLE_CHANGED -> before.isPresent() && event.role().orElseThrow().compareTo(before.get()) > 0;
            default -> event.cuts();
        };
    }

    /// Nobody gives more than he has, nobody makes a second owner, and only a higher rank or the node itself takes away.
    private static boolean mayGive(ControlEvent event, Role authors, Optional<Role> before) {
        var given = event.role().orElseThrow();
        if (given == Role.OWNER || before.filter(Role.OWNER::equals).isPresent() || given.compareTo(authors) < 0) return false;
        return !takesAway(event, before) || event.ofItself() || authors.compareTo(before.orElseThrow()) < 0;
    }

    private static boolean outranks(Role own, Role other) {
        return own.mayAddMembers() && own.compareTo(other) < 0;
    }

    /// The heir may claim, not earlier than the waiting time after the last that it knows of the owner's decisions.
    private static boolean mayClaim(Judged at, ControlEvent claim) {
        return claim.subject().filter(at.owner()::equals).isPresent() && at.heir().filter(claim.author()::equals).isPresent() && !at.ownerIsSeen(claim)
            && claim.ts().compareTo(at.lastStamp()) > 0;
    }
}

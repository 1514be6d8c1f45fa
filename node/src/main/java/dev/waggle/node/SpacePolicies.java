package dev.waggle.node;

import dev.waggle.apps.table.Policy;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// By which rule the rows of one space are chosen where nodes changed them without knowing of each other, and the control event that changes that.
public final class SpacePolicies {
    /// The name under which the policy of all other tables is.
    public static final String OTHERS = "*";
    private final SpaceRuntime space;

    SpacePolicies(SpaceRuntime space) {
        this.space = space;
    }

    /// Whether there is something to choose.
    public boolean areChosen() {
        return space.type().filter(Node.TABLE_SPACE::equals).isPresent();
    }

    public boolean mayChange() {
        return areChosen() && space.role().filter(Role::mayAddMembers).isPresent();
    }

    /// By table, and under [#OTHERS] of those that have none of their own; empty while no file here shows the space, or when there is nothing to choose.
    public SortedMap<String, Policy> inForce() {
        return space.follower().map(follower -> follower.policies()).orElseGet(TreeMap::new);
    }

    /// What is in force where nothing is to be chosen, for people.
    public List<String> rules() {
        return switch (space.type().orElse("")) {
            case "board" -> List.of("Of each field of a task the latest value counts; a value that another node set at the same time is kept as a conflict.",
                "Only who holds the claim of a task reports on its work.");
            case "hive" -> List.of("Posts and comments never collide. Of each of their fields the latest edit by its author or a moderator counts.",
                "A removal by a moderator is taken back by the same rank or a higher one only; no edit undoes it.", "Of votes the last of each voter counts. Of settings that were changed on two sides the owner’s.");
            case "hub" -> List.of("Accounts of a hub are changed by the hub alone.");
            default -> List.of();
        };
    }

    /// @param table empty for all that have none of their own
    /// @throws Problem when this node may not, or there is nothing to choose or no such table
    public EventId change(Optional<String> table, Policy policy, long nowMs) {
        if (!areChosen()) throw new Problem(ErrorCode.BAD_REQUEST, "\"" + space.name() + "\" is no space of tables: its rules are fixed.", "`waggle space policy` says them.");
        if (!mayChange()) throw new Problem(ErrorCode.NOT_ALLOWED, "This node may not change policies of \"" + space.name() + "\": its role is " + space.role().map(Role::wire).orElse("none") + ".",
            "Ask an owner or moderator of the space.");
        if (table.isPresent() && !inForce().containsKey(table.get()))
            throw new Problem(ErrorCode.NOT_FOUND, "The space has no table \"" + table.get() + "\" that a file here shows.", "`waggle space policy` names its tables.");
        var body = Json.object("table", table.orElse(null), "policy", policy.wire());
        return space.log().write(space.author(), List.of(new Draft(ControlType.POLICY_CHANGED, body)), List.of(), Map.of(), nowMs).getLast().event().id();
    }
}

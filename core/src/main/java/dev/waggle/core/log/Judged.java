package dev.waggle.core.log;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a set of control events, with all their ancestors, comes to: who is what, which of them have effect, and which cuts apply. Immutable.
///
/// @param set       their numbers
/// @param effective those that have effect: the others are void
/// @param line      those that made somebody the owner, the genesis first
/// @param cuts      those that have effect and void what others wrote
/// @param naming    the one that says who writes checkpoints: it names a coordinator, or else made the owner the owner
/// @param asked     what was answered before: every event asks for its author's role
record Judged(ControlDag dag, BitSet set, BitSet effective, List<Integer> line, List<ControlDag.Node> cuts, Roles roles, int[] rank, int naming,
              Map<NodeId, Optional<Role>> asked) {
    Judged(ControlDag dag, BitSet set, BitSet effective, List<Integer> line, List<ControlDag.Node> cuts, Roles roles, int[] rank, int naming) {
        this(dag, set, effective, line, cuts, roles, rank, naming, new HashMap<>());
    }

    Optional<Role> role(NodeId node) {
        if (set.isEmpty()) return Optional.empty();
        var known = asked.get(node);
        if (known != null) return known;
        var found = roles.role(node, set, -1);
        if (asked.size() < ASKED_MAX) asked.put(node, found);
        return found;
    }

    /// Strangers' ids must not fill the memory.
    private static final int ASKED_MAX = 10_000;

    Optional<Roles.Standing> standing(NodeId node) {
        return set.isEmpty() ? Optional.empty() : roles.standing(node, set, -1);
    }

    /// The role of `node` at the ancestors `past`, as far as they have effect in the whole set.
    Optional<Role> role(NodeId node, BitSet past) {
        return roles.role(node, past, -1);
    }

    SortedMap<NodeId, Role> members() {
        var members = new TreeMap<NodeId, Role>();
        if (set.isEmpty()) return members;
        for (var subject : dag.subjects()) role(subject).ifPresent(role -> members.put(subject, role));
        return Collections.unmodifiableSortedMap(members);
    }

    /// Who was a member, or believed so, and is none, with a control event that says so.
    SortedMap<NodeId, EventId> former() {
        var former = new TreeMap<NodeId, EventId>();
        for (var subject : dag.subjects()) if (role(subject).isEmpty()) former.put(subject, roles.last(subject, set));
        return Collections.unmodifiableSortedMap(former);
    }

    int tenure() {
        return roles.tenure(set, -1);
    }

    /// Who is the owner, or was the last one.
    NodeId owner() {
        return Roles.holder(dag.at(tenure()));
    }

    /// Who writes checkpoints, if he is a member and no reader.
    NodeId checkpointer() {
        return Coordinators.writer(dag.at(naming));
    }

    /// Who takes over when the owner is gone: of the highest role there is, the longest-standing.
    Optional<NodeId> heir() {
        var owner = owner();
        return dag.subjects().stream().filter(node -> !node.equals(owner)).filter(node -> role(node).isPresent())
            .min(Comparator.comparing((NodeId node) -> roles.standing(node, set, -1).orElseThrow(), Roles.Standing.LONGEST).thenComparing(Comparator.naturalOrder()));
    }

    /// Whether a control event of the owner lies within the waiting time before a claim. An owner who left is not waited for.
    boolean ownerIsSeen(ControlEvent claim) {
        if (roles.hasLeft(dag.at(tenure()), set, -1)) return false;
        long upTo = claim.ts().wallMs();
        long after = upTo - dag.at(0).event().ownerGoneMs();
        var owner = owner();
        return dag.in(set).stream().anyMatch(node -> node.event().author().equals(owner) && node.event().ts().wallMs() > after && node.event().ts().wallMs() <= upTo);
    }

    Hlc lastStamp() {
        return dag.in(set).stream().map(node -> node.event().ts()).max(Comparator.naturalOrder()).orElse(Hlc.ZERO);
    }

    boolean isVoid(EventId control) {
        return !effective.get(dag.node(control).number());
    }
}

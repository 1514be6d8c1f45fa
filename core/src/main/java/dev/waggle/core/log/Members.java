package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// Who may do what, at any point of the DAG that control events form by naming each other in `control`, and now.
///
/// What an event was allowed to do is judged twice. At the control events that it names, for ever: without a right there it is refused ([#at]).
/// And against all that is known ([#now]): a removal that its author did not know of may void it. A rebase that voids a control event changes
/// neither.
final class Members {
    private static final int JUDGED_CACHED_MAX = 64;

    private final ControlDag dag;
    private final Chronicle chronicle;
    private final Map<List<EventId>, Judged> judged = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<List<EventId>, Judged> eldest) {
            return size() > JUDGED_CACHED_MAX;
        }
    };
    private final List<ControlDag.Node> claims = new ArrayList<>();
    private Judged now;
    private SortedMap<NodeId, Role> membersNow;
    private SortedMap<NodeId, EventId> formerNow;
    private List<EventId> heads = List.of();
    private List<EventId> usable;                   // the heads of what has effect
    private long wallMsMax;
    private final List<ControlDag.Node> checkpoints = new ArrayList<>();
    private List<EventId> lastControl;
    private Judged lastJudged;

    Members(Chronicle chronicle) {
        this(new ControlDag(), chronicle);
    }

    private Members(ControlDag dag, Chronicle chronicle) {
        this.dag = dag;
        this.chronicle = chronicle;
    }

    /// @param other knows, beside what this one's knows, the events that are added to the copy
    Members copy(Chronicle other) {
        var copy = new Members(dag.copy(), other);
        copy.claims.addAll(claims);
        copy.checkpoints.addAll(checkpoints);
        copy.heads = heads;
        copy.wallMsMax = wallMsMax;
        return copy;
    }

    Members copy() {
        return copy(chronicle);
    }

    Chronicle chronicle() {
        return chronicle;
    }

    /// Adds an admitted control event; those it names were added before.
    void add(ControlEvent event) {
        if (event.is(ControlType.GENESIS)) dag.add(event, Role.OWNER, 0, false, null, 0);
        else {
            var at = at(event.control());
            boolean cuts = event.cuts() && Rights.takesAway(event, event.subject().flatMap(at::role));
            dag.add(event, at.role(event.author()).orElseThrow(), at.tenure(), cuts, given(event, at), at.naming());
        }
        if (event.is(ControlType.OWNERSHIP_CLAIMED)) claims.add(dag.node(event.id()));
        if (event.is(ControlType.CHECKPOINT)) checkpoints.add(dag.node(event.id()));
        var named = new HashSet<>(event.control());
        var left = new ArrayList<>(heads);
        left.removeIf(head -> named.contains(head) || dag.node(event.id()).past().get(dag.node(head).number()));
        left.add(event.id());
        heads = left.stream().sorted().toList();
        wallMsMax = Math.max(wallMsMax, event.ts().wallMs());
        lookAgain();
    }

    private static Roles.Standing given(ControlEvent event, Judged at) {
        var before = event.is(ControlType.READMITTED) ? Optional.<Roles.Standing>empty() : event.subject().flatMap(at::standing);
        if (event.is(ControlType.DEVICE_ROTATED)) return before.orElseThrow();
        if (event.role().isEmpty() || !(event.is(ControlType.MEMBER_ADDED) || event.is(ControlType.ROLE_CHANGED))) return null;
        return before.filter(standing -> standing.role() == event.role().get()).orElse(new Roles.Standing(event.role().get(), event.ts()));
    }

    /// What is known of owners' lives has changed.
    void lookAgain() {
        now = null;
        membersNow = null;
        formerNow = null;
        usable = null;
    }

    /// Whether something was decided in a chain.
    boolean decidedIn(ChainId chain) {
        return dag.in(dag.all()).stream().anyMatch(node -> node.event().ref().chain().equals(chain));
    }

    /// Whether an event of `node` with this stamp decides about a claim.
    boolean decidesClaim(NodeId node, long wallMs) {
        for (var claim : claims) {
            long upTo = claim.event().ts().wallMs();
            if (claim.event().subject().filter(node::equals).isPresent() && wallMs <= upTo && wallMs > upTo - dag.at(0).event().ownerGoneMs()) return true;
        }
        return false;
    }

    boolean knows(EventId id) {
        return dag.knows(id);
    }

    boolean isEmpty() {
        return dag.size() == 0;
    }

    ControlDag dag() {
        return dag;
    }

    /// True when `control` and its ancestors contain all of `earlier`.
    boolean covers(List<EventId> control, List<EventId> earlier) {
        if (control.equals(earlier)) return true;
        var past = dag.past(control);
        for (var id : earlier) if (!past.get(dag.node(id).number())) return false;
        return true;
    }

    /// The heads of both and their ancestors.
    List<EventId> together(List<EventId> one, List<EventId> other) {
        if (covers(one, other)) return one;
        var past = dag.past(one);
        past.or(dag.past(other));
        return dag.heads(past);
    }

    /// What all control events come to, and all else that the log holds.
    Judged now() {
        if (now == null) now = claims.isEmpty() ? at(heads) : Judging.of(dag, dag.all(), chronicle, true);
        return now;
    }

    SortedMap<NodeId, Role> membersNow() {
        if (membersNow == null) membersNow = now().members();
        return membersNow;
    }

    /// Who is no member any more, with a control event that says so.
    SortedMap<NodeId, EventId> formerNow() {
        if (dag.isPlain()) return Collections.emptySortedMap();
        if (formerNow == null) formerNow = now().former();
        return formerNow;
    }

    /// Of the checkpoints that have effect the one with the highest stamp, then the smaller id.
    Optional<EventId> checkpoint() {
        if (checkpoints.isEmpty()) return Optional.empty();
        var effective = now().effective();
        return checkpoints.stream().filter(node -> effective.get(node.number())).map(ControlDag.Node::event)
            .max(Comparator.comparing(ControlEvent::ts).thenComparing(ControlEvent::id, Comparator.reverseOrder())).map(ControlEvent::id);
    }

    /// Who writes the next checkpoint: the owner, or the coordinator that he named; empty while that one is no member, or a reader.
    Optional<NodeId> checkpointer() {
        if (isEmpty()) return Optional.empty();
        var who = now().checkpointer();
        return now().role(who).filter(role -> role != Role.READER).map(_ -> who);
    }

    /// What a new event names: the control events that have effect and that no other such one names.
    List<EventId> heads() {
        if (usable == null) usable = dag.isPlain() ? heads : dag.heads(now().effective());
        return usable;
    }

    /// @param control known
    Hlc stamp(EventId control) {
        return dag.node(control).event().ts();
    }

    /// The heads of what is left without the events stamped after `limitMs` and their descendants: others still hold those.
    List<EventId> heads(long limitMs) {
        if (wallMsMax <= limitMs) return heads();
        var left = new BitSet();
        var effective = now().effective();
        for (int i = 0; i < dag.size(); i++) {
            var before = (BitSet) dag.at(i).past().clone();
            before.clear(i);
            before.and(effective);
            before.andNot(left);
            if (effective.get(i) && dag.at(i).event().ts().wallMs() <= limitMs && before.isEmpty()) left.set(i);
        }
        return dag.heads(left);
    }

    /// What these control events, all of which are known, and their ancestors come to: a function of them alone.
    Judged at(List<EventId> control) {
        if (control.equals(lastControl)) return lastJudged;              // event after event names the same
        var judgedThere = judge(control);
        lastControl = control;
        lastJudged = judgedThere;
        return judgedThere;
    }

    private Judged judge(List<EventId> control) {
        var known = judged.get(control);
        if (known != null) return known;
        var found = Judging.of(dag, control.equals(heads) ? dag.all() : dag.past(control), chronicle, false);
        judged.put(control, found);
        return found;
    }
}

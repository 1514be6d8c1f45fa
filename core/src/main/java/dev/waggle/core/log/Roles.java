package dev.waggle.core.log;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a node is at some point of the DAG, given which control events have effect.
///
/// Of the events about one node the later replaces the earlier; of concurrent ones that of the higher rank counts, then the one that takes more
/// away, then the smaller id. Who is the owner the line of owners alone decides.
final class Roles {
    /// @param since the stamp of what gave the role; a key that took another's place has the other's
    record Standing(Role role, Hlc since) {
        static final Comparator<Standing> LONGEST = Comparator.comparing(Standing::role).thenComparing(Standing::since);
    }

    private final ControlDag dag;
    private final BitSet effective;
    private final List<Integer> line;
    private final int[] rank;
    private final Standing[] rotated;

    /// @param effective may shrink while this is used: only what is in it counts
    /// @param line      the events that made somebody the owner, the genesis first
    /// @param rank      of each event's author when it wrote it: 0 an owner, 1 a moderator, 2 everybody else
    /// @param rotated what a key that took another's place got by each event that says so; null where it got nothing
    Roles(ControlDag dag, BitSet effective, List<Integer> line, int[] rank, Standing[] rotated) {
        this.rotated = rotated;
        this.dag = dag;
        this.effective = effective;
        this.line = line;
        this.rank = rank;
    }

    Optional<Role> role(NodeId node, BitSet past, int except) {
        return standing(node, past, except).map(Standing::role);
    }

    /// @param except an event in `past` that is left out, -1 for none: an event's own right is judged without it
    Optional<Standing> standing(NodeId node, BitSet past, int except) {
        var tenure = dag.at(tenure(past, except));
        if (holder(tenure).equals(node) && !hasLeft(tenure, past, except)) return Optional.of(new Standing(Role.OWNER, tenure.event().ts()));
        var latest = new ArrayList<ControlDag.Node>(2);
        for (var event : dag.about(node)) {
            if (event.number() == except || !past.get(event.number()) || !effective.get(event.number())) continue;
            latest.removeIf(earlier -> earlier.before(event));
            latest.add(event);
        }
        return latest.stream().min(byWeight(node)).flatMap(event -> outcome(event, node));
    }

    /// The event that decides what `node` is; when none of those about it has effect, one of them.
    EventId last(NodeId node, BitSet past) {
        var about = dag.about(node).stream().filter(event -> past.get(event.number())).toList();
        var counting = about.stream().filter(event -> effective.get(event.number())).toList();
        return counting.stream().filter(event -> counting.stream().noneMatch(other -> other != event && event.before(other))).min(byWeight(node))
            .or(() -> about.stream().min(ControlDag.BY_ID)).orElseThrow().event().id();
    }

    /// Who became the owner by an event of the line.
    static NodeId holder(ControlDag.Node tenure) {
        return tenure.event().to().orElse(tenure.event().author());
    }

    /// The last event of the line in `past`.
    int tenure(BitSet past, int except) {
        for (int i = line.size() - 1; i > 0; i--) if (past.get(line.get(i)) && line.get(i) != except) return line.get(i);
        return line.getFirst();
    }

    /// Whether the owner of a tenure said goodbye without giving the space to anybody.
    boolean hasLeft(ControlDag.Node tenure, BitSet past, int except) {
        if (dag.isPlain()) return false;
        for (var event : dag.about(holder(tenure)))
            if (event.event().is(ControlType.MEMBER_LEFT) && event.tenure() == tenure.number() && event.role() == Role.OWNER
                && event.number() != except && past.get(event.number()) && effective.get(event.number())) return true;
        return false;
    }

    /// Whether `event` leaves more to `node` than `other` does.
    boolean leavesMore(ControlDag.Node event, ControlDag.Node other, NodeId node) {
        return left(event, node) < left(other, node);
    }

    private int left(ControlDag.Node event, NodeId node) {
        return outcome(event, node).map(standing -> standing.role.ordinal()).orElse(Role.values().length);
    }

    private Comparator<ControlDag.Node> byWeight(NodeId node) {
        return Comparator.<ControlDag.Node>comparingInt(event -> rank[event.number()])
            .thenComparing(event -> left(event, node), Comparator.reverseOrder())
            .thenComparing(ControlDag.BY_ID);
    }

    private Optional<Standing> outcome(ControlDag.Node event, NodeId node) {
        var said = event.event();
        boolean takesOver = said.to().filter(node::equals).isPresent();
        if (said.is(ControlType.DEVICE_ROTATED)) return takesOver ? Optional.ofNullable(rotated[event.number()]) : Optional.empty();
        if (takesOver || said.is(ControlType.GENESIS)) return Optional.of(new Standing(Role.MODERATOR, said.ts()));     // was the owner, and is no more
        return event.given() != null ? Optional.of(event.given()) : said.role().map(role -> new Standing(role, said.ts()));
    }
}

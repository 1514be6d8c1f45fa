package dev.waggle.core.log;

import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Who writes the checkpoints of a space: one node at a time, so that they form one chain.
///
/// Each owner begins by writing them himself, and names who does from then on. The namings of one tenure form a line: each replaces the one that its author knew;
/// of several that replace the same one the smallest id counts. A checkpoint has effect when its author was the one to write it where it stands in that
/// line, and the next naming, or the next owner, knew it: whoever writes on without having heard of its end continues nothing.
final class Coordinators {
    private final ControlDag dag;
    private final List<ControlDag.Node> nodes;
    private final BitSet effective;
    private final List<Integer> owners;
    private final List<List<Integer>> lines = new ArrayList<>();             // for each owner: what made him that, then his namings

    /// @param nodes     in the order of admission
    /// @param effective those of them that have effect; checkpoints that have none leave it
    /// @param owners    the line of owners
    Coordinators(ControlDag dag, List<ControlDag.Node> nodes, BitSet effective, List<Integer> owners) {
        this.dag = dag;
        this.nodes = nodes;
        this.effective = effective;
        this.owners = owners;
        for (int tenure : owners) lines.add(line(tenure));
    }

    private List<Integer> line(int tenure) {
        var owner = Roles.holder(dag.at(tenure));
        var line = new ArrayList<>(List.of(tenure));
        while (true) {
            int last = line.getLast();
            var next = nodes.stream().filter(node -> node.event().is(ControlType.COORDINATOR_NAMED) && effective.get(node.number()) && node.tenure() == tenure
                && node.naming() == last && node.event().author().equals(owner)).min(ControlDag.BY_ID);
            if (next.isEmpty()) return line;
            line.add(next.get().number());
        }
    }

    /// Who writes checkpoints by an event of a line.
    static NodeId writer(ControlDag.Node naming) {
        return naming.event().is(ControlType.COORDINATOR_NAMED) ? naming.event().subject().orElseThrow() : Roles.holder(naming);
    }

    int last() {
        return lines.getLast().getLast();
    }

    void judgeCheckpoints() {
        for (var node : nodes)
            if (node.event().is(ControlType.CHECKPOINT) && effective.get(node.number()) && !hasEffect(node)) effective.clear(node.number());
    }

    private boolean hasEffect(ControlDag.Node checkpoint) {
        int reign = owners.indexOf(checkpoint.tenure());
        if (reign < 0) return false;
        var line = lines.get(reign);
        int place = line.indexOf(checkpoint.naming());
        if (place < 0 || !writer(dag.at(line.get(place))).equals(checkpoint.event().author())) return false;
        if (place + 1 < line.size()) return checkpoint.before(dag.at(line.get(place + 1)));
        return place == 0 || reign + 1 == owners.size() || checkpoint.before(dag.at(owners.get(reign + 1)));      // what an owner wrote himself the cut of the next one judges
    }
}

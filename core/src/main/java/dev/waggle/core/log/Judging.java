package dev.waggle.core.log;

import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Finds out which of a set of control events have effect. From the owner downwards:
///
/// 1. The line of owners. Of the transfers by one owner the smallest id counts; a claim counts while nothing of the owner is stamped within the
///    waiting time before it. What an owner decided beyond the cut of the one who followed it is void.
/// 2. A control event is void when a cut by a higher rank reaches it, or its author's own cut. Of own cuts that reach each other the one with the
///    smaller id counts.
/// 3. A control event is void when its author had no right to it once the void ones are left out. A node may always take from itself.
/// 4. A checkpoint is void when somebody else writes them ([Coordinators]).
///
/// A cut does not apply where a higher rank, concurrently, left its subject more.
final class Judging {
    private final ControlDag dag;
    private final BitSet set;
    private final Chronicle chronicle;
    private final boolean everything;
    private final List<ControlDag.Node> nodes;
    private final List<Integer> line = new ArrayList<>(List.of(0));
    private BitSet effective;
    private int[] rank;
    private Roles.Standing[] rotated;
    private Roles roles;
    private List<ControlDag.Node> cuts;

    private Judging(ControlDag dag, BitSet set, Chronicle chronicle, boolean everything) {
        this.dag = dag;
        this.set = set;
        this.chronicle = chronicle;
        this.everything = everything;
        this.nodes = dag.isPlain() ? List.of() : dag.in(set);
    }

    /// @param set        with all ancestors
    /// @param everything all that the log holds counts as known, whether or not the set names it; else the outcome is a function of the set
    static Judged of(ControlDag dag, BitSet set, Chronicle chronicle, boolean everything) {
        return new Judging(dag, set, chronicle, everything).judged();
    }

    private Judged judged() {
        if (dag.isPlain()) {
            rank = new int[dag.size()];
            for (int i = 0; i < rank.length; i++) rank[i] = Math.min(2, dag.at(i).role().ordinal());
            return new Judged(dag, set, set, List.of(0), List.of(), new Roles(dag, set, List.of(0), rank, new Roles.Standing[0]), rank, 0);
        }
        pass();
        for (var next = successor(); next.isPresent(); next = successor()) {
            line.add(next.get().number());
            pass();
        }
        var coordinators = new Coordinators(dag, nodes, effective, line);
        coordinators.judgeCheckpoints();
        return new Judged(dag, set, effective, List.copyOf(line), List.copyOf(cuts), roles, rank, coordinators.last());
    }

    /// What has effect if the line of owners is what it is now.
    private void pass() {
        effective = (BitSet) set.clone();                    // what is void leaves it; what was not looked at yet counts
        cuts = new ArrayList<>();
        rank = new int[dag.size()];
        rotated = new Roles.Standing[dag.size()];
        for (var node : nodes) rank[node.number()] = rankOf(node);
        for (var node : nodes) if (node.event().is(ControlType.DEVICE_ROTATED)) rotated[node.number()] = node.given();
        roles = new Roles(dag, effective, List.copyOf(line), rank, rotated);
        for (var node : nodes) if (rank[node.number()] == 0 && !isOwners(node)) effective.clear(node.number());
        for (var node : nodes) if (rank[node.number()] == 0 && node.cuts() && effective.get(node.number())) cuts.add(node);
        pass(1);
        pass(2);
    }

    private int rankOf(ControlDag.Node node) {
        if (node.event().is(ControlType.GENESIS) || node.event().is(ControlType.OWNERSHIP_CLAIMED)) return 0;
        if (node.role() == Role.OWNER) return line.contains(node.tenure()) ? 0 : 1;
        return node.role() == Role.MODERATOR ? 1 : 2;
    }

    private boolean isOwners(ControlDag.Node node) {
        if (node.succeeds() || node.number() == 0) return line.contains(node.number());
        int place = line.indexOf(node.tenure());
        return place + 1 == line.size() || !reaches(dag.at(line.get(place + 1)), node);
    }

    private void pass(int level) {
        var own = new ArrayList<ControlDag.Node>();
        for (var node : nodes) if (rank[node.number()] == level && node.cutsItself() && !isReached(node)) own.add(node);
        var live = own.stream().filter(node -> own.stream().noneMatch(other -> beats(other, node))).toList();
        var found = new ArrayList<ControlDag.Node>();
        for (var node : nodes) {
            if (rank[node.number()] != level) continue;
            if (!hasEffect(node, live)) {
                effective.clear(node.number());
                continue;
            }
            if (node.event().is(ControlType.DEVICE_ROTATED))
                rotated[node.number()] = roles.standing(node.event().subject().orElseThrow(), node.past(), node.number()).orElse(null);
            if (node.cuts()) found.add(node);
        }
        for (var node : found) if (node.cutsItself() || !isOverruled(node)) cuts.add(node);
    }

    private static boolean sameAuthor(ControlDag.Node one, ControlDag.Node other) {
        return one.event().author().equals(other.event().author());
    }

    private boolean beats(ControlDag.Node other, ControlDag.Node node) {
        return other != node && sameAuthor(other, node) && other.event().id().compareTo(node.event().id()) < 0 && !node.before(other) && reaches(other, node);
    }

    private boolean hasEffect(ControlDag.Node node, List<ControlDag.Node> ownCuts) {
        if (node.cutsItself()) return ownCuts.contains(node);
        if (isReached(node) || node.succeeds()) return false;
        for (var own : ownCuts) if (reaches(own, node)) return false;
        return node.event().is(ControlType.MEMBER_LEFT)
            || Rights.allow(subject -> roles.role(subject, node.past(), node.number()), node.event());
    }

    /// By a cut of a higher rank: those of the same are not in the list yet.
    private boolean isReached(ControlDag.Node node) {
        for (var cut : cuts) if (reaches(cut, node)) return true;
        return false;
    }

    private boolean isOverruled(ControlDag.Node cut) {
        var subject = cut.event().subject().orElseThrow();
        for (var other : dag.about(subject))
            if (set.get(other.number()) && effective.get(other.number()) && rank[other.number()] < rank[cut.number()] && !other.before(cut)
                && !cut.before(other) && roles.leavesMore(other, cut, subject)) return true;
        return false;
    }

    private boolean reaches(ControlDag.Node cut, ControlDag.Node node) {
        if (cut == node || !cut.cuts() || cut.before(node) || !cut.event().subject().filter(node.event().author()::equals).isPresent()) return false;
        for (var named : cut.event().named()) if (chronicle.leadsTo(node.event().ref(), named)) return false;
        return true;
    }

    // The line of owners

    private Optional<ControlDag.Node> successor() {
        int tenure = line.getLast();
        NodeId owner = Roles.holder(dag.at(tenure));
        var transfer = nodes.stream().filter(node -> node.succeeds() && node.tenure() == tenure && !node.event().is(ControlType.OWNERSHIP_CLAIMED)
            && node.event().author().equals(owner) && !line.contains(node.number())).min(ControlDag.BY_ID);
        var claim = nodes.stream().filter(node -> node.event().is(ControlType.OWNERSHIP_CLAIMED) && node.tenure() == tenure && !line.contains(node.number()))
            .filter(node -> counts(node, owner, dag.at(tenure))).min(firstHeir);
        if (transfer.isEmpty() || claim.isEmpty()) return transfer.or(() -> claim);
        return transfer.get().event().ts().compareTo(claim.get().event().ts()) < 0 ? transfer : claim;
    }

    /// Of several who believed that they were the heir, the one with the highest role, then the one who stood longest.
    private final Comparator<ControlDag.Node> firstHeir = Comparator.comparing((ControlDag.Node claim) ->
        standing(claim).orElseThrow(), Roles.Standing.LONGEST).thenComparing(ControlDag.BY_ID);

    private Optional<Roles.Standing> standing(ControlDag.Node claim) {
        return roles.standing(claim.event().author(), claim.past(), claim.number());
    }

    private boolean counts(ControlDag.Node claim, NodeId owner, ControlDag.Node tenure) {
        if (standing(claim).isEmpty()) return false;
        for (var cut : cuts) if (cut.event().ts().compareTo(claim.event().ts()) < 0 && reaches(cut, claim)) return false;
        if (roles.hasLeft(tenure, claim.past(), claim.number())) return true;
        long upTo = claim.event().ts().wallMs();
        long after = upTo - dag.at(0).event().ownerGoneMs();
        if (everything && chronicle.signedWithin(owner, after, upTo)) return false;
        for (var node : nodes) {
            long at = node.event().ts().wallMs();
            if (node.event().author().equals(owner) && at > after && at <= upTo) return false;
        }
        return true;
    }

    /// The successions that lost: of each owner but the one that counts, the others.
    static List<ControlDag.Node> disputed(Judged judged) {
        var seen = new HashSet<Integer>();
        for (var node : judged.dag().in(judged.set()))
            if (node.succeeds() && !judged.line().contains(node.number())) seen.add(node.number());
        return seen.stream().sorted().map(judged.dag()::at).toList();
    }
}

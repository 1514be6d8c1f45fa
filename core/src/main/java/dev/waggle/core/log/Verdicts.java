package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which events of which branches are void: those beyond a rebase, beyond a cut, and those of authors whose right to write rested on void control
/// events.
///
/// Most authors are touched by none of this, and cost nothing. For the others a branch is looked at in pieces of equal `control`, whose ends
/// are found by halving: along a chain `control` never goes back.
final class Verdicts {
    /// What decides about one author's events.
    ///
    /// @param cuts     that take from it
    /// @param readmits that give back
    /// @param ground   void control events that say what it is
    /// @param own      its own void control events
    /// @param ranks    of the control events about it
    private record Case(List<Integer> cuts, List<Integer> readmits, BitSet ground, BitSet own, List<Integer> ranks) {
        static final Case NONE = new Case(List.of(), List.of(), new BitSet(), new BitSet(), List.of());

        boolean isPlain() {
            return cuts.isEmpty() && ground.isEmpty() && own.isEmpty();
        }
    }

    private final LogTips tips;
    private final LogStorage storage;
    private final Members members;
    private Map<NodeId, Case> cases = new HashMap<>();

    Verdicts(LogTips tips, LogStorage storage, Members members) {
        this.tips = tips;
        this.storage = storage;
        this.members = members;
    }

    /// Looks at the control events again.
    ///
    /// @return the authors whose events may be worth something else now
    List<NodeId> look() {
        var before = cases;
        cases = new HashMap<>();
        if (members.dag().isPlain() && before.isEmpty()) return List.of();
        var now = members.now();
        var said = Said.by(now);
        var authors = new HashSet<>(now.dag().subjects());
        for (var node : now.dag().in(now.set())) authors.add(node.event().author());
        var changed = new ArrayList<NodeId>();
        for (var author : authors) {
            var found = caseOf(author, now, said);
            var old = before.getOrDefault(author, Case.NONE);
            if (!found.isPlain()) cases.put(author, found);
            if (!found.equals(old) && !(found.isPlain() && old.isPlain())) changed.add(author);
        }
        Collections.sort(changed);                                  // a replay walks them in the same order
        return changed;
    }

    /// What the control events say, found in one walk for all authors: there may be as many authors as events.
    ///
    /// @param cuts     by whom they take from
    /// @param readmits by whom they give back to
    /// @param own      those that are void, by their author
    private record Said(Map<NodeId, List<Integer>> cuts, Map<NodeId, List<Integer>> readmits, Map<NodeId, BitSet> own) {
        static Said by(Judged now) {
            var said = new Said(new HashMap<>(), new HashMap<>(), new HashMap<>());
            now.cuts().stream().sorted(Comparator.comparingInt(ControlDag.Node::number)).forEach(cut -> add(said.cuts, cut));
            for (var node : now.dag().in(now.set())) {
                boolean counts = now.effective().get(node.number());
                if (counts && node.event().is(ControlType.READMITTED)) add(said.readmits, node);
                if (!counts) said.own.computeIfAbsent(node.event().author(), _ -> new BitSet()).set(node.number());
            }
            return said;
        }

        private static void add(Map<NodeId, List<Integer>> bySubject, ControlDag.Node node) {
            node.event().subject().ifPresent(subject -> bySubject.computeIfAbsent(subject, _ -> new ArrayList<>(1)).add(node.number()));
        }
    }

    private Case caseOf(NodeId author, Judged now, Said said) {
        var ground = new BitSet();
        var ranks = new ArrayList<Integer>();
        addGround(author, now, ground, ranks, new TreeSet<>());
        return new Case(said.cuts.getOrDefault(author, List.of()), said.readmits.getOrDefault(author, List.of()), ground,
            said.own.getOrDefault(author, new BitSet()), ranks);
    }

    /// A key that took another's place stands on what the other stood on.
    private void addGround(NodeId author, Judged now, BitSet ground, List<Integer> ranks, TreeSet<NodeId> seen) {
        if (!seen.add(author)) return;
        for (var node : now.dag().about(author)) {
            if (!now.set().get(node.number())) continue;
            ranks.add(now.rank()[node.number()]);
            if (!now.effective().get(node.number())) ground.set(node.number());
            if (node.event().is(ControlType.DEVICE_ROTATED) && node.event().to().filter(author::equals).isPresent())
                addGround(node.event().subject().orElseThrow(), now, ground, ranks, seen);
        }
    }

    /// Whether this author's events need a look at each.
    private boolean isPlain(NodeId author) {
        return !cases.containsKey(author);
    }

    /// Which events of a branch are void. Events that come after its tip and name the control events that it names are worth what is said of them here.
    Voids of(Branch branch) {
        var found = cases.getOrDefault(branch.chain().origin(), Case.NONE);
        var voids = rebased(branch);
        if (found.isPlain()) return voids;
        for (var piece : pieces(branch)) {
            var from = Math.max(piece.from, countsUpTo(found, branch, piece.past) + 1);
            voids = voids.and(Voids.between(from, piece.to == branch.tipSeq() ? Voids.NO_END : piece.to));
        }
        for (var control : members.dag().in(members.dag().all())) {
            var ref = control.event().ref();
            if (!ref.chain().equals(branch.chain()) || !tips.stands(ref, branch, storage)) continue;
            if (rebased(branch).contains(ref.seq())) continue;
            voids = found.own.get(control.number()) ? voids.and(Voids.between(ref.seq(), ref.seq())) : voids.except(ref.seq());
        }
        return voids;
    }

    /// Which events of a branch are void when `run` has been added to it.
    ///
    /// @param branch as it was before; a new one holds nothing yet
    Voids after(Branch branch, boolean isNew, List<Event> run) {
        var before = isNew ? rebased(branch) : branch.voids();
        if (isPlain(branch.chain().origin())) return before;
        var voids = isNew ? before : branch.voids().upTo(branch.tipSeq()).and(rebased(branch).beyond(branch.tipSeq()));
        for (var event : run) if (isVoid(branch, event)) voids = voids.and(Voids.between(event.seq(), event.seq()));
        return voids;
    }

    /// What an event is worth that follows `tip` of a branch, or begins one; without its author's rebases.
    boolean isVoid(Branch branch, Event event) {
        var found = cases.getOrDefault(event.chain().origin(), Case.NONE);
        if (found.isPlain()) return false;
        if (ControlType.isControl(event.type()) && members.knows(event.id())) return found.own.get(members.dag().node(event.id()).number());
        return event.seq() > countsUpTo(found, branch, members.dag().past(event.envelope().control()));
    }

    /// Up to which seq of a branch events count that name `past`.
    private long countsUpTo(Case found, Branch branch, BitSet past) {
        long upTo = Long.MAX_VALUE - 1;
        for (int number : found.cuts) if (!past.get(number)) upTo = Math.min(upTo, leaves(found, branch, number));
        if (hasGround(found, branch, past)) return upTo;
        long readmitted = 0;
        for (int other : found.readmits) readmitted = Math.max(readmitted, reach(branch, members.dag().at(other).event().named()));
        return Math.min(upTo, readmitted);
    }

    private boolean hasGround(Case found, Branch branch, BitSet past) {
        return !found.ground.intersects(past) || members.now().role(branch.chain().origin(), past).filter(Role::mayWrite).isPresent();
    }

    /// Up to which seq of a branch a cut, and what readmitted its subject since, lets events count.
    private long leaves(Case found, Branch branch, int number) {
        var cut = members.dag().at(number);
        long named = reach(branch, cut.event().named());
        for (int other : found.readmits) {
            var readmitted = members.dag().at(other);
            if (cut.before(readmitted) && members.now().rank()[other] <= members.now().rank()[number])
                named = Math.max(named, reach(branch, readmitted.event().named()));
        }
        return named;
    }

    /// The last seq of `branch` that is one of the named events or a chain ancestor of one; 0 when none is.
    private long reach(Branch branch, List<EventRef> named) {
        long upTo = 0;
        for (var ref : named) {
            if (!ref.chain().equals(branch.chain())) continue;
            var at = tips.locate(ref.chain(), ref.seq(), ref.id(), storage).orElse(null);
            long seq = ref.seq();
            while (at != null && at.key() != branch.key()) {
                seq = at.first() - 1;
                at = tips.byKey(at.parent());
            }
            if (at != null) upTo = Math.max(upTo, seq);
        }
        return upTo;
    }

    /// @param past the control events that these events name, and their ancestors
    private record Piece(long from, long to, BitSet past) {}

    private List<Piece> pieces(Branch branch) {
        var pieces = new ArrayList<Piece>();
        for (long from = branch.first(); from <= branch.tipSeq();) {
            var past = past(branch, from);
            long same = from;
            long other = branch.tipSeq() + 1;
            for (long step = 1; same + step < other; step *= 2) {               // most pieces are short or reach the tip
                if (past(branch, same + step).equals(past)) same += step;
                else other = same + step;
            }
            if (other > branch.tipSeq() && same < branch.tipSeq() && past(branch, branch.tipSeq()).equals(past)) same = branch.tipSeq();
            while (other - same > 1) {
                long middle = (same + other) >>> 1;
                if (past(branch, middle).equals(past)) same = middle;
                else other = middle;
            }
            pieces.add(new Piece(from, same, past));
            from = same + 1;
        }
        return pieces;
    }

    private BitSet past(Branch branch, long seq) {
        var event = storage.eventAt(branch.key(), seq).orElseThrow(() ->
            new DamagedLog("event " + seq + " of chain " + branch.chain() + " is damaged: repair it, then what it is worth can be judged"));
        return members.dag().past(event.envelope().control());
    }

    // Rebases

    /// What the rebases of its author, so far as they count, leave of a branch.
    private Voids rebased(Branch branch) {
        var voids = Voids.NONE;
        if (!tips.isCut(branch.chain())) return voids;
        for (var event : rebases(branch.chain(), false)) {
            long upTo = reach(branch, EventRules.Rebase.of(event).last().map(List::of).orElse(List.of()));
            voids = voids.and(Voids.from(Math.max(branch.first(), upTo + 1)));
        }
        return voids;
    }

    /// Whether a run that is not here yet is void whatever becomes of the space, at least until its own time has come: a rebase voids it that falls only
    /// together with it. Whatever a rebase that is here leaves of a chain is here, too, so the run lies beyond.
    ///
    /// A cut that reaches the rebase reaches the run, too: it is stamped after what it spares. So a rebase that was cut says the same, and nobody can tell by what is held which of
    /// the two came first. Where the rebase rests on all that the run rests on, and what it
    /// knows more of their author is that owners let it write, it has a right to be there as long as the run has. What decides about others only
    /// takes nothing from it; and what decides about the author itself might take the rebase with it, once admitted. But what its own author has taken back decides nothing (seed 257).
    ///
    /// @param run with known control events; `control` never goes back along it
    boolean staysRebased(List<Event> run) {
        var chain = run.getFirst().chain();
        if (!tips.isCut(chain)) return false;
        var keys = keysOf(chain.origin(), new TreeSet<>());
        for (var event : run) if (ControlType.isControl(event.type()) && decidesFor(keys, ControlEvent.of(event))) return false;
        var deciding = members.dag().in(members.dag().all()).stream().filter(node -> decidesFor(keys, node.event())).toList();
        var first = members.dag().past(run.getFirst().envelope().control());
        for (var rebase : rebases(chain, true)) {
            var beyond = members.dag().past(run.getLast().envelope().control());
            var more = members.dag().past(rebase.envelope().control());
            beyond.andNot(more);
            more.andNot(first);
            if (deciding.stream().noneMatch(node -> beyond.get(node.number()) && !isTakenBack(node) || more.get(node.number()) && !isOwnersGift(node))) return true;
        }
        return false;
    }

    /// Whether a control event says what one of these may write: it is about it, or makes it the owner. That the ownership went from one to another of the others gives these nothing
    /// and takes nothing from them: what the new owner decides about them is an event of its own.
    private static boolean decidesFor(Set<NodeId> keys, ControlEvent event) {
        return event.subject().filter(keys::contains).isPresent() || event.to().filter(keys::contains).isPresent()
            || event.is(ControlType.OWNERSHIP_CLAIMED) && keys.contains(event.author());
    }

    /// A key, and those whose place it took.
    private Set<NodeId> keysOf(NodeId key, Set<NodeId> keys) {
        if (!keys.add(key)) return keys;
        for (var node : members.dag().about(key))
            if (node.event().is(ControlType.DEVICE_ROTATED) && node.event().to().filter(key::equals).isPresent()) keysOf(node.event().subject().orElseThrow(), keys);
        return keys;
    }

    /// It decides nothing any more, whatever becomes of the space.
    private boolean isTakenBack(ControlDag.Node node) {
        var ref = node.event().ref();
        return tips.locate(ref.chain(), ref.seq(), ref.id(), storage).flatMap(branch -> storage.eventAt(branch.key(), ref.seq())).filter(event -> staysRebased(List.of(event))).isPresent();
    }

    private boolean isOwnersGift(ControlDag.Node node) {
        return members.now().rank()[node.number()] == 0 && node.event().role().filter(Role::mayWrite).isPresent();
    }

    /// @param alsoCut those, too, that a cut made void, and nothing else
    private List<Event> rebases(ChainId chain, boolean alsoCut) {
        var rebases = new ArrayList<Event>();
        for (var other : tips.chainsOf(chain.origin()))
            for (var branch : tips.branches(other)) {
                if (branch.first() != 1 || branch.continues().filter(chain.epoch()::equals).isEmpty()) continue;
                var first = storage.eventAt(branch.key(), 1).orElseThrow(() ->
                    new DamagedLog("event 1 of chain " + other + " is damaged: repair it, then what it is worth can be judged"));
                if (first.type().equals(ControlType.REBASE) && (alsoCut ? isGrounded(branch, first) : !isVoid(branch, first))) rebases.add(first);
            }
        return rebases;
    }

    private boolean isGrounded(Branch branch, Event rebase) {
        return hasGround(cases.getOrDefault(branch.chain().origin(), Case.NONE), branch, members.dag().past(rebase.envelope().control()));
    }

    /// Why an event of a branch is void; empty when it counts.
    Optional<Standing.Cause> cause(Branch branch, Event event) {
        if (branch.verdict(event.seq()) == Verdict.COUNTS) return Optional.empty();
        var found = cases.getOrDefault(event.chain().origin(), Case.NONE);
        if (ControlType.isControl(event.type()) && members.knows(event.id()) && found.own.get(members.dag().node(event.id()).number()))
            return Optional.of(new Standing.Cause.Outdone());
        var past = members.dag().past(event.envelope().control());
        for (int number : found.cuts)
            if (!past.get(number) && event.seq() > leaves(found, branch, number)) return Optional.of(new Standing.Cause.Cut(members.dag().at(number).event().id()));
        if (tips.isCut(branch.chain()))
            for (var rebase : rebases(branch.chain(), false))
                if (event.seq() > reach(branch, EventRules.Rebase.of(rebase).last().map(List::of).orElse(List.of()))) return Optional.of(new Standing.Cause.Rebased(rebase.id()));
        var ground = (BitSet) found.ground.clone();
        ground.and(past);
        return ground.isEmpty() ? Optional.empty() : Optional.of(new Standing.Cause.Ground(members.dag().at(ground.nextSetBit(0)).event().id()));
    }
}

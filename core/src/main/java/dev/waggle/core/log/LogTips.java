package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// All branches of all chains of one log, in memory: where each ends, which are heads, which are void from where. What lies below the
/// tips is in the store. Maps are only looked up, never walked, so that a replay takes the same path.
final class LogTips {
    private static final Comparator<Branch> BY_STAMP =
        Comparator.comparing(Branch::tipTs).thenComparing(Branch::tipId).thenComparingInt(Branch::key);

    private final Map<ChainId, List<Branch>> chains = new HashMap<>();
    private final Map<NodeId, List<ChainId>> byOrigin = new HashMap<>();
    private final Map<Integer, Branch> byKey = new HashMap<>();
    private final NavigableSet<Branch> heads = new TreeSet<>(BY_STAMP);
    private final Set<ChainId> cut = new HashSet<>();
    private final Map<ChainId, Epoch> continuedBy = new HashMap<>();
    private int nextKey = 1;
    private int forks;

    /// Adds a branch or replaces the one with its key.
    void put(Branch branch) {
        var before = byKey.put(branch.key(), branch);
        var branches = chains.computeIfAbsent(branch.chain(), _ -> new ArrayList<>(1));
        if (before == null) {
            branches.add(branch);
            if (branches.size() == 1) byOrigin.computeIfAbsent(branch.chain().origin(), _ -> new ArrayList<>(1)).add(branch.chain());
            if (branches.size() == 2) forks++;
            nextKey = Math.max(nextKey, branch.key() + 1);
            branch.continues().ifPresent(old -> continuedBy.put(new ChainId(branch.chain().origin(), old), branch.chain().epoch()));
        } else {
            branches.set(branches.indexOf(before), branch);
            heads.remove(before);
        }
        if (branch.head()) heads.add(branch);
    }

    List<Branch> branches(ChainId chain) {
        return chains.getOrDefault(chain, List.of());
    }

    /// All chains of one author, in the order in which they came.
    List<ChainId> chainsOf(NodeId origin) {
        return byOrigin.getOrDefault(origin, List.of());
    }

    Branch byKey(int key) {
        return byKey.get(key);
    }

    int nextKey() {
        return nextKey;
    }

    /// Chains with more than one branch.
    int forks() {
        return forks;
    }

    /// Heads, the greatest stamp last.
    NavigableSet<Branch> heads() {
        return heads;
    }

    /// The branch whose tip is the event that `ref` names.
    Optional<Branch> atTip(EventRef ref) {
        for (var branch : branches(ref.chain()))
            if (branch.tipSeq() == ref.seq() && branch.tipId().equals(ref.id())) return Optional.of(branch);
        return Optional.empty();
    }

    /// The branch that stores the event (chain, seq, id). Asks the store only about places below a tip.
    Optional<Branch> locate(ChainId chain, long seq, EventId id, LogStorage storage) {
        for (var branch : branches(chain)) {
            if (!branch.stores(seq)) continue;
            var here = seq == branch.tipSeq() ? branch.tipId() : storage.at(branch.key(), seq).id();
            if (here.equals(id)) return Optional.of(branch);
        }
        return Optional.empty();
    }

    /// Whether the event that `ref` names is stored on this branch.
    boolean stands(EventRef ref, Branch branch, LogStorage storage) {
        return branch.chain().equals(ref.chain()) && branch.stores(ref.seq())
            && (ref.seq() == branch.tipSeq() ? branch.tipId() : storage.at(branch.key(), ref.seq()).id()).equals(ref.id());
    }

    /// Says that a rebase speaks of `chain`.
    void markCut(ChainId chain) {
        cut.add(chain);
    }

    boolean isCut(ChainId chain) {
        return cut.contains(chain);
    }

    /// The chain under which the author of `chain` goes on: the last in a row of epochs that each continue the one before.
    ChainId continuation(ChainId chain) {
        var seen = new HashSet<ChainId>();
        var last = chain;
        while (seen.add(last) && continuedBy.containsKey(last)) last = new ChainId(last.origin(), continuedBy.get(last));
        return last;
    }
}

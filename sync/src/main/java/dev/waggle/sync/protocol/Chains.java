package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.function.ToIntFunction;

/// Looks at the chains of a log's state. Tips are sorted by chain, and a log may have a million: every question is answered by halving.
public final class Chains {
    private Chains() {}

    /// The tips of one chain, one for each branch.
    public static List<Tip> tips(LogState state, ChainId chain) {
        return range(state.tips(), each -> each.compareTo(chain));
    }

    /// The tips of a node's chains.
    static List<Tip> tips(LogState state, NodeId origin) {
        return range(state.tips(), each -> each.origin().compareTo(origin));
    }

    /// @param side negative for chains before the range, 0 within it, positive after it
    private static List<Tip> range(List<Tip> tips, ToIntFunction<ChainId> side) {
        int low = 0;
        int high = tips.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (side.applyAsInt(tips.get(middle).chain()) < 0) low = middle + 1;
            else high = middle;
        }
        int end = low;
        while (end < tips.size() && side.applyAsInt(tips.get(end).chain()) == 0) end++;
        return tips.subList(low, end);
    }

    public static List<Integer> branches(LogState state, ChainId chain) {
        return tips(state, chain).stream().map(Tip::branch).toList();
    }

    /// The tip, whatever number its branch has here, is a tip here too.
    static boolean holds(LogState state, Tip tip) {
        return tips(state, tip.chain()).stream().anyMatch(mine -> mine.id().equals(tip.id()));
    }

    /// How much a node has written: grows with each event of its chains.
    static long written(LogState state, NodeId origin) {
        return tips(state, origin).stream().mapToLong(Tip::seq).sum();
    }

    /// The highest sequence number of a chain, 0 when it is unknown.
    static long seq(LogState state, ChainId chain) {
        return tips(state, chain).stream().mapToLong(Tip::seq).max().orElse(0);
    }
}

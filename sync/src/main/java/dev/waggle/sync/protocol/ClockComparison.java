package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Compares this node's clock with what its peers said in their hellos. A clock that is far from those of most peers is wrong, and must not
/// stamp: its events would be held everywhere. One peer alone cannot stop this node from writing, whatever it claims.
final class ClockComparison {
    /// What a peer said counts this long.
    static final long FRESH_MS = 24 * 3_600_000L;
    private static final int PEERS_MAX = 512;

    /// The difference is found when it is asked for: a clock that was set right is believed again without another hello.
    private record Seen(long wallMs, long monotonicMs) {
        long differenceMs(Now now) {
            return wallMs + (now.monotonicMs() - monotonicMs) - now.wallMs();
        }
    }

    private final long differenceMsMax;
    private final int peersMin;
    private final SortedMap<NodeId, Seen> seen = new TreeMap<>();
    private boolean red;

    ClockComparison(long differenceMsMax, int peersMin) {
        this.differenceMsMax = differenceMsMax;
        this.peersMin = peersMin;
    }

    /// @param wallMs the peer's clock, in the range of a stamp
    /// @return the new judgement when it changed
    Optional<Notice> heard(NodeId peer, long wallMs, Now now) {
        if (seen.size() < PEERS_MAX || seen.containsKey(peer)) seen.put(peer, new Seen(wallMs, now.monotonicMs()));
        return judge(now);
    }

    Optional<Notice> judge(Now now) {
        seen.values().removeIf(old -> now.monotonicMs() - old.monotonicMs > FRESH_MS);
        long far = seen.values().stream().filter(each -> Math.abs(each.differenceMs(now)) > differenceMsMax).count();
        boolean isRed = far >= peersMin && 2 * far > seen.size();
        if (isRed == red) return Optional.empty();
        red = isRed;
        return Optional.of(new Notice.ClockJudged(red, medianMs(now)));
    }

    boolean red() {
        return red;
    }

    Optional<Long> differenceMs(NodeId peer, Now now) {
        return Optional.ofNullable(seen.get(peer)).map(each -> each.differenceMs(now));
    }

    /// How far the peers' clocks are ahead of this one, in the middle.
    long medianMs(Now now) {
        var sorted = seen.values().stream().mapToLong(each -> each.differenceMs(now)).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}

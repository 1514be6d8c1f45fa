package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The state after the last commit, for readers of any thread. Publishing costs only what changed; the snapshot that readers get is built
/// when one is asked for, and shared until the next commit.
public final class StateBoard {
    private record Place(ChainId chain, int number) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparing(Place::chain).thenComparingInt(Place::number);

        @Override public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /// @param branches all branches, by chain and number
    public record Snapshot(List<Branch> branches, LogState state, Counts counts) {}

    private final SortedMap<Place, Branch> branches = new TreeMap<>();
    private SortedMap<NodeId, Role> members = Collections.emptySortedMap();
    private SortedMap<NodeId, EventId> former = Collections.emptySortedMap();
    private List<EventId> control = List.of();
    private Counts counts = LogStorage.Saved.EMPTY.counts();
    private Optional<EventId> checkpoint = Optional.empty();
    private Optional<NodeId> checkpointer = Optional.empty();
    private long lastOffset;
    private int forks;
    private Snapshot snapshot;

    synchronized void reset(List<Branch> all) {
        branches.clear();
        for (var branch : all) branches.put(new Place(branch.chain(), branch.number()), branch);
        snapshot = null;
    }

    synchronized void publish(List<Branch> changed, long offset, SortedMap<NodeId, Role> membersNow, SortedMap<NodeId, EventId> formerNow, List<EventId> controlHeads, int forked,
                              Counts counted, Optional<EventId> lastCheckpoint, Optional<NodeId> nextCheckpointer) {
        for (var branch : changed) branches.put(new Place(branch.chain(), branch.number()), branch);
        lastOffset = offset;
        members = membersNow;
        former = formerNow;
        control = controlHeads;
        forks = forked;
        counts = counted;
        checkpoint = lastCheckpoint;
        checkpointer = nextCheckpointer;
        snapshot = null;
    }

    public synchronized Snapshot snapshot() {
        if (snapshot == null) {
            var all = List.copyOf(branches.values());
            snapshot = new Snapshot(all, new LogState(all.stream().map(Branch::tip).toList(), lastOffset, members, control, forks, former, checkpoint, checkpointer), counts);
        }
        return snapshot;
    }

    /// The branch that stores the event `seq` of a branch: itself or, below where it forked, one of its parents.
    public synchronized Optional<Branch> place(ChainId chain, int number, long seq) {
        var branch = branches.get(new Place(chain, number));
        if (branch == null || seq < 1 || seq > branch.tipSeq()) return Optional.empty();
        for (var siblings = branches.subMap(new Place(chain, 0), new Place(chain, Integer.MAX_VALUE)).values(); seq < branch.first(); ) {
            int parent = branch.parent();
            branch = siblings.stream().filter(sibling -> sibling.key() == parent).findFirst().orElseThrow();
        }
        return Optional.of(branch);
    }

    /// Cheaper than a snapshot: the counters alone.
    public synchronized Counts counts() {
        return counts;
    }

    /// The offset of the last committed entry.
    public synchronized long lastOffset() {
        return lastOffset;
    }
}

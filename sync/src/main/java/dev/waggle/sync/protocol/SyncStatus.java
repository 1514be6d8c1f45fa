package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What is known of the sync of a node at one moment. Immutable; times are wall clock, 0 for never.
///
/// @param spaces       by their ids
/// @param clockRed     this node's clock is far from those of most peers: it must not stamp
/// @param clockAheadMs how far the peers' clocks are ahead of this one, in the middle
public record SyncStatus(List<PeerStatus> peers, List<SpaceStatus> spaces, boolean clockRed, long clockAheadMs, int connections, Traffic traffic,
                         GossipStatus gossip) {
    public SyncStatus {
        peers = List.copyOf(peers);
        spaces = spaces.stream().sorted(Comparator.comparing(SpaceStatus::space)).toList();
    }

    public static final SyncStatus NOTHING = new SyncStatus(List.of(), List.of(), false, 0, 0, Traffic.NONE, GossipStatus.NOTHING);

    public enum PeerState {
        CONNECTED, DIALLING,
        /// Not connected for less than the limit; tried again.
        WAITING,
        /// Not connected for longer.
        UNREACHABLE
    }

    /// @param address   where it is connected, or the first address that is dialled; empty when it can only dial us
    /// @param failures  failed attempts in a row; 0 while it is connected
    /// @param lastSyncMs when a space was last found to be equal, whether or not something had to be exchanged for it
    /// @param clockAheadMs its clock against ours, when it said
    public record PeerStatus(NodeId node, String name, PeerSource source, PeerState state, String address, int failures, long lastSyncMs, String lastError,
                             Optional<Long> clockAheadMs, List<ShareStatus> spaces) {
        public boolean agreed() {
            var whole = spaces.stream().filter(ShareStatus::whole).toList();
            return !whole.isEmpty() && whole.stream().allMatch(ShareStatus::agreed);
        }

        public long lagEvents() {
            return spaces.stream().mapToLong(ShareStatus::lagEvents).sum();
        }
    }

    /// @param open      exchanged now over a connection
    /// @param whole     false when one of the two is no member any more, by what either knows: then only that one's events are exchanged
    /// @param agreed    the whole logs were equal when they were last compared, and nothing happened here since
    /// @param differs   both ends are done and the logs differ
    /// @param lagEvents entries of this log that the peer shall have and is not known to
    public record ShareStatus(SpaceId space, boolean open, boolean whole, boolean agreed, boolean differs, long lagEvents, long cursor, Traffic traffic) {}

    /// @param reachable connected peers that share the space; those that were removed from it are none
    /// @param agreeing  how many of them have an equal log
    public record SpaceStatus(SpaceId space, long lastOffset, int members, int reachable, int agreeing, int forks) {}

    /// Whose clock is wrong cannot be told when only one peer differs; that one of them is wrong can.
    ///
    /// @return how far most peers' clocks are ahead of this one, in the middle, when most of those heard of are further away than `differenceMsMax`
    public Optional<Long> clockDoubtMs(long differenceMsMax) {
        var heard = peers.stream().flatMap(peer -> peer.clockAheadMs().stream()).toList();
        var far = heard.stream().filter(aheadMs -> Math.abs(aheadMs) > differenceMsMax).sorted().toList();
        return far.isEmpty() || 2 * far.size() <= heard.size() ? Optional.empty() : Optional.of(far.get(far.size() / 2));
    }

    public Optional<PeerStatus> peer(NodeId node) {
        return peers.stream().filter(peer -> peer.node().equals(node)).findFirst();
    }

    /// Asked for each space of a hub with thousands.
    public Optional<SpaceStatus> space(SpaceId space) {
        int from = 0;
        for (int to = spaces.size(); from < to; ) {
            int middle = (from + to) >>> 1;
            if (spaces.get(middle).space().compareTo(space) < 0) from = middle + 1;
            else to = middle;
        }
        return from < spaces.size() && spaces.get(from).space().equals(space) ? Optional.of(spaces.get(from)) : Optional.empty();
    }
}

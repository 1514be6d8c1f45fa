package dev.waggle.sync.protocol;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// One connection, as the protocol knows it: first a handshake, then a peer with whom some spaces are exchanged.
final class Link {
    final long connection;
    final boolean initiator;
    final String remote;
    /// Whose dial this is, so that a failure is counted against the right peer.
    final NodeId dialled;
    final Handshake handshake;
    final SortedMap<SpaceId, Exchange> exchanges = new TreeMap<>();
    /// Spaces that the peer showed it knows, by their names on this connection.
    private final TreeSet<String> shown = new TreeSet<>();
    private List<SpaceId> told = null;
    /// Spaces of which the peer was told that it is no member any more, and those of which it told us.
    final TreeSet<SpaceId> toldRemoved = new TreeSet<>();
    final TreeSet<SpaceId> removedFrom = new TreeSet<>();
    NodeId peer;
    long provedMs;
    long heardMs;
    /// What the peer said last of its clock: how far that is from the monotonic one here.
    long clockSaid;
    /// What the peer knows of this node's clock: how far the wall clock is from the monotonic one.
    long clockTold;
    /// The peer announced the very address at which it was dialled.
    boolean direct;
    boolean congested;
    /// Both ends tell each other of peers.
    boolean gossips;
    /// Tickets taken from the peer that were not found good, or not yet; and tickets of ours that the peer refused.
    int redemptions;
    int refusedTickets;
    int refusals;
    /// The join whose ticket was presented and not answered yet: one at a time, since answers name no ticket.
    Long redeeming;
    /// Joins that the peer welcomed and whose space is being opened here. What cannot be opened is presented again, some time later.
    final TreeSet<Long> welcomed = new TreeSet<>();
    boolean closing;

    Link(Input.Opened opened, Handshake handshake, Now now) {
        this.connection = opened.connection();
        this.initiator = opened.initiator();
        this.remote = opened.remote();
        this.dialled = opened.expected().orElse(null);
        this.handshake = handshake;
        this.heardMs = now.monotonicMs();
        this.clockTold = now.wallMs() - now.monotonicMs();
    }

    boolean proved() {
        return peer != null;
    }

    NodeId initiatorNode(NodeId self) {
        return initiator ? self : peer;
    }

    String name(SpaceId space) {
        return Membership.keyedName(space, handshake.initiatorNonce(), handshake.responderNonce());
    }

    /// @param all these are all that the peer believes to share now, not some more
    /// @return false when the peer shows more than anybody shares
    boolean show(List<byte[]> hashes, boolean all) {
        if (all) shown.clear();
        for (var hash : hashes) shown.add(Hex.of(hash));
        return shown.size() <= 2 * Frame.SPACES_MAX;
    }

    boolean showed(SpaceId space) {
        return shown.contains(name(space));
    }

    /// The frame that tells the peer which spaces we believe to share, when that changed since it was told.
    Frame.Spaces tell(List<SpaceId> shared) {
        if (shared.equals(told)) return null;
        told = List.copyOf(shared);
        return new Frame.Spaces(names(shared));
    }

    List<byte[]> names(List<SpaceId> spaces) {
        var names = new TreeSet<String>();                                  // sorted by hash: the order says nothing about the spaces
        for (var space : spaces) names.add(name(space));
        return new ArrayList<>(names.stream().limit(Frame.SPACES_MAX).map(Hex::bytes).toList());
    }
}

package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Another node, as this node knows it.
///
/// @param name      for people; empty when none was given
/// @param addresses given by a person or a ticket: `host:port`, tried in this order
/// @param learnt    announced by the peer itself over a proven connection; tried after the others, replaced by the next announcement
/// @param addedMs   when it became known, wall clock
public record Peer(NodeId node, String name, List<String> addresses, List<String> learnt, long addedMs) {
    public static final int ADDRESSES_MAX = 16;

    public Peer {
        addresses = List.copyOf(addresses);
        learnt = List.copyOf(learnt);
        if (addresses.size() > ADDRESSES_MAX || learnt.size() > ADDRESSES_MAX)
            throw new IllegalArgumentException("a peer has at most " + ADDRESSES_MAX + " addresses");
    }

    /// Every address once, in the order they are tried.
    public List<String> dialled() {
        var all = new LinkedHashSet<>(addresses);
        all.addAll(learnt);
        return new ArrayList<>(all);
    }

    /// With `more` in front of the addresses given before; the oldest fall out beyond the limit.
    public Peer withAddresses(List<String> more) {
        var all = new LinkedHashSet<>(more);
        all.addAll(addresses);
        return new Peer(node, name, all.stream().limit(ADDRESSES_MAX).toList(), learnt, addedMs);
    }

    public Peer withLearnt(List<String> newLearnt) {
        return new Peer(node, name, addresses, newLearnt, addedMs);
    }
}

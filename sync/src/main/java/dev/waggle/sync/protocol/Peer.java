package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Another node, as this node knows it.
///
/// @param name      for people; empty when none was given
/// @param addresses given by its source: `host:port`, tried in this order
/// @param learnt    announced by the peer itself over a proven connection; tried after the others, replaced by the next announcement
/// @param addedMs   when it became known, wall clock
/// @param ttl       over how many hops it may still be told to others; -1 for what the settings say of its source
public record Peer(NodeId node, String name, List<String> addresses, List<String> learnt, long addedMs, PeerSource source, int ttl) {
    public static final int ADDRESSES_MAX = 16;
    public static final int TTL_OF_SOURCE = -1;

    public Peer {
        addresses = List.copyOf(addresses);
        learnt = List.copyOf(learnt);
        if (addresses.size() > ADDRESSES_MAX || learnt.size() > ADDRESSES_MAX)
            throw new IllegalArgumentException("a peer has at most " + ADDRESSES_MAX + " addresses");
    }

    /// One that a person or a ticket named.
    public Peer(NodeId node, String name, List<String> addresses, List<String> learnt, long addedMs) {
        this(node, name, addresses, learnt, addedMs, PeerSource.MANUAL, TTL_OF_SOURCE);
    }

    /// One that came by itself.
    static Peer met(NodeId node, long wallMs) {
        return new Peer(node, "", List.of(), List.of(), wallMs, PeerSource.MET, TTL_OF_SOURCE);
    }

    /// Every address once, in the order they are tried.
    public List<String> dialled() {
        var all = new LinkedHashSet<>(addresses);
        all.addAll(learnt);
        return new ArrayList<>(all);
    }

    /// Named by a person or a ticket from now on, with `more` in front of the addresses given before; the oldest fall out beyond the limit.
    public Peer withAddresses(List<String> more) {
        var all = new LinkedHashSet<>(more);
        all.addAll(addresses);
        return new Peer(node, name, all.stream().limit(ADDRESSES_MAX).toList(), learnt, addedMs, PeerSource.MANUAL, TTL_OF_SOURCE);
    }

    public Peer withLearnt(List<String> newLearnt) {
        return new Peer(node, name, addresses, newLearnt, addedMs, source, ttl);
    }
}

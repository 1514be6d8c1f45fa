package dev.waggle.sync.protocol;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogState;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who the peers are, where they can be reached, and which spaces this node exchanges with whom. The logs decide who is a member; a relationship
/// can add that a peer let us in (its events are taken, nothing is served to it) or that a space is not exchanged with it.
final class Membership {
    static final int PEERS_MAX = PeerSources.PEERS_MAX;
    static final int JOINS_MAX = 64;

    record Join(long request, Ticket ticket) {}

    private final PeerSources sources = new PeerSources();
    private final SortedMap<NodeId, SortedMap<SpaceId, Relationship.Kind>> relationships = new TreeMap<>();
    private final SortedMap<SpaceId, LogState> spaces = new TreeMap<>();
    private final SortedMap<Long, Join> joins = new TreeMap<>();

    Membership(Remembered remembered) {
        for (var peer : remembered.peers()) sources.put(peer);
        for (var each : remembered.relationships()) relate(each);
    }

    // peers

    /// @return false when there are too many
    boolean add(Peer peer) {
        return sources.put(peer);
    }

    void remove(NodeId peer) {
        sources.remove(peer);
        relationships.remove(peer);
    }

    Optional<Peer> peer(NodeId node) {
        return sources.peer(node);
    }

    List<Peer> peers() {
        return sources.peers();
    }

    PeerSources sources() {
        return sources;
    }

    // spaces

    void changed(SpaceId space, LogState state) {
        spaces.put(space, state);
    }

    void closed(SpaceId space) {
        spaces.remove(space);
    }

    Optional<LogState> state(SpaceId space) {
        return Optional.ofNullable(spaces.get(space));
    }

    SortedMap<SpaceId, LogState> spaces() {
        return spaces;
    }

    void relate(Relationship each) {
        relationships.computeIfAbsent(each.peer(), _ -> new TreeMap<>()).put(each.space(), each.kind());
    }

    void unrelate(NodeId peer, SpaceId space) {
        var ofPeer = relationships.get(peer);
        if (ofPeer != null) ofPeer.remove(space);
    }

    private Relationship.Kind kind(NodeId peer, SpaceId space) {
        var ofPeer = relationships.get(peer);
        return ofPeer == null ? null : ofPeer.get(space);
    }

    boolean member(NodeId peer, SpaceId space) {
        var state = spaces.get(space);
        return state != null && state.members().containsKey(peer);
    }

    /// The event that says that the peer is a member no more.
    Optional<EventId> former(NodeId peer, SpaceId space) {
        var state = spaces.get(space);
        return state == null || kind(peer, space) == Relationship.Kind.MUTED ? Optional.empty() : Optional.ofNullable(state.former().get(peer));
    }

    /// The peer may be served the space's events.
    boolean mayRead(NodeId peer, SpaceId space) {
        return member(peer, space) && kind(peer, space) != Relationship.Kind.MUTED;
    }

    /// The space is exchanged with the peer, in one direction at least.
    boolean shares(NodeId peer, SpaceId space) {
        return mayRead(peer, space) || former(peer, space).isPresent() || spaces.containsKey(space) && kind(peer, space) == Relationship.Kind.WELCOMED;
    }

    List<SpaceId> shared(NodeId peer) {
        var shared = new ArrayList<SpaceId>();
        for (var space : spaces.keySet()) if (shares(peer, space)) shared.add(space);
        return Collections.unmodifiableList(shared);
    }

    /// Names a space to somebody who knows it, on one connection; means nothing to anybody else or elsewhere.
    static byte[] keyedHash(SpaceId space, byte[] initiatorNonce, byte[] responderNonce) {
        return Sha256.of(space.bytes(), initiatorNonce, responderNonce);
    }

    static String keyedName(SpaceId space, byte[] initiatorNonce, byte[] responderNonce) {
        return Hex.of(keyedHash(space, initiatorNonce, responderNonce));
    }

    // joins

    boolean join(Join join) {
        if (joins.size() >= JOINS_MAX) return false;
        joins.put(join.request(), join);
        return true;
    }

    List<Join> joinsAt(NodeId issuer) {
        return joins.values().stream().filter(join -> join.ticket().issuer().equals(issuer)).toList();
    }

    List<Join> joins() {
        return new ArrayList<>(joins.values());
    }

    void joined(long request) {
        joins.remove(request);
    }
}

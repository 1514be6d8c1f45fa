package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

/// Names a moment the protocol asked to be woken at. Setting one again moves it; one that rings for something long gone is ignored.
public sealed interface Alarm {
    record HandshakeLimit(long connection) implements Alarm {}

    record Heartbeat(long connection) implements Alarm {}

    /// An accepted connection that shares nothing with us is not kept.
    record StrangerLimit(long connection) implements Alarm {}

    record Exchange(long connection, SpaceId space) implements Alarm {}

    record Dial(NodeId peer) implements Alarm {}

    record ConnectionCheck() implements Alarm {}

    record RetryCheck() implements Alarm {}

    /// Peers tell each other of peers.
    record GossipRound() implements Alarm {}
}

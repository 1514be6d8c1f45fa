package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

/// What a peer is known to have: all of our log up to `offset` is durable there (I7). A claim for status and acknowledgement levels; what to
/// send is always found by comparing tips.
///
/// @param atMs  wall clock of the acknowledgement
/// @param total events this peer took from us, ever
public record Cursor(NodeId peer, SpaceId space, long offset, long total, long atMs) {}

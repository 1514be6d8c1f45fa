package dev.waggle.store.node;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.SpaceId;

import java.util.Optional;

/// A space that this node takes part in.
///
/// @param name    what this node calls it: unique here
/// @param epoch   the epoch this node writes under now
/// @param file    the tracked file, absolute; empty when the space has none here (a hub, or a file that is not joined yet)
/// @param joined  whether the tracked file was filled or tracked to the end: until then `join` or `track` goes on at the next start
/// @param addedMs when it came here, milliseconds since 1970 UTC
public record SpaceRow(SpaceId id, String name, Epoch epoch, Optional<String> file, boolean joined, long addedMs) {}

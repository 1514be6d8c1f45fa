package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;

/// A claim as those name it who act under it.
///
/// @param id    the event that claimed
/// @param token the claim's fencing token: its predecessor's + 1, the first is 1
public record ClaimRef(EventId id, long token) {}

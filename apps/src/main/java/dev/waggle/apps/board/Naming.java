package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.Optional;

/// Somebody says who sequences a board from now on.
///
/// @param before  the naming that it replaces; empty for a board's first
/// @param node    empty for nobody
/// @param last    of the term before, up to which sequence number stamps go on counting
/// @param byOwner its author's node was the owner where it wrote
public record Naming(Stamp stamp, long term, Optional<EventId> before, Optional<NodeId> node, long last, boolean byOwner, boolean counts) {
    public EventId id() {
        return stamp.id();
    }
}

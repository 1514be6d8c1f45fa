package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

/// What a person or a ticket said about one peer and one space. Without one, members of a space exchange it whenever they meet.
public record Relationship(NodeId peer, SpaceId space, Kind kind) {
    public enum Kind {
        /// A person asked for it. The peer still must be a member.
        SHARED,
        /// The peer let us in with a ticket: its events are taken although the log here does not name it as a member yet.
        WELCOMED,
        /// Not exchanged with this peer, member or not.
        MUTED
    }
}

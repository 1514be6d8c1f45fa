package dev.waggle.node.board;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.Node;

import java.util.Locale;

/// Whether a node can be reached, as far as this one knows: [dev.waggle.node.Presence] in the words of the `projects` table.
public enum Standing {
    ONLINE, OFFLINE, UNKNOWN;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Standing of(Node here, SpaceId space, NodeId other) {
        return valueOf(here.peers().presence().of(space, other).name());
    }
}

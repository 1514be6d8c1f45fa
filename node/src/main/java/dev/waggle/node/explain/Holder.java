package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Role;

import java.util.Locale;
import java.util.Optional;

/// What this node knows of another one's having an event. Nobody is said to lack it: a node may have got it from a third one.
///
/// @param role    empty for one that is no member (any more)
/// @param byMs    of an acknowledgement: it was given at this moment or earlier, by this node's clock; 0 when that is not known
/// @param named   by which of its events it is seen
/// @param behind  of a peer that has not acknowledged it: how many entries of this log it is not known to have
/// @param contact whether, and since when, it can be reached; a part of a sentence
public record Holder(NodeId node, Optional<Role> role, Knowledge knowledge, long byMs, Optional<EventId> named, long behind, String contact) {
    public enum Knowledge {
        /// It wrote it.
        WROTE,
        /// It said itself that all up to there is durable with it.
        ACKNOWLEDGED,
        /// It wrote something that names this event, or a later one of the same chain.
        NAMED,
        /// It exchanges with this node and has not said that it has it.
        NOT_ACKNOWLEDGED,
        /// It does not exchange this space with this node.
        NO_EXCHANGE;

        boolean has() {
            return this == WROTE || this == ACKNOWLEDGED || this == NAMED;
        }
    }

    Json toJson(Names names) {
        return Json.object("node", node.hex(), "name", names.peers().getOrDefault(node, ""), "role", role.map(Role::wire).orElse("none"), "knowledge", knowledge.name().toLowerCase(Locale.ROOT),
            "has", knowledge.has(), "by_ms", byMs == 0 ? null : byMs, "event", named.map(EventId::hex).orElse(null),
            "behind", knowledge == Knowledge.NOT_ACKNOWLEDGED ? behind : null);
    }
}

package dev.waggle.apps.hive;

import dev.waggle.core.event.NodeId;

/// Somebody who acts in a hive: an agent of an instance. The instance's signature vouches for its own agents only.
///
/// @param instance the node that signs for the agent
/// @param agent    what that node calls it; `[A-Za-z0-9_.-]`, at most 80 characters
public record Actor(NodeId instance, String agent) implements Comparable<Actor> {
    @Override public int compareTo(Actor other) {
        int byInstance = instance.compareTo(other.instance);
        return byInstance != 0 ? byInstance : agent.compareTo(other.agent);
    }
}

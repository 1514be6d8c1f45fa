package dev.waggle.store.board;

import dev.waggle.core.event.SpaceId;

import java.util.Optional;

/// A project of this node.
///
/// @param id              a UUID, for good
/// @param space           where its tasks are now
/// @param remoteProjectId the swarm project that it is linked to, as a UUID; empty for a local one
/// @param linkedMs        when it was linked; 0 for a local one
/// @param lastSyncedMs    when another member of the swarm project was connected last; 0 for never
/// @param sourceNodeId    the node that made the swarm project, as a UUID
/// @param sourceStatus    `online`, `offline` or `unknown`
public record Project(String id, String name, SpaceId space, long createdMs, Optional<String> remoteProjectId, long linkedMs, long lastSyncedMs, Optional<String> sourceNodeId,
                      Optional<String> sourceName, Optional<String> sourceStatus, Optional<String> sourceUrl) {
    public boolean isLinked() {
        return remoteProjectId.isPresent();
    }
}

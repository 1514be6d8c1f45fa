package dev.waggle.apps.board;

import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;

/// A task as it is shown.
///
/// @param version  how many events made it what it is: the same number on all nodes that know the same
/// @param holder   who works on it, or did when its lease ended; empty when the last claim is over
/// @param claim    the holder's
/// @param leaseEndMs when the holder's lease ends, unless it is renewed; 0 without a holder
/// @param conflicts how many values were passed over that nobody has decided on
/// @param changed  the offset of the entry that changed it last: this node's own
public record TaskRow(String id, String title, String description, TaskStatus status, int priority, List<String> labels, List<String> dependsOn, Optional<String> assignee,
                      Optional<AssignedTo> assigned, Optional<String> externalId, boolean deleted, NodeId createdBy, long createdMs, NodeId updatedBy, long updatedMs, long version,
                      Optional<NodeId> holder, Optional<ClaimRef> claim, long leaseEndMs, int conflicts, long changed) {
    /// Whether both show the same, whenever they came.
    boolean shows(TaskRow other) {
        return equals(new TaskRow(other.id, other.title, other.description, other.status, other.priority, other.labels, other.dependsOn, other.assignee, other.assigned,
            other.externalId, other.deleted, other.createdBy, other.createdMs, other.updatedBy, other.updatedMs, other.version, other.holder, other.claim, other.leaseEndMs,
            other.conflicts, changed));
    }

    /// Whether somebody has it and his lease runs.
    public boolean isHeld(long nowMs) {
        return holder.isPresent() && nowMs < leaseEndMs;
    }
}

package dev.waggle.node;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;

import java.util.Optional;

/// What this node itself writes to the logs of tasks, for members that read it here instead of waiting until it comes round. Thread-safe.
public interface TaskLines {
    /// As `SyncV1Handler.taskLog`, of a space of which the asker is a member.
    Optional<Json.Obj> after(SpaceId space, String task, String after, long waitMs);
}

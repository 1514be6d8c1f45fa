package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

/// One exchange of one space with one peer, from the first difference to agreement or to its end: a line of the sync history.
///
/// @param durationMs measured on the monotonic clock
/// @param sent       events sent, repeated ones included
/// @param accepted   of those received, how many were new here
/// @param error      empty when both ended with the same log
public record SyncRun(NodeId peer, SpaceId space, long startedMs, long durationMs, long sent, long received, long accepted, String error) {
    public boolean succeeded() {
        return error.isEmpty();
    }
}

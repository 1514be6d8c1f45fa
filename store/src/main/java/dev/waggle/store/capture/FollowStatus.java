package dev.waggle.store.capture;

import java.util.List;
import java.util.Optional;

/// How a followed file stands.
///
/// @param state         what it is doing
/// @param sentence      the same for people, with what helps when something is wrong
/// @param queueDepth    rows that programs wrote and that are not in the log yet
/// @param captured      the last queue row that is in the log
/// @param appliedOffset all log entries up to here are in the file
/// @param logOffset     the log's last entry
/// @param conflicts     open conflicts, see [TableFollower#conflicts]
/// @param keylessRows   writes of rows without a whole key, which are not synced
/// @param refusedRows   rows that the file itself refused although the rules allow them; they are in the log
/// @param missingTables tracked tables that the file has no more
/// @param lastError     the last failure, even when it is over
public record FollowStatus(State state, String sentence, long queueDepth, long captured, long appliedOffset, long logOffset, int conflicts,
                           long keylessRows, List<String> refusedRows, List<String> missingTables, Optional<String> lastError) {
    public enum State { NOT_TRACKED, IN_SYNC, WORKING, WAITING, FAILED, CLOSED }

    public FollowStatus {
        refusedRows = List.copyOf(refusedRows);
        missingTables = List.copyOf(missingTables);
    }
}

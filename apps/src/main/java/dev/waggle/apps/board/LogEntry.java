package dev.waggle.apps.board;

import java.util.List;
import java.util.Optional;

/// Lines of a task's log that came in one event.
///
/// @param offset where the event is in this node's log: the order in which lines came here
public record LogEntry(String task, Stamp stamp, Optional<String> logId, List<String> lines, Optional<ClaimRef> claim, Optional<BoardChange.Written> written, boolean counts, long offset) {}

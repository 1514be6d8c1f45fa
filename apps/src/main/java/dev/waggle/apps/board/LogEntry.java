package dev.waggle.apps.board;

import java.util.List;
import java.util.Optional;

/// Lines of a task's log that came in one event.
public record LogEntry(String task, Stamp stamp, Optional<String> logId, List<String> lines, Optional<ClaimRef> claim, Optional<BoardChange.Written> written, boolean counts) {}

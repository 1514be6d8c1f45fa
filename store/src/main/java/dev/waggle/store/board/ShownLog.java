package dev.waggle.store.board;

import dev.waggle.apps.board.LogEntry;

/// Lines of a task's log.
///
/// @param refused they were written under a claim that does not hold, or not any more
public record ShownLog(LogEntry entry, boolean refused) {}

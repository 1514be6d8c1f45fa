package dev.waggle.node.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.LogRecord;

/// Lets so much of what one place in the program logs through, and counts the rest: who makes a node say the same over and over fills no disk with it. The time is that of the
/// records. Thread-safe.
final class LogFlood {
    static final int LINES_A_MINUTE = 60;
    private static final long MINUTE_MS = 60_000;
    private final Map<String, Window> windows = new HashMap<>();               // by place: as many as the program has, whatever others send

    private static final class Window {
        long beganMs;
        int lines;
        int leftOut;
    }

    /// @param before what is to be said first of what was left out here
    record Answer(boolean passes, Optional<String> before) {}

    synchronized Answer judge(LogRecord record) {
        var window = windows.computeIfAbsent(record.getLoggerName() + ' ' + record.getLevel() + ' ' + record.getSourceMethodName(), _ -> new Window());
        Optional<String> before = Optional.empty();
        if (Math.abs(record.getMillis() - window.beganMs) >= MINUTE_MS) {        // a clock that was set back begins a new minute, too
            if (window.leftOut > 0) before = Optional.of(window.leftOut + " more of these were left out.");
            window.beganMs = record.getMillis();
            window.lines = 0;
            window.leftOut = 0;
        }
        boolean passes = window.lines < LINES_A_MINUTE;
        if (passes) window.lines++;
        else window.leftOut++;
        return new Answer(passes, before);
    }
}

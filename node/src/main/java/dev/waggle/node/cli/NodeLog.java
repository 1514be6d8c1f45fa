package dev.waggle.node.cli;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/// Where the log of a node that is a process of its own goes: to standard error, as [LogLines] writes it and [LogFlood] lets through.
final class NodeLog extends Handler {
    private final PrintStream to;
    private final LogFlood flood = new LogFlood();

    NodeLog(PrintStream to, LogLines.Form form) {
        this.to = to;
        setFormatter(new LogLines(form));
        setLevel(Level.INFO);
    }

    /// In place of what the JDK has; for the whole process.
    static void begin(PrintStream to, LogLines.Form form) {
        var root = LogManager.getLogManager().getLogger("");
        for (var handler : root.getHandlers()) root.removeHandler(handler);
        root.addHandler(new NodeLog(to, form));
    }

    @Override public void publish(LogRecord record) {
        if (!isLoggable(record)) return;
        var answer = flood.judge(record);
        if (!answer.passes()) return;
        answer.before().ifPresent(text -> {
            var remark = new LogRecord(record.getLevel(), text);
            remark.setLoggerName(record.getLoggerName());
            remark.setInstant(record.getInstant());
            to.print(getFormatter().format(remark));
        });
        to.print(getFormatter().format(record));
        to.flush();
    }

    @Override public void flush() {
        to.flush();
    }

    @Override public void close() {
        to.flush();                        // standard error stays open
    }
}

package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// What a node logs, a record a line. Much of it is text of others (addresses, names, what an exception quotes): whatever is in it, it begins no line of its own, moves no
/// cursor, turns no text round and is no longer than [#MESSAGE_MAX].
final class LogLines extends Formatter {
    /// Characters of a message, before they are escaped. What is over is counted.
    static final int MESSAGE_MAX = 1_000;
    /// Characters of a bug's stack trace.
    static final int TRACE_MAX = 16_000;

    enum Form { TEXT, JSON }

    private final Form form;

    LogLines(Form form) {
        this.form = form;
    }

    @Override public String format(LogRecord record) {
        return form == Form.JSON ? json(record) : text(record);
    }

    private String text(LogRecord record) {
        var line = new StringBuilder().append(time(record)).append(' ').append(level(record)).append(' ').append(place(record)).append(": ")
            .append(oneLine(formatMessage(record))).append('\n');
        if (record.getThrown() != null) trace(record.getThrown()).lines().forEach(each -> line.append("    ").append(oneLine(each)).append('\n'));
        return line.toString();
    }

    private String json(LogRecord record) {
        var line = Json.object("time", time(record), "level", level(record), "place", place(record), "message", oneLine(formatMessage(record)));
        if (record.getThrown() != null) line = line.with("trace", Json.array(trace(record.getThrown()).lines().<Json>map(each -> Json.of(oneLine(each))).toList()));
        return Canonical.text(line) + "\n";
    }

    private static String time(LogRecord record) {
        var time = Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS);
        return time.getNano() == 0 ? time.toString().replace("Z", ".000Z") : time.toString();
    }

    private static String level(LogRecord record) {
        return record.getLevel().equals(Level.SEVERE) ? "ERROR" : record.getLevel().getName();
    }

    private static String place(LogRecord record) {
        var name = record.getLoggerName();
        return name == null ? "" : oneLine(name.substring(name.lastIndexOf('.') + 1));
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().length() <= TRACE_MAX ? text.toString() : text.toString().substring(0, TRACE_MAX);
    }

    /// Everything that is not seen as itself is written as a number.
    static String oneLine(String text) {
        var clean = new StringBuilder(Math.min(text.length(), MESSAGE_MAX) + 16);
        int at = 0;
        for (int c; at < text.length() && at < MESSAGE_MAX; at += Character.charCount(c)) {
            c = text.codePointAt(at);
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    clean.append("\\u{").append(Integer.toHexString(c)).append('}');
                default -> clean.appendCodePoint(c);
            }
        }
        if (at < text.length()) clean.append("… (").append(text.length() - at).append(" more)");
        return clean.toString();
    }
}

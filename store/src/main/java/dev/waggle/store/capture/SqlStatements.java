package dev.waggle.store.capture;

import java.util.ArrayList;
import java.util.List;

/// Cuts an SQL text at the semicolons that end a statement: not those in strings, comments or the body of a trigger.
final class SqlStatements {
    /// @param line where it begins, from 1
    record Statement(String text, int line) {
        /// True for what makes or changes tables, indexes, triggers and views.
        boolean declares() {
            var words = SqlWords.of(text);
            return !words.isEmpty() && (words.getFirst().is("CREATE") || words.getFirst().is("ALTER"));
        }
    }

    /// A string, a comment or a trigger that never ends.
    static final class Unclosed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int line;

        Unclosed(int line, String what) {
            super(what);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private int at;
    private int line = 1;
    private int start = -1;
    private int startLine;
    private String first = "";
    private String last = "";
    private boolean trigger;

    private SqlStatements(String text) {
        this.text = text;
    }

    /// @throws Unclosed when the text ends within a string, a comment or a trigger
    static List<Statement> of(String text) {
        return new SqlStatements(text).run();
    }

    private List<Statement> run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) skipTo(at + 1);
            else if (text.startsWith("--", at)) skipTo(endOf("\n", false));
            else if (text.startsWith("/*", at)) skipTo(endOf("*/", true));
            else if (c == ';') semicolon();
            else piece(c);
        }
        if (start >= 0 && trigger) throw new Unclosed(startLine, "a trigger without its END;");
        end(text.length());
        return statements;
    }

    private void piece(char c) {
        if (start < 0) {
            start = at;
            startLine = line;
        }
        if (c == '\'' || c == '"' || c == '`' || c == '[') {
            skipTo(endOf(c == '[' ? "]" : String.valueOf(c), true));
            last = "";
            return;
        }
        int end = at;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) end++;
        last = text.substring(at, Math.max(end, at + 1));
        if (first.isEmpty()) first = last;
        trigger |= first.equalsIgnoreCase("CREATE") && last.equalsIgnoreCase("TRIGGER") && isHead();
        skipTo(Math.max(end, at + 1));
    }

    /// CREATE [TEMP] TRIGGER, and no column that is called so.
    private boolean isHead() {
        return SqlWords.of(text.substring(start, at)).size() <= 2;
    }

    /// @param closed whether the text must have it
    private int endOf(String close, boolean closed) {
        int found = text.indexOf(close, at + 1 + (close.length() - 1));
        if (found < 0 && closed) throw new Unclosed(line, "this begins with " + text.charAt(at) + " and never ends");
        return found < 0 ? text.length() : found + close.length();
    }

    private void skipTo(int end) {
        for (int i = at; i < end; i++) if (text.charAt(i) == '\n') line++;
        at = end;
    }

    private void semicolon() {
        if (trigger && !last.equalsIgnoreCase("END")) {
            skipTo(at + 1);
            last = "";
            return;
        }
        end(at);
        skipTo(at + 1);
    }

    private void end(int to) {
        if (start >= 0) statements.add(new Statement(text.substring(start, to).strip(), startLine));
        start = -1;
        first = "";
        last = "";
        trigger = false;
    }
}

package dev.waggle.store.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The words of an SQL text: enough to see what a trigger writes and what kind of statement a text is, no more.
final class SqlWords {
    /// @param text  an identifier without its quotes, a keyword, a literal or one character
    /// @param bare  not quoted: may be a keyword
    /// @param start where it begins in the text
    record Word(String text, boolean bare, boolean literal, int start) {
        boolean is(String keyword) {
            return bare && text.equalsIgnoreCase(keyword);
        }
    }

    private SqlWords() {}

    static List<Word> of(String sql) {
        var words = new ArrayList<Word>();
        int i = 0;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            int start = i;
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '-' && sql.startsWith("--", i)) {
                int end = sql.indexOf('\n', i);
                i = end < 0 ? sql.length() : end + 1;
            } else if (c == '/' && sql.startsWith("/*", i)) {
                int end = sql.indexOf("*/", i + 2);
                i = end < 0 ? sql.length() : end + 2;
            } else if (c == '"' || c == '`' || c == '[' || c == '\'') {
                i = quoted(sql, i, words);
            } else if (isWordPart(c)) {
                while (i < sql.length() && isWordPart(sql.charAt(i))) i++;
                words.add(new Word(sql.substring(start, i), true, false, start));
            } else {
                words.add(new Word(String.valueOf(c), true, false, start));
                i++;
            }
        }
        return words;
    }

    private static int quoted(String sql, int start, List<Word> words) {
        char close = sql.charAt(start) == '[' ? ']' : sql.charAt(start);
        var text = new StringBuilder();
        int i = start + 1;
        while (i < sql.length()) {
            char c = sql.charAt(i++);
            if (c != close) {
                text.append(c);
            } else if (close != ']' && i < sql.length() && sql.charAt(i) == close) {
                text.append(c);
                i++;
            } else {
                break;
            }
        }
        words.add(new Word(text.toString(), false, close == '\'', start));
        return i;
    }

    private static boolean isWordPart(char c) {
        return c == '_' || c == '$' || c >= 0x80 || Character.isLetterOrDigit(c);
    }

    /// Whether a CREATE TABLE says what is done about rows that break its rules.
    static boolean decidesConflicts(String createTable) {
        var words = of(createTable);
        for (int i = 1; i < words.size(); i++) if (words.get(i - 1).is("ON") && words.get(i).is("CONFLICT")) return true;
        return false;
    }

    /// The condition of a partial index: what follows the last WHERE outside brackets. Empty when there is none.
    static String whereOf(String createIndex) {
        int depth = 0;
        for (var word : of(createIndex)) {
            if (word.is("(")) depth++;
            if (word.is(")")) depth--;
            if (depth == 0 && word.is("WHERE")) return createIndex.substring(word.start() + "WHERE".length()).strip();
        }
        return "";
    }

    /// The tables that the body of a trigger writes, in lower case.
    static List<String> tablesWritten(String createTrigger) {
        var words = of(createTrigger);
        var tables = new ArrayList<String>();
        int i = 0;
        while (i < words.size() && !words.get(i).is("BEGIN")) i++;
        for (; i < words.size(); i++) {
            int at = -1;
            if (words.get(i).is("INTO")) at = i + 1;
            else if (words.get(i).is("FROM") && words.get(i - 1).is("DELETE")) at = i + 1;
            else if (words.get(i).is("UPDATE") && !words.get(i - 1).is("DO")) {
                at = i + 1;
                if (at < words.size() && words.get(at).is("OR")) at += 2;
            }
            if (at < 0 || at >= words.size()) continue;
            if (at + 2 < words.size() && words.get(at + 1).is(".")) at += 2;
            tables.add(words.get(at).text().toLowerCase(Locale.ROOT));
        }
        return tables;
    }

    static boolean raises(String createTrigger) {
        return of(createTrigger).stream().anyMatch(word -> word.is("RAISE"));
    }

    /// True when the text is one CREATE statement of the given kind for the named object, and nothing else.
    ///
    /// @param kind TABLE, INDEX, TRIGGER or VIEW
    /// @param on   for an index or trigger: the table it must belong to
    static boolean isSingleCreate(String sql, String kind, String name, String on) {
        var words = of(sql);
        int i = 0;
        if (words.isEmpty() || !words.get(i++).is("CREATE")) return false;
        if (i < words.size() && kind.equals("INDEX") && words.get(i).is("UNIQUE")) i++;
        if (i + 1 >= words.size() || !words.get(i++).is(kind)) return false;
        if (words.get(i).is("IF")) i += 3;
        if (i >= words.size() || !words.get(i).text().equalsIgnoreCase(name)) return false;
        if (i + 1 < words.size() && words.get(i + 1).is(".")) return false;
        if (kind.equals("TABLE")) {
            if (i + 1 >= words.size() || !words.get(i + 1).is("(")) return false;      // no CREATE TABLE … AS SELECT
        } else if (kind.equals("INDEX") || kind.equals("TRIGGER")) {
            int j = i + 1;
            while (j < words.size() && !words.get(j).is("ON")) j++;
            if (j + 1 >= words.size() || !words.get(j + 1).text().equalsIgnoreCase(on)) return false;
        }
        return endsOnce(words, kind.equals("TRIGGER"));
    }

    /// No statement follows the first: a trigger ends with its END, everything else has no semicolon but a last one.
    private static boolean endsOnce(List<Word> words, boolean trigger) {
        int last = words.size() - 1;
        if (words.get(last).is(";")) last--;
        if (!trigger) {
            for (int i = 0; i <= last; i++) if (words.get(i).is(";")) return false;
            return true;
        }
        if (!words.get(last).is("END")) return false;
        int depth = 0;
        boolean inBody = false;
        for (int i = 0; i <= last; i++) {
            if (words.get(i).is("BEGIN")) inBody = true;
            if (words.get(i).is("CASE")) depth++;
            if (words.get(i).is("END")) {
                if (depth > 0) depth--;
                else return inBody && i == last;
            }
        }
        return false;
    }
}

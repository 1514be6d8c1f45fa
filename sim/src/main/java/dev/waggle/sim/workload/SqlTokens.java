package dev.waggle.sim.workload;

import dev.waggle.core.event.Hex;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts SQL text, or a line of a workload file, into words, literals and single characters. Comments are stepped over: SQL's, and `#` to the end of a line.
final class SqlTokens {
    /// @param text   as written, quotes included
    /// @param quoted a string, or a name in quotes
    record Token(String text, boolean quoted) {
        boolean is(String word) {
            return !quoted && text.equalsIgnoreCase(word);
        }

        /// A name without its quotes.
        String name() {
            if (!quoted || text.length() < 2) return text;
            char quote = text.charAt(0);
            var inner = text.substring(1, text.length() - 1);
            return quote == '[' ? inner : inner.replace(("" + quote).repeat(2), "" + quote);
        }

        boolean isWord() {
            return quoted && text.charAt(0) != '\'' || Character.isLetter(text.charAt(0)) || text.charAt(0) == '_' || text.charAt(0) >= 0x80;
        }

        /// Its value when it is a literal.
        Optional<Value> literal() {
            if (text.startsWith("'") && quoted) return Optional.of(Value.Text.of(name()));
            if (is("NULL")) return Optional.of(Value.NULL);
            if (text.length() >= 3 && (text.charAt(0) == 'x' || text.charAt(0) == 'X') && text.charAt(1) == '\'') return blob();
            try {
                if (text.matches("[+-]?[0-9]+")) return Optional.of(new Value.Int(Long.parseLong(text)));
                if (text.matches("[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+)([eE][+-]?[0-9]+)?")) return Optional.of(new Value.Real(Double.parseDouble(text)));
                return Optional.empty();
            } catch (NumberFormatException _) {
                return Optional.empty();                    // more digits than an integer has
            }
        }

        private Optional<Value> blob() {
            try {
                return Optional.of(new Value.Blob(Hex.bytes(text.substring(2, text.length() - 1))));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException when a quote is not closed
    static List<Token> of(String text) {
        return new SqlTokens(text).run();
    }

    private List<Token> run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) at++;
            else if (c == '#' || text.startsWith("--", at)) comment("\n");
            else if (c == '/' && text.startsWith("/*", at)) comment("*/");
            else if (c == '\'' || c == '"' || c == '`' || c == '[') add(closed(at, c == '[' ? ']' : c), true);
            else if ((c == 'x' || c == 'X') && text.startsWith("'", at + 1)) add(closed(at + 1, '\''), false);
            else if (isNumberStart(c)) add(numberEnd(), false);
            else if (isNamePart(c)) add(wordEnd(), false);
            else add(at + 1, false);
        }
        return tokens;
    }

    private void add(int end, boolean quoted) {
        tokens.add(new Token(text.substring(at, end), quoted));
        at = end;
    }

    private void comment(String end) {
        int found = text.indexOf(end, at);
        at = found < 0 ? text.length() : found + end.length();
    }

    private int closed(int open, char quote) {
        for (int i = open + 1; i < text.length(); i++) {
            if (text.charAt(i) != quote) continue;
            if (quote != ']' && i + 1 < text.length() && text.charAt(i + 1) == quote) i++;
            else return i + 1;
        }
        throw new IllegalArgumentException("the quote " + text.charAt(open) + " is not closed");
    }

    private boolean isNumberStart(char c) {
        if (Character.isDigit(c)) return true;
        boolean signed = (c == '-' || c == '+') && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
        return signed && (tokens.isEmpty() || !tokens.getLast().isWord() || tokens.getLast().is("values") || tokens.getLast().is("range") || tokens.getLast().is("add"));
    }

    private int numberEnd() {
        int end = at + 1;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean range = text.startsWith("..", end);
            boolean exponent = (c == '-' || c == '+') && (text.charAt(end - 1) == 'e' || text.charAt(end - 1) == 'E');
            if (range || !(Character.isLetterOrDigit(c) || c == '.' || exponent)) break;
            end++;
        }
        return end;
    }

    private int wordEnd() {
        int end = at;
        while (end < text.length() && isNamePart(text.charAt(end))) end++;
        return end;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= 0x80;
    }
}

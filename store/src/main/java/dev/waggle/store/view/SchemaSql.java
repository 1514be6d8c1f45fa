package dev.waggle.store.view;

import dev.waggle.apps.table.TableSchema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads just enough of CREATE statements that another node sent: which kind they are, which words they use, what an index is over. Quoted names,
/// strings and comments are stepped over, never looked into.
final class SchemaSql {
    /// A piece of SQL text: a word, a quoted name or string, or one other character.
    private record Token(String text, int from, int to) {
        boolean is(String word) {
            return text.equalsIgnoreCase(word);
        }
    }

    private SchemaSql() {}

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// True for one single CREATE statement of this kind (TABLE, INDEX …).
    static boolean creates(String sql, String kind) {
        var tokens = tokens(sql);
        if (tokens.isEmpty() || !tokens.getFirst().is("CREATE")) return false;
        int at = 1;
        while (at < tokens.size() && (tokens.get(at).is("UNIQUE") || tokens.get(at).is("TEMP") || tokens.get(at).is("TEMPORARY"))) at++;
        if (at >= tokens.size() || !tokens.get(at).is(kind)) return false;
        for (int i = 0; i < tokens.size() - 1; i++) if (tokens.get(i).is(";")) return false;
        // CREATE TABLE … AS SELECT would run a query
        return !kind.equals("TABLE") || tokens.stream().anyMatch(token -> token.is("(")) && tokens.stream().noneMatch(token -> token.is("SELECT"));
    }

    /// Every unquoted word, in upper case.
    static Set<String> words(String sql) {
        var words = new HashSet<String>();
        for (var token : tokens(sql)) words.add(token.text.toUpperCase(Locale.ROOT));
        return words;
    }

    /// Functions that answer otherwise from call to call. SQLite refuses them in indexes and generated columns, and allows them in a CHECK.
    private static final Set<String> BY_CHANCE = Set.of("random", "randomblob", "changes", "total_changes", "last_insert_rowid");

    /// True when a CHECK of this CREATE TABLE would let one node accept a row that another refuses.
    static boolean checksByChance(String sql) {
        int depth = 0;
        boolean check = false;
        for (var token : tokens(sql)) {
            if (!check && token.is("CHECK")) {
                check = true;
                depth = 0;
            }
            if (!check) continue;
            if (token.is("(")) depth++;
            if (token.is(")") && --depth == 0) check = false;
            if (depth > 0 && BY_CHANCE.contains(unquoted(token.text).toLowerCase(Locale.ROOT))) return true;
        }
        return false;
    }

    /// The expressions that an index of this table is over, without COLLATE, ASC and DESC.
    static Optional<List<String>> indexed(TableSchema schema, String index) {
        for (var sql : schema.sql()) {
            if (!creates(sql, "INDEX")) continue;
            var tokens = tokens(sql);
            int open = 0;
            while (open < tokens.size() && !tokens.get(open).is("(")) open++;
            boolean named = tokens.subList(0, open).stream().anyMatch(token -> unquoted(token.text).equalsIgnoreCase(index));
            if (named && open < tokens.size()) return Optional.of(expressions(sql, tokens, open));
        }
        return Optional.empty();
    }

    private static List<String> expressions(String sql, List<Token> tokens, int open) {
        var expressions = new ArrayList<String>();
        int depth = 0;
        int from = tokens.get(open).to;
        int end = -1;                                           // where COLLATE, ASC or DESC ends the expression
        for (var token : tokens.subList(open, tokens.size())) {
            if (depth == 1 && end < 0 && (token.is("COLLATE") || token.is("ASC") || token.is("DESC"))) end = token.from;
            if (token.is("(")) depth++;
            if (token.is(")")) depth--;
            if (depth == 0 || depth == 1 && token.is(",")) {
                expressions.add(sql.substring(from, end < 0 ? token.from : end).strip());
                from = token.to;
                end = -1;
            }
            if (depth == 0) break;
        }
        return expressions;
    }

    private static String unquoted(String text) {
        if (text.length() < 2) return text;
        return switch (text.charAt(0)) {
            case '"', '`', '\'' -> text.substring(1, text.length() - 1).replace("" + text.charAt(0) + text.charAt(0), "" + text.charAt(0));
            case '[' -> text.substring(1, text.length() - 1);
            default -> text;
        };
    }

    private static List<Token> tokens(String sql) {
        var tokens = new ArrayList<Token>();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int from = at;
            if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else if (c == '"' || c == '`' || c == '\'' || c == '[') {
                at = quoteEnd(sql, at, c == '[' ? ']' : c);
                tokens.add(new Token(sql.substring(from, at), from, at));
            } else if (isWord(c)) {
                while (at < sql.length() && isWord(sql.charAt(at))) at++;
                tokens.add(new Token(sql.substring(from, at), from, at));
            } else {
                at++;
                tokens.add(new Token(String.valueOf(c), from, at));
            }
        }
        return tokens;
    }

    private static int quoteEnd(String sql, int from, char quote) {
        for (int at = from + 1; at < sql.length(); at++) {
            if (sql.charAt(at) != quote) continue;
            if (quote == ']' || at + 1 >= sql.length() || sql.charAt(at + 1) != quote) return at + 1;
            at++;
        }
        return sql.length();
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}

package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Values that a CHECK of a table mentions beside a column, and numbers next to them: drawn at random, hardly any other value would pass
/// `CHECK (status IN ('open', 'done'))`. Only hints: whether a row passes is for SQLite to say.
final class CheckHints {
    private final Map<String, List<Value>> byColumn = new HashMap<>();

    CheckHints(Database.Table table) {
        var tokens = tokens(table.schema().sql().isEmpty() ? "" : table.schema().sql().getFirst());
        for (int i = 0; i + 1 < tokens.size(); i++)
            if (tokens.get(i).is("CHECK") && tokens.get(i + 1).is("(")) add(table, body(tokens, i + 1));
    }

    private static List<SqlTokens.Token> tokens(String sql) {
        try {
            return SqlTokens.of(sql);
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }

    private static List<SqlTokens.Token> body(List<SqlTokens.Token> tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            if (tokens.get(i).is("(")) depth++;
            if (tokens.get(i).is(")") && --depth == 0) return tokens.subList(open, i);
        }
        return List.of();
    }

    private void add(Database.Table table, List<SqlTokens.Token> body) {
        var values = new ArrayList<Value>();
        for (var token : body)
            token.literal().ifPresent(value -> {
                if (value instanceof Value.Null) return;
                values.add(value);
                if (!(value instanceof Value.Int(var integer))) return;
                values.add(new Value.Int(integer + 1));
                values.add(new Value.Int(integer - 1));
                if (integer > 2) values.add(new Value.Int(integer / 2));
            });
        if (values.isEmpty()) return;
        for (var column : table.stored())
            if (body.stream().anyMatch(token -> token.isWord() && token.name().equalsIgnoreCase(column.name())))
                byColumn.computeIfAbsent(column.name(), _ -> new ArrayList<>()).addAll(values);
    }

    List<Value> of(String column) {
        return byColumn.getOrDefault(column, List.of());
    }
}

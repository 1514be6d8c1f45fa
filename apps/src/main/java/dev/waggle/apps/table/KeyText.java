package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// A key as a person types it: words, one for each key column. What a word means is not said by it, so every value that it may stand for is tried, the one that
/// suits the column first.
public final class KeyText {
    private static final int KEYS_MAX = 64;

    private KeyText() {}

    /// The keys that the words may mean, likelier ones first: 64 at most.
    public static List<List<Value>> keys(TableSchema schema, List<String> words) {
        var keys = List.of(List.<Value>of());
        for (int part = 0; part < words.size(); part++) {
            var longer = new ArrayList<List<Value>>();
            for (var key : keys)
                for (var value : values(words.get(part), prefersText(schema, part))) {
                    var whole = new ArrayList<>(key);
                    whole.add(value);
                    longer.add(whole);
                }
            keys = longer.subList(0, Math.min(KEYS_MAX, longer.size()));
        }
        return List.copyOf(keys);
    }

    /// SQLite's affinity TEXT.
    private static boolean prefersText(TableSchema schema, int part) {
        if (part >= schema.key().size()) return false;
        var name = schema.key().get(part);
        var type = schema.columns().stream().filter(column -> column.name().equals(name)).map(column -> column.type().toUpperCase(Locale.ROOT)).findFirst().orElse("");
        return !type.contains("INT") && (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT"));
    }

    private static List<Value> values(String word, boolean textFirst) {
        var text = new Value.Text(word.getBytes(StandardCharsets.UTF_8));
        var other = other(word);
        if (other == null) return List.of(text);
        return textFirst ? List.of(text, other) : List.of(other, text);
    }

    private static Value other(String word) {
        try {
            if (word.matches("-?[0-9]{1,19}")) return new Value.Int(Long.parseLong(word));
            if (word.matches("-?[0-9]+\\.[0-9]+([eE][-+]?[0-9]+)?")) return new Value.Real(Double.parseDouble(word));
            if (word.matches("[xX]'([0-9a-fA-F]{2})*'")) return new Value.Blob(HexFormat.of().parseHex(word.substring(2, word.length() - 1)));
        } catch (NumberFormatException _) {
            // no number that SQLite keeps: text
        }
        return null;
    }
}

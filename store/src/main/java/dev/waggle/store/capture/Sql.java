package dev.waggle.store.capture;

import java.util.List;
import java.util.stream.Collectors;

/// Names and literals in SQL text. Every name that comes from a file or an event passes here.
final class Sql {
    private Sql() {}

    /// A name as an identifier, whatever it contains.
    static String name(String name) {
        if (name.indexOf('\0') >= 0) throw new FileRefused("a name with a NUL character cannot be used");
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String names(List<String> names) {
        return names.stream().map(Sql::name).collect(Collectors.joining(", "));
    }

    static String text(String text) {
        if (text.indexOf('\0') >= 0) throw new FileRefused("a name with a NUL character cannot be used");
        return '\'' + text.replace("'", "''") + '\'';
    }
}

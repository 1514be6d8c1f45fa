package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// When a row of the file is what it should be. Types and bytes must agree, except that a UTF-16 file cannot hold text that is no Unicode:
/// there the nearest text counts as the same, so that reading it again is no edit.
final class Same {
    private Same() {}

    static boolean inFile(Value inFile, Value wanted, TextForm form) {
        if (wanted.equals(inFile)) return true;
        return form != TextForm.UTF_8 && wanted instanceof Value.Text text && !form.keeps(text) && form.read(form.stored(text)).equals(inFile);
    }

    /// The row as it is meant: values that this file cannot hold exactly are taken from `shown`.
    static SortedMap<String, Value> meant(SortedMap<String, Value> row, Optional<SortedMap<String, Value>> shown, TextForm form) {
        if (form == TextForm.UTF_8 || shown.isEmpty()) return row;
        var meant = new TreeMap<>(row);
        shown.get().forEach((column, value) -> {
            var now = row.get(column);
            if (now != null && inFile(now, value, form)) meant.put(column, value);
        });
        return meant;
    }

    /// True when the columns that the file has are what `shown` says.
    static boolean rows(SortedMap<String, Value> row, SortedMap<String, Value> shown, TextForm form) {
        for (var column : row.entrySet()) {
            var wanted = shown.get(column.getKey());
            if (wanted == null ? !(column.getValue() instanceof Value.Null) : !inFile(column.getValue(), wanted, form)) return false;
        }
        return true;
    }
}

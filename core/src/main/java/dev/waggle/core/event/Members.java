package dev.waggle.core.event;

import java.util.Arrays;
import java.util.SortedMap;

/// The members of a JSON object.
final class Members extends NamedValues<Json> {
    private final String[] names;
    private final Json[] values;

    /// @param names ascending, each once
    Members(String[] names, Json[] values) {
        this.names = names;
        this.values = values;
    }

    Members(SortedMap<String, Json> sorted) {
        names = sorted.keySet().toArray(String[]::new);
        values = sorted.values().toArray(Json[]::new);
    }

    @Override public int size() {
        return names.length;
    }

    @Override protected String name(int index) {
        return names[index];
    }

    @Override public Json at(int index) {
        return values[index];
    }

    @Override protected int indexOf(String name) {
        return Arrays.binarySearch(names, name);
    }
}

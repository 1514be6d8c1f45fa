package dev.waggle.core.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The members of a JSON object, sorted by name and never changed: two arrays, where a tree would take an object for each member.
final class Members extends AbstractMap<String, Json> implements SortedMap<String, Json> {
    private final String[] names;
    private final Json[] values;

    /// @param names ascending, each once; the caller gives both lists away
    Members(List<String> names, List<Json> values) {
        this.names = names.toArray(String[]::new);
        this.values = values.toArray(Json[]::new);
    }

    Members(SortedMap<String, Json> sorted) {
        names = sorted.keySet().toArray(String[]::new);
        values = sorted.values().toArray(Json[]::new);
    }

    @Override public int size() {
        return names.length;
    }

    @Override public Json get(Object name) {
        int at = find(name);
        return at < 0 ? null : values[at];
    }

    @Override public boolean containsKey(Object name) {
        return find(name) >= 0;
    }

    private int find(Object name) {
        return name instanceof String text ? Arrays.binarySearch(names, text) : -1;
    }

    @Override public Set<Entry<String, Json>> entrySet() {
        return new AbstractSet<>() {
            @Override public Iterator<Entry<String, Json>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override public boolean hasNext() {
                        return next < names.length;
                    }

                    @Override public Entry<String, Json> next() {
                        if (next == names.length) throw new NoSuchElementException();
                        return Map.entry(names[next], values[next++]);
                    }
                };
            }

            @Override public int size() {
                return names.length;
            }
        };
    }

    @Override public Comparator<? super String> comparator() {
        return null;
    }

    @Override public SortedMap<String, Json> subMap(String from, String to) {
        return new TreeMap<>(this).subMap(from, to);
    }

    @Override public SortedMap<String, Json> headMap(String to) {
        return new TreeMap<>(this).headMap(to);
    }

    @Override public SortedMap<String, Json> tailMap(String from) {
        return new TreeMap<>(this).tailMap(from);
    }

    @Override public String firstKey() {
        if (names.length == 0) throw new NoSuchElementException();
        return names[0];
    }

    @Override public String lastKey() {
        if (names.length == 0) throw new NoSuchElementException();
        return names[names.length - 1];
    }
}

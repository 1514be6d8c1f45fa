package dev.waggle.core.event;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/// Values by name, sorted by name and never changed, over arrays of the subclass: a tree would take an object for each name.
///
/// @param <V> of the values; none is null
public abstract class NamedValues<V> extends AbstractMap<String, V> implements SortedMap<String, V> {
    @Override public abstract int size();

    /// The names are ascending, each once.
    protected abstract String name(int index);

    /// The value of the name at `index`.
    public abstract V at(int index);

    /// @return negative when the name is not there
    protected abstract int indexOf(String name);

    @Override public V get(Object name) {
        int index = name instanceof String text ? indexOf(text) : -1;
        return index < 0 ? null : at(index);
    }

    @Override public boolean containsKey(Object name) {
        return name instanceof String text && indexOf(text) >= 0;
    }

    @Override public void forEach(BiConsumer<? super String, ? super V> action) {
        for (int i = 0; i < size(); i++) action.accept(name(i), at(i));
    }

    @Override public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override public int size() {
                return NamedValues.this.size();
            }

            @Override public Iterator<Entry<String, V>> iterator() {
                return iterating(i -> Map.entry(name(i), at(i)));
            }
        };
    }

    // These two would make an entry of each otherwise.

    @Override public Set<String> keySet() {
        return new AbstractSet<>() {
            @Override public int size() {
                return NamedValues.this.size();
            }

            @Override public boolean contains(Object name) {
                return containsKey(name);
            }

            @Override public Iterator<String> iterator() {
                return iterating(NamedValues.this::name);
            }
        };
    }

    @Override public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override public int size() {
                return NamedValues.this.size();
            }

            @Override public Iterator<V> iterator() {
                return iterating(NamedValues.this::at);
            }
        };
    }

    private <T> Iterator<T> iterating(IntFunction<T> item) {
        return new Iterator<>() {
            private int next;

            @Override public boolean hasNext() {
                return next < size();
            }

            @Override public T next() {
                if (next == size()) throw new NoSuchElementException();
                return item.apply(next++);
            }
        };
    }

    @Override public Comparator<? super String> comparator() {
        return null;
    }

    @Override public String firstKey() {
        if (isEmpty()) throw new NoSuchElementException();
        return name(0);
    }

    @Override public String lastKey() {
        if (isEmpty()) throw new NoSuchElementException();
        return name(size() - 1);
    }

    @Override public SortedMap<String, V> subMap(String from, String to) {
        return new TreeMap<>(this).subMap(from, to);
    }

    @Override public SortedMap<String, V> headMap(String to) {
        return new TreeMap<>(this).headMap(to);
    }

    @Override public SortedMap<String, V> tailMap(String from) {
        return new TreeMap<>(this).tailMap(from);
    }
}

package dev.waggle.apps.table;

import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RowTest {
    private static final SortedMap<String, Value> TREE = new TreeMap<>(Map.of("title", Value.Text.of("tea"), "id", new Value.Int(7), "note", Value.NULL));

    @Test void a_row_reads_as_the_tree_that_it_was_made_of() {
        var row = Row.of(TREE);
        assertThat(row).isEqualTo(TREE).hasSameHashCodeAs(TREE);
        assertThat(TREE).isEqualTo(row);
        assertThat(List.copyOf(row.entrySet())).isEqualTo(List.copyOf(TREE.entrySet()));
        assertThat(List.copyOf(row.keySet())).isEqualTo(List.copyOf(TREE.keySet())).isEqualTo(List.of("id", "note", "title"));
        assertThat(List.copyOf(row.values())).isEqualTo(List.copyOf(TREE.values()));
        assertThat(row.keySet().contains("note")).isTrue();
        assertThat(row.keySet().contains("nothing")).isFalse();
        assertThat(row.values().contains(Value.NULL)).isTrue();
        var forEach = new TreeMap<String, Value>();
        row.forEach(forEach::put);
        assertThat(forEach).isEqualTo(TREE);
    }

    @Test void a_row_is_not_changed_through_what_it_shows() {
        var row = Row.of(TREE);
        for (var shown : List.of(row.keySet(), row.values(), row.entrySet())) {
            assertThatThrownBy(shown::clear).isInstanceOf(UnsupportedOperationException.class);
            var all = shown.iterator();
            while (all.hasNext()) all.next();
            assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(all::remove).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}

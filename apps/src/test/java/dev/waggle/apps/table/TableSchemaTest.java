package dev.waggle.apps.table;

import dev.waggle.apps.table.TableSchema.ForeignKey;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class TableSchemaTest {
    private static TableSchema task(ForeignKey... keys) {
        return TestTables.schema("task", TableSchema.Identity.EVENT, List.of("id"), TestTables.TASK.columns(), TestTables.TASK.uniques(), List.of(keys));
    }

    private static ForeignKey key(int id, String column, String parentColumn) {
        return new ForeignKey(id, List.of(column), "person", List.of(parentColumn));
    }

    private static int number(TableSchema schema, String column) {
        return schema.foreignKeys().stream().filter(key -> key.columns().contains(column)).findFirst().orElseThrow().id();
    }

    @Test void a_foreign_key_keeps_the_number_that_the_log_knows() {
        var known = task(key(0, "doer", "ID"), key(1, "maker", "id"));
        var numbered = task(key(0, "checker", "id"), key(1, "doer", "id"), key(2, "maker", "id")).numberedAs(known);
        assertThat(numbered.foreignKeys()).startsWith(key(0, "doer", "id"), key(1, "maker", "id")).hasSize(3);
        assertThat(number(numbered, "checker")).isGreaterThan(1);
    }

    @Test void new_foreign_keys_get_one_number_wherever_and_in_whatever_order_they_are_added() {
        var known = task(key(0, "doer", "id"));
        var one = task(key(0, "checker", "id"), key(1, "doer", "id")).numberedAs(known);
        var other = task(key(0, "editor", "id"), key(1, "doer", "id")).numberedAs(known);
        var both = task(key(0, "editor", "id"), key(1, "checker", "id"), key(2, "doer", "id"));
        assertThat(both.numberedAs(one)).isEqualTo(both.numberedAs(other)).isEqualTo(both.numberedAs(known));
        assertThat(both.numberedAs(one).foreignKeys()).containsAll(one.foreignKeys()).containsAll(other.foreignKeys());
    }

    @Test void two_foreign_keys_that_say_the_same_have_two_numbers() {
        var twice = task(key(0, "doer", "id"), key(1, "doer", "id"));
        assertThat(twice.numberedAs(task(key(5, "doer", "id"))).foreignKeys()).extracting(ForeignKey::id).doesNotHaveDuplicates().contains(5);
    }
}

package dev.waggle.apps.table;

import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;

class ConstraintsTest {
    private final RowRules ageIsNeeded = new RowRules() {
        @Override public String judged(TableSchema schema) {
            return "";
        }

        @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
            return Optional.empty();
        }

        @Override public Set<String> needed(TableSchema schema) {
            return Set.of("age");
        }

        @Override public Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
            return Optional.empty();
        }
    };

    /// An edit whose insert turned void says nothing of the other columns: no file takes such a row, where one of them must not be NULL and has no default.
    @Test void a_row_without_a_column_that_every_file_asks_for_fits_no_file() {
        var constraints = new Constraints(ageIsNeeded, ChunkSource.NONE);
        assertThat(constraints.violation(TestTables.PERSON, row("id", 1, "name", "Ann")).orElseThrow()).contains("age is missing");
        assertThat(constraints.violation(TestTables.PERSON, row("id", 1, "name", "Ann", "age", 3))).isEmpty();
        assertThat(new Constraints(RowRules.NONE, ChunkSource.NONE).violation(TestTables.PERSON, row("id", 1))).as("a default stands for it").isEmpty();
        assertThat(constraints.judged(TestTables.PERSON)).as("rows are looked at again when that changes")
            .isNotEqualTo(new Constraints(RowRules.NONE, ChunkSource.NONE).judged(TestTables.PERSON));
    }
}

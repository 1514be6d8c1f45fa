package dev.waggle.sim.workload;

import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WorkloadFileTest {
    private final Database people = BuiltIn.all().get(1).database();

    private Workload read(String text) {
        return WorkloadFile.read("test", text, people);
    }

    @Test void a_file_says_all_that_there_is_to_say() {
        var workload = read("""
            # 'an unclosed quote in a comment
            transaction 2..3
            foreign_keys OFF
            policy * merge
            policy Person last-write
            insert or replace 4 person
              "handle" values 'it''s', 'B' NULL null 10%   -- both kinds of comment
              mail   text 3..9
              boss   row person.id null 50%
            insert 1 folder
              path  uuid
            update 2 person
              id    range -5..7
              boss  typical
            update 2 person_label
              note  range 0.5..2
            update 1 person
              id    add -1..1
            insert 1 person
              id    next
              mail  blob 0..4
            delete 3 folder
            """);
        assertThat(workload.policies()).isEqualTo(Map.of("*", "merge", "person", "last-write"));
        assertThat(workload.foreignKeys()).isFalse();
        assertThat(workload.statementsMin()).isEqualTo(2);
        assertThat(workload.statementsMax()).isEqualTo(3);
        assertThat(workload.statements()).containsExactly(
            new Workload.Statement.Insert(4, "person", Map.of(
                "handle", new Generator.OrNull(new Generator.OneOf(List.of(Value.Text.of("it's"), Value.Text.of("B"), Value.NULL)), 10),
                "mail", new Generator.Characters(3, 9),
                "boss", new Generator.OrNull(new Generator.RowOf("person", "id"), 50)), true),
            new Workload.Statement.Insert(1, "folder", Map.of("path", new Generator.Uuid()), false),
            new Workload.Statement.Update(2, "person", Map.of("id", new Generator.Range(-5, 7), "boss", new Generator.Typical())),
            new Workload.Statement.Update(2, "person_label", Map.of("note", new Generator.RealRange(0.5, 2))),
            new Workload.Statement.Update(1, "person", Map.of("id", new Generator.Add(-1, 1))),
            new Workload.Statement.Insert(1, "person", Map.of("id", new Generator.Next(), "mail", new Generator.Bytes(0, 4)), false),
            new Workload.Statement.Delete(3, "folder"));
    }

    @Test void a_file_with_policies_alone_writes_a_bit_of_everything() {
        assertThat(read("policy folder union").statements()).isEqualTo(Workload.derived("test", people).statements());
    }

    @Test void a_column_needs_a_statement_above_it() {
        assertThatThrownBy(() -> read("  id next")).isInstanceOf(WorkloadRefused.class).hasMessageContaining("and there is none");
    }

    @ParameterizedTest @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "2 | insert 1 nobody                        | there is no table nobody; the schema has folder, label, person, person_label",
        "2 | insert person                          | a weight is expected, not person",
        "2 | insert 0 person                        | a weight lies between 1 and",
        "2 | inser 1 person                         | is no directive",
        "2 | policy person newest                   | is no policy; there are union, last-write, merge",
        "2 | transaction 3                          | .. is missing at the end of the line",
        "2 | transaction 5..2                       | the range ends before it begins",
        "2 | foreign_keys maybe                     | foreign_keys is on or off",
        "2 | delete 1 person now                    | nothing is expected after this, but there is now",
        "3 | insert 1 person;  name text 1..2       | table person has no column name; it has id, handle, mail, boss",
        "3 | insert 1 person;  mail 'a'             | draws no values; there are values, range",
        "3 | insert 1 person;  mail values Ann      | Ann is no literal; text stands in single quotes",
        "3 | insert 1 person;  mail values          | values needs at least one literal",
        "3 | insert 1 person;  mail values 'a       | is not closed",
        "3 | insert 1 person;  id add 1..2          | add takes the old value: it is for updates",
        "3 | insert 1 person;  boss row person      | a dot and a column is missing",
        "3 | insert 1 person;  id range 1..x        | a number is expected, not x",
        "4 | insert 1 person;  id next;  id next    | column id is given twice",
        "3 | delete 1 person;  id next              | delete takes no columns",
    })
    void what_is_wrong_is_named_with_its_line(int line, String text, String message) {
        assertThatThrownBy(() -> read("\n" + text.replace(";", "\n"))).isInstanceOf(WorkloadRefused.class).hasMessageContaining(message)
            .satisfies(refused -> assertThat(((WorkloadRefused) refused).line()).isEqualTo(line));
    }
}

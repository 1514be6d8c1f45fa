package dev.waggle.apps.table;

import dev.waggle.core.log.Draft;
import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import static dev.waggle.apps.table.TestNode.put;
import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;

/// Two nodes A and B whose programs write into the same tables.
abstract class TwoTables {
    final TestNode a = new TestNode(1);
    final TestNode b = new TestNode(2);

    void tables(Map<String, String> policies) {
        a.write(new Draft("genesis", a.genesis(policies)), 1);
        for (var schema : TestTables.ALL) a.write(ChangeSetCodec.schema(schema), 1);
        a.view.settle();
        b.pull(a);
    }

    void exchange() {
        b.pull(a);
        a.pull(b);
        assertThat(TestNode.rows(a.view)).isEqualTo(TestNode.rows(b.view));
        assertThat(a.view.conflicts()).isEqualTo(b.view.conflicts());
    }

    static SortedMap<String, Value> person(int id, String name, Integer boss, int age) {
        return row("id", id, "name", name, "boss", boss, "age", age);
    }

    static SortedMap<String, Value> task(int id, Integer person, String note, int n) {
        return row("id", id, "person_id", person, "note", note, "n", n);
    }

    static SortedMap<String, Value> tag(int person, String tag, int weight) {
        return row("person_id", person, "tag", tag, "weight", weight);
    }

    void bothHave(SortedMap<String, Value> person) {
        a.program(10, put("person", List.of(person.get("id")), person));
        exchange();
    }
}

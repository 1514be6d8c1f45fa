package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.log.Draft;
import dev.waggle.core.event.Json;
import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import static dev.waggle.apps.table.TestNode.gone;
import static dev.waggle.apps.table.TestNode.put;
import static dev.waggle.apps.table.TestNode.table;
import static dev.waggle.apps.table.TestTables.key;
import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;

/// A few writes in all their orders of arrival, none left out: random orders may miss the one that matters.
class EveryOrderTest {
    private static SortedMap<String, Value> person(int id, String name, Integer boss, int age) {
        return row("id", id, "name", name, "boss", boss, "age", age);
    }

    private static TestNode writer(int number, List<Event> known) {
        var node = new TestNode(number);
        known.forEach(node::receive);
        node.view.settle();
        return node;
    }

    private static List<Event> begin(TestNode owner, Policy policy) {
        owner.write(new Draft("genesis", owner.genesis(Map.of("*", policy.wire()))), 1);
        for (var schema : TestTables.ALL) owner.write(ChangeSetCodec.schema(schema), 1);
        owner.view.settle();
        return new ArrayList<>(owner.events.values());
    }

    /// Six writers who know the same row and not one another: two edits of one column, one of another, a delete, a whole other row under its unique name, a
    /// child. Each order is settled after every event, so what is shown in between is folded again and again.
    @Tag("T07") @Test void six_concurrent_writes_have_one_outcome_in_all_720_orders() {
        for (var policy : List.of(Policy.MERGE, Policy.LAST_WRITE, Policy.UNION)) {
            var owner = new TestNode(0);
            var known = begin(owner, policy);
            owner.program(10, put("person", key(1), person(1, "Ann", null, 30)));
            known = new ArrayList<>(owner.events.values());
            var writes = List.of(
                writer(1, known).program(20, put("person", key(1), person(1, "Ann", null, 31))).orElseThrow(),
                writer(2, known).program(20, put("person", key(1), person(1, "Ann", null, 32))).orElseThrow(),
                writer(3, known).program(21, put("person", key(1), person(1, "Anna", null, 30))).orElseThrow(),
                writer(4, known).program(25, gone("person", key(1))).orElseThrow(),
                writer(5, known).program(19, put("person", key(2), person(2, "ANNA", 1, 50))).orElseThrow(),
                writer(6, known).program(22, put("task", key(1), row("id", 1, "person_id", 1, "note", "x", "n", 7))).orElseThrow());
            var all = new ArrayList<>(known);
            all.addAll(writes);
            all.sort((a, b) -> a.id().compareTo(b.id()));
            var expected = Oracle.rows(all, Set.of(), TestTables.ALL, TestTables.RULES, policy, _ -> Optional.empty());
            List<Conflict> conflicts = null;
            for (var order : orders(writes)) {
                var node = writer(9, known);
                for (var event : order) {
                    node.receive(event);
                    node.view.settle();
                }
                assertThat(TestNode.rows(node.view)).as("%s %s", policy, order).isEqualTo(expected);
                if (conflicts == null) conflicts = node.view.conflicts();
                assertThat(node.view.conflicts()).as("%s %s", policy, order).isEqualTo(conflicts);
            }
        }
    }

    /// One author creates, edits and deletes a row; another edits it before it heard of the delete, and once more without knowing that the row is gone for
    /// good. Each event is a chain of its own here, so that every order can arrive.
    @Tag("T05") @Test void a_deleted_row_stays_deleted_in_every_order_of_arrival() {
        var owner = new TestNode(0);
        var known = begin(owner, Policy.MERGE);
        var events = new ArrayList<Event>();
        var so = new ArrayList<>(known);
        var steps = new HashMap<Integer, TableView.Observed>();
        steps.put(1, put("person", key(1), person(1, "Ann", null, 30)));
        steps.put(2, put("person", key(1), person(1, "Ann", null, 31)));
        steps.put(3, put("person", key(1), person(1, "Anna", null, 31)));
        steps.put(4, gone("person", key(1)));
        for (int step = 1; step <= 4; step++) {
            var event = writer(step, so).program(10 * step, steps.get(step)).orElseThrow();
            events.add(event);
            so.add(event);
        }
        for (var order : orders(events)) {
            var node = writer(9, known);
            boolean created = false;
            boolean deleted = false;
            for (var event : order) {
                created |= event == events.getFirst();
                deleted |= event == events.getLast();
                node.receive(event);
                node.view.settle();
                if (!created) assertThat(table(node.view, "person")).as("a change of what was not created yet shows nothing").isEmpty();
            }
            assertThat(created && deleted).isTrue();
            assertThat(table(node.view, "person")).as("%s", order).isEmpty();
            assertThat(node.view.conflicts()).isEmpty();
            assertThat(node.view.capture(List.of(put("person", key(1), person(1, "Ann", null, 30)))).getFirst().record())
                .as("a row under the old key is a new record").isEmpty();
        }
    }

    private static <T> List<List<T>> orders(List<T> all) {
        if (all.isEmpty()) return List.of(List.of());
        var orders = new ArrayList<List<T>>();
        for (var first : all) {
            var rest = new ArrayList<>(all);
            rest.remove(first);
            for (var order : orders(rest)) {
                var whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }
}

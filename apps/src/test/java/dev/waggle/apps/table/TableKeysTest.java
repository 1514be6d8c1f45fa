package dev.waggle.apps.table;

import dev.waggle.core.log.Draft;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static dev.waggle.apps.table.TestNode.gone;
import static dev.waggle.apps.table.TestNode.moved;
import static dev.waggle.apps.table.TestNode.put;
import static dev.waggle.apps.table.TestNode.table;
import static dev.waggle.apps.table.TestTables.key;
import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Who holds a key, and what becomes of who does not.
class TableKeysTest extends TwoTables {
    @Tag("T09") @Tag("lesson-squatted-ids") @Tag("lesson-constraint-on-one-side") @Test void two_records_with_one_new_key_both_survive_and_the_loser_comes_back_with_its_children() {
        tables(Map.of());
        a.program(20, put("person", key(1), person(1, "Ann", null, 30)), put("task", key(1), task(1, 1, "a's", 1)), put("tag", key(1, "t"), tag(1, "t", 1)));
        b.program(21, put("person", key(1), person(1, "Bob", null, 40)), put("task", key(1), task(1, 1, "b's", 1)), put("tag", key(1, "t"), tag(1, "t", 2)),
            put("vote", key(1, "t", 5), row("person_id", 1, "tag", "t", "k", 5, "v", 0)), put("person", key(2), person(2, "Ben", 1, 7)));
        exchange();
        assertThat(table(b.view, "person")).containsExactly(person(1, "Ann", null, 30));
        assertThat(table(b.view, "task")).containsExactly(task(1, 1, "a's", 1));
        assertThat(table(b.view, "tag")).containsExactly(tag(1, "t", 1));
        assertThat(table(b.view, "vote")).isEmpty();
        assertThat(a.view.conflicts()).as("children are counted with their parent").hasSize(1);
        var conflict = a.view.conflicts().getFirst();
        assertThat(conflict.kind()).isEqualTo(Conflict.Kind.SAME_KEY);
        assertThat(conflict.children()).isEqualTo(4);
        assertThat(conflict.others().getFirst().values()).isEqualTo(person(1, "Bob", null, 40));
        assertThat(conflict.shown().orElseThrow().values()).isEqualTo(person(1, "Ann", null, 30));
        a.write(a.view.resolve(conflict.id(), new Resolution.Restore(row("id", 77))), 30);
        a.view.settle();
        exchange();
        assertThat(table(b.view, "person")).containsExactly(person(1, "Ann", null, 30), person(2, "Ben", 77, 7), person(77, "Bob", null, 40));
        assertThat(table(b.view, "task")).containsExactly(task(1, 1, "a's", 1), task(2, 77, "b's", 1));
        assertThat(table(b.view, "tag")).containsExactly(tag(1, "t", 1), tag(77, "t", 2));
        assertThat(table(b.view, "vote")).containsExactly(row("person_id", 77, "tag", "t", "k", 5, "v", 0));
        assertThat(b.view.conflicts()).isEmpty();
        assertThat(b.view.capture(List.of(put("tag", key(77, "t"), tag(77, "t", 2)), put("task", key(2), task(2, 77, "b's", 1))))).as("what is shown is no change").isEmpty();
    }

    /// A record that is identified by its key may be created twice, and its older creation may arrive last.
    @Test void an_older_creation_that_arrives_late_takes_the_key_from_a_younger_record() {
        var place = TestTables.schema("place", TableSchema.Identity.KEY, List.of("code"),
            List.of(TestTables.column("code", "TEXT", true), TestTables.column("name", "TEXT", false)),
            List.of(TestTables.unique("", List.of("code"), List.of("BINARY"), null), TestTables.unique("place_name", List.of("name"), List.of("BINARY"), null)), List.of());
        var c = new TestNode(3);
        var late = new TestNode(4);
        a.write(new Draft("genesis", a.genesis(Map.of())), 1);
        a.write(ChangeSetCodec.schema(place), 1);
        a.view.settle();
        for (var node : List.of(b, c)) node.pull(a);
        a.program(30, put("place", key("x"), row("code", "x", "name", "n")));
        b.program(20, put("place", key("y"), row("code", "y", "name", "n")));
        c.program(10, put("place", key("x"), row("code", "x", "name", "n")));
        late.pull(a);
        late.pull(b);
        assertThat(table(late.view, "place")).containsExactly(row("code", "y", "name", "n"));
        late.pull(c);
        assertThat(table(late.view, "place")).containsExactly(row("code", "x", "name", "n"));
        assertThat(late.view.conflicts()).extracting(Conflict::kind).containsExactly(Conflict.Kind.SAME_KEY);
    }

    @Test void the_loser_of_a_key_can_take_it_from_the_winner() {
        tables(Map.of());
        a.program(20, put("person", key(1), person(1, "Ann", null, 30)), put("task", key(5), task(5, 1, "x", 1)));
        b.program(21, put("person", key(1), person(1, "Bob", null, 40)));
        exchange();
        b.write(b.view.resolve(b.view.conflicts().getFirst().id(), new Resolution.TakeOther(Optional.empty())), 30);
        b.view.settle();
        exchange();
        assertThat(table(a.view, "person")).containsExactly(person(1, "Bob", null, 40), person(2, "Ann", null, 30));
        assertThat(table(a.view, "task")).containsExactly(task(5, 2, "x", 1));
    }

    @Tag("T09") @Test void a_record_returns_when_its_key_is_free() {
        tables(Map.of());
        a.program(20, put("person", key(1), person(1, "Ann", null, 30)));
        b.program(21, put("person", key(1), person(1, "Bob", null, 40)), put("person", key(2), person(2, "ANN", null, 1)));
        exchange();
        assertThat(table(b.view, "person")).as("NOCASE: 'ANN' is taken too").containsExactly(person(1, "Ann", null, 30));
        a.program(30, gone("person", key(1)));
        exchange();
        assertThat(table(b.view, "person")).containsExactly(person(1, "Bob", null, 40), person(2, "ANN", null, 1));
    }

    @Test void a_kept_out_record_can_be_dismissed_with_what_refers_to_it() {
        tables(Map.of());
        a.program(20, put("person", key(1), person(1, "Ann", null, 30)));
        b.program(21, put("person", key(1), person(1, "Bob", null, 40)), put("task", key(3), task(3, 1, "x", 1)));
        exchange();
        a.write(a.view.resolve(a.view.conflicts().getFirst().id(), new Resolution.Dismiss()), 30);
        a.view.settle();
        exchange();
        assertThat(a.view.conflicts()).isEmpty();
        a.program(40, gone("person", key(1)));
        exchange();
        assertThat(TestNode.rows(a.view)).isEmpty();
    }

    @Test void a_restore_under_a_taken_key_is_refused() {
        tables(Map.of());
        a.program(20, put("person", key(1), person(1, "Ann", null, 30)), put("person", key(2), person(2, "Eve", null, 3)));
        b.program(21, put("person", key(1), person(1, "Bob", null, 40)));
        exchange();
        var id = a.view.conflicts().getFirst().id();
        assertThatThrownBy(() -> a.view.resolve(id, new Resolution.Restore(row("id", 2)))).isInstanceOf(ResolutionRefused.class);
        assertThatThrownBy(() -> a.view.resolve(id, new Resolution.Restore(row("nothing", 2)))).isInstanceOf(ResolutionRefused.class);
        assertThatThrownBy(() -> a.view.resolve("0", new Resolution.Dismiss())).isInstanceOf(ResolutionRefused.class);
        assertThat(a.view.resolve(id, new Resolution.Restore(row())).getFirst().set()).isEqualTo(row("id", 3));
    }

    @Test void an_integer_key_that_a_program_changes_keeps_its_record() {
        tables(Map.of());
        a.program(10, put("person", key(1), person(1, "Ann", null, 30)), put("person", key(2), person(2, "Bob", 1, 40)));
        exchange();
        b.program(20, put("person", key(1), person(1, "Ann", null, 31)));
        a.program(21, moved("person", key(2), key(1), person(1, "Bob", null, 40)), moved("person", key(1), key(2), person(2, "Ann", null, 30)));
        exchange();
        assertThat(table(a.view, "person")).as("swapped, and B's edit went with the record").containsExactly(person(1, "Bob", null, 40), person(2, "Ann", null, 31));
    }

    @Test void a_text_key_is_the_record() {
        tables(Map.of());
        a.program(20, put("range", key("m"), row("name", "m", "low", 1, "high", 5)));
        b.program(21, put("range", key("M"), row("name", "M", "low", 1, "high", 6)));
        exchange();
        assertThat(table(a.view, "range")).containsExactly(row("name", "M", "low", 1, "high", 6));
        assertThat(a.view.conflicts()).extracting(Conflict::fields).containsExactly(List.of("high", "name"));
        a.program(30, gone("range", key("M")));
        exchange();
        var change = a.view.capture(List.of(put("range", key("m"), row("name", "m", "low", 0, "high", 0)))).getFirst();
        assertThat(change.base()).as("an insert over a tombstone that its author knew continues the record").isNotEmpty();
        a.write(List.of(change), 40);
        a.view.settle();
        exchange();
        assertThat(table(b.view, "range")).containsExactly(row("name", "m", "low", 0, "high", 0));
        assertThat(a.view.conflicts()).isEmpty();
    }

    @Tag("lesson-order-by-operation") @Test void delete_and_insert_under_one_integer_key_in_one_transaction_is_an_update() {
        tables(Map.of());
        bothHave(person(1, "Ann", null, 30));
        var changes = a.view.capture(List.of(gone("person", key(1)), put("person", key(1), person(1, "Eve", null, 30))));
        assertThat(changes).extracting(RowChange::kind, RowChange::set).containsExactly(org.assertj.core.groups.Tuple.tuple(RowChange.Kind.UPDATE, row("name", "Eve")));
    }

    /// Somebody else's record can be named in a change, by its id. To name it is not to own it: another insert of it is one more version of the same
    /// record, and no other record can be made to have its id.
    @Tag("T10") @Tag("lesson-squatted-ids") @Test void nobody_takes_a_record_by_choosing_its_id_or_its_key() {
        tables(Map.of("person", "union"));
        bothHave(person(1, "Ann", null, 30));                   // by a, the owner
        var victim = new RecordId[1];
        b.view.forEachShown("person", (_, record, _) -> {
            victim[0] = record;
            return true;
        });
        b.write(List.of(new RowChange(RowChange.Kind.INSERT, "person", Optional.of(new RowChange.Ref.Known(victim[0])), List.of(), person(1, "Eve", null, 1), new TreeMap<>())), 20);
        b.view.settle();
        b.program(30, put("person", key(7), person(7, "Eva", null, 1)));
        exchange();
        assertThat(table(a.view, "person")).as("under union another's edit has no effect").containsExactly(person(1, "Ann", null, 30), person(7, "Eva", null, 1));
        var earlier = new TestNode(6);                          // creates a row under the same key, stamped before the victim's
        earlier.pull(a);
        earlier.write(List.of(new RowChange(RowChange.Kind.INSERT, "person", Optional.empty(), List.of(), person(1, "Mallory", null, 2), new TreeMap<>())), 5);
        earlier.view.settle();
        a.pull(earlier);
        assertThat(a.view.conflicts()).extracting(Conflict::kind).contains(Conflict.Kind.SAME_KEY);
        assertThat(table(a.view, "person")).as("whoever knew the row cannot be stamped before it").contains(person(1, "Ann", null, 30));
    }
}

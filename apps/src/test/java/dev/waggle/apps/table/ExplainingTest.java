package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import static dev.waggle.apps.table.TestNode.gone;
import static dev.waggle.apps.table.TestNode.put;
import static dev.waggle.apps.table.TestTables.key;
import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;

/// What is told of rows is what made them: column by column, and of what was passed over.
class ExplainingTest {
    private final TestNode a = new TestNode(1);
    private final TestNode b = new TestNode(2);

    private void tables(Map<String, String> policies) {
        a.write(new Draft("genesis", a.genesis(policies)), 1);
        for (var schema : TestTables.ALL) a.write(ChangeSetCodec.schema(schema), 1);
        a.view.settle();
        b.pull(a);
    }

    private void exchange() {
        b.pull(a);
        a.pull(b);
    }

    private static SortedMap<String, Value> person(int id, String name, int age) {
        return row("id", id, "name", name, "boss", null, "age", age);
    }

    private static RowStory only(TestNode node, int id) {
        var stories = node.view.explain("person", key(id));
        assertThat(stories).hasSize(1);
        return stories.getFirst();
    }

    private static RowStory.Field field(RowStory story, String column) {
        return story.fields().stream().filter(field -> field.column().equals(column)).findFirst().orElseThrow();
    }

    private static Event by(RowStory story, String column, TestNode node) {
        return node.events.get(field(story, column).by().orElseThrow().version().event());
    }

    @Test void each_column_names_the_change_that_set_it() {
        tables(Map.of());
        var made = a.program(10, put("person", key(1), person(1, "Ann", 30))).orElseThrow();
        exchange();
        var renamed = b.program(20, put("person", key(1), person(1, "Anna", 30))).orElseThrow();
        exchange();
        for (var node : List.of(a, b)) {
            var story = only(node, 1);
            assertThat(story.status()).isEqualTo(RecordState.Status.SHOWN);
            assertThat(List.of(by(story, "name", node), by(story, "age", node), by(story, "id", node))).containsExactly(renamed, made, made);
            assertThat(story.changes()).extracting(RowStory.Made::fate).containsExactly(RowStory.Fate.SHOWN, RowStory.Fate.SHOWN);
            assertThat(story.changes().getFirst().stamp().version().event()).as("the newest first").isEqualTo(renamed.id());
            assertThat(story.known()).isEqualTo(2);
            assertThat(field(story, "name").lost()).isEmpty();
        }
    }

    @Test void a_value_that_lost_names_what_it_lost_against_and_one_that_was_replaced_is_no_loss() {
        tables(Map.of());
        var made = a.program(10, put("person", key(1), person(1, "Ann", 30))).orElseThrow();
        exchange();
        var lost = a.program(20, put("person", key(1), person(1, "Anna", 30))).orElseThrow();
        var won = b.program(21, put("person", key(1), person(1, "Annie", 30))).orElseThrow();
        exchange();
        var story = only(a, 1);
        assertThat(by(story, "name", a)).isEqualTo(won);
        assertThat(field(story, "name").lost()).singleElement().satisfies(each -> {
            assertThat(each.by().version().event()).isEqualTo(lost.id());
            assertThat(each.value()).isEqualTo(Value.Text.of("Anna"));
        });
        assertThat(story.changes()).extracting(change -> change.fate().name()).containsExactly("SHOWN", "LOST", "SHOWN");
        assertThat(story.conflicts()).singleElement().satisfies(conflict -> assertThat(conflict.rule()).isEqualTo(Policy.MERGE.sentence()));
        a.program(30, put("person", key(1), person(1, "Andrea", 31)));
        assertThat(only(a, 1).changes()).extracting(change -> change.fate().name()).as("who knew both decided").containsExactly("SHOWN", "REPLACED", "REPLACED", "SHOWN");
        assertThat(field(only(a, 1), "name").lost()).isEmpty();
        assertThat(by(only(a, 1), "id", a)).isEqualTo(made);
    }

    @Test void under_last_write_a_value_comes_from_the_shown_version_and_not_from_one_that_says_the_same() {
        tables(Map.of("person", "last-write"));
        var made = a.program(10, put("person", key(1), person(1, "Ann", 30))).orElseThrow();
        exchange();
        a.program(20, put("person", key(1), person(1, "Anna", 31)));
        var same = a.program(21, put("person", key(1), person(1, "Anna", 30))).orElseThrow();
        var won = b.program(30, put("person", key(1), person(1, "Bea", 30))).orElseThrow();
        exchange();
        var story = only(b, 1);
        assertThat(by(story, "name", b)).isEqualTo(won);
        assertThat(by(story, "age", b)).isEqualTo(made).isNotEqualTo(same);
        assertThat(field(story, "name").lost()).singleElement().satisfies(each -> assertThat(each.by().version().event()).isEqualTo(same.id()));
    }

    @Test void a_deleted_row_is_looked_for_among_the_newest_of_its_table_only_where_its_key_does_not_name_it() {
        tables(Map.of());
        a.program(10, put("person", key(1), person(1, "Ann", 30)), put("range", List.of(Value.Text.of("North")), row("name", "North", "low", 1, "high", 2)));
        a.program(20, gone("person", key(1)), gone("range", List.of(Value.Text.of("North"))));
        var more = new ArrayList<TableView.Observed>();
        for (int i = 2; i <= Explaining.DELETED_LOOKED_MAX + 1; i++) {
            more.add(put("person", key(i), person(i, "n" + i, i)));
            more.add(put("range", List.of(Value.Text.of("r" + i)), row("name", "r" + i, "low", 1, "high", 2)));
        }
        a.program(30, more.toArray(TableView.Observed[]::new));
        assertThat(a.view.explain("range", List.of(Value.Text.of("north")))).hasSize(1);
        assertThat(a.view.explain("person", key(1))).isEmpty();
        a.program(40, gone("person", key(2)));
        assertThat(only(a, 2).status()).isEqualTo(RecordState.Status.ABSENT);
    }

    @Test void what_is_void_or_may_not_edit_is_told_with_its_fate() {
        tables(Map.of("person", "union"));
        a.program(10, put("person", key(1), person(1, "Ann", 30)));
        exchange();
        var own = a.program(20, put("person", key(1), person(1, "Anna", 30))).orElseThrow();
        exchange();
        a.judge(a.chain, 0, own.seq(), own.seq(), Verdict.VOID);
        a.view.settle();
        assertThat(only(a, 1).changes()).extracting(change -> change.fate().name()).containsExactly("VOID", "SHOWN");
        b.program(30, put("person", key(1), person(1, "Bert was here", 30)));
        assertThat(only(b, 1).changes().getFirst().fate()).isEqualTo(RowStory.Fate.WITHOUT_EFFECT);
    }

    @Test void a_deleted_row_is_found_by_its_key_whether_it_is_an_integer_or_not() {
        tables(Map.of());
        a.program(10, put("person", key(1), person(1, "Ann", 30)), put("range", List.of(Value.Text.of("North")), row("name", "North", "low", 1, "high", 2)));
        var deleted = a.program(20, gone("person", key(1)), gone("range", List.of(Value.Text.of("North")))).orElseThrow();
        var story = only(a, 1);
        assertThat(story.status()).isEqualTo(RecordState.Status.ABSENT);
        assertThat(story.changes().getFirst().stamp().version().event()).isEqualTo(deleted.id());
        assertThat(story.changes()).extracting(change -> change.fate().name()).containsExactly("SHOWN", "REPLACED");
        assertThat(a.view.explain("range", List.of(Value.Text.of("NORTH")))).as("as the column's collation spells it").singleElement()
            .satisfies(range -> assertThat(range.status()).isEqualTo(RecordState.Status.ABSENT));
        assertThat(a.view.explain("person", key(2))).isEmpty();
        assertThat(a.view.explain("nothing", key(1))).isEmpty();
    }

    @Test void of_two_rows_that_want_one_key_the_shown_one_comes_first() {
        tables(Map.of());
        a.program(10, put("person", key(1), person(1, "Ann", 30)));
        b.program(11, put("person", key(1), person(1, "Bob", 30)));
        exchange();
        var stories = b.view.explain("person", key(1));
        assertThat(stories).extracting(RowStory::status).containsExactly(RecordState.Status.SHOWN, RecordState.Status.KEPT_OUT);
        assertThat(field(stories.getFirst(), "name").value()).isEqualTo(Value.Text.of("Ann"));
        assertThat(stories.getLast().conflicts()).extracting(Conflict::kind).containsExactly(Conflict.Kind.SAME_KEY);
    }

    @Test void an_event_tells_of_the_first_rows_that_it_changed_and_of_how_many_there_are() {
        tables(Map.of());
        var rows = new ArrayList<TableView.Observed>();
        for (int i = 1; i <= 7; i++) rows.add(put("person", key(i), person(i, "n" + i, i)));
        var event = a.program(10, rows.toArray(TableView.Observed[]::new)).orElseThrow();
        var effects = a.view.explain(event.id(), 3);
        assertThat(effects.folded()).isTrue();
        assertThat(effects.records()).isEqualTo(7);
        assertThat(effects.stories()).hasSize(3).allSatisfy(story -> assertThat(story.changes().getFirst().stamp().version().event()).isEqualTo(event.id()));
        assertThat(b.view.explain(event.id(), 3)).as("the view has not come to it").isEqualTo(new RowStory.Effects(false, 0, List.of(), java.util.Optional.empty()));
        var malformed = a.write(new Draft(ChangeSetCodec.BATCH, dev.waggle.core.event.Json.object("no", "changes")), 30);
        a.view.settle();
        assertThat(a.view.explain(malformed.id(), 3).quarantined()).isPresent();
    }

    @Test void of_a_row_with_very_many_changes_the_newest_are_looked_at_and_that_is_said() {
        tables(Map.of());
        a.program(10, put("person", key(1), person(1, "Ann", 0)));
        for (int i = 1; i <= RowStory.CHANGES_LOOKED_MAX; i++) a.program(10 + i, put("person", key(1), person(1, "Ann", i)));
        var story = only(a, 1);
        assertThat(story.known()).isEqualTo(RowStory.CHANGES_LOOKED_MAX + 1);
        assertThat(story.looked()).isEqualTo(RowStory.CHANGES_LOOKED_MAX);
        assertThat(story.changes()).hasSize(RowStory.CHANGES_SHOWN_MAX);
        assertThat(field(story, "age").by().orElseThrow().version().event()).isEqualTo(story.changes().getFirst().stamp().version().event());
        assertThat(field(story, "name").by()).as("older than what was looked at").isEmpty();
    }

    @Test void a_typed_word_means_what_suits_the_column_first() {
        assertThat(KeyText.keys(TestTables.PERSON, List.of("7"))).containsExactly(key(7), List.of(Value.Text.of("7")));
        assertThat(KeyText.keys(TestTables.RANGE, List.of("7")).getFirst()).isEqualTo(List.of(Value.Text.of("7")));
        assertThat(KeyText.keys(TestTables.TAG, List.of("1", "x'00ff'"))).contains(List.of(new Value.Int(1), Value.Text.of("x'00ff'")), List.of(new Value.Int(1), new Value.Blob(new byte[] {0, (byte) 0xff})));
        assertThat(KeyText.keys(TestTables.PERSON, List.of("9223372036854775808"))).as("no integer of SQLite").containsExactly(List.of(Value.Text.of("9223372036854775808")));
        assertThat(KeyText.keys(TestTables.PERSON, List.of("1", "2", "3", "4", "5", "6", "7", "8"))).hasSizeLessThanOrEqualTo(64);
    }
}

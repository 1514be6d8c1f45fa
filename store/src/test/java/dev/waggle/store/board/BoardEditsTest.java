package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCodec;
import dev.waggle.apps.board.BoardChange;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

import static dev.waggle.store.board.TestBoard.set;
import static org.assertj.core.api.Assertions.assertThat;

/// What becomes of edits: of one field and of several, at once and one after the other, of the status, and of a deleted task.
class BoardEditsTest extends ThreeBoards {
    @Test void fields_that_two_nodes_change_at_once_are_merged_one_by_one() {
        a.edits(task, Field.TITLE, "Build two hives");
        b.edits(task, Field.PRIORITY, Json.of(0), Field.LABELS, Json.array(Json.of("wood")));
        all();
        assertThat(c.task(task)).satisfies(row -> {
            assertThat(row.title()).isEqualTo("Build two hives");
            assertThat(row.priority()).isZero();
            assertThat(row.labels()).containsExactly("wood");
            assertThat(row.conflicts()).isZero();
            assertThat(row.version()).isEqualTo(3);
        });
    }

    @Tag("lesson-overwritten-unsent-edits") @Test void of_two_values_of_one_field_the_later_is_shown_and_the_other_is_kept_until_somebody_decides() {
        a.edits(task, Field.TITLE, "A's");
        a.edits(task, Field.DESCRIPTION, "and more of A");                // a later edit of another field hides nothing
        b.nowMs += 10;
        b.edits(task, Field.TITLE, "B's");
        all();
        assertThat(c.task(task).title()).isEqualTo("B's");
        assertThat(c.task(task).conflicts()).isEqualTo(1);
        assertThat(c.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.value()).isEqualTo(Json.of("A's"));
            assertThat(conflict.stamp().origin()).isEqualTo(a.node());
        });
        assertThat(c.news).contains(new News(News.Kind.CONFLICT, task));

        c.does(new BoardCommand.Settle(task, Field.TITLE, Json.of("A's and B's")));
        all();
        assertThat(a.task(task).title()).isEqualTo("A's and B's");
        assertThat(b.task(task).conflicts()).isZero();
    }

    @Tag("T01") @Test void equal_stamps_are_told_apart_the_same_way_everywhere() {
        a.edits(task, Field.TITLE, "A's");
        b.edits(task, Field.TITLE, "B's");
        all();
        var wins = a.node().compareTo(b.node()) > 0 ? "A's" : "B's";
        assertThat(a.task(task).title()).isEqualTo(wins);
    }

    @Test void a_node_is_never_in_conflict_with_what_it_wrote_itself_whatever_it_names() {
        var task = a.adds(77, "first");
        for (var title : List.of("second", "third")) a.write(BoardCodec.draft(new BoardChange.Updated(task, TestBoard.set(Field.TITLE, title)), new TreeMap<>()));
        assertThat(a.task(task).title()).isEqualTo("third");
        assertThat(a.task(task).conflicts()).isZero();
        assertThat(a.conflicts()).isEmpty();
    }

    @Test void an_edit_that_saw_another_version_is_refused() {
        a.edits(task, Field.TITLE, "Other");
        assertThat(a.refuses(new BoardCommand.Edit(task, set(Field.TITLE, "Mine"), OptionalLong.of(1)))).contains("version 2");
        a.does(new BoardCommand.Edit(task, set(Field.TITLE, "Mine"), OptionalLong.of(2)));
    }

    // Deletion

    @Tag("lesson-two-kinds-of-delete") @Test void a_deleted_task_stays_deleted_and_one_edit_that_the_deletion_did_not_know_brings_it_back() {
        a.does(new BoardCommand.Delete(task));
        all();
        assertThat(b.task(task).deleted()).isTrue();
        assertThat(b.refuses(new BoardCommand.Edit(task, set(Field.TITLE, "x"), OptionalLong.empty()))).contains("restore it first");
        b.does(new BoardCommand.Restore(task));
        all();
        assertThat(c.task(task).deleted()).isFalse();

        a.does(new BoardCommand.Delete(task));
        b.edits(task, Field.ASSIGNEE, "Bert");
        all();
        assertThat(c.task(task).deleted()).as("a live edit beats the deletion").isFalse();
        c.does(new BoardCommand.Delete(task));
        all();
        assertThat(a.task(task).deleted()).isTrue();
    }

    @Test void a_workers_report_does_not_bring_a_deleted_task_back() {
        var claim = b.claims(task);
        all();
        a.does(new BoardCommand.Delete(task));
        b.finishes(task, claim, TaskStatus.DONE, 0);
        all();
        assertThat(a.task(task).deleted()).isTrue();
    }

    // Status

    @Tag("lesson-two-spellings") @Test void the_status_has_one_spelling_and_goes_only_where_it_may() {
        assertThat(java.util.Arrays.stream(TaskStatus.values()).map(TaskStatus::wire)).containsExactly("todo", "inprogress", "inreview", "done", "cancelled");
        a.edits(task, Field.STATUS, "cancelled");
        assertThat(a.refuses(new BoardCommand.Edit(task, set(Field.STATUS, "done"), OptionalLong.empty()))).isEqualTo("A task that is cancelled becomes todo, not done.");
        assertThat(a.refuses(new BoardCommand.Edit(task, set(Field.STATUS, "in_progress"), OptionalLong.empty()))).contains("one of todo, inprogress");
        a.write(new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("status", "in_progress"))));
        all();
        assertThat(b.asks(BoardQueries::summary).quarantined()).isEqualTo(1);
        assertThat(b.task(task).status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test void a_change_of_the_status_that_its_base_does_not_allow_has_no_effect_anywhere() {
        a.edits(task, Field.STATUS, "done");
        var base = a.events().getLast().id().hex();
        a.write(new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("status", "cancelled", "title", "Renamed"), "ids",
            Json.object("status", Json.array(Json.of(base))))));
        all();
        assertThat(b.task(task).status()).isEqualTo(TaskStatus.DONE);
        assertThat(b.task(task).title()).as("the other fields are their own").isEqualTo("Renamed");
    }
}

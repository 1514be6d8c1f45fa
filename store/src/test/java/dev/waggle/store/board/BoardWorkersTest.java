package dev.waggle.store.board;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static dev.waggle.store.board.TestBoard.set;
import static org.assertj.core.api.Assertions.assertThat;

/// Which tasks are for which worker: what it is offered, what is its alone or its first, and how much waits for it.
class BoardWorkersTest extends ThreeBoards {
    @Test void a_worker_is_offered_what_it_wants_and_may_claim_and_nothing_hides_it() {
        for (int i = 10; i < 40; i++) a.adds(i, "not for workers");
        var needed = a.adds(50, "first");
        a.does(new BoardCommand.Add(TestBoard.id(51), set(Field.TITLE, "blocked", Field.LABELS, Json.array(Json.of("run:it")), Field.DEPENDS_ON, Json.array(Json.of(needed))), OptionalLong.empty()));
        a.does(new BoardCommand.Add(TestBoard.id(52), set(Field.TITLE, "wanted", Field.LABELS, Json.array(Json.of("run:it"))), OptionalLong.empty()));
        a.does(new BoardCommand.Add(TestBoard.id(53), set(Field.TITLE, "unknown", Field.LABELS, Json.array(Json.of("run:that"))), OptionalLong.empty()));
        all();
        var wanted = new BoardQueries.Wanted(java.util.Set.of("run:it"), "run:", false);
        assertThat(b.offered(wanted)).containsExactly("wanted");
        a.edits(needed, Field.STATUS, "done");
        a.does(new BoardCommand.Edit(TestBoard.id(52), BoardCommand.assigned(Optional.of(new AssignedTo(c.node(), true))), OptionalLong.empty()));
        all();
        assertThat(b.offered(wanted)).containsExactly("blocked");
        a.claims(TestBoard.id(51));
        all();
        assertThat(b.offered(wanted)).isEmpty();
        later(10_000);
        assertThat(b.offered(wanted)).as("its lease is over").containsExactly("blocked");
        assertThat(b.offered(new BoardQueries.Wanted(java.util.Set.of(), "run:", true))).contains("not for workers", "Build the hive").doesNotContain("wanted", "unknown", "first");
    }

    @Test void a_task_that_is_assigned_to_one_node_is_claimed_by_that_node_alone() {
        a.does(new BoardCommand.Edit(task, BoardCommand.assigned(Optional.of(new AssignedTo(b.node(), true))), OptionalLong.empty()));
        all();
        assertThat(c.refuses(new BoardCommand.Claim(task, 10_000))).isEqualTo("The task is assigned to node " + b.node().brief() + ".");
        c.write(new Draft("task_claimed", Json.object("task_id", task, "token", 1, "lease_ms", 10_000)));
        all();
        assertThat(a.task(task).holder()).isEmpty();
        b.claims(task);
        all();
        assertThat(a.task(task).holder()).contains(b.node());
    }

    @Test void what_is_one_nodes_first_is_left_to_it_while_it_is_here_and_may_be_claimed_by_others() {
        a.does(new BoardCommand.Edit(task, BoardCommand.assigned(Optional.of(new AssignedTo(b.node(), false))), OptionalLong.empty()));
        all();
        var any = new BoardQueries.Wanted(java.util.Set.of(), "run:", true);
        assertThat(c.firsts()).containsExactly(b.node());
        assertThat(b.firsts()).as("its own").isEmpty();
        assertThat(b.offered(any)).contains(c.task(task).title());
        assertThat(c.offered(any, b.node())).doesNotContain(c.task(task).title());
        assertThat(c.offered(any)).as("it is away").contains(c.task(task).title());
        var first = b.claims(task);
        all();
        later(10_000);
        c.claims(task);
        all();
        assertThat(a.task(task).holder()).as("its lease was over, and it is not asked").contains(c.node());
        b.finishes(task, first, TaskStatus.DONE, 0);
        all();
        assertThat(a.task(task).status()).isEqualTo(TaskStatus.INPROGRESS);
        assertThat(a.refused(task)).as("what comes too late is shown").hasSize(1);
        assertThat(a.task(task).assigned()).as("it goes on being its first").contains(new AssignedTo(b.node(), false));
    }

    @Test void what_waits_for_a_node_alone_is_counted_until_it_is_claimed_or_done() {
        for (var each : List.of(a, b)) each.does(new BoardCommand.Link(each.name, Optional.empty(), true));
        for (int i = 10; i < 14; i++) {
            a.adds(i, "task " + i);
            a.does(new BoardCommand.Edit(TestBoard.id(i), BoardCommand.assigned(Optional.of(new AssignedTo(b.node(), true))), OptionalLong.empty()));
        }
        all();
        assertThat(load(b)).isEqualTo("0 held, 4 waiting");
        assertThat(load(a)).isEqualTo("0 held, 0 waiting");
        b.claims(TestBoard.id(10));
        a.edits(TestBoard.id(11), Field.STATUS, "done");
        a.does(new BoardCommand.Delete(TestBoard.id(12)));
        all();
        assertThat(load(b)).isEqualTo("1 held, 1 waiting");
        later(10_000);
        assertThat(load(b)).as("its lease is over, and it is still its own").isEqualTo("0 held, 2 waiting");
    }

    private String load(TestBoard of) {
        return c.asks(board -> board.participants(c.nowMs)).stream().filter(node -> node.node().equals(of.node())).map(node -> node.held() + " held, " + node.waiting() + " waiting").findFirst().orElse("nobody");
    }
}

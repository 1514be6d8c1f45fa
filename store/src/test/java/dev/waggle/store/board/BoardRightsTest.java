package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Who may read, write and close a board, who takes part in it, and what becomes of the events of those who may not or cannot.
class BoardRightsTest extends ThreeBoards {
    @Tag("W06") @Test void nobody_else_may_read_a_view() throws IOException {
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.toString().contains(".sqlite")).toList()).isNotEmpty()
                .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    @Test void readers_write_nothing() {
        var d = opened(a.invite(folder, "dora", Role.READER));
        assertThat(d.refuses(new BoardCommand.Claim(task, 10_000))).isEqualTo("This node may read the board and not write to it.");
    }

    @Test void nodes_say_whether_they_take_part_and_the_owner_alone_closes_the_board() {
        a.does(new BoardCommand.Link("anna's", Optional.of("https://192.0.2.1:4747"), true));
        b.does(new BoardCommand.Link("bert's", Optional.empty(), false));
        a.claims(task);
        all();
        assertThat(c.asks(board -> board.participants(TestBoard.NOW)).stream().map(node -> node.name() + " " + node.executes() + " " + node.held())).containsExactlyInAnyOrder("anna's true 1", "bert's false 0");
        b.does(new BoardCommand.Unlink());
        all();
        assertThat(c.asks(board -> board.participants(TestBoard.NOW)).stream().map(Participant::name)).containsExactly("anna's");
        assertThat(b.refuses(new BoardCommand.Close())).isEqualTo("Only the owner's node closes a swarm project.");
        b.write(new Draft("project_closed", Json.object()));
        all();
        assertThat(c.asks(BoardQueries::summary).closed()).isFalse();
        a.does(new BoardCommand.Close());
        all();
        assertThat(c.asks(BoardQueries::summary).closed()).isTrue();
        assertThat(b.refuses(new BoardCommand.Log(task, List.of("too late")))).isEqualTo("The owner closed this swarm project.");
    }

    @Test void a_member_that_is_removed_leaves_its_claims_without_effect() {
        b.nowMs += 5;
        var claim = b.claims(task);
        b.finishes(task, claim, TaskStatus.DONE, 0);
        a.log.write(a.author, List.of(new Draft("member_removed", Json.object("subject", b.node().hex(), "cuts", Json.array()))), List.of(), java.util.Map.of(), a.nowMs);
        a.follow();
        a.take(b);
        c.take(a);
        c.take(b);
        assertThat(a.rows()).isEqualTo(c.rows());
        assertThat(c.task(task).holder()).isEmpty();
        assertThat(c.task(task).status()).isEqualTo(TaskStatus.TODO);
    }

    @Tag("N07") @Test void an_event_that_is_not_what_it_should_be_is_set_aside_the_same_way_everywhere() {
        var bad = List.of(
            new Draft("task_created", Json.object("task_id", TestBoard.id(9), "fields", Json.object())),
            new Draft("task_created", Json.object("task_id", "nine", "fields", Json.object("title", "x"))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("colour", "red"))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("title", "x".repeat(501)))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("assigned_node", "first:somebody"))),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("assigned_node", "second:" + a.node().hex()))),
            new Draft("task_claimed", Json.object("task_id", task, "token", 1, "lease_ms", 3_600_001)),
            new Draft("task_claimed", Json.object("task_id", task, "token", 2, "lease_ms", 10_000)),
            new Draft("task_claimed", Json.object("task_id", task, "token", 10_001, "lease_ms", 10_000, "before", "0".repeat(64), "last", "0".repeat(64))),
            new Draft("task_logged", Json.object("task_id", task, "lines", Json.array())),
            new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("depends_on", Json.array(Json.of("bd-1"))))));
        bad.forEach(b::write);
        all();
        assertThat(c.rows().get("quarantine")).hasSize(bad.size());
        assertThat(c.task(task).version()).isEqualTo(1);
    }
}

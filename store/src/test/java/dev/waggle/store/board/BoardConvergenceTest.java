package dev.waggle.store.board;

import dev.waggle.apps.board.AssignedTo;
import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

import static dev.waggle.store.board.TestBoard.set;
import static org.assertj.core.api.Assertions.assertThat;

/// People, workers and liars on three nodes that hear of each other now and then: whatever the order, all nodes show the same (I2), a replay shows the same
/// (I8), and of every claim chain each link follows the rules.
class BoardConvergenceTest {
    private static final int RUNS = Integer.getInteger("runs", 25);
    private static final int TASKS = 3;
    @TempDir Path folder;

    @Tag("T07") @Tag("T12") @Test void every_node_shows_the_same_whatever_the_order() throws IOException {
        for (long seed = Long.getLong("seed", 1), last = System.getProperty("seed") == null ? RUNS : seed; seed <= last; seed++) {
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dseed=" + seed, e);
            }
        }
    }

    private void run(long seed) throws IOException {
        var random = new Random(seed);
        var home = Files.createDirectories(folder.resolve("s" + seed));
        var open = new ArrayList<TestBoard>();
        try {
            var a = TestBoard.create(home, "anna");
            open.add(a);
            open.add(a.invite(home, "bert", Role.MODERATOR));
            open.add(a.invite(home, "cora", Role.WRITER));
            for (int step = 0; step < 60; step++) act(random, open, step);
            for (var node : open) node.nowMs = TestBoard.NOW + 100_000_000;          // late enough for every stamp
            exchange(open);
            assertThat(BoardOracle.shown(a)).as("while some have no place in the order").isEqualTo(new BoardOracle(a.log).lines());
            open.forEach(TestBoard::stamps);
            exchange(open);
            if (a.asks(BoardQueries::sequencer).isPresent()) assertThat(new BoardOracle(a.log).unsequenced()).as("every change gets a place").isEmpty();

            var expected = a.rows();
            for (var node : open) assertThat(node.rows()).as(node.name).isEqualTo(expected);
            var late = a.copyOf(home, "late");
            open.add(late);
            late.nowMs = a.nowMs;
            var events = new ArrayList<>(a.events());
            Collections.shuffle(events, random);
            for (int i = 0; i < events.size(); ) {                        // and in pieces of any size
                int end = Math.min(events.size(), i + 1 + random.nextInt(20));
                late.take(events.subList(i, end));
                i = end;
            }
            late.take(a);                                                 // unsigned events inside runs count only beside their signature
            assertThat(late.log.state().fingerprint()).isEqualTo(a.log.state().fingerprint());
            assertThat(late.rows()).as("another order").isEqualTo(expected);
            assertThat(BoardOracle.shown(a)).isEqualTo(new BoardOracle(a.log).lines());
            a.close();
            for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(a.file + suffix));
            a.open();
            a.follow();
            assertThat(a.rows()).as("replayed").isEqualTo(expected);
        } finally {
            open.forEach(TestBoard::close);
        }
    }

    private static void exchange(List<TestBoard> nodes) {
        for (int round = 0; round < 3; round++) for (var to : nodes) for (var from : nodes) if (to != from) to.take(from);
    }

    private static void act(Random random, List<TestBoard> nodes, int step) {
        var node = nodes.get(random.nextInt(nodes.size()));
        if (random.nextInt(4) == 0) {
            node.take(nodes.get(random.nextInt(nodes.size())));
            return;
        }
        if (random.nextInt(10) == 0) node.nowMs += random.nextInt(3) * 100_000;          // a clock that is wrong for a while
        else if (random.nextInt(3) == 0) node.nowMs = TestBoard.NOW + step * 1_000L;
        var task = TestBoard.id(random.nextInt(TASKS));
        var status = TaskStatus.values()[random.nextInt(5)];
        var known = claims(nodes, task);
        var claim = known.isEmpty() ? new ClaimRef(nodes.getFirst().events().getFirst().id(), 1) : known.get(random.nextInt(known.size()));
        switch (random.nextInt(18)) {
            case 0, 1 -> node.tries(new BoardCommand.Add(task, set(Field.TITLE, "task" + step, Field.STATUS, status.wire()), OptionalLong.empty()));
            case 2 -> node.tries(new BoardCommand.Edit(task, set(Field.TITLE, "title" + step % 4, Field.PRIORITY, Json.of(step % 3)), OptionalLong.empty()));
            case 3 -> node.tries(new BoardCommand.Edit(task, set(Field.STATUS, status.wire()), OptionalLong.empty()));
            case 4 -> node.tries(new BoardCommand.Delete(task));
            case 5 -> node.tries(new BoardCommand.Restore(task));
            case 6, 7 -> node.tries(new BoardCommand.Claim(task, 1_000 + random.nextInt(5_000)));
            case 8 -> node.tries(new BoardCommand.Renew(task, claim, 1_000 + random.nextInt(5_000)));
            case 9 -> node.tries(random.nextBoolean() ? new BoardCommand.Work(task, claim, List.of("line" + step))
                : new BoardCommand.Report(task, claim, Optional.of(status), OptionalInt.of(step), Optional.empty()));
            case 10 -> node.tries(random.nextBoolean() ? new BoardCommand.Finish(task, claim, status, OptionalInt.of(step), Optional.empty()) : new BoardCommand.Release(task, claim, Optional.empty()));
            case 11 -> node.tries(new BoardCommand.Edit(task, BoardCommand.assigned(random.nextBoolean() ? Optional.empty() : Optional.of(new AssignedTo(nodes.get(random.nextInt(3)).node(), random.nextInt(4) > 0))), OptionalLong.empty()));
            case 12 -> giveBack(node, nodes, task);
            case 13 -> node.tries(new BoardCommand.Edit(task, set(Field.ASSIGNEE, "somebody" + step % 5), OptionalLong.empty()));
            case 14 -> nodes.getFirst().tries(new BoardCommand.NameSequencer(random.nextInt(4) == 0 ? Optional.empty() : Optional.of(nodes.get(1 + random.nextInt(2)).node())));
            case 15 -> {
                node.stamps();
                if (random.nextInt(4) == 0) node.tries(new BoardCommand.AtHub(random.nextBoolean()));
                if (random.nextInt(8) == 0) node.tries(new BoardCommand.NameSequencer(Optional.empty()));
            }
            case 16 -> lieOfOrder(random, nodes, node);
            default -> lie(random, node, task, claim, status);
        }
    }

    /// Somebody claims it if he can, and whoever did gives it back: who is drawn by chance seldom holds what is drawn by chance.
    private static void giveBack(TestBoard drawn, List<TestBoard> nodes, String task) {
        drawn.tries(new BoardCommand.Claim(task, 5_000));
        for (var node : nodes)
            for (var shown : node.asks(board -> board.claims(task, 50)))
                if (shown.claim().stamp().origin().equals(node.node())) node.tries(new BoardCommand.Release(task, shown.claim().ref(), Optional.empty()));
    }

    private static List<ClaimRef> claims(List<TestBoard> nodes, String task) {
        return nodes.stream().flatMap(node -> node.asks(board -> board.claims(task, 50)).stream().map(shown -> shown.claim().ref())).distinct().sorted(java.util.Comparator.comparing(ClaimRef::id)).toList();
    }

    /// Namings by those who may not, or on top of anything, and stamps by anybody, with any number, of what there is and of what there is not.
    private static void lieOfOrder(Random random, List<TestBoard> nodes, TestBoard node) {
        var events = node.events();
        var any = events.get(random.nextInt(events.size())).id().hex();
        var namings = events.stream().filter(event -> event.type().equals("sequencer_named")).toList();
        long term = 1 + random.nextInt(3);
        if (random.nextInt(3) > 0) {
            var other = events.get(random.nextInt(events.size())).id().hex();
            node.write(new Draft("changes_sequenced", Json.object("term", term, "first", random.nextInt(6), "events", Json.array(Json.of(any), Json.of(other)))));
        } else {
            var before = namings.isEmpty() || random.nextInt(4) == 0 ? any : namings.get(random.nextInt(namings.size())).id().hex();
            node.write(new Draft("sequencer_named", Json.object("term", term, "before", term == 1 ? null : before, "node", random.nextInt(3) == 0 ? null : nodes.get(random.nextInt(3)).node().hex(), "last", random.nextInt(5))));
        }
    }

    /// Events that no honest node would write: claims that follow nothing, changes without bases or on top of anything.
    private static void lie(Random random, TestBoard node, String task, ClaimRef claim, TaskStatus status) {
        var events = node.events();
        var any = events.get(random.nextInt(events.size())).id().hex();
        var bases = Json.object("status", Json.array(Json.of(any)), "life", Json.array(Json.of(any)));
        node.write(switch (random.nextInt(4)) {
            case 0 -> new Draft("task_claimed", Json.object("task_id", task, "token", claim.token() + 1, "lease_ms", 5_000, "before", claim.id().hex(), "last", any));
            case 1 -> new Draft("task_claimed", Json.object("task_id", task, "token", 1, "lease_ms", 5_000, "ids", bases));
            case 2 -> new Draft("task_updated", Json.object("task_id", task, "fields", Json.object("status", status.wire()), "ids", bases));
            default -> new Draft("task_deleted", Json.object("task_id", task, "ids", bases));
        });
    }
}

package dev.waggle.store.board;

import dev.waggle.core.log.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What becomes of each kind of event, on an owner's node A and members' nodes B and C, which begin with one task. Each subject has a class of its own.
abstract class ThreeBoards {
    @TempDir Path folder;
    final List<TestBoard> open = new ArrayList<>();
    TestBoard a;
    TestBoard b;
    TestBoard c;
    String task;

    @BeforeEach void three_nodes_with_one_task() {
        a = opened(TestBoard.create(folder, "anna"));
        b = opened(a.invite(folder, "bert", Role.WRITER));
        c = opened(a.invite(folder, "cora", Role.WRITER));
        task = a.adds(1, "Build the hive");
        all();
    }

    @AfterEach void close() {
        open.forEach(TestBoard::close);
    }

    TestBoard opened(TestBoard board) {
        open.add(board);
        return board;
    }

    /// All have heard of everything, and show the same.
    void all() {
        for (int round = 0; round < 2; round++) for (var to : open) for (var from : open) if (to != from) to.take(from);
        for (var each : open) assertThat(each.rows()).as(each.name).isEqualTo(a.rows());
    }

    void later(long ms) {
        open.forEach(board -> board.nowMs += ms);
    }
}

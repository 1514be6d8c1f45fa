package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Problems;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.Progress;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Conflicts of several files, some of which are untracked meanwhile.
@Timeout(60)
class ConflictRoutesTest {
    @TempDir Path folder;
    @AutoClose private TestNode node;

    @BeforeEach void start() throws Exception {
        node = TestNode.unserved(folder);
        for (var name : List.of("a", "b")) {
            try (var db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(name + ".sqlite")); var run = db.createStatement()) {
                run.execute("CREATE TABLE goods (id TEXT PRIMARY KEY)");
            }
            node.node().track(folder.resolve(name + ".sqlite"), List.of(), Optional.empty(), Progress.NONE);
        }
    }

    @Test void a_file_that_is_untracked_after_it_was_listed_is_left_out() {
        var listed = node.node().spaces().stream().flatMap(ConflictRoutes.Followed::of).toList();
        assertThat(listed).hasSize(2);
        node.ask("POST", "/api/v1/untrack", Json.object("file", folder.resolve("a.sqlite").toString()));
        var request = new Request(true, Optional.empty(), Map.of(), Map.of(), Json.object());
        var answer = ((Reply.Document) ConflictRoutes.page(listed, request)).json().asObject();
        assertThat(answer.array("conflicts")).isEmpty();
        assertThat(answer.integer("conflicts_count")).isZero();
    }

    @Test void whoever_asks_a_file_that_was_untracked_is_told_so() {
        var follower = node.node().space("a").follower().orElseThrow();
        node.ask("POST", "/api/v1/untrack", Json.object("file", folder.resolve("a.sqlite").toString()));
        assertThatThrownBy(follower::schemas).satisfies(failure ->
            assertThat(Problems.of((RuntimeException) failure)).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND)));
    }
}

package dev.waggle.lab.process;

import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// A node that the system gives few file handles: what needs more of them is refused in words, what runs goes on, and nothing is lost.
@Timeout(240)
class FewHandlesTest {
    private static final int FILES_MAX = 60;
    @TempDir Path folder;

    @Tag("S13") @Test void without_file_handles_the_next_file_is_refused_and_those_that_are_tracked_go_on() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/bash")));
        try (var small = new NodeProcess(folder.resolve("small")); var peer = new NodeProcess(folder.resolve("peer"))) {
            small.by("/bin/bash", "-c", "ulimit -n 200 && exec \"$@\"", "few").up();
            peer.up();
            var left = Notes.create(folder.resolve("left.sqlite"));
            var right = new Notes(folder.resolve("right.sqlite"));
            small.ask("track", left.file());
            peer.ask("join", small.ask("invite").text("ticket"), right.file());
            var tracked = new ArrayList<Notes>();
            Notes refused = null;
            for (int i = 1; refused == null && i <= FILES_MAX; i++) {
                var more = Notes.create(folder.resolve("more " + i + ".sqlite"));
                more.add("before");
                var said = small.run("track", more.file());
                if (said.exit() == Exit.OK) tracked.add(more);
                else {
                    assertThat(said.exit()).as(said.toString()).isIn(Exit.REFUSED, Exit.NOT_REACHABLE);
                    TwoSentences.in(said).doesNotContain("bug");
                    refused = more;
                }
            }
            assertThat(refused).as("it ran out of them").isNotNull();
            left.add("written when there were none");
            NodeProcess.await("what runs goes on", () -> right.has("written when there were none"));
            right.add("from the other side");
            NodeProcess.await("both ways", () -> left.has("from the other side"));
            assertThat(small.alive()).isTrue();
            assertThat(refused.has("before")).isTrue();
            small.stop();

            try (var roomy = new NodeProcess(small.data(), small.state())) {
                roomy.up();
                for (var each : tracked) each.add("after");
                for (var each : tracked) NodeProcess.await(each.file() + " is followed", () -> roomy.run("sync", "status").exit() == Exit.OK);
                if (!roomy.ask("space", "list").toString().contains(refused.file().toString())) roomy.ask("track", refused.file());
                roomy.run("log", "verify", "left").ok();
                NodeProcess.await("nothing is lost", () -> left.equals(right));
            }
        }
    }
}

package dev.waggle.lab.process;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// Nodes with little memory and large rows: what one piece of work holds is bounded by bytes, not only by rows.
@Timeout(240)
class ScarceTest {
    private static final int PHOTOS = 60;
    private static final int HEAP_MIB = 128;
    @TempDir Path folder;

    @Tag("S13") @Test void rows_of_a_megabyte_are_tracked_joined_and_changed_at_once_in_little_memory() throws Exception {
        var left = Notes.create(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        left.sql("CREATE TABLE photo (id INTEGER PRIMARY KEY, name TEXT, data BLOB)");
        left.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + PHOTOS + ") INSERT INTO photo SELECT i, 'photo ' || i, randomblob(1000000) FROM n");
        try (var small = new NodeProcess(folder.resolve("small")).options("-Xmx" + HEAP_MIB + "m"); var peer = new NodeProcess(folder.resolve("peer")).options("-Xmx" + HEAP_MIB + "m")) {
            small.up();
            peer.up();
            small.ask("track", left.file());
            peer.ask("join", small.ask("invite").text("ticket"), right.file());
            assertSame(left, right, small, peer);
            left.sql("UPDATE photo SET name = name || ' of the summer'");
            right.sql("UPDATE photo SET data = randomblob(1000001) WHERE id % 3 = 0");
            assertSame(left, right, small, peer);
        }
    }

    private static void assertSame(Notes left, Notes right, NodeProcess... nodes) throws Exception {
        NodeProcess.await("both files hold the same", () -> {
            for (var node : nodes) assertThat(node.alive()).as(node.printed()).isTrue();
            return left.equals(right);
        });
    }
}

package dev.waggle.node;

import dev.waggle.node.rest.TestNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// What a node says the moment that it has started: a command without a node of its own asks then, and never again.
@Timeout(120)
class NodeStartTest {
    private static final int STARTS = 5;

    @Test void a_node_that_has_started_has_been_judged(@TempDir Path folder) {
        for (int i = 0; i < STARTS; i++) {
            try (var node = Node.start(TestNode.settings(folder).withoutRest(), bug -> {
                throw new AssertionError(bug);
            })) {
                assertThat(node.reasons()).as("start " + i).isEmpty();
            }
        }
    }
}

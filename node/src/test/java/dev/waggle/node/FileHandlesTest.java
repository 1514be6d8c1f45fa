package dev.waggle.node;

import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileHandlesTest {
    @Test void the_last_handles_are_kept_for_what_is_open() {
        FileHandles.requireRoom(1_024 - FileHandles.LEFT_MIN, 1_024);
        FileHandles.requireRoom(-1, -1);                                          // a system that does not say
        assertThatThrownBy(() -> FileHandles.requireRoom(1_025 - FileHandles.LEFT_MIN, 1_024)).isInstanceOf(Problem.class)
            .hasMessageContaining("1024 files").hasMessageContaining("961 open").satisfies(no -> org.assertj.core.api.Assertions.assertThat(((Problem) no).remedy()).contains("ulimit -n"));
    }
}

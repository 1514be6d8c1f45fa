package dev.waggle.node.problem;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorCodeTest {
    @Test void the_documented_list_is_the_list() throws IOException {
        var rows = Arrays.stream(ErrorCode.values())
            .map(code -> "| `" + code.wire() + "` | " + code.status() + " | " + code.exit() + " | " + code.sentence() + " |\n").collect(Collectors.joining());
        assertThat(Files.readString(Path.of("..", "docs", "errors.md"))).endsWith("|---|---|---|---|\n" + rows);
    }

    @Test void every_code_has_its_own_spelling_and_an_exit_code_that_is_documented() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::wire)).doesNotHaveDuplicates().allMatch(wire -> wire.matches("[a-z_]+"));
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::exit)).allMatch(exit -> exit == Exit.USAGE || exit == Exit.NOT_REACHABLE || exit == Exit.REFUSED
            || exit == Exit.INTERNAL);
    }
}

package dev.waggle.node.board;

import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BoardOptionsTest {
    @TempDir Path folder;

    private BoardOptions read(String board) throws IOException {
        Files.writeString(folder.resolve("settings.json"), "{\"board\": " + board + "}");
        return BoardOptions.read(folder);
    }

    @Test void what_no_board_would_take_is_refused_when_the_node_starts() throws IOException {
        assertThat(read("{\"node_name\": \"mill\", \"public_url\": \"https://mill.example\"}").publicUrl()).contains("https://mill.example");
        for (var board : new String[] {"{\"public_url\": \"mill.example\"}", "{\"public_url\": \"https://mill example\"}", "{\"node_name\": \"\"}", "{\"node_name\": \"" + "x".repeat(81) + "\"}",
            "{\"executor\": {\"commands\": {\"work\": [\"sh\"]}}}", "{\"executor\": {\"slots\": 0}}", "{\"nodename\": \"mill\"}"})
            assertThatThrownBy(() -> read(board)).as(board).isInstanceOf(Problem.class).hasMessageContaining("\"board\" in settings.json is not as it should be");
    }
}

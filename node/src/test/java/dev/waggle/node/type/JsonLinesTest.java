package dev.waggle.node.type;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

import static org.assertj.core.api.Assertions.assertThat;

class JsonLinesTest {
    @TempDir Path folder;

    /// A tracker's export has such a line: its texts quote programs, and not each of its backslashes was doubled.
    @Test void a_backslash_before_what_json_does_not_escape_stands_for_itself() throws IOException {
        var file = Files.writeString(folder.resolve("lines.jsonl"), """
            {"title": "```python\\dev@example.org() \\' \\U \\"}
            {"title": "a\\nb \\\\d \\u0041 \\"quoted\\""}
            {"title": "ends with \\
            {"title": "good"}
            """);
        var titles = new ArrayList<String>();
        var lines = new JsonLines();
        lines.read(file, (_, _) -> { }, line -> titles.add(line.text("title")));
        assertThat(titles).containsExactly("a\nb \\d A \"quoted\"", "good");
        assertThat(lines.reasons()).hasSize(2).first().asString().startsWith("Line 1: ");
    }

    @Test void the_text_keeps_its_backslashes() throws IOException {
        var file = Files.writeString(folder.resolve("lines.jsonl"), "{\"title\": \"```python\\dev@example.org() \\' \\U1 end\"}\n");
        var titles = new ArrayList<String>();
        var lines = new JsonLines();
        lines.read(file, (_, _) -> { }, line -> titles.add(line.text("title")));
        assertThat(titles).containsExactly("```python\\dev@example.org() \\' \\U1 end");
        assertThat(lines.refused()).isZero();
    }
}

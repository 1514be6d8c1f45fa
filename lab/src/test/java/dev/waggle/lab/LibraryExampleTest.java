package dev.waggle.lab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class LibraryExampleTest {
    @Test @Timeout(60) void the_documented_example_runs(@TempDir Path folder) throws SQLException {
        assertThat(LibraryExample.twoNodes(folder, Map.of("WAGGLE_STATE", folder.resolve("state").toString()))).isEqualTo("say goodbye");
    }

    @Test void the_documented_example_is_short() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/test/java/dev/waggle/lab/LibraryExample.java"))).hasSizeLessThanOrEqualTo(30);
    }
}

package dev.waggle.lab.rivals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class RivalsTest {
    private static final Path FOLDER = Path.of("../bench/rivals");
    @TempDir Path folder;

    /// Without the rivals' packages: those are fetched by who runs the comparison.
    @Test void the_scripts_own_tests_pass() throws Exception {
        var command = new ArrayList<>(List.of("node", "--test"));
        try (var files = Files.list(FOLDER)) {
            files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".test.mjs")).sorted().forEach(command::add);
        }
        assertThat(command.size()).as("tests are there").isGreaterThan(2);
        var output = folder.resolve("output");                            // a pipe would be read until they end, however long that takes
        var process = new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(() -> "they end: " + read(output)).isTrue();
            assertThat(process.exitValue()).as(() -> read(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

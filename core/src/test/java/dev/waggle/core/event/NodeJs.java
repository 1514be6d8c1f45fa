package dev.waggle.core.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A second implementation to compare with: Node.js, which has its own JSON, SHA-256 and Ed25519.
final class NodeJs {
    private static final int SECONDS_MAX = 60;

    record Result(int exit, String out, String err) {}

    private NodeJs() {}

    static boolean isInstalled() {
        for (var folder : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
            if (Files.isExecutable(Path.of(folder, "node"))) return true;
        return false;
    }

    /// Runs `node` with `arguments`; its input is the text given.
    static Result run(Path scratch, String input, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        var in = Files.writeString(scratch.resolve("stdin"), input);
        var out = scratch.resolve("stdout");
        var err = scratch.resolve("stderr");
        var process = new ProcessBuilder(command)
            .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start();   // files: no pipe can fill up
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) throw new AssertionError("node did not end within " + SECONDS_MAX + " s");
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}

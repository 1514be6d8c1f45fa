package dev.waggle.lab.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// A real node in a process of its own, as the launcher starts it, and the command line against it.
final class NodeProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Path data;
    private final Path state;
    private Process process;

    NodeProcess(Path folder) {
        this.data = folder.resolve("data");
        this.state = folder.resolve("state");
    }

    /// What a command printed and how it ended.
    record Ended(int exit, String out, String err) {
        Ended ok() {
            if (exit != 0) throw new AssertionError("exit " + exit + "\n" + out + "\n" + err);
            return this;
        }
    }

    Path data() {
        return data;
    }

    Path state() {
        return state;
    }

    /// Starts `up` and returns when it answers.
    NodeProcess up(String... more) throws Exception {
        var arguments = new ArrayList<>(List.of("up", "--data", data.toString()));
        arguments.addAll(List.of(more));
        Files.createDirectories(data.getParent());
        Files.deleteIfExists(data.resolve("run.json"));
        var log = data.resolveSibling("up.log").toFile();
        process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
        await("the node answers", () -> {
            if (!process.isAlive()) throw new AssertionError("the node stopped: " + tail(log.toPath()));
            return Files.exists(data.resolve("run.json"));
        });
        return this;
    }

    /// Runs one command against this node's data folder.
    Ended run(String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        var out = Files.createTempFile(data.getParent(), "out", "");
        var err = Files.createTempFile(data.getParent(), "err", "");
        var child = new ProcessBuilder(command(all)).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!child.waitFor(120, TimeUnit.SECONDS)) {
            child.destroyForcibly();
            throw new AssertionError("still running after 120 s: " + all);
        }
        return new Ended(child.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// kill -9: nothing in the process gets a chance to tidy up.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM, and waits for the end.
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) throw new AssertionError("the node does not stop");
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    @Override public void close() throws InterruptedException {
        if (alive()) kill();
    }

    private List<String> command(List<String> arguments) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
            "-cp", System.getProperty("java.class.path"), "dev.waggle.node.cli.Main"));
        command.addAll(arguments);
        return new ArrayList<>(withState(command));
    }

    /// The state folder goes by the environment, as a service manager would set it.
    private List<String> withState(List<String> command) {
        var wrapped = new ArrayList<>(List.of("env", "WAGGLE_STATE=" + state));
        wrapped.addAll(command);
        return wrapped;
    }

    /// Looks again every few milliseconds until `condition` holds.
    static void await(String what, BooleanSupplier condition) throws Exception {
        await(what, PATIENCE, condition);
    }

    static void await(String what, Duration patience, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new TimeoutException("not within " + patience.toSeconds() + " s: " + what);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static String tail(Path file) {
        try {
            var text = Files.readString(file, StandardCharsets.UTF_8);
            return text.substring(Math.max(0, text.length() - 2_000));
        } catch (IOException e) {
            return e.toString();
        }
    }
}

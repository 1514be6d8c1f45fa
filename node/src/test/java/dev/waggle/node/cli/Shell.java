package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Runs commands of one node as a person would, in this process: a data folder, an environment, and what was printed.
final class Shell implements AutoCloseable {
    /// @param exit what the shell would see in `$?`
    record Said(int exit, String out, String err) {
        Json.Obj json() {
            return Canonical.parseObject(out.strip().getBytes(StandardCharsets.UTF_8));
        }
    }

    static final long PATIENCE_NS = 60_000_000_000L;
    private final Path data;
    private final Map<String, String> environment;
    private final List<Thread> running = new ArrayList<>();

    Shell(Path data, Path state) {
        this.data = data;
        this.environment = Map.of("WAGGLE_STATE", state.toString(), "WAGGLE_DATA", data.toString());
    }

    Path data() {
        return data;
    }

    static void await(String what, BooleanSupplier met) throws InterruptedException {
        for (long until = System.nanoTime() + PATIENCE_NS; !met.getAsBoolean(); Thread.sleep(50)) if (System.nanoTime() > until) throw new AssertionError("not in time: " + what);
    }

    /// Makes the data folder, with this file of settings.
    void settings(String json) throws IOException {
        Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(data.resolve("settings.json"), json);
    }

    Said run(Object... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var words = new String[args.length];
        for (int i = 0; i < args.length; i++) words[i] = args[i].toString();
        int exit = Main.run(environment, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), words);
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The answer of a command that has to succeed, as JSON.
    Json.Obj ask(Object... args) {
        var words = new ArrayList<>(List.of(args));
        words.add("--json");
        var said = run(words.toArray());
        if (said.exit() != 0) throw new AssertionError(String.join(" ", words.stream().map(Object::toString).toList()) + " ended with " + said);
        return said.json();
    }

    /// `waggle up` until [#close]; returns when the node answers.
    void up(String... args) throws InterruptedException {
        var words = new ArrayList<Object>(List.of("up"));
        words.addAll(List.of(args));
        var said = new Said[1];
        var thread = Thread.ofPlatform().name("up " + data.getFileName()).start(() -> said[0] = run(words.toArray()));
        running.add(thread);
        for (long until = System.nanoTime() + 20_000_000_000L; HttpNode.find(data).isEmpty() || !Files.exists(data.resolve("run.json")); Thread.sleep(10))
            if (System.nanoTime() > until || !thread.isAlive()) throw new AssertionError("the node did not come up: " + said[0]);
    }

    void down() throws InterruptedException {
        for (var thread : running) {
            thread.interrupt();
            thread.join(20_000);
            if (thread.isAlive()) throw new AssertionError("the node did not stop");
        }
        running.clear();
    }

    @Override public void close() throws InterruptedException {
        down();
    }
}

package dev.waggle.lab.bench;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A node as people run it: the launcher, in a process of its own. What it costs is read from the system.
public final class NodeProcess implements AutoCloseable {
    private static final long PATIENCE_S = 1_800;
    private final Path launcher;
    private final Path folder;
    private final String name;
    private Process process;
    private Json.Obj description = Json.object();

    public NodeProcess(Path launcher, Path folder, String name) {
        this.launcher = launcher;
        this.folder = folder;
        this.name = name;
    }

    public Path data() {
        return folder.resolve(name);
    }

    /// The variables that put a node's key beside its data.
    static Map<String, String> environment(Path folder) {
        return Map.of("WAGGLE_STATE", folder.resolve("state").toString());
    }

    /// @return milliseconds from the shell's point of view until the node answers
    public double up(String... more) throws IOException, InterruptedException {
        long began = System.nanoTime();
        var out = folder.resolve(name + ".up");
        Files.deleteIfExists(out);
        var command = new ArrayList<>(List.of("up", "--data", data().toString(), "--json"));
        command.addAll(List.of(more));
        process = start(out, command);
        while (!Files.readString(out).endsWith("}\n")) {
            if (!process.isAlive()) throw new IOException("node " + name + " did not come up: " + Files.readString(folder.resolve(name + ".err")));
            TimeUnit.MILLISECONDS.sleep(2);
        }
        double ms = (System.nanoTime() - began) / 1e6;
        description = Canonical.parseObject(Files.readString(out).strip().getBytes(StandardCharsets.UTF_8));
        return ms;
    }

    /// `host:port` where peers reach it.
    public String listen() {
        return description.text("listen");
    }

    /// Runs one command against this node and returns what it printed.
    ///
    /// @throws IOException when it fails
    public String run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(arguments));
        if (!arguments[0].equals("compare")) command.addAll(List.of("--data", data().toString()));        // it needs no node
        var out = folder.resolve(name + ".out");
        var child = start(out, command);
        if (!child.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            child.destroyForcibly();
            throw new IOException("no end within " + PATIENCE_S + " s: " + command);
        }
        if (child.exitValue() != 0) throw new IOException("exit " + child.exitValue() + " of " + command + ": " + Files.readString(folder.resolve(name + ".err")));
        return Files.readString(out).strip();
    }

    public Json.Obj ask(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(arguments));
        command.add("--json");
        return Canonical.parseObject(run(command.toArray(String[]::new)).getBytes(StandardCharsets.UTF_8));
    }

    public String ticket(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("invite"));
        command.addAll(List.of(arguments));
        return ask(command.toArray(String[]::new)).text("ticket");
    }

    private Process start(Path out, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        Files.createDirectories(folder);
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment(folder));
        builder.redirectOutput(out.toFile());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".err").toFile()));
        return builder.start();
    }

    public double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    public double residentMiB() throws IOException {
        return status("VmRSS:");
    }

    public double peakMiB() throws IOException {
        return status("VmHWM:");
    }

    /// How many threads it has now.
    public double threads() throws IOException {
        return count("task");
    }

    /// How many files and sockets it has open now.
    public double handles() throws IOException {
        return count("fd");
    }

    private double count(String of) throws IOException {
        try (var all = Files.list(Path.of("/proc", Long.toString(process.pid()), of))) {
            return all.count();
        }
    }

    private double status(String field) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")))
            if (line.startsWith(field)) return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        throw new IOException("the system does not tell " + field);
    }

    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) throw new IllegalStateException("node " + name + " does not stop");
        process = null;
    }

    @Override public void close() throws InterruptedException {
        if (process != null) process.destroyForcibly().waitFor();
        process = null;
    }
}

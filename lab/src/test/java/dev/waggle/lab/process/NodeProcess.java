package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.node.cli.Main;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A real node in a process of its own, as the launcher starts it, and the command line against it. Commands run in this process (the same
/// code, without the start of a JVM each); what they ask goes to the node over REST, as it would from a shell.
public final class NodeProcess implements AutoCloseable {
    /// How long anything may take; `-Dpatience=600` for a machine that has other things to do.
    public static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("patience", 60));
    private final Path data;
    private final Path state;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> before = new ArrayList<>();               // of the command line
    private final List<String> options = new ArrayList<>();              // of the JVM
    private static final Set<NodeProcess> OPEN = ConcurrentHashMap.newKeySet();
    private Process process;

    public NodeProcess(Path folder) {
        this(folder.resolve("data"), folder.resolve("state"));
    }

    public NodeProcess(Path data, Path state) {
        this.data = data;
        this.state = state;
        environment.put("WAGGLE_DATA", data.toString());
        environment.put("WAGGLE_STATE", state.toString());
    }

    /// What a command printed and how it ended.
    public record Ended(int exit, String out, String err) {
        public Ended ok() {
            if (exit != 0) throw new AssertionError("exit " + exit + "\n" + out + "\n" + err);
            return this;
        }

        public Json.Obj json() {
            return Canonical.parseObject(out.strip().getBytes(StandardCharsets.UTF_8));
        }
    }

    public Path data() {
        return data;
    }

    public Path state() {
        return state;
    }

    /// The folder of this node's own state, where its key is.
    Path ownState() throws IOException {
        return state.resolve(Files.readString(data.resolve("folder.id")).strip());
    }

    /// The secret of the node's key, for tests in which somebody who has it misbehaves.
    byte[] seed() throws IOException {
        return Hex.bytes(Files.readString(ownState().resolve("key")).strip());
    }

    /// For the next [#up]; null takes it away.
    public NodeProcess environment(String name, String value) {
        if (value == null) environment.remove(name);
        else environment.put(name, value);
        return this;
    }

    /// Writes the node's settings file, for the next [#up].
    public NodeProcess settings(String json) throws IOException {
        Files.createDirectories(data.getParent());
        if (!Files.exists(data)) Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(data.resolve("settings.json"), json, StandardCharsets.UTF_8);
        return this;
    }

    /// For the next [#up]: runs it by another program, as in `ip netns exec NAME …`.
    NodeProcess by(String... program) {
        before.addAll(List.of(program));
        return this;
    }

    /// For the next [#up]: the JVM's options as the launcher has them, for a node that runs for long.
    public NodeProcess asLaunched() {
        return options(NodeStart.ofLauncher().toArray(String[]::new));
    }

    /// For the next [#up]: more options of its JVM, after the usual ones.
    public NodeProcess options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    public long pid() {
        return process.pid();
    }

    /// Starts `up` and returns when it answers.
    public NodeProcess up(String... more) throws Exception {
        return begin(more).awaitUp();
    }

    /// Starts `up` and returns at once.
    public NodeProcess begin(String... more) throws IOException {
        Files.createDirectories(data.getParent());
        Files.deleteIfExists(data.resolve("run.json"));
        process = start(log(), log(), arguments("up", more));
        OPEN.add(this);
        return this;
    }

    public NodeProcess awaitUp() throws Exception {
        await("the node answers", () -> {
            if (!process.isAlive()) throw new AssertionError("the node stopped with " + process.exitValue() + ": " + tail(log()));
            return Files.exists(data.resolve("run.json"));
        });
        return this;
    }

    /// Runs one command against this node's data folder.
    public Ended run(Object... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) words[i] = arguments[i].toString();
        int exit = Main.run(environment, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), words);
        return new Ended(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The same in a process of its own, by the program of [#by]: for a node that this process cannot reach.
    Ended execute(Object... arguments) throws Exception {
        var words = new ArrayList<String>();
        for (var argument : arguments) words.add(argument.toString());
        var out = Files.createTempFile(data.getParent(), "out", "");
        var err = Files.createTempFile(data.getParent(), "err", "");
        var child = start(out, err, words);
        if (!child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            child.destroyForcibly().waitFor();
            throw new AssertionError("it does not end: " + words);
        }
        return new Ended(child.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// What a command that succeeds answers, as JSON.
    public Json.Obj ask(Object... arguments) {
        var words = new ArrayList<>(List.of(arguments));
        words.add("--json");
        return run(words.toArray()).ok().json();
    }

    /// `sync status`, ready or not.
    public Json.Obj status() {
        return run("sync", "status", "--json").json();
    }

    public boolean isReady() {
        return status().get("ready").filter(Json.TRUE::equals).isPresent();
    }

    /// A second `up` that is expected to end: in a process of its own, as it would be.
    Ended upEnds(String... more) throws Exception {
        Files.createDirectories(data.getParent());
        var out = Files.createTempFile(data.getParent(), "out", "");
        var err = Files.createTempFile(data.getParent(), "err", "");
        var child = start(out, err, arguments("up", more));
        if (!child.waitFor(60, TimeUnit.SECONDS)) {
            child.destroyForcibly().waitFor();
            throw new AssertionError("it should not have come up: " + tail(out));
        }
        return new Ended(child.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// Asks the node over REST, as a program would.
    public Answer rest(String method, String path, Json.Obj body) throws IOException, InterruptedException {
        var at = Canonical.parseObject(Files.readString(data.resolve("run.json")).strip().getBytes(StandardCharsets.UTF_8)).text("rest");
        var request = HttpRequest.newBuilder(URI.create("http://" + at + path)).header("Authorization", "Bearer " + Files.readString(data.resolve("token")).strip());
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body)));
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), Canonical.parseObject(response.body()));
        }
    }

    public record Answer(int status, Json.Obj body) {
        public Json.Obj ok() {
            if (status >= 300) throw new AssertionError(status + " " + Canonical.text(body));
            return body;
        }
    }

    /// Where peers reach it, `host:port`.
    public String address() throws IOException, InterruptedException {
        return rest("GET", "/api/v1/node", null).ok().text("listen");
    }

    /// kill -9: nothing in the process gets a chance to tidy up.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM, and waits for the end.
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) throw new AssertionError("the node does not stop: " + tail(log()));
    }

    public boolean alive() {
        return process != null && process.isAlive();
    }

    /// What `up` printed so far.
    public String printed() {
        return tail(log());
    }

    @Override public void close() throws InterruptedException {
        OPEN.remove(this);
        if (alive()) kill();
    }

    private Path log() {
        return data.resolveSibling("up-" + data.getFileName() + ".log");
    }

    private static List<String> arguments(String command, String... more) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private Process start(Path out, Path err, List<String> arguments) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(NodeStart.command(options));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        if (out.equals(err)) builder.redirectErrorStream(true);
        else builder.redirectError(err.toFile());
        return builder.start();
    }

    /// Looks again every few milliseconds until `condition` holds.
    public static void await(String what, BooleanSupplier condition) throws Exception {
        await(what, PATIENCE, condition);
    }

    public static void await(String what, Duration patience, BooleanSupplier condition) throws Exception {
        await(what, patience, condition, NodeProcess::told);
    }

    /// The same, and what is seen when patience ends.
    static void await(String what, Duration patience, BooleanSupplier condition, Supplier<String> seen) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new TimeoutException("not within " + patience.toSeconds() + " s: " + what + "\n" + seen.get());
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /// What every node that runs says of itself, for whoever has to find out why a test waited in vain.
    private static String told() {
        var told = new StringBuilder();
        for (var node : OPEN) {
            told.append("== ").append(node.data).append(node.alive() ? "" : ", which does not run").append('\n').append(node.printed());
            if (node.alive()) told.append(node.run("sync", "status", "--json").out()).append('\n').append(node.threads());
        }
        return told.toString();
    }

    /// What the threads of its store do: one that waits for ever stands here.
    private String threads() {
        try {
            var jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid()), "Thread.print").redirectErrorStream(true).start();
            var all = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(all.split("\n\n")).filter(thread -> thread.contains("dev.waggle.store") || thread.startsWith("\"waggle-")).collect(Collectors.joining("\n\n"));
        } catch (IOException e) {
            return e.toString();
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

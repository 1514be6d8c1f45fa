package dev.waggle.lab.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process that searches: a mistake may well be an endless loop, and a process can be ended. Started when it is needed. Used by one thread.
final class Searcher implements AutoCloseable {
    private static final int END_S = 20;
    private final Project project;
    private Process process;
    private BufferedReader answers;

    Searcher(Project project) {
        this.project = project;
    }

    /// @param planted the folder of changed classes; empty to search in what is built
    /// @return empty when there was no answer in time
    Optional<String> ask(Optional<Path> planted, String question, Duration patience) {
        var path = new ArrayList<Path>();
        planted.ifPresent(path::add);
        path.addAll(project.classes());
        try {
            if (process == null) start();
            process.getOutputStream().write((Project.path(path) + "\n" + question + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            var answer = CompletableFuture.supplyAsync(this::line).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                close();
                return Optional.of(new Found(Found.How.OTHERWISE, 0, "the searching process ended").text());
            }
            return Optional.of(answer);
        } catch (TimeoutException _) {
            close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private String line() {
        try {
            return answers.readLine();
        } catch (IOException _) {
            return null;                                // it was ended while we waited
        }
    }

    private void start() throws IOException {
        var path = new ArrayList<>(project.libraries());
        path.add(project.root().resolve("lab/target/test-classes"));
        // Classes are loaded anew for each search: what the second compiler made of them for one is lost for the next.
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = List.of(java, "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
            "-Dbasedir=" + project.root().resolve("lab"), "-cp", Project.path(path), SearcherMain.class.getName());
        process = new ProcessBuilder(command).directory(project.root().resolve("lab").toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// Asked to end, the process takes a database server with it that a test has started; only one that does not end is made to.
    @Override public void close() {
        if (process == null) return;
        var ending = process;
        process = null;
        ending.destroy();
        try {
            if (!ending.waitFor(END_S, TimeUnit.SECONDS)) ending.destroyForcibly();
        } catch (InterruptedException _) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

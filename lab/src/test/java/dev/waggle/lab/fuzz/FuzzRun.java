package dev.waggle.lab.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Jazzer on one target, in a process of its own: its heap is bounded, its bytecode is instrumented, and what it breaks it breaks alone.
final class FuzzRun {
    private static final Pattern COVERED = Pattern.compile("cov: (\\d+)");
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units:\\s+(\\d+)");
    private static final int PRINTED_BYTES_MAX = 64 * 1024;
    private final Targets.Entry target;
    private final Corpus corpus;

    FuzzRun(Targets.Entry target) {
        this.target = target;
        this.corpus = new Corpus(target.name());
    }

    /// @param executions how many inputs were tried
    /// @param branches   how many places of the product's bytecode were reached, those that the kept inputs reach included
    /// @param finding    the input that broke something
    record Outcome(String target, long executions, int branches, Optional<byte[]> finding, String output) {
        /// The lines of the output that say what broke.
        String failure() {
            int from = Math.max(output.indexOf("== Java"), output.indexOf("==ERROR"));
            if (from < 0) from = Math.max(0, output.length() - 4_000);
            int to = output.indexOf("== libFuzzer crashing input ==", from);
            return output.substring(from, to < 0 ? Math.min(output.length(), from + 8_000) : to).strip();
        }
    }

    /// Fuzzes for a while; ends early at the first finding. Goes on from what earlier runs discovered.
    Outcome fuzz(long seconds) throws IOException, InterruptedException {
        return fuzz(seconds, List.of(), corpus.discovered());
    }

    /// Fuzzes as every build does: always from the same seed and the kept inputs alone, and no further than [Targets.Entry#inputs].
    Outcome fuzzAlike(long seconds) throws IOException, InterruptedException {
        var discovered = corpus.run().resolve("discovered");
        empty(discovered);
        return fuzz(seconds, List.of("-seed=1", "-runs=" + target.inputs()), discovered);
    }

    private Outcome fuzz(long seconds, List<String> more, Path discovered) throws IOException, InterruptedException {
        var options = new ArrayList<>(List.of("-max_total_time=" + seconds, "-print_final_stats=1"));
        options.addAll(more);
        return ended(start(options, List.of(discovered, corpus.kept())), seconds);
    }

    /// Copies into the kept inputs the fewest of the discovered ones that reach all that is reached.
    void merge() throws IOException, InterruptedException {
        ended(start(List.of("-set_cover_merge=1"), List.of(corpus.kept(), corpus.discovered())), 600);
    }

    private Process start(List<String> options, List<Path> folders) throws IOException {
        empty(corpus.run());
        for (var folder : folders) Files.createDirectories(folder);
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + Limits.HEAP_MB + "m", "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "-Djava.io.tmpdir=" + corpus.run(), "-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + FuzzEntry.class.getName(), "--target_args=" + target.name(), "--instrumentation_includes=dev.waggle.**", "--custom_hook_includes=dev.waggle.**",
            "--reproducer_path=" + corpus.run(), "-artifact_prefix=" + corpus.run() + "/", "-max_len=" + target.bytesMax(), "-timeout=120",
            "-rss_limit_mb=" + Limits.PROCESS_MB));
        command.addAll(options);
        folders.forEach(folder -> command.add(folder.toString()));
        return new ProcessBuilder(command).directory(corpus.run().toFile()).redirectErrorStream(true).redirectOutput(output().toFile()).start();
    }

    private static void empty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var files = Files.list(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) Files.delete(file);
        }
    }

    private Path output() {
        return corpus.run().resolve("output.txt");
    }

    private Outcome ended(Process process, long seconds) throws IOException, InterruptedException {
        try {
            if (!process.waitFor(seconds + 300, TimeUnit.SECONDS)) throw new IllegalStateException("the fuzzer of " + target.name() + " does not end: see " + output());
        } finally {
            process.destroyForcibly();
        }
        var output = Files.readString(output(), StandardCharsets.ISO_8859_1);
        var finding = finding();
        if (process.exitValue() != 0 && finding.isEmpty()) throw new IllegalStateException("the fuzzer of " + target.name() + " ended with " + process.exitValue() + ":\n" + output);
        return new Outcome(target.name(), last(EXECUTED, output), (int) last(COVERED, output), finding, output);
    }

    private Optional<byte[]> finding() throws IOException {
        try (var files = Files.list(corpus.run())) {
            var found = files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom|leak)-.*")).findFirst();
            return found.isEmpty() ? Optional.empty() : Optional.of(Files.readAllBytes(found.get()));
        }
    }

    private static long last(Pattern pattern, String output) {
        long last = 0;
        for (var matcher = pattern.matcher(output); matcher.find(); ) last = Long.parseLong(matcher.group(1));
        return last;
    }

    /// Keeps the input that broke something.
    ///
    /// @return what to print: what broke, where the input is, how to replay it
    String report(Outcome outcome) throws IOException {
        var input = outcome.finding().orElseThrow();
        var kept = corpus.keep(input);
        return "fuzzing " + target.name() + " found an input of " + input.length + " bytes that breaks a promise:\n" + outcome.failure()
            + "\nkept as " + kept + "\nreplay: ./waggle fuzz --replay " + kept
            + (input.length > PRINTED_BYTES_MAX ? "" : "\nbase64: " + Base64.getEncoder().encodeToString(input));
    }
}

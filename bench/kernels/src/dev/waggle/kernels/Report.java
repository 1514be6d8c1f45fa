package dev.waggle.kernels;

import dev.waggle.lab.bench.Machine;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Runs the kernels and writes their table: `./waggle kernels [--report FILE] [JMH's own options]`.
public final class Report {
    private static final List<String> ORDER = List.of("canonicalCheck", "hash", "sign", "verify", "encode", "decode", "frameEncode", "frameEncodeCompressed", "frameDecode",
        "frameDecodeCompressed", "admission", "foldInserts", "foldAndMerge");
    private static final Map<String, String> REFERENCES = Map.of("canonicalCheck", "referenceTextOfTheBytes", "hash", "referenceHash", "sign", "referenceSign", "verify", "referenceVerify",
        "encode", "referenceHash", "decode", "referenceHash");
    private static final Map<String, String> GUESSES = Map.ofEntries(Map.entry("canonicalCheck", "2"), Map.entry("hash", "2"), Map.entry("sign", "40"), Map.entry("verify", "100"),
        Map.entry("encode", "5"), Map.entry("decode", "4"), Map.entry("frameEncode", "0.5"), Map.entry("frameEncodeCompressed", "3"), Map.entry("frameDecode", "4"),
        Map.entry("frameDecodeCompressed", "5"), Map.entry("admission", "8"), Map.entry("foldInserts", "8"), Map.entry("foldAndMerge", "10"));

    private Report() {}

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException, IOException {
        var others = new ArrayList<>(List.of(arguments));
        int at = others.indexOf("--report");
        Path report = null;
        if (at >= 0) {
            report = Path.of(others.get(at + 1));
            others.subList(at, at + 2).clear();
        }
        var machine = Machine.here(Path.of(System.getProperty("java.io.tmpdir")));
        var options = new OptionsBuilder().parent(new CommandLineOptions(others.toArray(String[]::new))).forks(1).warmupIterations(3).warmupTime(TimeValue.seconds(1))
            .measurementIterations(5).measurementTime(TimeValue.seconds(1)).jvmArgsPrepend("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC").build();
        var text = markdown(machine, new Runner(options).run());
        System.out.println(text);
        if (report != null) Files.writeString(report, text);
    }

    private static String markdown(Machine machine, Collection<RunResult> results) {
        var scores = results.stream().collect(Collectors.toMap(each -> name(each.getPrimaryResult().getLabel()), RunResult::getPrimaryResult));
        var text = new StringBuilder("""
            # Kernels: the small things that an event costs

            Made by `./waggle kernels` (JMH; its own options are understood, too). Do not edit.

            """).append("Machine: ").append(machine.sentence()).append(".\n\n").append("""
            Microseconds for one event: the insert of one row of 300 bytes, about 750 bytes of canonical JSON. References are what the JDK alone does with the same bytes. Averages of five
            seconds with JMH's error (99.9 %), by the JVM's usual compilers: nodes run with a more modest one (docs/decisions.md, "What the JVM is told").

            | kernel | µs an event | ± | reference | µs | ratio | guess before |
            |---|---|---|---|---|---|---|
            """);
        for (var name : ORDER) {
            var score = scores.get(name);
            if (score == null) continue;
            var reference = REFERENCES.get(name);
            var beside = reference == null ? null : scores.get(reference);
            text.append(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %s | %s | %s | %s |%n", name, score.getScore(), score.getScoreError(), beside == null ? "" : reference,
                beside == null ? "" : String.format(Locale.ROOT, "%.2f", beside.getScore()), beside == null ? "" : String.format(Locale.ROOT, "%.2f", score.getScore() / beside.getScore()),
                GUESSES.get(name)));
        }
        return text.toString();
    }

    private static String name(String label) {
        return label.substring(label.lastIndexOf('.') + 1);
    }
}

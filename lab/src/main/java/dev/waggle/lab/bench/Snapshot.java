package dev.waggle.lab.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// An empty node joins a space of many separate events, event by event; then the log is condensed by a checkpoint, and another empty node joins from that. Beside
/// them, a copy of the condensed log's bytes.
final class Snapshot implements Question {
    @Override public String name() {
        return "snapshot";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        try (var a = new NodeProcess(setting.launcher(), folder, "a")) {
            LongLog.make(a, folder, setting.events());
            a.up();
            double replay = join(setting, folder, a, "replayed");
            double whole = log(a);
            a.run("log", "compact");
            a.stop();                                           // its file shrinks when it starts next
            a.up();
            double snapshot = join(setting, folder, a, "snapshot");
            double copy = copy(a, folder.resolve("copy"));
            var reference = "the same, event by event";
            return List.of(
                new Measure("join of " + setting.events() + " events from a checkpoint, rows in the file", "ms", "0.8 of event by event", "-", List.of(snapshot), reference, List.of(replay)),
                new Measure("the same, beside a copy of its bytes", "ms", "50 times", "a small multiple", List.of(snapshot), "a copy of the condensed log, synced", List.of(copy)),
                new Measure("size of the log condensed", "KiB", "0.2 of whole", "-", List.of(log(a)), "the log as it was", List.of(whole)));
        }
    }

    private static double join(Setting setting, Path folder, NodeProcess a, String name) throws Exception {
        try (var b = new NodeProcess(setting.launcher(), folder, name)) {
            b.up();
            var file = folder.resolve(name + ".sqlite");
            var ticket = a.ticket();
            long began = System.nanoTime();
            b.run("join", ticket, file.toString());
            double ms = (System.nanoTime() - began) / 1e6;
            if (Rows.count(file, "task") != setting.events()) throw new IllegalStateException("not all rows arrived: " + Rows.count(file, "task"));
            b.stop();
            return ms;
        }
    }

    private static Path logFile(NodeProcess a) throws IOException {
        try (var folders = Files.list(a.data().resolve("spaces"))) {
            return folders.findFirst().orElseThrow().resolve("sync.sqlite");
        }
    }

    private static double log(NodeProcess a) throws IOException {
        long bytes = 0;
        for (var suffix : List.of("", "-wal")) {
            var file = Path.of(logFile(a) + suffix);
            if (Files.exists(file)) bytes += Files.size(file);
        }
        return bytes / 1024.0;
    }

    private static double copy(NodeProcess a, Path to) throws IOException {
        long began = System.nanoTime();
        Files.copy(logFile(a), to);
        try (var channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return (System.nanoTime() - began) / 1e6;
    }
}

package dev.waggle.lab.mesh;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What a run found, a line each: printed as it goes, and written to the file of `-Dreport=…` at the end.
final class MeshReport {
    private final StringBuilder lines = new StringBuilder();
    private final long began = System.nanoTime();

    MeshReport(Size size, long seed) {
        lines.append("# Nine nodes, one hive\n\n").append(String.format(Locale.ROOT, """
            `NineNodesTest` with %,d posts, %,d comments and %,d votes by %d programs on each of nine nodes, seed %d; %d processors, Java %s, load %.1f when it began.

            | what | found |
            |---|---|
            """, size.posts(), size.comments(), size.votes(), size.programs(), seed, Runtime.getRuntime().availableProcessors(), Runtime.version(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    }

    void add(String what, String found, Object... values) {
        var text = String.format(Locale.ROOT, found, values);
        lines.append("| ").append(what).append(" | ").append(text).append(" |\n");
        System.out.printf(Locale.ROOT, "mesh %6.1f s  %s: %s%n", (System.nanoTime() - began) / 1e9, what, text);
    }

    void write() throws IOException {
        var file = System.getProperty("report");
        if (file != null) Files.writeString(Path.of(file), lines);
    }
}

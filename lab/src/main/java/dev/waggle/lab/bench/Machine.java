package dev.waggle.lab.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What it ran on, as far as numbers depend on it.
public record Machine(int processors, String processor, String system, String java, String disk, double load) {
    public static Machine here(Path folder) throws IOException {
        var processor = "an unknown processor";
        var list = Path.of("/proc/cpuinfo");
        if (Files.exists(list)) processor = Files.readAllLines(list).stream().filter(line -> line.startsWith("model name")).map(line -> line.replaceFirst(".*: *", ""))
            .findFirst().orElse(processor);
        return new Machine(Runtime.getRuntime().availableProcessors(), processor,
            System.getProperty("os.name") + " " + System.getProperty("os.version").replaceFirst("-.*", "") + " " + System.getProperty("os.arch"),
            Runtime.version().toString(), Files.getFileStore(folder).type(), ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    public String sentence() {
        return String.format(Locale.ROOT, "%d processors (%s), %s, Java %s, %s; load average %.1f when it began", processors, processor, system, java, disk, load);
    }
}

package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.List;

/// How much is asked of the machine. The defaults take about a minute and a half; `--full` takes a quarter of an hour.
///
/// @param launcher     the program that starts nodes as people start them
/// @param rows         in tables
/// @param events       in logs that are sent
/// @param manyEvents   in the log whose memory is measured
/// @param rounds       of everything that is repeated; medians are of so many
/// @param idleSeconds  for which an idle node is watched
/// @param only         the questions to ask; empty for all
/// @param report       the file to write; null for none
record Setting(Path launcher, Path folder, int rows, int events, int manyEvents, int rounds, int idleSeconds, List<String> only, Path report) {
    static final String USAGE = """
        usage: waggle bench [--full | --guard] [--only NAME[,NAME…]] [--rows N] [--events N] [--many N] [--rounds N] [--idle SECONDS]
                            [--folder DIR] [--report FILE]
        Names: capture, log, backfill, fanout, snapshot, hub, tasks, projects, bundle, latency, contention, wire, memory, idle, commands. DIR is where files are made: the disk that is measured.
        --guard asks a few at small sizes and ends with 1 when a ratio is far from what it was.
        """;

    static Setting small(Path launcher) {
        return new Setting(launcher, Path.of(System.getProperty("java.io.tmpdir")), 20_000, 10_000, 50_000, 3, 10, List.of(), null);
    }

    /// The sizes that the promises are about.
    Setting full() {
        return new Setting(launcher, folder, 100_000, 100_000, 1_000_000, 5, 30, only, report);
    }

    /// @throws IllegalArgumentException with a sentence for the person who typed them
    static Setting read(String[] arguments, Path launcher) {
        var setting = small(launcher);
        if (List.of(arguments).contains("--full")) setting = setting.full();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--full")) continue;
            if (i + 1 == arguments.length) throw new IllegalArgumentException(arguments[i] + " needs a value, or is not known");
            setting = setting.with(arguments[i], arguments[++i]);
        }
        return setting;
    }

    private Setting with(String option, String value) {
        return switch (option) {
            case "--only" -> new Setting(launcher, folder, rows, events, manyEvents, rounds, idleSeconds, List.of(value.split(",")), report);
            case "--rows" -> new Setting(launcher, folder, count(value), events, manyEvents, rounds, idleSeconds, only, report);
            case "--events" -> new Setting(launcher, folder, rows, count(value), manyEvents, rounds, idleSeconds, only, report);
            case "--many" -> new Setting(launcher, folder, rows, events, count(value), rounds, idleSeconds, only, report);
            case "--rounds" -> new Setting(launcher, folder, rows, events, manyEvents, count(value), idleSeconds, only, report);
            case "--idle" -> new Setting(launcher, folder, rows, events, manyEvents, rounds, count(value), only, report);
            case "--folder" -> new Setting(launcher, Path.of(value).toAbsolutePath(), rows, events, manyEvents, rounds, idleSeconds, only, report);
            case "--report" -> new Setting(launcher, folder, rows, events, manyEvents, rounds, idleSeconds, only, Path.of(value));
            default -> throw new IllegalArgumentException(option + " is not known");
        };
    }

    private static int count(String value) {
        int count = Integer.parseInt(value);
        if (count < 1) throw new IllegalArgumentException("a number below 1: " + value);
        return count;
    }
}

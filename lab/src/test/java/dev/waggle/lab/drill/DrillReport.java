package dev.waggle.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The whole drill, as `./waggle drill` runs it: every mistake with every finder, the simulator with up to 10,000 seeds from several starting points where that
/// is cheap. Its report is `docs/reports/drill.md`. No part of the build: its name is not one of a test.
///
/// `-Ddrill=NAME` searches for those alone whose name begins so, and writes nothing; `-Ddrill.seeds=N` is the limit.
class DrillReport {
    private static final long SEEDS_MAX = Long.getLong("drill.seeds", 10_000);
    private static final int STARTS = 5;
    private static final long START_DISTANCE = 1_000_000;
    /// Found within so many seeds, other starting points are tried too.
    private static final long CHEAP_SEEDS = 100;
    private static final Duration PATIENCE = Duration.ofHours(2);

    /// @param seeds of each starting point that was tried
    private record Row(Mistake mistake, Finder finder, Found found, List<Long> seeds) {}

    @Test void every_mistake_is_found(@TempDir Path folder) throws IOException {
        var only = System.getProperty("drill", "");
        try (var drill = new Drill(folder)) {
            var some = drill.mistakes().stream().filter(mistake -> mistake.name().contains(only)).toList();
            assertThat(drill.plant(some)).isEmpty();
            var rows = new ArrayList<Row>();
            drill.forEach(some, (mistake, finder) -> {
                var row = search(drill, mistake, finder);
                synchronized (rows) {
                    rows.add(row);
                    System.out.println(rows.size() + " " + mistake.name() + ": " + finder + ": " + row.found.how() + howMany(row) + (row.found.how() == Found.How.FOUND ? "" : " " + row.found.said()));
                }
            });
            if (only.isEmpty()) Files.writeString(report(drill), text(drill, some, rows));
            assertThat(rows).allSatisfy(row -> assertThat(row.found.how()).as(row.mistake.name() + " by " + row.finder + ": " + row.found.said()).isEqualTo(Found.How.FOUND));
        }
    }

    private static Row search(Drill drill, Mistake mistake, Finder finder) {
        var found = drill.search(mistake, finder, 1, SEEDS_MAX, PATIENCE);
        var seeds = new ArrayList<Long>();
        if (found.how() == Found.How.FOUND) seeds.add(found.seeds());
        for (int start = 1; finder instanceof Finder.Simulator && !seeds.isEmpty() && found.seeds() <= CHEAP_SEEDS && start < STARTS; start++) {
            var again = drill.search(mistake, finder, 1 + start * START_DISTANCE, SEEDS_MAX, PATIENCE);
            if (again.how() != Found.How.FOUND) return new Row(mistake, finder, again, seeds);
            seeds.add(again.seeds());
        }
        seeds.sort(null);
        return new Row(mistake, finder, found, seeds);
    }

    private static String howMany(Row row) {
        if (row.finder instanceof Finder.Test || row.seeds.isEmpty()) return "";
        var median = row.seeds.get(row.seeds.size() / 2);
        return " " + median + (row.seeds.size() == 1 ? "" : " (" + row.seeds.getFirst() + " to " + row.seeds.getLast() + ")");
    }

    private static Path report(Drill drill) throws IOException {
        return Files.createDirectories(drill.project().root().resolve("docs/reports")).resolve("drill.md");
    }

    private static String text(Drill drill, List<Mistake> mistakes, List<Row> rows) throws IOException {
        var byMistake = new TreeMap<String, List<Row>>();
        for (var row : rows) byMistake.computeIfAbsent(row.mistake.name(), _ -> new ArrayList<>()).add(row);
        long found = byMistake.values().stream().filter(all -> all.stream().allMatch(row -> row.found.how() == Found.How.FOUND)).count();
        var out = new StringBuilder();
        out.append("# The planted-bug drill\n\n");
        out.append("Known mistakes, brought back one at a time; `lab/src/test/drill` has them as changes of source. Written by `./waggle drill` on ").append(LocalDate.now()).append(".\n\n");
        out.append("**").append(found).append(" of ").append(mistakes.size()).append(" mistakes were found** by everything that should find them. Seeds: how many the simulator ran until it failed, the failing one\n");
        out.append("among them, at most ").append(SEEDS_MAX).append("; where it is cheap the median of ").append(STARTS).append(" starting points, with the least and the most.\n\n");
        out.append("| mistake | where it happened | found by | seeds |\n|---|---|---|---|\n");
        for (var mistake : mistakes)
            for (var row : byMistake.getOrDefault(mistake.name(), List.of()))
                out.append("| ").append(cell(mistake.sentence())).append(" | ").append(cell(mistake.happened())).append(" | ").append(cell(row.finder.toString())).append(" | ")
                    .append(row.found.how() == Found.How.FOUND ? howMany(row).strip() : "**" + row.found.how() + "**").append(" |\n");
        out.append("\n## Not built yet\n\n");
        var waiting = Files.readAllLines(drill.project().mistakes().resolve("not-built-yet.txt")).stream().filter(line -> !line.startsWith("#")).toList();
        out.append(waiting.isEmpty() ? "None.\n" : "| mistake | waits for |\n|---|---|\n");
        for (var line : waiting) out.append("| ").append(line).append(" |\n");
        return out.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}

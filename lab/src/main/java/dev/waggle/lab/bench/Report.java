package dev.waggle.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The answers as a table that people read.
final class Report {
    private final Machine machine;
    private final List<Measure> measures = new ArrayList<>();

    Report(Machine machine) {
        this.machine = machine;
    }

    void add(Measure measure) {
        measures.add(measure);
    }

    static String line(Measure measure) {
        var beside = measure.beside().isEmpty() ? "" : String.format(Locale.ROOT, "   %.2fx of %s (%s)", measure.ratio(), measure.reference(), number(measure.referenceMedian()));
        return String.format(Locale.ROOT, "%-78s %12s %-10s goal %s%s", measure.name(), number(measure.median()), measure.unit(), measure.goal(), beside);
    }

    String markdown(Setting setting) {
        var text = new StringBuilder();
        text.append("""
            # Benchmarks

            Made by `./waggle bench` (`--full` for the sizes below; `--only NAME` for one question; see `lab/src/main/java/dev/waggle/lab/bench`). Do not edit.

            """);
        text.append("Machine: ").append(machine.sentence()).append(".\n");
        text.append(String.format(Locale.ROOT, "Sizes: tables of %,d rows, logs of %,d events, %,d events for memory; medians of %d rounds unless it says otherwise.%n%n",
            setting.rows(), setting.events(), setting.manyEvents(), setting.rounds()));
        text.append("""
            Each node is a process of its own, started by the launcher with its own options. Every event is signed and checked; every log commits with
            `synchronous=FULL` before anything is acknowledged; the load's connections commit with FULL, too. Files are followed in WAL mode; their
            view may be rebuilt and commits with NORMAL. Where a reference is named it ran in turns with ours, so the ratio means something where
            the numbers do not: on a shared machine times move by a factor of two and more within an hour.

            | what | median | range | reference in the same run | ratio | guess before | goal |
            |---|---|---|---|---|---|---|
            """);
        for (var measure : measures) text.append(row(measure)).append('\n');
        return text.toString();
    }

    private static String row(Measure measure) {
        var beside = measure.beside().isEmpty();
        return "| " + String.join(" | ", measure.name(), number(measure.median()) + " " + measure.unit(),
            measure.samples().size() == 1 ? "once" : number(Measure.percentile(measure.samples(), 0)) + " to " + number(Measure.percentile(measure.samples(), 100)),
            beside ? "" : number(measure.referenceMedian()) + " " + measure.unit() + ": " + measure.reference(),
            beside ? "" : String.format(Locale.ROOT, "%.2f", measure.ratio()), measure.guess(), measure.goal()) + " |";
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : value >= 10 ? String.format(Locale.ROOT, "%.1f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}

package dev.waggle.lab.growth;

import dev.waggle.lab.bench.Machine;
import dev.waggle.lab.chart.Chart;
import dev.waggle.lab.chart.Sheet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/// The table and the curves.
record GrowthReport(Machine machine, int eventsForChains, List<Point> points) {
    private List<Point> of(String along) {
        return points.stream().filter(point -> point.along().equals(along)).toList();
    }

    String picture() {
        var charts = new ArrayList<Chart>();
        charts.add(chart("What takes all of a log", "events", List.of(Sizes.BACKFILL, Sizes.REBUILD, Sizes.RESCAN)));
        charts.add(chart("What should not depend on its length", "events", List.of(Sizes.START, Sizes.START_FILE, Sizes.STATUS, Sizes.RECONNECT)));
        charts.add(chart("Many chains, " + eventsForChains + " events", "chains", List.of(Sizes.BACKFILL, Sizes.REBUILD, Sizes.RECONNECT, Sizes.START)));
        charts.add(chart("Many spaces in one node", "spaces", List.of(Sizes.START_FILE, Sizes.STATUS)));
        return Sheet.of("What grows with a log", charts);
    }

    private Chart chart(String title, String along, List<String> names) {
        var lines = new ArrayList<Chart.Line>();
        for (var name : names) {
            var line = of(along).stream().filter(point -> point.what().equals(name)).map(point -> new double[] {point.size(), point.value()}).toList();
            if (!line.isEmpty()) lines.add(new Chart.Line(SHORT.getOrDefault(name, name), line));
        }
        return new Chart(title, "ms", along, Chart.Scale.LOGARITHMIC, lines);
    }

    private static final java.util.Map<String, String> SHORT = java.util.Map.of(Sizes.BACKFILL, "backfill", Sizes.REBUILD, "view lost", Sizes.RESCAN, "rescan", Sizes.START, "start",
        Sizes.START_FILE, "start with file", Sizes.STATUS, "status", Sizes.RECONNECT, "reconnect");

    String markdown(String picture) {
        var text = new StringBuilder("""
            # Growth: what happens when everything is ten times as much

            Made by `./waggle growth`. Do not edit.

            """).append("Machine: ").append(machine.sentence()).append(".\n\n").append("""
            Separate signed events, each an insert of one row of 300 bytes, from a node that only serves into the file of another. Each size once, starts and `status` the median of three. The last
            column is how much a value grew for each tenfold of what is counted, from the first size to the last: 10 is like its input, 1 is not at all. Waiting for what is done in steps (a
            reconnect waits for timers) moves small values.

            """);
        if (!picture.isEmpty()) text.append("![the curves](").append(picture).append(")\n\n");
        for (var along : List.of("events", "chains", "spaces")) table(text, along);
        return text.toString();
    }

    private void table(StringBuilder text, String along) {
        var sizes = new TreeSet<Integer>();
        var rows = new LinkedHashMap<String, TreeMap<Integer, Double>>();
        for (var point : of(along)) {
            sizes.add(point.size());
            rows.computeIfAbsent(point.what(), _ -> new TreeMap<>()).put(point.size(), point.value());
        }
        if (rows.isEmpty()) return;
        text.append("## ").append(along).append(along.equals("chains") ? String.format(Locale.ROOT, ", %,d events", eventsForChains) : "").append("\n\n| |");
        for (int size : sizes) text.append(String.format(Locale.ROOT, " %,d |", size));
        text.append(" for each tenfold |\n|---|").append("---|".repeat(sizes.size() + 1)).append('\n');
        rows.forEach((what, values) -> {
            text.append("| ").append(what).append(" |");
            for (int size : sizes) text.append(values.containsKey(size) ? String.format(Locale.ROOT, " %,.0f |", values.get(size)) : " |");
            text.append(String.format(Locale.ROOT, " %s |%n", values.size() < 2 ? "" : String.format(Locale.ROOT, "× %.1f", tenfold(values))));
        });
        text.append('\n');
    }

    /// By what a value is multiplied when its size is multiplied by ten.
    static double tenfold(TreeMap<Integer, Double> values) {
        double wide = Math.log10(values.lastKey()) - Math.log10(values.firstKey());
        return Math.pow(values.lastEntry().getValue() / values.firstEntry().getValue(), 1 / wide);
    }
}

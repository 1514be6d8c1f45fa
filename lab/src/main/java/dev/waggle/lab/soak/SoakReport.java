package dev.waggle.lab.soak;

import dev.waggle.lab.bench.Machine;
import dev.waggle.lab.bench.Measure;
import dev.waggle.lab.chart.Chart;
import dev.waggle.lab.chart.Sheet;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What came of it, as a page and as a picture.
///
/// @param ending what was found when the load had stopped, a sentence a line
record SoakReport(Machine machine, double rate, long written, List<Sample> samples, List<String> ending) {
    private static final List<String> NODES = List.of("A", "B", "C");

    String picture() {
        var perNode = List.of(
            nodes("Memory of each node", "MiB", Sample.OfNode::residentMiB),
            nodes("Files and sockets open", "", Sample.OfNode::handles),
            nodes("CPU of each node", "cores", Sample.OfNode::cores),
            nodes("Disk of each node, log, view and file", "MiB", Sample.OfNode::diskMiB));
        var all = new java.util.ArrayList<>(perNode);
        all.add(new Chart("From a write on A until it was read on C", "ms", "minutes", Chart.Scale.LINEAR, List.of(line("half of them within", Sample::p50), line("99 of 100", Sample::p99))));
        all.add(new Chart("Transactions of the three programs", "a second", "minutes", Chart.Scale.LINEAR, List.of(line("all", Sample::perSecond))));
        return Sheet.of("Three nodes under a steady load", all);
    }

    private Chart nodes(String title, String unit, ToDoubleFunction<Sample.OfNode> of) {
        return new Chart(title, unit, "minutes", Chart.Scale.LINEAR,
            java.util.stream.IntStream.range(0, NODES.size()).mapToObj(i -> line(NODES.get(i), sample -> of.applyAsDouble(sample.nodes().get(i)))).toList());
    }

    private Chart.Line line(String name, ToDoubleFunction<Sample> of) {
        return new Chart.Line(name, samples.stream().map(sample -> new double[] {sample.minutes(), of.applyAsDouble(sample)}).toList());
    }

    String markdown(String picture) {
        var text = new StringBuilder("""
            # Soak: three nodes under a steady load

            Made by `./waggle soak` (`--minutes N`, `--rate N`). Do not edit.

            """);
        text.append("Machine: ").append(machine.sentence()).append(".\n\n");
        text.append(String.format(Locale.ROOT, """
            Three nodes share one file's tables; beside each a program commits %.0f transactions a second, %.0f together, each one statement: it
            fills 20,000 rows, then changes rows of all three programs and deletes and writes again rows of its own. %,d transactions in %.1f minutes. A node makes one event
            of all that it finds committed when it looks, so they are fewer (below). All of it, the programs and the watching too, shares the machine's processors with
            whatever else runs there.

            ![what was seen](%s)

            | | after a quarter of the time | at the end | slope an hour, second half |
            |---|---|---|---|
            """, rate / 3, rate, written, samples.getLast().minutes(), picture));
        row(text, "memory of the largest node, MiB", Sample::mostResident);
        row(text, "files and sockets of the node with most", Sample::mostHandles);
        row(text, "threads of the node with most", Sample::mostThreads);
        row(text, "CPU of all three, cores", Sample::cores);
        row(text, "disk of the largest node, MiB", Sample::mostDisk);
        row(text, "write on A until read on C, median, ms", Sample::p50);
        row(text, "write on A until read on C, 99 of 100, ms", Sample::p99);
        row(text, "events that the last node lacks of the first", Sample::behind);
        text.append('\n');
        ending.forEach(line -> text.append("- ").append(line).append('\n'));
        return text.toString();
    }

    private void row(StringBuilder text, String name, ToDoubleFunction<Sample> of) {
        text.append(String.format(Locale.ROOT, "| %s | %,.1f | %,.1f | %+.2f |%n", name, around(samples.size() / 4, of), around(samples.size() - 1, of), slope(of)));
    }

    /// The median of up to nine samples that end there.
    private double around(int at, ToDoubleFunction<Sample> of) {
        var some = samples.subList(Math.max(0, at - 8), at + 1).stream().map(of::applyAsDouble).filter(each -> !each.isNaN()).toList();
        return some.isEmpty() ? Double.NaN : Measure.percentile(some, 50);
    }

    /// By least squares over the second half of the time.
    double slope(ToDoubleFunction<Sample> of) {
        var some = samples.subList(samples.size() / 2, samples.size()).stream().filter(each -> !Double.isNaN(of.applyAsDouble(each))).toList();
        double x = some.stream().mapToDouble(Sample::minutes).average().orElse(0);
        double y = some.stream().mapToDouble(of).average().orElse(0);
        double up = some.stream().mapToDouble(each -> (each.minutes() - x) * (of.applyAsDouble(each) - y)).sum();
        double wide = some.stream().mapToDouble(each -> (each.minutes() - x) * (each.minutes() - x)).sum();
        return wide == 0 ? 0 : up / wide * 60;
    }
}

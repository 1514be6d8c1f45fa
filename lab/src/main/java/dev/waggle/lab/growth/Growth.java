package dev.waggle.lab.growth;

import dev.waggle.lab.bench.Machine;
import dev.waggle.lab.bench.Scratch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Measures the same work at sizes ten times apart: `./waggle growth`. An hour with the default sizes; `--events 10000,100000 --chains 1,100 --spaces 1,100` is a few minutes.
public final class Growth {
    private static final String USAGE = "usage: waggle growth [--events N,N…] [--chains N,N…] [--chain-events N] [--spaces N,N…] [--folder DIR] [--report FILE.md] [--picture FILE.svg]\n"
        + "0 for none of a kind.";

    private Growth() {}

    public static void main(String[] arguments) throws Exception {
        var events = List.of(10_000, 100_000, 1_000_000);
        var chains = List.of(1, 10, 100, 1_000);
        int chainEvents = 100_000;
        var spaces = List.of(1, 10, 100, 1_000);
        var folder = Path.of(System.getProperty("java.io.tmpdir"));
        Path report = null;
        Path picture = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) exit(USAGE);
            var value = arguments[i + 1];
            switch (arguments[i]) {
                case "--events" -> events = numbers(value);
                case "--chains" -> chains = numbers(value);
                case "--chain-events" -> chainEvents = Integer.parseInt(value);
                case "--spaces" -> spaces = numbers(value);
                case "--folder" -> folder = Path.of(value);
                case "--report" -> report = Path.of(value);
                case "--picture" -> picture = Path.of(value);
                default -> exit(arguments[i] + " is not known\n" + USAGE);
            }
        }
        var launcher = Path.of(System.getProperty("waggle.launcher"));
        var here = Files.createTempDirectory(folder, "waggle-growth");
        var machine = Machine.here(here);
        var points = new ArrayList<Point>();
        for (int size : events) {
            new Sizes(launcher, "events", size, point -> found(points, point)).measure(here.resolve("run"), size, 1);
            Scratch.remove(here.resolve("run"));
        }
        for (int size : chains) {
            new Sizes(launcher, "chains", size, point -> found(points, point)).measure(here.resolve("run"), chainEvents, size);
            Scratch.remove(here.resolve("run"));
        }
        for (int size : spaces) {
            new Sizes(launcher, "spaces", size, point -> found(points, point)).spaces(here.resolve("run"), size);
            Scratch.remove(here.resolve("run"));
        }
        Scratch.remove(here);
        var made = new GrowthReport(machine, chainEvents, points);
        if (picture != null) Files.writeString(picture, made.picture());
        if (report != null) Files.writeString(report, made.markdown(picture == null ? "" : report.toAbsolutePath().getParent().relativize(picture.toAbsolutePath()).toString()));
    }

    private static void found(List<Point> points, Point point) {
        points.add(point);
        System.out.printf(Locale.ROOT, "%,10d %-7s %-60s %,12.0f%n", point.size(), point.along(), point.what(), point.value());
    }

    private static List<Integer> numbers(String list) {
        return Arrays.stream(list.split(",")).map(Integer::parseInt).filter(number -> number > 0).toList();
    }

    private static void exit(String why) {
        System.err.println(why);
        System.exit(2);
    }
}

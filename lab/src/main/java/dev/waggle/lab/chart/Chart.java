package dev.waggle.lab.chart;

import java.util.List;
import java.util.Locale;

/// Lines over one pair of axes.
///
/// @param unit of what goes up, such as `MiB`
/// @param along what goes to the right, such as `minutes`
/// @param scale of both axes
public record Chart(String title, String unit, String along, Scale scale, List<Line> lines) {
    /// How numbers become places. Straight lines on [#LOGARITHMIC] are powers: at 45 degrees what grows like its input.
    public enum Scale {
        LINEAR, LOGARITHMIC;

        double of(double value) {
            return this == LINEAR ? value : Math.log10(value);
        }
    }

    /// @param points x and y, in order of x; with [Scale#LOGARITHMIC] all above 0
    public record Line(String name, List<double[]> points) {
        public Line {
            points = points.stream().filter(each -> !Double.isNaN(each[1])).toList();
        }
    }

    static final int WIDTH = 420;
    static final int HEIGHT = 260;
    private static final int LEFT = 64;
    private static final int RIGHT = 14;
    private static final int TOP = 48;
    private static final int BOTTOM = 40;
    private static final int COLOURS = 6;

    public Chart {
        lines = List.copyOf(lines);
    }

    /// The part of a sheet that shows this, at a place of its own.
    String svg(int x, int y) {
        var all = lines.stream().flatMap(line -> line.points().stream()).toList();
        var text = new StringBuilder().append("<g transform=\"translate(").append(x).append(' ').append(y).append(")\">\n");
        text.append("<text class=\"title\" x=\"4\" y=\"16\">").append(escaped(title)).append("</text>\n");
        if (all.isEmpty()) return text.append("<text x=\"4\" y=\"60\">nothing was measured</text></g>\n").toString();
        var right = Axis.of(scale, all.stream().mapToDouble(each -> each[0]).min().orElseThrow(), all.stream().mapToDouble(each -> each[0]).max().orElseThrow());
        var up = Axis.of(scale, scale == Scale.LINEAR ? 0 : all.stream().mapToDouble(each -> each[1]).min().orElseThrow(),
            all.stream().mapToDouble(each -> each[1]).max().orElseThrow());
        for (double mark : up.marks()) {
            double at = place(up, mark, HEIGHT - BOTTOM, TOP);
            text.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"up\" x=\"%d\" y=\"%.1f\">%s</text>%n", LEFT, at, WIDTH - RIGHT, LEFT - 6,
                at + 4, number(mark)));
        }
        for (double mark : right.marks())
            text.append(String.format(Locale.ROOT, "<text class=\"along\" x=\"%.1f\" y=\"%d\">%s</text>%n", place(right, mark, LEFT, WIDTH - RIGHT), HEIGHT - BOTTOM + 16, number(mark)));
        text.append(String.format("<text class=\"along\" x=\"%d\" y=\"%d\">%s</text><text class=\"unit\" x=\"4\" y=\"%d\">%s</text>%n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6,
            escaped(along), 34, escaped(unit)));
        int named = LEFT;
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var path = new StringBuilder();
            for (var point : line.points()) {
                path.append(path.isEmpty() ? 'M' : 'L').append(String.format(Locale.ROOT, "%.1f %.1f", place(right, point[0], LEFT, WIDTH - RIGHT), place(up, point[1], HEIGHT - BOTTOM, TOP)));
                if (line.points().size() <= 20)
                    text.append(String.format(Locale.ROOT, "<circle class=\"p%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"/>", i % COLOURS, place(right, point[0], LEFT, WIDTH - RIGHT),
                        place(up, point[1], HEIGHT - BOTTOM, TOP)));
            }
            if (!path.isEmpty()) text.append("<path class=\"l").append(i % COLOURS).append("\" d=\"").append(path).append("\"/>\n");
            text.append(String.format("<text class=\"n%d\" x=\"%d\" y=\"34\">%s</text>%n", i % COLOURS, named, escaped(line.name())));
            named += 14 + 7 * line.name().length();
        }
        return text.append("</g>\n").toString();
    }

    private double place(Axis axis, double value, double from, double to) {
        return from + (scale.of(value) - axis.from()) / (axis.to() - axis.from()) * (to - from);
    }

    /// @param from the lowest place, already on the scale; `to` the highest
    private record Axis(double from, double to, List<Double> marks) {
        static Axis of(Scale scale, double least, double most) {
            if (scale == Scale.LOGARITHMIC) {
                int low = (int) Math.floor(Math.log10(least) + 1e-9);
                int high = Math.max(low + 1, (int) Math.ceil(Math.log10(most) - 1e-9));
                return new Axis(low, high, java.util.stream.IntStream.rangeClosed(low, high).mapToObj(power -> Math.pow(10, power)).toList());
            }
            double span = most > least ? most - least : Math.max(1, Math.abs(most));
            double step = Math.pow(10, Math.floor(Math.log10(span / 4)));
            for (double factor : new double[] {5, 2.5, 2}) if (span / (step * factor) >= 4) {
                step *= factor;
                break;
            }
            double low = Math.floor(least / step) * step;
            double high = Math.ceil((least + span) / step - 1e-9) * step;
            double by = step;
            return new Axis(low, high, java.util.stream.DoubleStream.iterate(low, mark -> mark <= high + by / 2, mark -> mark + by).boxed().toList());
        }
    }

    private static String number(double value) {
        if (value >= 1_000_000) return String.format(Locale.ROOT, value % 1_000_000 == 0 ? "%.0fM" : "%.1fM", value / 1_000_000);
        if (value >= 10_000) return String.format(Locale.ROOT, "%.0fk", value / 1_000);
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, value < 0.01 ? "%.0e" : "%.4s", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}

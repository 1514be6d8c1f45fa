package dev.waggle.lab.bench;

import java.util.Arrays;
import java.util.List;

/// One measured thing, with what was expected of it before.
///
/// @param unit      of the samples, such as `rows/s` or `ms`
/// @param guess     said before the first run, for the next reader to learn from
/// @param goal      what was promised, in words
/// @param samples   at least one; what counts is their median
/// @param reference what the same run measured beside it, in words; empty when there is nothing to compare with
/// @param beside    the reference's samples, in the same unit
public record Measure(String name, String unit, String guess, String goal, List<Double> samples, String reference, List<Double> beside) {
    public Measure {
        samples = List.copyOf(samples);
        beside = List.copyOf(beside);
        if (samples.isEmpty()) throw new IllegalArgumentException("nothing was measured: " + name);
    }

    static Measure alone(String name, String unit, String guess, String goal, List<Double> samples) {
        return new Measure(name, unit, guess, goal, samples, "", List.of());
    }

    static Measure once(String name, String unit, String guess, String goal, double value) {
        return alone(name, unit, guess, goal, List.of(value));
    }

    double median() {
        return percentile(samples, 50);
    }

    /// @return the median of ours divided by that of the reference; NaN without one
    double ratio() {
        return beside.isEmpty() ? Double.NaN : median() / percentile(beside, 50);
    }

    double referenceMedian() {
        return beside.isEmpty() ? Double.NaN : percentile(beside, 50);
    }

    /// The nearest-rank percentile.
    public static double percentile(List<Double> samples, int percent) {
        var sorted = samples.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.clamp((int) Math.ceil(percent / 100.0 * sorted.length) - 1, 0, sorted.length - 1)];
    }
}

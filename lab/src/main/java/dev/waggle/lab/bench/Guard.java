package dev.waggle.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Tells when something became several times as slow as it was: ratios to what the same run measured beside it, with bounds wide enough for a shared machine at its
/// worst. `./waggle bench --guard` is a command of its own and no test: it asks a busy machine to be itself.
final class Guard {
    /// What is asked, at the small sizes.
    static final List<String> QUESTIONS = List.of("capture", "log", "backfill", "latency");

    /// @param name  how the measure's name begins
    /// @param least of the ratio; and `most`: outside of them something is wrong with Waggle, not with the machine
    private record Bound(String name, double least, double most) {}

    private static final List<Bound> BOUNDS = List.of(
        new Bound("inserts, 1,000 a transaction, INTEGER key", 0, 3), new Bound("inserts, 1,000 a transaction, TEXT key", 0, 3),
        new Bound("update of the whole table", 0, 5), new Bound("delete of the whole table", 0, 5), new Bound("single commits", 0, 2.5),
        new Bound("log write, each waited for", 0.15, 9), new Bound("log write, 64 writers", 0.08, 9), new Bound("log write, 500 separate events", 0.1, 9),
        new Bound("backfill of", 0.006, 9), new Bound("the same by nodes that did it before", 0.012, 9),
        new Bound("one write on A until read on B, median", 0, 45), new Bound("one write on A until read on B, 99", 0, 60));

    private final List<String> outside = new ArrayList<>();
    private int inside;

    void look(Measure measure) {
        if (measure.beside().isEmpty()) return;
        var bound = BOUNDS.stream().filter(each -> measure.name().startsWith(each.name())).findFirst();
        if (bound.isEmpty()) return;
        double ratio = measure.ratio();
        if (ratio >= bound.get().least() && ratio <= bound.get().most()) inside++;
        else outside.add(String.format(Locale.ROOT, "%s: %.3f of %s, outside %s to %s", measure.name(), ratio, measure.reference(), bound.get().least(), bound.get().most()));
    }

    /// @return true when all that has bounds was asked and is within them
    boolean isGood() {
        return outside.isEmpty() && inside > 0;
    }

    String sentence() {
        return isGood() ? inside + " ratios are within their bounds." : outside.isEmpty() ? "Nothing with bounds was measured." : "OUTSIDE of its bounds:\n  " + String.join("\n  ", outside);
    }
}

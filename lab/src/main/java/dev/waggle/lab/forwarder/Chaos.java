package dev.waggle.lab.forwarder;

import dev.waggle.lab.forwarder.Forwarder.Direction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A bad network, drawn from a seed: which of several links gets which fault when. The same seed draws the same faults; what they hit depends on the
/// machine. Bytes are never reordered, doubled or lost inside a connection: TCP allows none of that. Frames that come twice, late, or in another order on the
/// next connection are what cuts make of it; the simulator does the rest.
public final class Chaos {
    private static final int PAUSE_MS_MAX = 700;
    private static final int LATENCY_MS_MAX = 150;
    private static final int CUT_AFTER_BYTES_MAX = 20_000;

    /// What happens to a link. It holds until the link's next fault.
    public sealed interface Fault {
        record Healed() implements Fault {}
        record Slow(int latencyMs, int jitterMs) implements Fault {}
        record Cut() implements Fault {}
        record CutAfter(int bytes) implements Fault {}
        record Stalled(Direction direction) implements Fault {}
        record Down() implements Fault {}
    }

    /// @param atMs since the beginning
    public record Step(long atMs, int link, Fault fault) {}

    private Chaos() {}

    /// Draws the faults of so much time.
    public static List<Step> draw(RandomGenerator random, int links, Duration time) {
        var steps = new ArrayList<Step>();
        for (long atMs = 0; atMs < time.toMillis(); atMs += random.nextInt(1, PAUSE_MS_MAX))
            steps.add(new Step(atMs, random.nextInt(links), fault(random)));
        return steps;
    }

    private static Fault fault(RandomGenerator random) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new Fault.Healed();
            case 3, 4 -> new Fault.Slow(random.nextInt(LATENCY_MS_MAX), random.nextInt(LATENCY_MS_MAX));
            case 5 -> new Fault.Cut();
            case 6, 7 -> new Fault.CutAfter(random.nextInt(CUT_AFTER_BYTES_MAX));
            case 8 -> new Fault.Stalled(Direction.values()[random.nextInt(2)]);
            default -> new Fault.Down();
        };
    }

    /// Plays the faults at their times, and heals all links in the end.
    public static void play(List<Step> steps, List<Forwarder> links) throws InterruptedException {
        long begin = System.nanoTime();
        try {
            for (var step : steps) {
                long waitNs = begin + step.atMs * 1_000_000 - System.nanoTime();
                if (waitNs > 0) TimeUnit.NANOSECONDS.sleep(waitNs);
                apply(step.fault, links.get(step.link));
            }
        } finally {
            links.forEach(link -> apply(new Fault.Healed(), link));
        }
    }

    private static void apply(Fault fault, Forwarder link) {
        heal(link);
        switch (fault) {
            case Fault.Healed() -> { }
            case Fault.Slow(var latencyMs, var jitterMs) -> link.latency(latencyMs, jitterMs);
            case Fault.Cut() -> link.cut();
            case Fault.CutAfter(var bytes) -> link.cutAfter(bytes);
            case Fault.Stalled(var direction) -> link.stall(direction, true);
            case Fault.Down() -> link.stop();
        }
    }

    private static void heal(Forwarder link) {
        link.start();
        link.latency(0, 0);
        link.cutAfter(Long.MAX_VALUE);
        for (var direction : Direction.values()) link.stall(direction, false);
    }
}

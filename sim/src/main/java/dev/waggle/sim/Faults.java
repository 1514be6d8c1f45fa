package dev.waggle.sim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Which faults happen in this run and how hard. Of all faults a run draws some: with everything at once nothing lives long enough to meet the
/// rare ones. Faults that were asked for by name all happen. Each draws from a stream of its own, so leaving one out changes no other.
final class Faults {
    private final Set<Fault> active = EnumSet.noneOf(Fault.class);
    private final Map<Fault, RandomGenerator> streams = new EnumMap<>(Fault.class);
    private final Map<Fault, Long> means = new EnumMap<>(Fault.class);

    /// One way, a frame.
    final int latencyMsMax;
    /// From a request to the store to its commit.
    final int diskMsMax;
    /// How long a cut lasts.
    final long cutMsMax;
    /// How long a crashed node stays down.
    final long downMsMax;
    /// Chance that a cut or a crash is noticed by nobody.
    final double halfOpen;
    /// Chances for each frame.
    final double midFrame;
    final double replyLost;
    final double duplicate;
    final double reorder;
    /// Bytes a second of a slow link.
    final int slowBytes;
    /// Frames that a connection takes before it says that it is full.
    final int frameCredit;
    /// Chance for each request of the store.
    final double crashCommit;
    final double ioError;

    private Faults(Set<Fault> asked, Randoms randoms) {
        boolean all = asked.equals(Fault.all());
        for (var fault : Fault.values()) {
            var stream = randoms.stream("fault " + fault.wire());
            streams.put(fault, stream);
            boolean drawn = stream.nextDouble() < chance(fault);
            means.put(fault, stream.nextLong(meanMs(fault) / 4 + 1, meanMs(fault) * 2 + 2));
            if (asked.contains(fault) && (!all || drawn)) active.add(fault);
        }
        var random = randoms.stream("faults");
        int latency = random.nextInt(20, 400);
        latencyMsMax = on(Fault.LATENCY) ? latency : 20;
        diskMsMax = random.nextInt(1, 40);
        cutMsMax = random.nextLong(100, 40_000);
        downMsMax = random.nextLong(1, 20_000);
        double silent = random.nextDouble();
        halfOpen = on(Fault.HALF_OPEN) ? silent : 0;
        midFrame = often(random, Fault.MID_FRAME, 0.005);
        replyLost = often(random, Fault.REPLY_LOST, 0.006);
        duplicate = often(random, Fault.DUPLICATE, 0.005);
        reorder = often(random, Fault.REORDER, 0.005);
        int bytes = random.nextInt(2_000, 100_000);
        slowBytes = on(Fault.SLOW_DRAIN) ? bytes : 0;
        int credit = random.nextInt(1, 64);
        frameCredit = on(Fault.SLOW_DRAIN) ? credit : 64;
        crashCommit = often(random, Fault.CRASH_COMMIT, 0.002);
        ioError = often(random, Fault.IO_ERROR, 0.02);
    }

    static Faults draw(Set<Fault> asked, Randoms randoms) {
        return new Faults(asked, randoms);
    }

    private double often(RandomGenerator random, Fault fault, double most) {
        double drawn = random.nextDouble() * most;
        return on(fault) ? drawn : 0;
    }

    /// How many runs of a hundred meet it.
    private static double chance(Fault fault) {
        return switch (fault) {
            case LATENCY, CRASH, TUNABLES -> 0.7;
            case CUT, HALF_OPEN -> 0.5;
            case CLONE, RESTORE, BIT_FLIP, MOVE, SKEW, STRANGER -> 0.2;
            case FAR_CLOCK, DRIFT, FREEZE, FORK, FLOOD, POISON, BACKDATE, FORGE -> 0.15;
            default -> 0.3;
        };
    }

    /// Mean time between two of them in the whole network; what has no rate has a probability instead.
    private static long meanMs(Fault fault) {
        return switch (fault) {
            case CUT, ONE_WAY -> 15_000;
            case FLAP, HALF_OPEN -> 30_000;
            case CRASH, DISK_FULL -> 25_000;
            case BIT_FLIP, MOVE -> 60_000;
            case RESTORE -> 60_000;
            case CLONE -> 120_000;
            case FREEZE, SKEW, FAR_CLOCK -> 40_000;
            case FORK, FLOOD, POISON, BACKDATE, FORGE, INSIDER -> 20_000;
            case STRANGER -> 20_000;
            case COMPACT -> 8_000;
            default -> 30_000;
        };
    }

    boolean on(Fault fault) {
        return active.contains(fault);
    }

    Set<Fault> active() {
        return EnumSet.copyOf(active.isEmpty() ? EnumSet.noneOf(Fault.class) : active);
    }

    /// What this fault draws while the run goes on.
    RandomGenerator random(Fault fault) {
        return streams.get(fault);
    }

    /// Time to the next one: exponential, as with things that know nothing of one another.
    long pauseMs(Fault fault) {
        return 1 + (long) (-Math.log(1 - streams.get(fault).nextDouble()) * means.get(fault));
    }
}

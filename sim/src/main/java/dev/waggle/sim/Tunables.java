package dev.waggle.sim;

import dev.waggle.core.log.WaitingLimits;
import dev.waggle.sync.protocol.GossipSettings;
import dev.waggle.sync.protocol.SyncSettings;

import java.util.random.RandomGenerator;

/// Draws the numbers that are defaults elsewhere, so that no default hides a weakness. Within limits that a person could set: a question
/// must have the time to be answered over the slowest link.
final class Tunables {
    private Tunables() {}

    static SyncSettings settings(RandomGenerator random, int latencyMsMax) {
        long trip = 8L * latencyMsMax + 200;
        return new SyncSettings(between(random, 5_000, 60_000), between(random, 10_000, 600_000), between(random, 20, 4_000), between(random, 500, 60_000),
            between(random, 1_000, 120_000), between(random, 10_000, 600_000), trip + between(random, 2_000, 30_000), trip + between(random, 2_000, 60_000),
            between(random, 1_000, 20_000), between(random, 2_000, 120_000), random.nextInt(1, 5), random.nextInt(1, 500), random.nextInt(500, 700 * 1024),
            random.nextInt(64, 512), 300_000, random.nextInt(1, 4), GossipSettings.defaults());
    }

    static GossipSettings gossip(RandomGenerator random) {
        long exchangeMs = between(random, 1_000, 120_000);
        return new GossipSettings(random.nextInt(8) > 0, random.nextInt(3), random.nextInt(3), exchangeMs, random.nextInt(50), exchangeMs * random.nextInt(1, 6),
            random.nextInt(1, 5), random.nextBoolean(), random.nextBoolean(), random.nextInt(1, 30), random.nextInt(1, 6));
    }

    static int inbox(RandomGenerator random) {
        return random.nextInt(2, 1_024);
    }

    /// One author never fills the room of all.
    static WaitingLimits waiting(RandomGenerator random) {
        int events = random.nextInt(100, 2_000);
        return new WaitingLimits(events, WaitingLimits.DEFAULT.bytes(), Math.max(20, events / random.nextInt(4, 10)), WaitingLimits.DEFAULT.bytesPerAuthor());
    }

    private static long between(RandomGenerator random, long low, long high) {
        return (long) (low * Math.pow((double) high / low, random.nextDouble()));        // as many small ones as large ones
    }
}

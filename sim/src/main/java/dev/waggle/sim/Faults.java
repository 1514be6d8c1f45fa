package dev.waggle.sim;

import java.util.random.RandomGenerator;

/// How hostile a run is. Every number is drawn from the seed, so that no default hides a weakness.
///
/// @param latencyMsMax    one way, a frame
/// @param diskMsMax       from a request to its commit
/// @param cutEveryMs      mean time between link cuts, 0 for none
/// @param cutMsMax        how long a cut lasts
/// @param halfOpen        chance that a cut is silent: frames vanish and neither end is told
/// @param crashEveryMs    mean time between crashes, 0 for none
/// @param downMsMax       how long a crashed node stays down
/// @param restoreChance   chance that a crashed node comes back with an older image of its store, under a new epoch
/// @param diskFullChance  chance that a request of the store fails
/// @param skewMsMax       how far clocks are from the truth
record Faults(int latencyMsMax, int diskMsMax, long cutEveryMs, long cutMsMax, double halfOpen, long crashEveryMs, long downMsMax,
              double restoreChance, double diskFullChance, long skewMsMax) {
    static Faults draw(RandomGenerator random) {
        return new Faults(random.nextInt(1, 200), random.nextInt(1, 40),
            random.nextInt(5) == 0 ? 0 : random.nextLong(500, 20_000), random.nextLong(100, 30_000), random.nextDouble(),
            random.nextInt(3) == 0 ? 0 : random.nextLong(2_000, 30_000), random.nextLong(1, 10_000),
            random.nextInt(3) == 0 ? random.nextDouble(0.5) : 0, random.nextInt(3) == 0 ? random.nextDouble(0.1) : 0, random.nextLong(1, 120_000));
    }
}

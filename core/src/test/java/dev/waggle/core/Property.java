package dev.waggle.core;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A seeded property: runs a check for many seeds and says how to replay the one that failed.
public final class Property {
    public interface Check {
        void run(RandomGenerator random) throws Exception;
    }

    private Property() {}

    /// Runs `check` with seeds 1 … `runs`, or with the one given by `-Dseed=…`.
    public static void check(int runs, Check check) {
        var only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; only == null ? seed <= runs : seed == only; seed++) {
            try {
                check.run(random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + " failed: replay with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}

package dev.waggle.sim;

import dev.waggle.core.event.Sha256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// One seed, split into a stream for each purpose: one more draw in the network does not shift the workload.
final class Randoms {
    private static final RandomGeneratorFactory<RandomGenerator> FACTORY = RandomGeneratorFactory.of("L64X128MixRandom");
    private final long seed;

    Randoms(long seed) {
        this.seed = seed;
    }

    RandomGenerator stream(String purpose) {
        var hash = Sha256.of(ByteBuffer.allocate(8).putLong(seed).array(), purpose.getBytes(StandardCharsets.UTF_8));
        return FACTORY.create(ByteBuffer.wrap(hash).getLong());
    }
}

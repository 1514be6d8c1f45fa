package dev.waggle.lab.forwarder;

import dev.waggle.lab.forwarder.Forwarder.Direction;

import java.util.random.RandomGenerator;

/// What is wrong with the network now. Thread-safe: one lock, and pumps wait on it while their direction is stalled.
final class Faults {
    private final RandomGenerator random;                // all below: guarded by this
    private final Runnable cut;
    private final boolean[] stalled = new boolean[2];
    private final long[] bytes = new long[2];
    private int latencyMs;
    private int jitterMs;
    private long bytesLeft = Long.MAX_VALUE;

    /// @param cut cuts all connections, interrupting their pumps; asks nothing of this object
    Faults(RandomGenerator random, Runnable cut) {
        this.random = random;
        this.cut = cut;
    }

    synchronized void latency(int newLatencyMs, int newJitterMs) {
        if (newLatencyMs < 0 || newJitterMs < 0) throw new IllegalArgumentException("a delay is not negative");
        latencyMs = newLatencyMs;
        jitterMs = newJitterMs;
    }

    synchronized void cutAfter(long newBytesLeft) {
        if (newBytesLeft < 0) throw new IllegalArgumentException("bytes are not negative");
        bytesLeft = newBytesLeft;
    }

    synchronized void stall(Direction direction, boolean on) {
        stalled[direction.ordinal()] = on;
        notifyAll();
    }

    synchronized long bytes(Direction direction) {
        return bytes[direction.ordinal()];
    }

    synchronized long delayNs() {
        return 1_000_000L * (latencyMs + (jitterMs == 0 ? 0 : random.nextInt(jitterMs + 1)));
    }

    synchronized void awaitFlowing(Direction direction) throws InterruptedException {
        while (stalled[direction.ordinal()]) wait();
    }

    /// How many of `count` bytes may still pass.
    ///
    /// @throws InterruptedException when the asker's connection was cut meanwhile: nothing of it passes, or is counted, any more
    synchronized int take(Direction direction, int count) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException("cut");
        int taken = (int) Math.min(count, bytesLeft);
        if (bytesLeft != Long.MAX_VALUE) bytesLeft -= taken;
        bytes[direction.ordinal()] += taken;
        return taken;
    }

    /// Cuts all connections when the bytes that might pass have passed; once, so the connections that follow are whole. Nothing passes meanwhile.
    synchronized void cutIfSpent() {
        if (bytesLeft > 0) return;
        cut.run();
        bytesLeft = Long.MAX_VALUE;
    }
}

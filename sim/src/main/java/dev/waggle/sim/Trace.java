package dev.waggle.sim;

import dev.waggle.core.event.Hex;

import java.nio.ByteBuffer;

/// A running hash over all that happened. Equal for equal seeds, in every process and on every machine; a difference says that something
/// reads a clock, a thread's order or an address in memory.
final class Trace {
    private long hash = 0x9E3779B97F4A7C15L;

    void add(long what) {
        hash = Long.rotateLeft((hash ^ what) * 0xBF58476D1CE4E5B9L, 31);
    }

    void add(String what) {
        add(what.length());
        for (int i = 0; i < what.length(); i++) add(what.charAt(i));
    }

    @Override public String toString() {
        return Hex.of(ByteBuffer.allocate(8).putLong(hash).array());
    }
}

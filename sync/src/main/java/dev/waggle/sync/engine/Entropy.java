package dev.waggle.sync.engine;

import java.security.SecureRandom;

/// Fresh random bytes: nonces, secrets, jitter. Seeded in the simulator, the operating system's generator elsewhere.
public interface Entropy {
    void fill(byte[] bytes);

    default byte[] bytes(int count) {
        var bytes = new byte[count];
        fill(bytes);
        return bytes;
    }

    default long nextLong() {
        long value = 0;
        for (byte b : bytes(Long.BYTES)) value = value << 8 | b & 0xff;
        return value;
    }

    static Entropy system() {
        var random = new SecureRandom();
        return random::nextBytes;
    }
}

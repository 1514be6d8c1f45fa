package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Now;

/// The machine's clocks. The simulator has its own.
public interface Clock {
    /// Never goes back while the process lives.
    long monotonicMs();

    /// Milliseconds since 1970 UTC, as wrong as the machine's clock is.
    long wallMs();

    default Now now() {
        return new Now(monotonicMs(), wallMs());
    }

    /// The same clock, whose wall time is `ms` ahead (or, if negative, behind).
    default Clock wrongBy(long ms) {
        var right = this;
        return new Clock() {
            @Override public long monotonicMs() {
                return right.monotonicMs();
            }

            @Override public long wallMs() {
                return right.wallMs() + ms;
            }
        };
    }

    static Clock system() {
        return new Clock() {
            @Override public long monotonicMs() {
                return System.nanoTime() / 1_000_000;
            }

            @Override public long wallMs() {
                return System.currentTimeMillis();
            }
        };
    }
}

package dev.waggle.core.time;

/// A hybrid logical clock stamp (Kulkarni et al., "Logical Physical Clocks", 2014): wall time where possible, always above every cause.
///
/// @param wallMs milliseconds since 1970 UTC
/// @param tick   counts stamps within one millisecond, 0 to [#TICK_MAX]; beyond it the stamp carries into the next millisecond
public record Hlc(long wallMs, int tick) implements Comparable<Hlc> {
    public static final int TICK_MAX = 65_535;
    /// 2^53 - 1 ms: what a JSON number carries exactly, 285,000 years from now.
    public static final long WALL_MS_MAX = (1L << 53) - 1;
    public static final Hlc ZERO = new Hlc(0, 0);

    public Hlc {
        if (wallMs < 0 || wallMs > WALL_MS_MAX) throw new IllegalArgumentException("wall time " + wallMs + " ms is out of range");
        if (tick < 0 || tick > TICK_MAX) throw new IllegalArgumentException("tick " + tick + " is out of range");
    }

    /// The smallest stamp that is at or after `nowMs` and above `this`, the greatest stamp its author has to exceed.
    ///
    /// @throws IllegalStateException at the end of the representable time: refuse the stamp, not the node
    public Hlc next(long nowMs) {
        if (Math.min(nowMs, WALL_MS_MAX) > wallMs) return new Hlc(Math.min(nowMs, WALL_MS_MAX), 0);
        if (tick < TICK_MAX) return new Hlc(wallMs, tick + 1);
        if (wallMs == WALL_MS_MAX) throw new IllegalStateException("the clock is at the end of representable time");
        return new Hlc(wallMs + 1, 0);
    }

    public static Hlc max(Hlc a, Hlc b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    @Override public int compareTo(Hlc other) {
        int byWall = Long.compare(wallMs, other.wallMs);
        return byWall != 0 ? byWall : Integer.compare(tick, other.tick);
    }

    @Override public String toString() {
        return wallMs + "+" + tick;
    }
}

package dev.waggle.sync.engine;

/// Says when a node has to look whether it stamped events with a wrong clock: others hold those, and they have to be written anew. After a start; after the clock was set
/// (peers that were wrong themselves raised no doubt); when somebody who knows more raises a doubt; and whenever peers stop doubting the clock. But only once a peer agrees
/// with the clock: one that is behind would take good stamps for wrong. One thread.
public final class StampDoubt {
    /// A wall clock that moves this far against the monotonic one was set.
    public static final long CLOCK_SET_MS = 10_000;
    private boolean doubtful = true;
    private long clockOffsetMs;                  // the wall clock against the monotonic one

    /// To be looked again: a peer says that it holds what came from here (the clock was set and set back between two looks), more is held here (it may be this node's own, which
    /// it lost), or the last look came to nothing.
    public void raise() {
        doubtful = true;
    }

    /// @param clockDoubted   most peers have another time
    /// @param clockConfirmed a peer's clock was compared with this one
    /// @return whether to look now; not again before there is a new reason
    public boolean isDue(long wallMs, long monotonicMs, boolean clockDoubted, boolean clockConfirmed) {
        long offsetMs = wallMs - monotonicMs;
        if (clockDoubted || Math.abs(offsetMs - clockOffsetMs) > CLOCK_SET_MS) doubtful = true;
        clockOffsetMs = offsetMs;
        if (clockDoubted || !clockConfirmed || !doubtful) return false;
        doubtful = false;
        return true;
    }
}

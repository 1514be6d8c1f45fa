package dev.waggle.node;

import java.util.Collection;

/// Events that this node stamped with a wrong clock are held by the others; when the clock is right again they are written anew. Looked at
/// after a start, after the clock was set (peers that were wrong themselves raised no doubt), when a peer says that it holds what came from here (a clock that was set and set back
/// between two looks), when more is held here (it may be this node's own, which it lost), and whenever it stops being doubtful; and only once
/// a peer agrees: a clock that is behind would take good stamps for wrong. One thread.
final class StampRepair {
    /// A wall clock that moves this far against the monotonic one was set.
    private static final long CLOCK_SET_MS = 10_000;

    private boolean doubtful = true;
    private long clockOffsetMs;                  // the wall clock against the monotonic one

    void look(Collection<SpaceRuntime> spaces, PeerNews news, long wallMs, long monotonicMs) {
        long offsetMs = wallMs - monotonicMs;
        if (Math.abs(offsetMs - clockOffsetMs) > CLOCK_SET_MS) doubtful = true;
        clockOffsetMs = offsetMs;
        doubtful |= news.wasHeld();
        for (var space : spaces) doubtful |= space.holdsMore();
        if (news.clockDoubt().isPresent()) {
            doubtful = true;
        } else if (doubtful && news.clockConfirmed()) {
            doubtful = false;
            for (var space : spaces) if (!space.repairStamps(wallMs)) doubtful = true;
        }
    }
}

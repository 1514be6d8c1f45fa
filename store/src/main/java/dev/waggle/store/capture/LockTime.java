package dev.waggle.store.capture;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Keeps the node's write locks short and leaves programs room between them. A program that waits looks only every 1 to 100 ms (SQLite's busy
/// handler), so a node that took the lock again at once would keep it out for seconds.
final class LockTime {
    /// How long one transaction aims to hold the lock for what others wrote.
    private static final long AIM_NS = 20_000_000;
    /// The same for a node that falls behind: a lock costs two turns of the disk whatever is folded in it, so more has to be folded in each.
    private static final long BEHIND_NS = 100_000_000;
    private static final int ENTRIES_MAX = 4_096;

    /// While a file is filled that was made for it, its programs are yet to come: room is left rarely, but for longer than any of them looks away.
    private static final long ALONE_NS = 1_000_000_000;
    private static final long ALONE_ROOM_NS = 110_000_000;

    private final LongSupplier nanoTime;
    private int entriesMax = 64;
    private long aimNs = AIM_NS;
    private boolean alone;
    private long heldAloneNs;
    private long beganNs;
    private long foldingNs;
    private long workedNs;
    private long heldNs;
    private long endedNs = Long.MIN_VALUE;

    LockTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// @param isAlone true while no program is expected in the file
    void alone(boolean isAlone) {
        alone = isAlone;
    }

    boolean isAlone() {
        return alone;
    }

    int entriesMax() {
        return entriesMax;
    }

    /// Waits until the file was free for about half as long as it was held. Work between two locks counts.
    void leaveRoom() {
        if (endedNs == Long.MIN_VALUE) return;
        if (alone) {
            if (heldAloneNs < ALONE_NS) return;
            heldAloneNs = 0;
            LockSupport.parkNanos(ALONE_ROOM_NS);
            return;
        }
        long freeUntil = endedNs + heldNs / 2;
        long left = freeUntil - nanoTime.getAsLong();
        if (left > 0) LockSupport.parkNanos(Math.min(left, aimNs));
    }

    void begin() {
        beganNs = nanoTime.getAsLong();
        foldingNs = beganNs;
        workedNs = beganNs;
    }

    /// What programs wrote last is in the log. That took as long as the log's disk did, however little is folded now: were it counted, a node beside a program that never
    /// pauses would fold one entry a lock, and fall behind further and further.
    void drained() {
        foldingNs = nanoTime.getAsLong();
    }

    /// Half of the time is for writing what was folded.
    boolean isUp() {
        return nanoTime.getAsLong() - foldingNs > aimNs / 2;
    }

    /// What was folded is written. The commit is the disk's time, like [#drained].
    void worked() {
        workedNs = nanoTime.getAsLong();
    }

    /// @param folded  entries that were
    /// @param offered entries that were read from the log for this lock
    void end(long folded, int offered) {
        endedNs = nanoTime.getAsLong();
        heldNs = endedNs - beganNs;
        if (alone) heldAloneNs += heldNs;
        long usedNs = workedNs - foldingNs;
        boolean more = folded < offered || offered >= entriesMax;
        if (usedNs > aimNs + aimNs / 4) entriesMax = Math.max(1, (int) (Math.max(1, folded) * aimNs / usedNs));
        else if (usedNs < aimNs / 2 && folded >= offered && offered >= entriesMax) entriesMax = Math.min(ENTRIES_MAX, entriesMax * 2);
        aimNs = more ? Math.min(BEHIND_NS, aimNs * 2) : AIM_NS;
    }
}

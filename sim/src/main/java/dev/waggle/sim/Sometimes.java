package dev.waggle.sim;

import java.util.List;
import java.util.Map;

/// What must happen in some run of many: a fault that never came, or a state that was never reached, proves nothing about it.
public final class Sometimes {
    /// From so many runs on, with all faults, each of these is expected.
    public static final int RUNS_MIN = 800;

    private static final List<String> EXPECTED = List.of(
        // the network
        "cut", "one-way cut", "flapping", "cut in a frame", "reply lost", "back-pressure", "address changed", "frame repeated", "frame reordered", "frame lost",
        // disks and processes
        "crash", "crash after commit", "crash before commit", "disk full", "disk full recovered", "i/o error", "bit flip", "bit flip mended", "chunk rots", "chunk mended", "restore",
        "restore unseen", "lost with its disk", "copied folder", "clone unseen", "follower stopped",
        // clocks
        "clock skewed", "clock in 1970 or 2099", "clock drifts", "clock frozen", "ClockJudged", "HeldThere", "held", "held released", "stamps repaired", "rebase", "void",
        // hostile members and strangers
        "forked", "back-dated", "stamped in the future", "poison", "quarantine", "forged", "orphan", "event withheld", "flood of questions", "rejected: NOT_ALLOWED",
        "rejected: BAD_SIGNATURE", "rejected: STAMP_NOT_AFTER_PARENTS", "rejected: BROKEN_CHAIN", "rejected: WRONG_SPACE",
        "stranger knocked", "stranger refused",
        // what the engine went through
        "fork detected", "waiting", "waiting drained", "pushed back", "not ready: storage", "not ready: clock", "not ready: file", "said to be equal", "BehindOnSelf", "epoch opened", "CursorReset", "Differs", "Repaired", "TroubleHere", "twin repaired",
        "checkpoint", "condensed", "taken from a checkpoint", "durable elsewhere", "inbox full", "judged in the middle of it");

    private Sometimes() {}

    /// @param happened what happened in all runs together
    /// @return what never did
    public static List<String> never(Map<String, Long> happened) {
        return EXPECTED.stream().filter(what -> happened.getOrDefault(what, 0L) == 0).toList();
    }
}

package dev.waggle.node;

import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.node.NodeStore;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A time that has passed for sure: a peer's clock agreed with this one then. A clock that shows less went back (an empty battery, a machine
/// restored from a snapshot). With such a clock nothing may be stamped, or this node would take its own good events for events of the future and
/// write them anew, and what others made of the old ones would hang in the air. Thread-safe.
final class ClockFloor {
    /// Together with [#SAVE_MS] less than [EventLog#FUTURE_MS_MAX]: what was stamped while the clocks agreed is then never taken for the future.
    static final long BACK_MS_MAX = 3 * 60_000;
    static final long SAVE_MS = 60_000;
    private static final System.Logger LOG = System.getLogger("waggle.node");
    private static final String SETTING = "clock_agreed_ms";

    private final NodeStore store;
    private volatile long agreedMs;

    ClockFloor(NodeStore store) {
        this.store = store;
        agreedMs = store.setting(SETTING).map(Long::parseLong).orElse(0L);
    }

    /// Most peers agree with this clock at this moment. That moves the floor back, too: two machines may have agreed on a wrong time before.
    void agreed(long nowMs) {
        if (nowMs < agreedMs + SAVE_MS && nowMs >= agreedMs - BACK_MS_MAX) return;
        try {
            store.setting(SETTING, Long.toString(nowMs));
            agreedMs = nowMs;
        } catch (LogUnavailable full) {
            LOG.log(System.Logger.Level.DEBUG, "the time is noted when there is space", full);
        }
    }

    /// Why nothing may be stamped now.
    Optional<String> problem(long nowMs) {
        if (nowMs >= agreedMs - BACK_MS_MAX) return Optional.empty();
        return Optional.of("This machine's clock went back: it shows " + second(nowMs) + ", and it was " + second(agreedMs)
            + " already when a peer's clock agreed with it. Set the clock, or connect to a peer whose clock agrees now; nothing is written until then.");
    }

    private static Instant second(long ms) {
        return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS);
    }
}

package dev.waggle.node.mirror;

/// When a subscription is polled next.
final class Pace {
    static final long RETRY_MS_MIN = 1_000;
    static final long RETRY_MS_MAX = 60_000;
    /// So many failures in a row are called an error. It is tried on all the same.
    static final int FAILURES_OF_AN_ERROR = 10;

    private Pace() {}

    /// 1, 2, 4 … 60 s after failures, else the interval.
    static long pauseMs(int failures, long intervalMs) {
        if (failures == 0) return intervalMs;
        return Math.min(RETRY_MS_MIN << Math.min(failures - 1, 16), RETRY_MS_MAX);
    }

    static boolean isError(int failures) {
        return failures >= FAILURES_OF_AN_ERROR;
    }
}

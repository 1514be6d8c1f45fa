package dev.waggle.sync.protocol;

/// When an exchange does something by itself. All times are monotonic.
///
/// After a quiet time without traffic the logs are compared, unless they are known to agree; comparisons that bring nothing are made ever more
/// rarely. Whatever happens, they are compared periodically.
final class Timetable {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long PUSH_BACK_MS_MIN = 1_000;
    private static final long PUSH_BACK_MS_MAX = 60_000;
    private static final long STORE_RETRY_MS_MIN = 1_000;
    private static final long STORE_RETRY_MS_MAX = 8_000;
    /// Both sides' people may ask as often as they like: with the answers, these questions stay under a peer's limit ([Questions]).
    private static final long REQUEST_MS = 500;

    private final SyncSettings settings;
    private long quietMs;
    private long quietAtMs = NEVER;
    private long periodicAtMs = NEVER;
    private long answerByMs = NEVER;
    private long retryAtMs = NEVER;
    private long requestAtMs = NEVER;
    private long requestsFromMs = Long.MIN_VALUE;
    private long pushBackMs = PUSH_BACK_MS_MIN;
    private long storeRetryMs = STORE_RETRY_MS_MIN;

    Timetable(SyncSettings settings) {
        this.settings = settings;
        this.quietMs = settings.quietMs();
    }

    void begin(Now now) {
        periodicAtMs = now.monotonicMs() + settings.periodicMs();
    }

    void traffic(Now now) {
        quietAtMs = now.monotonicMs() + quietMs;
    }

    /// The next quiet time is short again.
    void hurry() {
        quietMs = settings.quietMs();
    }

    void agreed() {
        hurry();
        quietAtMs = NEVER;
    }

    /// The peer's waiting room is full: it is asked what it lacks after a pause, longer each time.
    void pushedBack(Now now) {
        quietMs = pushBackMs;
        quietAtMs = now.monotonicMs() + pushBackMs;
        pushBackMs = Math.min(2 * pushBackMs, PUSH_BACK_MS_MAX);
    }

    void tookAll() {
        pushBackMs = PUSH_BACK_MS_MIN;
    }

    void expectAnswer(Now now) {
        answerByMs = now.monotonicMs() + settings.answerMs();
    }

    void answered() {
        answerByMs = NEVER;
    }

    /// The store here failed (a full disk): it is tried again soon, then more rarely, but never so rarely that people who made room would wait.
    /// What else fails before that is the same trouble and waits no longer for it.
    void retryLater(Now now) {
        if (retrying()) return;
        retryAtMs = now.monotonicMs() + storeRetryMs;
        storeRetryMs = Math.min(2 * storeRetryMs, STORE_RETRY_MS_MAX);
    }

    void storeWorks() {
        storeRetryMs = STORE_RETRY_MS_MIN;
    }

    boolean retrying() {
        return retryAtMs != NEVER;
    }

    /// A person or a program asks for a comparison: now, or as soon as the last such question is old enough.
    void requested(Now now) {
        hurry();
        requestAtMs = Math.max(now.monotonicMs(), requestsFromMs);
    }

    // each of these is true once

    boolean requestIsDue(Now now) {
        if (requestAtMs > now.monotonicMs()) return false;
        requestAtMs = NEVER;
        requestsFromMs = now.monotonicMs() + REQUEST_MS;
        return true;
    }

    boolean answerIsLate(Now now) {
        if (answerByMs > now.monotonicMs()) return false;
        answerByMs = NEVER;
        return true;
    }

    boolean retryIsDue(Now now) {
        if (retryAtMs > now.monotonicMs()) return false;
        retryAtMs = NEVER;
        return true;
    }

    boolean periodicIsDue(Now now) {
        if (periodicAtMs > now.monotonicMs()) return false;
        begin(now);
        return true;
    }

    boolean quietIsOver(Now now, boolean agreed) {
        if (quietAtMs > now.monotonicMs()) return false;
        quietMs = Math.min(quietMs * 2, settings.periodicMs());
        quietAtMs = agreed ? NEVER : now.monotonicMs() + quietMs;
        return true;
    }

    long next() {
        return Math.min(Math.min(quietAtMs, periodicAtMs), Math.min(Math.min(answerByMs, retryAtMs), requestAtMs));
    }
}

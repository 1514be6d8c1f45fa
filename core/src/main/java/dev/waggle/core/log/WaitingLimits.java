package dev.waggle.core.log;

/// How much may wait for others in one log; what does not fit is pushed back (I9).
public record WaitingLimits(int events, long bytes, int eventsPerAuthor, long bytesPerAuthor) {
    public static final WaitingLimits DEFAULT = new WaitingLimits(EventLog.WAITING_EVENTS_MAX, EventLog.WAITING_BYTES_MAX,
        EventLog.WAITING_EVENTS_PER_AUTHOR_MAX, EventLog.WAITING_BYTES_PER_AUTHOR_MAX);
}

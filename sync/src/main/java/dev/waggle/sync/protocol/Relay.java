package dev.waggle.sync.protocol;

import java.util.ArrayDeque;

/// Whether what others wrote is passed on to one peer at once. Where nodes are linked in circles every event comes to a node as many times as
/// it has peers, of which one is enough. So a link over which hardly anything was sent that the peer did not have already is kept for comparisons:
/// what others write is held back for a quiet time, then the logs are compared, which costs a hash each way when nothing lacks, and what the peer
/// still lacks of what was held back so long is sent: what is younger is on its way over other links. As soon as most of what the link brings is news it is passed on at
/// once again: a link that was lost elsewhere costs two quiet times, once.
///
/// What this node wrote itself is never held back: it goes over such a link alone. Should it wait there for something that is held back here, the
/// logs are compared after an eighth of a quiet time. Where everything is slow, what is on its way is longer on its way: both times grow with how long acknowledgements take.
///
/// Source: Leitão, Pereira, Rodrigues, "Epidemic Broadcast Trees", SRDS 2007: eager and lazy links. Here an acknowledgement that
/// counts duplicates prunes a link, and one that counts news grafts it, as a comparison does.
final class Relay {
    /// All that is in the log.
    static final long ALL = Long.MAX_VALUE;
    private static final long NEVER = Long.MAX_VALUE;
    /// Three batches in a row that bring nothing prune a link.
    private static final double NEWS_MIN = 0.35;
    private static final double NEWEST_WEIGHS = 0.3;
    private static final int PAUSE_QUIET_TIMES_MAX = 10;

    private enum State { OPEN, HOLDING, CATCHING_UP }

    private record Sent(int own, int others, long atMs) {}

    private final long quietMs;
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private State state = State.OPEN;
    private double news = 1;               // of what others wrote and was sent lately, how much the peer had not
    private double acknowledgedMs;         // how long that took lately
    private long dueMs = NEVER;            // when the logs are compared for what is held back
    private long heldUpTo;                 // the log's last offset when it began to be held back
    private boolean asked;                 // the comparison for it is on its way

    /// @param quietMs how long something is held back
    Relay(long quietMs) {
        this.quietMs = quietMs;
    }

    /// A batch is on its way. Acknowledgements come in the same order.
    ///
    /// @param own    how many of its events this node wrote
    /// @param others how many it did not
    void sent(int own, int others, Now now) {
        underWay.add(new Sent(own, others, now.monotonicMs()));
    }

    /// @param lastOffset of the log here, now
    void acknowledged(Frame.Ack ack, long lastOffset, Now now) {
        var sent = underWay.removeFirst();
        acknowledgedMs += NEWEST_WEIGHS * (now.monotonicMs() - sent.atMs() - acknowledgedMs);
        if (sent.others() > 0) {
            double share = 1 - (double) ack.duplicate() / sent.others();
            news += NEWEST_WEIGHS * (Math.max(0, share) - news);
            if (!isNeedless()) release();
            else if (state == State.OPEN) hold(quietMs, lastOffset, now);
        }
        if (ack.waiting() > 0 && isNeedless()) hold(quietMs / 8, lastOffset, now);
    }

    /// The log grew by what others wrote.
    void grew(long lastOffset, Now now) {
        if (state == State.OPEN && isNeedless()) hold(quietMs, lastOffset, now);
    }

    private boolean isNeedless() {
        return news < NEWS_MIN;
    }

    private void hold(long pauseMs, long lastOffset, Now now) {
        if (state == State.HOLDING && asked) return;              // or ever more that waits there would put off what brings it
        long due = now.monotonicMs() + Math.max(pauseMs, Math.min((long) (2 * acknowledgedMs), PAUSE_QUIET_TIMES_MAX * quietMs));
        dueMs = state == State.HOLDING ? Math.min(dueMs, due) : due;
        heldUpTo = lastOffset;
        state = State.HOLDING;
        asked = false;
    }

    /// Nothing goes over the link but what this node wrote.
    boolean holding() {
        return state == State.HOLDING;
    }

    /// The offset up to which the peer gets what it lacks while nothing is held back.
    long until() {
        return state == State.CATCHING_UP ? heldUpTo : ALL;
    }

    /// All that the peer lacked up to [#until] is on its way.
    void caughtUp(long lastOffset, Now now) {
        if (state != State.CATCHING_UP) return;
        state = State.OPEN;
        if (isNeedless() && lastOffset > heldUpTo) hold(quietMs, lastOffset, now);
    }

    /// The peer told what it has. When that was asked for because something was held back, it gets what it lacks of that.
    void told() {
        if (state != State.HOLDING || !asked) return;
        state = State.CATCHING_UP;
        dueMs = NEVER;
    }

    /// Nothing is held back.
    void release() {
        state = State.OPEN;
        dueMs = NEVER;
    }

    /// @return true when the logs have to be compared; again after another quiet time, should that bring no answer
    boolean isDue(Now now) {
        if (dueMs > now.monotonicMs()) return false;
        dueMs = now.monotonicMs() + quietMs;
        asked = true;
        return true;
    }

    long next() {
        return dueMs;
    }
}

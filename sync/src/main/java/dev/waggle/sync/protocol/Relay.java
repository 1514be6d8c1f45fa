package dev.waggle.sync.protocol;

import java.util.ArrayDeque;

/// Whether what others wrote is passed on to one peer at once. Where nodes are linked in circles every event comes to a node as many times as
/// it has peers, of which one is enough. So a link over which only what the peer had already was sent, batch after batch, is kept for comparisons:
/// what others write is held back for a quiet time, and then the logs are compared, which costs a hash each way when nothing lacks. As soon as the peer takes
/// something over the link it is passed on at once again: a link that was lost elsewhere costs one quiet time, once.
///
/// What this node wrote itself is never held back: it goes over such a link alone. Should it wait there for something that is held back here, the link is
/// opened at once.
///
/// Source: Leitão, Pereira, Rodrigues, "Epidemic Broadcast Trees", SRDS 2007: eager and lazy links. Here an acknowledgement that
/// counts duplicates prunes a link, and one that counts news or waiting events grafts it, as a comparison does.
final class Relay {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int NEEDLESS_MAX = 3;

    private record Sent(int own, int others) {}

    private final long quietMs;
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private int needless;                  // batches in a row that brought the peer nothing of others
    private long dueMs = NEVER;            // when the logs are compared for what is held back

    /// @param quietMs how long something is held back
    Relay(long quietMs) {
        this.quietMs = quietMs;
    }

    /// A batch is on its way. Acknowledgements come in the same order.
    ///
    /// @param own    how many of its events this node wrote
    /// @param others how many it did not
    void sent(int own, int others) {
        underWay.add(new Sent(own, others));
    }

    void acknowledged(Frame.Ack ack, Now now) {
        var sent = underWay.removeFirst();
        boolean lacks = ack.waiting() + ack.held() + ack.pushedBack() + ack.rejected() > 0;
        if (sent.others() == 0 && !lacks) return;          // says nothing of what others wrote
        if (lacks || ack.accepted() > sent.own()) {
            needless = 0;
            release();
        } else if (++needless >= NEEDLESS_MAX) {
            hold(now);
        }
    }

    /// The log grew by what others wrote.
    void grew(Now now) {
        if (needless >= NEEDLESS_MAX) hold(now);
    }

    private void hold(Now now) {
        if (!holding()) dueMs = now.monotonicMs() + quietMs;
    }

    boolean holding() {
        return dueMs != NEVER;
    }

    /// The peer told what it has.
    void release() {
        dueMs = NEVER;
    }

    /// @return true when the logs have to be compared; again after another quiet time, should that bring no answer
    boolean isDue(Now now) {
        if (dueMs > now.monotonicMs()) return false;
        dueMs = now.monotonicMs() + quietMs;
        return true;
    }

    long next() {
        return dueMs;
    }
}

package dev.waggle.sync.protocol;

import java.util.ArrayDeque;

/// How often a peer asks. An honest one asks about once a second; each question costs a look at the log.
final class Questions {
    private static final int QUESTIONS_MAX = 100;
    private static final long QUESTIONS_MS = 10_000;

    private final ArrayDeque<Long> askedMs = new ArrayDeque<>();

    /// @return false when there were more than [#QUESTIONS_MAX] in [#QUESTIONS_MS]
    boolean mayAsk(Now now) {
        askedMs.addLast(now.monotonicMs());
        while (now.monotonicMs() - askedMs.peekFirst() > QUESTIONS_MS) askedMs.removeFirst();
        return askedMs.size() <= QUESTIONS_MAX;
    }

    /// The last one is worked on, and no other is taken meanwhile: that alone keeps a peer slow.
    void answeredWithWork() {
        askedMs.pollLast();
    }
}

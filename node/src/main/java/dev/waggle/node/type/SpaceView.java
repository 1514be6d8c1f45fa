package dev.waggle.node.type;

import dev.waggle.store.capture.Progress;

import java.util.concurrent.TimeUnit;

/// What follows a space's log. Thread-safe.
public interface SpaceView extends AutoCloseable {
    /// @param folded  all entries of the log up to here are shown
    /// @param trouble why it does not move, for people; empty when it does
    record Status(long folded, String trouble) {}

    Status status();

    /// Waits until everything up to an offset is shown.
    ///
    /// @return false when it is not after `msMax`
    boolean await(long offset, long msMax) throws InterruptedException;

    /// Waits until everything up to an offset is shown, however long that takes, as long as it comes nearer: a large log that was joined takes minutes.
    ///
    /// @param stillMsMax how long it may stand still
    /// @return false when it stood still for longer
    default boolean awaitAll(long offset, long stillMsMax, Progress progress) throws InterruptedException {
        long shown = status().folded();
        long movedNs = System.nanoTime();
        while (!await(offset, Math.min(stillMsMax, 250))) {
            long now = status().folded();
            progress.at("showing what came", now, offset);
            if (now == shown && System.nanoTime() - movedNs >= TimeUnit.MILLISECONDS.toNanos(stillMsMax)) return false;
            if (now != shown) movedNs = System.nanoTime();
            shown = now;
        }
        return true;
    }

    @Override void close();
}

package dev.waggle.node.type;

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

    @Override void close();
}

package dev.waggle.store.capture;

/// Told how far a long operation is. Called on the thread that works: must return at once.
@FunctionalInterface
public interface Progress {
    Progress NONE = (what, done, total) -> { };

    /// @param what  a table's name, or what is done
    /// @param done  rows so far
    /// @param total rows in all, 0 when unknown
    void at(String what, long done, long total);
}

package dev.waggle.store.postgres;

import java.io.IOException;

/// How the processes of one hub tell each other that a log grew. What is told is a hint: one that gets lost costs [Neighbours#LOOK_MS], and never an event. Thread-safe.
public interface Fanout extends AutoCloseable {
    /// Tells all processes, this one among them.
    ///
    /// @param message at most 100 characters of ASCII
    /// @throws IOException when nobody can be told now
    void tell(String message) throws IOException;

    @Override void close();

    /// Who is told. Called on any thread; does not block.
    interface Ears {
        void heard(String message);

        /// Something may have been said while nobody listened.
        void missed();
    }

    interface Opener {
        /// Begins to listen, and goes on trying while it cannot.
        ///
        /// @param hub names this hub among those that use the same server: letters and digits
        Fanout open(String hub, Ears ears);
    }
}

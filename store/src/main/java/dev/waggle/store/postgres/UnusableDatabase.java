package dev.waggle.store.postgres;

/// A database that cannot be worked with now. The message says which and why, for people; it shows no password.
public final class UnusableDatabase extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableDatabase(String message, Throwable cause) {
        super(message, cause);
    }
}

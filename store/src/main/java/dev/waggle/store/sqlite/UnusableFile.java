package dev.waggle.store.sqlite;

/// This file cannot be used, and trying again does not help: it is no database, another program's, damaged, or from a newer Waggle.
/// Nothing in it was changed. The message says what to do.
public final class UnusableFile extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnusableFile(String message) {
        super(message);
    }

    public UnusableFile(String message, Throwable cause) {
        super(message, cause);
    }
}

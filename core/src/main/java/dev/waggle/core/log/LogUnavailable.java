package dev.waggle.core.log;

/// The store could not do it now: disk full, I/O error, locked. Nothing was changed; a retry is safe.
public final class LogUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LogUnavailable(String doing, Throwable cause) {
        super(doing + ": " + cause.getMessage(), cause);
    }
}

package dev.waggle.store.capture;

/// The file could not be read or written now: locked, disk full, I/O error. Nothing was lost; a retry is safe.
public final class FileUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}

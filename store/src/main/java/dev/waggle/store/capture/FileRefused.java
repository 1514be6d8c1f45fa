package dev.waggle.store.capture;

/// The file, or what was asked of it, cannot be done as it is. Nothing was changed. The message says why and what helps.
public final class FileRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FileRefused(String message) {
        super(message);
    }

    FileRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
